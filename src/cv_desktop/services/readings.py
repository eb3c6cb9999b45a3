"""A file as it is read before anything is written: the simulation of an import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db.work import system_clock
from cv_desktop.domain import imported, repairs
from cv_desktop.domain.columns import Field, header_key
from cv_desktop.domain.dates import local
from cv_desktop.domain.deposits import columns_of, read_deposits
from cv_desktop.domain.directory import DirectoryReading
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.file_kinds import APPLICATIONS, DIRECTORY, HISTORY
from cv_desktop.domain.intake import ASIDE_WORDS, NO_APPLICATION, TO_CHECK, ColumnMatch, Intake, Place, Problem
from cv_desktop.domain.intake_preview import LineState, PreviewLine, preview
from cv_desktop.domain.repairs import DIFFERENCE, Act, Point, Repair
from cv_desktop.domain.sheets import Cell, Sheet
from cv_desktop.domain.text import NBSP, fold, quote
from cv_desktop.services import import_values, imports, mappings, past_grants, vocabulary
from cv_desktop.services.import_plan import Plan
from cv_desktop.services.kept_files import fingerprint

# The modules of documents load the libraries of spreadsheets: a fifth of a second, only when a file is read or written.
SOURCE = "Démarche numérique"
_PEEK = 20
# The cell of the preview in which a difference shows.
_SHOWN_IN = {"asked_cents": "asked", "title": "title", "quarters": "quarters", "structure": "name", "siret": "siret"}
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file opened once: its tables, the fingerprint of its bytes, where it lies, and how it was read."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    path: Path
    format: str = ""
    encoding: str = ""
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person said of a file: ``kind`` and ``source`` empty to guess them, fields chosen by folded header.

    ``deposited_on`` is the day of deposit, and ``year`` the year of past grants, where the file says none.
    """

    kind: str = ""
    source: str = ""
    hand: Mapping[str, str] = field(default_factory=dict, hash=False)
    repairs: tuple[Repair, ...] = ()
    year: int | None = None
    deposited_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an import would do, line by line. ``remembered`` are the columns kept for the source, ``ignorable`` the keys
    of the headers that nobody needs to decide about.

    One of ``plan``, ``history`` and ``register`` is there, by ``kind``; none when ``refusal`` says why the columns do
    not make a list yet.
    """

    file: RawFile
    kind: str
    source: str
    wanted: Wanted
    remembered: Mapping[str, str] = field(hash=False)
    mapping: tuple[ColumnMatch, ...]
    rows: int
    lines: tuple[PreviewLine, ...]
    points: tuple[Point, ...]
    asides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    uncounted: frozenset[Place] = frozenset()
    plan: Plan | None = None
    history: past_grants.Plan | None = None
    register: DirectoryReading | None = None
    refusal: str = ""
    ignorable: frozenset[str] = frozenset()

    @property
    def undated(self) -> bool:
        """Whether past grants have no year of their own."""
        return self.history is not None and any(grant.year is None for grant in self.history.history.grants)

    @property
    def intake(self) -> Intake:
        assert self.plan is not None
        return self.plan.intake

    @property
    def chosen(self) -> dict[str, str]:
        return {**self.remembered, **self.wanted.hand}

    def count(self, state: LineState) -> int:
        """How many lines read are in that state; lines that are no record are counted by nobody here."""
        return sum(line.state is state and line.place not in self.uncounted for line in self.lines)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Lines ready, to check, refused and set aside: together they are the lines read."""
        if self.register is not None:
            ready, refused = self.register.accepted, sum(p.problem.severity == "bloquant" for p in self.points)
            return ready, 0, refused, self.rows - ready - refused
        ready, doubtful, refused = map(self.count, (LineState.READY, LineState.TO_CHECK, LineState.REFUSED))
        return ready, doubtful, refused, self.rows - ready - doubtful - refused

    @property
    def to_choose(self) -> int:
        """Columns of which nobody has decided anything."""
        return sum(self.origin(match) == "à choisir" for match in self.mapping)

    def origin(self, match: ColumnMatch) -> str:
        """Where the field of a column comes from, in one word."""
        known = fold(match.header)
        if known in self.wanted.hand:
            return "choisi"
        if known in self.remembered:
            return "mémorisé" if match.field else "ignoré"
        if match.field:
            return "reconnu"
        return "ignoré" if header_key(match.header) in self.ignorable else "à choisir"

    @property
    def vanished(self) -> list[tuple[str, str]]:
        """(header, field) of the remembered columns that this file no longer has."""
        here = {fold(match.header) for match in self.mapping}
        return [(header, key) for header, key in self.remembered.items() if key and header not in here]

    def choices(self, match: ColumnMatch) -> list[tuple[str, str]]:
        """(key, label) of the fields that a column may feed."""
        fields = vocabulary.words().fields if self.kind == HISTORY else vocabulary.fields_of(match, self.mapping)
        return list({one.key: one.label for one in fields}.items())


def open_file(path: Path, name: str = "") -> RawFile:
    """Read a spreadsheet whole. Raises UserError when it is protected, damaged, or no spreadsheet."""
    from cv_desktop.documents.sheet_read import open_list

    opened = open_list(path)
    try:
        digest = fingerprint(path)
    except OSError:
        raise Unavailable(f"Le fichier {quote(path.name)} ne peut plus être lu. A-t-il été déplacé{NBSP}?") from None
    remarks = tuple(
        Problem(one.line, one.column and f"colonne {one.column}", TO_CHECK, one.message, sheet=one.sheet)
        for one in opened.remarks
    )
    return RawFile(name or path.name, digest, opened.sheets, path, opened.format, opened.encoding, remarks)


def open_any(path: Path, *, kind: str = "", name: str = "") -> RawFile:
    """As ``open_file``; a register as text, which may be larger than memory, is left to be read as it flows."""
    if path.suffix.lower() in (".csv", ".tsv", ".txt") and path.is_file() and kind in ("", DIRECTORY):
        from cv_desktop.documents.csv_read import stream_csv

        encoding, rows = stream_csv(path)
        first = [row for row, _place in zip(rows, range(_PEEK), strict=False)]
        sample = (Sheet(path.stem, first),)
        if kind == DIRECTORY or vocabulary.kind_of(sample) == DIRECTORY:
            return RawFile(name or path.name, fingerprint(path), sample, path, "csv", encoding)
    return open_file(path, name)


def kind_in(file: RawFile) -> str:
    """What a file holds; applications when nothing says it."""
    return vocabulary.kind_of(file.sheets) or APPLICATIONS


def read(
    session: Session, *, call_id: str, file: RawFile, wanted: Wanted | None = None, tell: Tell = lambda _words: None
) -> Reading:
    """Compare a file with the base; nothing is written. ``tell`` hears what is being done, and may raise to stop.

    Raises UserError when a sheet or a column is absent and no column is recognised.
    """
    wanted = wanted or Wanted()
    kind = wanted.kind or kind_in(file)
    tell("Colonnes")
    headers = [
        str(cell) for sheet in file.sheets for row in sheet.rows[:_PEEK] for cell in row if isinstance(cell, str)
    ]
    usual = SOURCE if kind == APPLICATIONS else file.path.stem
    source = wanted.source or mappings.closest(session, kind=kind, headers=headers[:400]) or usual
    remembered = mappings.remembered(session, source=source, kind=kind)
    if kind == DIRECTORY:
        from cv_desktop.services.directory_readings import read_register

        return read_register(session, file=file, source=source, wanted=wanted, tell=tell)
    if kind == HISTORY:
        from cv_desktop.services.history_readings import read_grants

        return read_grants(session, file=file, source=source, wanted=wanted, remembered=remembered, tell=tell)
    chosen = {**remembered, **wanted.hand}
    try:
        return _applications(session, call_id, file, source, wanted, remembered, tell)
    except Unavailable:
        raise
    except UserError as refusal:
        found = unread(file.sheets, chosen, refusal)
        return Reading(
            file, kind, source, wanted, remembered, found, 0, (), refused_points(refusal), refusal=refusal.message
        )


def _applications(
    session: Session,
    call_id: str,
    file: RawFile,
    source: str,
    wanted: Wanted,
    remembered: Mapping[str, str],
    tell: Tell,
) -> Reading:
    chosen = {**remembered, **wanted.hand}
    known = vocabulary.deposits()
    quarters, funders = imports.known_quarters(session), imports.known_funders(session, call_id)
    year = imports.year_of(session, call_id)
    sheets: Sequence[Sheet] = file.sheets
    lists: tuple[str, ...] = ()
    if any(one.act in (Act.TYPE, Act.PICK, Act.LEAVE) for one in wanted.repairs):
        first = read_deposits(sheets, known, quarters, funders=funders, source=source, chosen=chosen, year=year)
        sheets = repairs.laid_over(sheets, first.mapping, wanted.repairs)
        lists = first.lists

    def tick(place: int) -> None:
        if place % 500 == 0:
            tell(f"Ligne {place}")

    left = repairs.left_aside(wanted.repairs, lists)
    intake = read_deposits(
        sheets,
        known,
        quarters,
        funders=funders,
        source=source,
        chosen=chosen,
        deposited_on=wanted.deposited_on,
        today=local(system_clock()).date(),
        year=year,
        left=left,
        tick=tick,
    )
    intake = replace(intake, problems=(*file.remarks, *intake.problems))
    tell("Comparaison avec la campagne")
    plan = imports.plan(
        session,
        call_id=call_id,
        intake=intake,
        decisions=repairs.decisions(wanted.repairs),
        owners=repairs.owners(wanted.repairs),
    )
    already = frozenset(plan.already)
    accepted = repairs.confirmed(wanted.repairs)
    shown = [one for one in plan.problems if one not in accepted and (not one.number or one.number not in already)]
    differing = [
        Problem(one.line, _SHOWN_IN.get(one.name, one.name), TO_CHECK, "", one.external, intake.sheet_of(one.external))
        for one in plan.differences
    ]
    tell("Aperçu")
    lines = preview(sheets, known, intake, [*shown, *differing], frozenset(plan.unchanged), chosen)
    return Reading(
        file,
        APPLICATIONS,
        source,
        wanted,
        remembered,
        intake.mapping,
        intake.rows,
        lines,
        tuple(_points(session, plan, shown, lines, wanted.repairs)),
        tuple(_asides(plan)),
        frozenset((aside.sheet, aside.line) for aside in intake.asides if aside.reason in NO_APPLICATION),
        plan,
        ignorable=vocabulary.ignored(),
    )


def _points(
    session: Session, plan: Plan, shown: Sequence[Problem], lines: Sequence[PreviewLine], made: Sequence[Repair]
) -> Iterator[Point]:
    by_number = {line.number: line.line for line in lines if line.number}
    names = {one[0] for one in plan.namesakes.values()}
    structures = {str(v) for one in plan.differences for v in (one.file, one.base) if one.name == imported.STRUCTURE}
    known = import_values.names(session, names | structures)
    found = []
    for problem in shown:
        match = repairs.column_of(problem, plan.intake.mapping)
        line = problem.line if problem.sheet in plan.intake.lists else by_number.get(problem.number, 0)
        same = plan.namesakes.get(problem.number) if problem.column == "Structure" and match is None else None
        found.append(repairs.point(problem, match, line=line, structure_id=same[0] if same else ""))
    for one in plan.differences:
        words = f"le fichier dit {imported.shown(one.name, one.file, known)}, "
        words += f"la base dit {imported.shown(one.name, one.base, known)}."
        if one.locked:
            words += f" Le dossier est «{NBSP}{one.locked}{NBSP}»{NBSP}: rouvrez-le pour le changer."
        label = imported.label(one.name)
        problem = Problem(one.line, label, DIFFERENCE, words, one.external, plan.intake.sheet_of(one.external))
        found.append(Point(problem, one.name, (Act.KEEP,) if one.locked else (Act.TAKE, Act.KEEP), where=label))
    ranks = {"bloquant": 0, DIFFERENCE: 1, TO_CHECK: 2}
    yield from sorted(found, key=lambda one: ranks.get(one.problem.severity, 3))
    yield from (repairs.mended(one, plan.intake.mapping) for one in made)


def _asides(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(words, names) of each kind of line set aside, those without any left out."""
    kinds = (
        ("brouillon", plan.intake.drafts),
        ("doublon", plan.intake.duplicates),
        ("déjà dans la campagne", plan.unchanged),
        ("laissée de côté", tuple(number or f"ligne {line}" for (_sheet, line), number in plan.intake.left.items())),
        *_others(plan.intake),
    )
    yield from ((words, names) for words, names in kinds if names)


def _others(intake: Intake) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines that are no application, under the word of each."""
    found: dict[str, list[str]] = {}
    for one in intake.asides:
        if one.reason in NO_APPLICATION:
            found.setdefault(ASIDE_WORDS.get(one.reason, "autre ligne"), []).append(f"ligne {one.line}")
    yield from ((word, tuple(lines)) for word, lines in found.items())


def unread(
    sheets: Sequence[Sheet], chosen: Mapping[str, str], refusal: UserError, fields: Sequence[Field] = ()
) -> tuple[ColumnMatch, ...]:
    """The columns of a file that makes no list yet, for a person to say what they are.

    Raises ``refusal`` when not one of them is recognised.
    """
    known = fields or vocabulary.deposits().one_table
    found = max((columns_of(sheet, chosen, known) for sheet in sheets), key=_recognised, default=())
    if not _recognised(found):
        raise refusal
    return found


def _recognised(mapping: Sequence[ColumnMatch]) -> int:
    return sum(bool(match.field) for match in mapping)


def refused_points(refusal: UserError) -> tuple[Point, ...]:
    """The one thing to read when a file makes no list yet."""
    return (Point(Problem(0, "", "bloquant", refusal.message)),)


def rows_of(file: RawFile) -> Iterator[Sequence[Cell]]:
    """The lines of a register, as they flow from a text file."""
    if file.format == "csv" and len(file.sheets) == 1 and len(file.sheets[0].rows) <= _PEEK:
        from cv_desktop.documents.csv_read import stream_csv

        return iter(stream_csv(file.path)[1])
    return iter(file.sheets[0].rows)
