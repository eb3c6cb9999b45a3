"""A grid tried on sheets that were marked with another one: the note and the band each gives to the same marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cv_desktop.domain.grid import Criterion, Grid
from cv_desktop.domain.marks import Mark
from cv_desktop.domain.scoring import CommitteeNote, committee_note

ELIMINATED = "Éliminé"
UNKNOWN = "Non renseigné"
NO_MARK = "aucune note reprise"
WAYS: Mapping[int, str] = {1: "monte", -1: "descend", 0: ""}

Levels = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a grid puts a file. ``height`` orders it: 0 for the lowest band, 1 for the highest, −1 when eliminated."""

    note: CommitteeNote
    word: str
    code: str
    height: Fraction


@dataclass(frozen=True, slots=True)
class FileTrial:
    """One file under both grids. ``after`` is None when no mark of it has a counterpart in the grid tried.

    ``small`` and ``newcomer`` are those of the structure, None when not known.
    """

    id: str
    number: str
    structure: str
    title: str
    quarters: tuple[str, ...]
    small: bool | None
    newcomer: bool | None
    before: Verdict
    after: Verdict | None

    @property
    def changed(self) -> bool:
        """Whether it leaves its band, or is eliminated or no more: a band only renamed is the same."""
        if self.after is None:
            return False
        same = self.before.code == self.after.code or self.before.word == self.after.word
        eliminated = (self.before.word == ELIMINATED) != (self.after.word == ELIMINATED)
        return eliminated or not same

    @property
    def way(self) -> int:
        """1 when it goes up, −1 when it goes down, 0 when it keeps its band."""
        if not self.changed or self.after is None:
            return 0
        return 1 if self.after.height > self.before.height else -1


@dataclass(frozen=True, slots=True)
class Counterparts:
    """How far the marks fit the grid tried, criteria by their codes.

    ``lacking`` nobody marked: they weigh nothing. ``left_out`` were marked and no more asked. ``rescaled`` keep the
    scale they were marked on. ``reworded`` have other level texts: the marks answered another question.
    """

    lacking: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    rescaled: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What changes among the files of one kind: a file of two quarters is in both."""

    kind: str
    word: str
    files: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class GridTrial:
    """``unmarked`` files have no revealed mark, and are not judged."""

    files: tuple[FileTrial, ...]
    counterparts: Counterparts
    unmarked: int

    @property
    def changed(self) -> tuple[FileTrial, ...]:
        return tuple(f for f in self.files if f.changed)

    def shares(self) -> tuple[Share, ...]:
        """The files and those that change, by quarter, by size, then by whether the structure is known already."""
        kinds: tuple[tuple[str, Callable[[FileTrial], tuple[str, ...]]], ...] = (
            ("Quartier", lambda f: f.quarters or (UNKNOWN,)),
            ("Taille", lambda f: (_word(f.small, "Petite association", "Autre structure"),)),
            ("Ancienneté", lambda f: (_word(f.newcomer, "Première demande", "Déjà connue"),)),
        )
        found = []
        for kind, words in kinds:
            files, up, down = Counter[str](), Counter[str](), Counter[str]()
            for file in self.files:
                for word in words(file):
                    files[word] += 1
                    up[word] += file.way > 0
                    down[word] += file.way < 0
            found += [Share(kind, word, files[word], up[word], down[word]) for word in sorted(files, key=_last)]
        return tuple(found)


def verdicts(own: Grid, tried: Grid, sheets: Sequence[Levels]) -> tuple[Verdict, Verdict | None]:
    """What both grids say of the same sheets; both hold the criteria asked of that file (``Grid.for_themes``).

    Marks follow the code of their criterion and keep the scale they were given on: 2 of 3 stays two thirds, and a
    floor of the grid tried is read on its own scale.
    """
    before = committee_note(own, [_marks(sheet) for sheet in sheets])
    kept, factors = _on_scales_of(own, tried)
    lifted = [{code: level * factors.get(code, 1) for code, level in sheet.items()} for sheet in sheets]
    after = committee_note(kept, [_marks(sheet) for sheet in lifted])
    return _verdict(own, before), _verdict(tried, after) if after.note is not None else None


def counterparts(owns: Iterable[Grid], tried: Grid) -> Counterparts:
    """How far the grids that files were marked with fit the one tried."""
    held: dict[str, list[Criterion]] = {}
    scales: dict[str, set[int]] = {}
    for own in owns:
        for criterion in own.criteria:
            held.setdefault(criterion.code, []).append(criterion)
            scales.setdefault(criterion.code, set()).add(own.scale_of(criterion))
    known = [c for c in tried.criteria if c.code in held]
    return Counterparts(
        lacking=tuple(c.code for c in tried.criteria if c.code not in held),
        left_out=tuple(code for code in held if code not in tried.codes),
        rescaled=tuple(c.code for c in known if scales[c.code] != {tried.scale_of(c)}),
        reworded=tuple(
            c.code
            for c in known
            if scales[c.code] == {tried.scale_of(c)} and any(x.levels != c.levels for x in held[c.code])
        ),
    )


def _on_scales_of(own: Grid, tried: Grid) -> tuple[Grid, dict[str, int]]:
    """The grid tried with the scale each mark was given on, and what to multiply its levels by so that all is whole."""
    criteria, factors = [], {}
    scales = {c.code: own.scale_of(c) for c in own.criteria}
    for criterion in tried.criteria:
        scale, marked = tried.scale_of(criterion), scales.get(criterion.code)
        if marked is not None and marked != scale:
            factors[criterion.code] = scale
            floor = None if criterion.floor is None else criterion.floor * marked
            criterion = replace(criterion, scale=scale * marked, floor=floor, admitted=())
        criteria.append(criterion)
    return replace(tried, criteria=tuple(criteria)), factors


def _verdict(grid: Grid, note: CommitteeNote) -> Verdict:
    codes = [b.code for b in sorted(grid.bands, key=lambda b: b.start)]
    band = note.band
    code = band.code if band else ""
    height = Fraction(codes.index(code), max(len(codes) - 1, 1)) if code else Fraction(0)
    if note.eliminated:
        return Verdict(note, ELIMINATED, code, Fraction(-1))
    return Verdict(note, band.label if band else "", code, height)


def _marks(levels: Levels) -> dict[str, Mark]:
    return {code: Mark(level) for code, level in levels.items()}


def _word(known: bool | None, yes: str, no: str) -> str:
    return UNKNOWN if known is None else yes if known else no


def _last(word: str) -> tuple[bool, str]:
    return word == UNKNOWN, word
