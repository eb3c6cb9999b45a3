"""A file of marks, a line each: number, member, criterion, level, comment. A line is added, found again or refused.

Nothing is guessed: what is refused says its line and why, and what the base already says is never overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import OSA

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion, Grid
from cv_desktop.domain.marks import Mark, levels_said
from cv_desktop.domain.sheets import Cell, Sheet
from cv_desktop.domain.text import NBSP, fold, normalised_name, quote

NAMES = {"number": "numéro", "member": "membre", "criterion": "critère", "level": "niveau", "comment": "commentaire"}
_WANTED = ("number", "member", "criterion", "level")
_HEADER_ROWS = 20
# Below that many letters, one slip makes another name.
_LONG = 7
_LEVEL = re.compile(r"(-?\d{1,4})(?:[.,]0+)?(?:\s*:.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A line as it is written: ``line`` is the one a person sees in the file."""

    line: int
    number: str
    member: str
    criterion: str
    level: str
    comment: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line is left out: ``column`` is the name of the field concerned."""

    line: int
    column: str
    message: str

    @property
    def sentence(self) -> str:
        return f"Ligne {self.line}, {self.column}{NBSP}: {self.message}"


@dataclass(frozen=True, slots=True)
class KnownFile:
    """``closed`` says why no mark may enter it, empty otherwise; ``grid`` is the one of that file."""

    id: str
    number: str
    grid: Grid
    closed: str = ""


@dataclass(frozen=True, slots=True)
class KnownSheet:
    """A sheet that the base holds. A returned one is only compared."""

    returned: bool
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class Known:
    """What the base says: files by each of their numbers, members by normalised name, déports and sheets by both.

    ``seated`` are the members whom a person put on the committee, as their names are written, by normalised name.
    """

    files: Mapping[str, KnownFile]
    members: Mapping[str, str]
    recused: frozenset[tuple[str, str]] = frozenset()
    sheets: Mapping[tuple[str, str], KnownSheet] = field(default_factory=dict)
    seated: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What an import would write: per file and normalised name of the member, the marks to add by code.

    ``names`` gives the members as they are written, those to create in ``new``. ``unsaid`` counts the marks to add
    without the sentence that their level asks.
    """

    added: dict[tuple[str, str], dict[str, Mark]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    marks: int = 0
    identical: int = 0
    empty: int = 0
    unsaid: int = 0


def read(sheets: Sequence[Sheet], columns: Mapping[str, Sequence[str]]) -> tuple[MarkLine, ...]:
    """The lines of the first table that has the columns. Raises UserError naming those that are missing."""
    known = {fold(word): name for name, words in columns.items() for word in words}
    best: set[str] = set()
    for sheet in sheets:
        for rank, row in enumerate(sheet.rows[:_HEADER_ROWS]):
            places: dict[str, int] = {}
            for place, cell in enumerate(row):
                name = known.get(fold(_text(cell)))
                if name:
                    places.setdefault(name, place)
            if all(name in places for name in _WANTED):
                return tuple(_lines(sheet, rank + 1, places))
            best = max(best, set(places), key=len)
    missing = ", ".join(quote(NAMES[name]) for name in _WANTED if name not in best)
    raise UserError(
        f"Il manque des colonnes{NBSP}: {missing}. La première ligne du fichier nomme les colonnes numéro, membre, "
        "critère, niveau et commentaire."
    )


def _lines(sheet: Sheet, start: int, places: Mapping[str, int]) -> Iterator[MarkLine]:
    order = [places.get(name, -1) for name in ("number", "member", "criterion", "level", "comment")]
    for number, row in enumerate(sheet.rows[start:], sheet.first + start):
        values = [_text(row[place]) if 0 <= place < len(row) else "" for place in order]
        if any(values):
            yield MarkLine(number, *values)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def plan(lines: Sequence[MarkLine], known: Known, *, not_applicable: Sequence[str] = ()) -> Plan:
    """What each line does to what the base holds. A line whose level is empty waits, and is only counted."""
    reader = _Reader(known, frozenset(map(fold, not_applicable)))
    for line in lines:
        reader.take(line)
    reader.weigh()
    return reader.plan


class _Reader:
    """Takes the lines one after the other; what was already looked up is kept."""

    def __init__(self, known: Known, away: frozenset[str]) -> None:
        self.known, self.away = known, away
        self.plan = Plan()
        self.first: dict[tuple[str, str, str], tuple[int, Mark]] = {}
        self.names: dict[str, str] = {}
        self.levels: dict[str, int | None] = {}
        self.codes: dict[int, dict[str, Criterion]] = {}
        self.criteria: dict[tuple[int, str], Criterion] = {}

    def take(self, line: MarkLine) -> None:
        if not line.level:
            self.plan.empty += 1
            return
        try:
            self._take(line)
        except UserError as refusal:
            self.plan.refused.append(Refusal(line.line, NAMES[refusal.field], refusal.message))

    def _take(self, line: MarkLine) -> None:
        file = self.known.files.get(line.number)
        if file is None:
            raise UserError(
                f"le dossier {quote(line.number)} n’existe pas dans cette campagne." if line.number else "il est vide.",
                field="number",
            )
        if file.closed:
            raise UserError(file.closed, field="number")
        member = self._member(line.member)
        criterion = self._criterion(file.grid, line.criterion)
        mark = self._mark(file.grid, criterion, line)
        place = (file.id, member)
        if place in self.known.recused:
            raise UserError(f"un déport écarte {line.member} du dossier {file.number}.", field="member")
        before = self.first.get((*place, criterion.code))
        if before is not None:
            self._repeated((*place, criterion.code), before, mark)
            return
        self.first[*place, criterion.code] = (line.line, mark)
        if self._held(place, file, criterion.code, mark, line.member):
            self.plan.identical += 1
            return
        if member not in self.plan.names:
            self.plan.names[member] = line.member
            if member not in self.known.members:
                self.plan.new.append(member)
        self.plan.added.setdefault(place, {})[criterion.code] = mark
        self.plan.marks += 1

    def _member(self, name: str) -> str:
        found = self.names.get(name)
        if found is None:
            found = normalised_name(name)
            if not found:
                raise UserError("il est vide.", field="member")
            self._refuse_misspelt(name, found)
            self.names[name] = found
        return found

    def _refuse_misspelt(self, name: str, found: str) -> None:
        """A member of the committee under another spelling would mark twice, and pass by a déport."""
        if found in self.known.members:
            return
        for seated, written in self.known.seated.items():
            if _misspelt(found, seated):
                raise UserError(
                    f"{quote(name)} ressemble à {written}, membre du comité{NBSP}: écrivez son nom comme au comité. "
                    "Si c’est une autre personne, ajoutez-la d’abord au comité.",
                    field="member",
                )

    def _criterion(self, grid: Grid, text: str) -> Criterion:
        found = self.criteria.get((id(grid), text))
        if found is not None:
            return found
        codes = self.codes.get(id(grid))
        if codes is None:
            # A code is found before a label that would read the same.
            codes = {fold(c.label): c for c in grid.criteria} | {fold(c.code): c for c in grid.criteria}
            self.codes[id(grid)] = codes
        if fold(text) not in codes:
            listed = ", ".join(grid.codes)
            raise UserError(
                f"le critère {quote(text)} n’est pas dans la grille de ce dossier ({listed}).", field="criterion"
            )
        self.criteria[id(grid), text] = codes[fold(text)]
        return codes[fold(text)]

    def _mark(self, grid: Grid, criterion: Criterion, line: MarkLine) -> Mark:
        level = self._level(line.level)
        if level is None:
            if not criterion.na_allowed:
                raise UserError(f"«{NBSP}sans objet{NBSP}» n’est pas permis pour {criterion.code}.", field="level")
            return Mark(None, True, line.comment)
        if level not in grid.levels_of(criterion):
            raise UserError(
                f"le niveau {level} n’existe pas pour {criterion.code}{NBSP}: {levels_said(grid, criterion)}.",
                field="level",
            )
        return Mark(level, False, line.comment)

    def _level(self, text: str) -> int | None:
        """The level, « 7 », « 7,0 » or « 7: Good paper »; None for « sans objet »."""
        if text not in self.levels:
            found = _LEVEL.fullmatch(text)
            if found is None and fold(text) not in self.away:
                raise UserError(
                    f"{quote(text)} n’est pas un niveau{NBSP}: un niveau est un nombre entier.", field="level"
                )
            self.levels[text] = int(found[1]) if found else None
        return self.levels[text]

    def weigh(self) -> None:
        """Counts the marks to add whose level asks a sentence that the file does not give."""
        grids = {file.id: file.grid for file in self.known.files.values()}
        asked: dict[tuple[int, str], frozenset[int]] = {
            (id(grid), criterion.code): grid.comments_of(criterion)
            for grid in grids.values()
            for criterion in grid.criteria
        }
        self.plan.unsaid = sum(
            mark.level in asked[id(grids[file]), code] and not (mark.comment or self._typed((file, member), code))
            for (file, member), given in self.plan.added.items()
            for code, mark in given.items()
        )

    def _typed(self, place: tuple[str, str], code: str) -> str:
        """The sentence that the base already holds."""
        sheet = self.known.sheets.get(place)
        held = sheet.marks.get(code) if sheet is not None else None
        return held.comment if held is not None else ""

    def _repeated(self, place: tuple[str, str, str], before: tuple[int, Mark], mark: Mark) -> None:
        line, held = before
        file, member, code = place
        if not _same(held, mark):
            raise UserError(f"{code} est déjà noté {_said(held)} à la ligne {line}, pour ce membre.", field="level")
        if mark.comment and held.comment != mark.comment:
            if held.comment:
                raise UserError(
                    f"{code} a déjà une autre phrase à la ligne {line}, pour ce membre. Gardez-en une.", field="comment"
                )
            sheet = self.plan.added.get((file, member), {})
            if code in sheet:
                sheet[code] = mark
                self.first[place] = (line, mark)
        self.plan.identical += 1

    def _held(self, place: tuple[str, str], file: KnownFile, code: str, mark: Mark, name: str) -> bool:
        """Whether the base says the same. Raises UserError when it says otherwise, or when its sheet is closed."""
        sheet = self.known.sheets.get(place)
        if sheet is None:
            return False
        held = sheet.marks.get(code)
        if held is not None and held.given:
            if _same(held, mark):
                if mark.comment and mark.comment != held.comment:
                    raise UserError(
                        f"{name} a noté {code} pour {file.number} avec une autre phrase, ou sans phrase. Rien n’est "
                        f"écrasé{NBSP}: saisissez celle-ci par «{NBSP}Noter en tant que{NBSP}», ou retirez-la.",
                        field="comment",
                    )
                return True
            # What it says stays silent: nothing is revealed here.
            raise UserError(
                f"{name} a déjà noté {code} autrement pour {file.number}. Rien n’est écrasé.", field="level"
            )
        if sheet.returned:
            raise UserError(
                f"la grille de {name} sur {file.number} est rendue{NBSP}: elle ne change plus.", field="member"
            )
        return False


def _misspelt(name: str, seated: str) -> bool:
    """The same words in another order, or one slip; names with digits (« Relecteur 12 ») are told apart by them."""
    if any(sign.isdigit() for sign in name):
        return False
    one, other = (" ".join(sorted(words.split())) for words in (name, seated))
    return one == other or (min(len(name), len(seated)) >= _LONG and OSA.distance(name, seated, score_cutoff=1) <= 1)


def _same(one: Mark, other: Mark) -> bool:
    return one.level == other.level and one.not_applicable == other.not_applicable


def _said(mark: Mark) -> Any:
    return "sans objet" if mark.not_applicable else mark.level
