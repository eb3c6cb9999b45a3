"""Notes: of one member so far, of the committee, exact until the moment they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import lcm

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import MEDIAN, TOTAL, Band, Criterion, Grid
from cv_desktop.domain.text import quote

NBSP = "\u00a0"
GAP_ALERT = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """What one member says of one criterion: a level, or « sans objet », or nothing yet."""

    level: int | None = None
    not_applicable: bool = False
    comment: str = ""
    dedicated: bool = False

    @property
    def given(self) -> bool:
        return self.level is not None or self.not_applicable


Sheet = Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A member's note out of the criteria marked so far; ``note`` None when none is.

    ``marked`` of ``total`` criteria have a level, those « sans objet » left out of both.
    """

    note: Fraction | None
    marked: int
    total: int
    zeros: tuple[str, ...]

    @property
    def shown(self) -> str:
        return shown(self.note)

    @property
    def progress(self) -> str:
        """« sur 7 critères de 9 »; « sur 9 critères » once all are marked."""
        if self.marked == self.total:
            return f"sur {self.total} critère{_s(self.total)}"
        return f"sur {self.marked} critère{_s(self.marked)} de {self.total}"


def sheet_note(grid: Grid, sheet: Sheet) -> SheetNote:
    """The note of one sheet so far, and the eliminatory criteria it marks 0."""
    levels = {c.code: mark.level for c in grid.criteria if (mark := sheet.get(c.code)) and mark.level is not None}
    away = sum(1 for c in grid.criteria if (mark := sheet.get(c.code)) and mark.not_applicable)
    zeros = tuple(c.code for c in grid.criteria if c.eliminatory and levels.get(c.code) == 0)
    marked = [(c.weight, levels[c.code]) for c in grid.criteria if c.code in levels]
    tally = Tally(1, sum(weight * level for weight, level in marked), sum(weight for weight, _ in marked))
    return SheetNote(_mean_note(grid, (tally,)), len(levels), len(grid.criteria) - away, zeros)


def points(grid: Grid, criterion: Criterion, level: Fraction | int) -> Fraction:
    """Points a level is worth: 10,0 for level 2 of 3 and 15 points."""
    return Fraction(level) * criterion.weight / grid.scale


def check_mark(grid: Grid, criterion: Criterion, level: int | None, not_applicable: bool) -> None:
    """Raises UserError when the level is off the scale, or « sans objet » is not admitted there."""
    if level is not None and not 0 <= level <= grid.scale:
        raise UserError(f"Le niveau {level} n’existe pas{NBSP}: les niveaux vont de 0 à {grid.scale}.")
    if not_applicable and not criterion.na_allowed:
        label = quote(criterion.label)
        raise UserError(f"{label} doit être noté{NBSP}: «{NBSP}sans objet{NBSP}» n’est pas permis pour ce critère.")


def missing_marks(grid: Grid, sheet: Sheet) -> tuple[str, ...]:
    """Codes of the criteria that have neither level nor « sans objet »."""
    return tuple(c.code for c in grid.criteria if not sheet.get(c.code, Mark()).given)


def missing_comments(grid: Grid, sheet: Sheet) -> tuple[str, ...]:
    """Codes of the criteria whose level asks for a sentence that is not written."""
    return tuple(
        c.code
        for c in grid.criteria
        if (mark := sheet.get(c.code)) and mark.level in grid.comment_levels and not mark.comment.strip()
    )


def may_return(grid: Grid, sheet: Sheet) -> None:
    """Raises UserError when marks or sentences are missing: « 2 phrases manquent : EVAL, PAR. »

    ``field`` of the refusal is the code of the first criterion to go to.
    """
    marks, comments = missing_marks(grid, sheet), missing_comments(grid, sheet)
    parts = []
    if marks:
        verb = "restent" if len(marks) > 1 else "reste"
        parts.append(f"{len(marks)} critère{_s(len(marks))} {verb} à noter{NBSP}: {', '.join(marks)}.")
    if comments:
        verb = "manquent" if len(comments) > 1 else "manque"
        parts.append(f"{len(comments)} phrase{_s(len(comments))} {verb}{NBSP}: {', '.join(comments)}.")
    if parts:
        raise UserError(" ".join(parts), field=(marks + comments)[0])


@dataclass(frozen=True, slots=True)
class Tally:
    """The criteria that ``count`` members marked: the sum of weights × levels, and of the weights of the criteria.

    Criteria marked by as many members add up before the division; most files need one tally.
    """

    count: int
    total: int
    weight: int


@dataclass(frozen=True, slots=True)
class CriterionNote:
    """One criterion seen by the committee. ``value`` is its mean (or median), None when nobody marked it."""

    code: str
    value: Fraction | None
    levels: tuple[int, ...]
    points: Fraction | None
    eliminated: bool
    single_zero: bool
    gap: int

    @property
    def wide(self) -> bool:
        """Whether the members are two levels apart or more."""
        return self.gap >= GAP_ALERT

    @property
    def gap_label(self) -> str:
        """« écart de 2 », empty below."""
        return f"écart de {self.gap}" if self.wide else ""

    @property
    def deviation(self) -> str:
        """Standard deviation of the levels, « 0,8 »."""
        return deviation(self.levels)


@dataclass(frozen=True, slots=True)
class CommitteeNote:
    """``eliminated`` are the eliminatory criteria whose mean is 0."""

    note: Fraction | None
    band: Band | None
    criteria: tuple[CriterionNote, ...] = field(default=())

    @property
    def shown(self) -> str:
        return shown(self.note)

    @property
    def eliminated(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.criteria if c.eliminated)

    @property
    def wide(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.criteria if c.wide)


def committee_note(grid: Grid, sheets: Iterable[Sheet]) -> CommitteeNote:
    """The committee's note: per criterion the mean (or median) of those who marked it, then the weights.

    A criterion nobody marked, or that all hold « sans objet », leaves the denominator. The result is
    exact and does not depend on the order of the sheets.
    """
    kept = tuple(sheets)
    criteria = tuple(_criterion_note(grid, c, [s[c.code] for s in kept if c.code in s]) for c in grid.criteria)
    weight = sum(c.weight for c, n in zip(grid.criteria, criteria, strict=True) if n.value is not None)
    note = sum((n.points for n in criteria if n.points is not None), Fraction(0)) * TOTAL / weight if weight else None
    return CommitteeNote(note, grid.band(note) if note is not None else None, criteria)


def _criterion_note(grid: Grid, criterion: Criterion, marks: Iterable[Mark]) -> CriterionNote:
    levels = tuple(sorted(m.level for m in marks if m.level is not None))
    value = central(levels, grid.method) if levels else None
    zero = criterion.eliminatory and value == 0
    return CriterionNote(
        code=criterion.code,
        value=value,
        levels=levels,
        points=points(grid, criterion, value) if value is not None else None,
        eliminated=zero,
        single_zero=criterion.eliminatory and not zero and 0 in levels,
        gap=levels[-1] - levels[0] if levels else 0,
    )


def central(levels: Sequence[int], method: str) -> Fraction:
    """The exact mean or median of levels; the median of an even number is the middle of the two."""
    if method == MEDIAN:
        ordered = sorted(levels)
        middle = len(ordered) // 2
        return Fraction(ordered[middle] + ordered[~middle], 2)
    return Fraction(sum(levels), len(levels))


def _mean_note(grid: Grid, tallies: Sequence[Tally]) -> Fraction | None:
    weight = sum(t.weight for t in tallies)
    if not weight:
        return None
    # One common denominator, so that a ranking of thousands of files builds one fraction each.
    common = lcm(*(t.count for t in tallies))
    total = sum(t.total * (common // t.count) for t in tallies)
    return Fraction(TOTAL * total, grid.scale * common * weight)


def note_of_tallies(grid: Grid, tallies: Sequence[Tally]) -> Fraction | None:
    """The committee's note from counts and sums added up in the base; None when nobody marked anything.

    Raises ValueError for a grid by median, which sums do not give.
    """
    if grid.method == MEDIAN:
        raise ValueError("a median needs the levels, not their sum")
    return _mean_note(grid, tallies)


def shown(note: Fraction | None) -> str:
    """« 68,8 »: one decimal, half up, with a comma; « – » when there is no note."""
    return "–" if note is None else decimal(note)


def decimal(value: Fraction) -> str:
    """One decimal, half up, with a comma."""
    tenths = (value * 20 + 1) // 2  # floor(10 x + 1/2), exact
    return f"{tenths // 10},{tenths % 10}"


def deviation(values: Sequence[int | Fraction]) -> str:
    """Standard deviation of the whole committee, « 0,8 »; « – » for less than two values."""
    if len(values) < 2:
        return "–"
    mean = Fraction(sum(values), len(values))
    variance = sum(((v - mean) ** 2 for v in values), Fraction(0)) / len(values)
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return f"{root.quantize(Decimal('0.1'), ROUND_HALF_UP)}".replace(".", ",")


def _s(count: int) -> str:
    return "s" if count > 1 else ""
