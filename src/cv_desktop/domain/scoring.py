"""Notes: of one member so far, of the committee, exact until the moment they are shown.

The rule, once for all that is computed here. The value of a criterion is the exact mean (or median) of the levels of
the sheets that count; it is worth value / scale × weight points. The note is a hundred times the points obtained over
the points attainable: those of the criteria that apply to the file, are summed, and that one member at least marked.
Everything stays a fraction. Only what is shown is rounded, once: one decimal, half up (68,75 shows 68,8; 59,95 shows
60,0). Bands, floors and ranks compare the exact value, never the shown one: 59,95 shows 60,0 and stays below 60.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from cv_desktop.domain.grid import MEDIAN, MERIT, TOTAL, TRANSVERSAL, Band, Criterion, Grid
from cv_desktop.domain.marks import Mark, Sheet
from cv_desktop.domain.notes import decimal, deviation, shown

GAP_ALERT = 2
GAP_SHARE = 3


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A member's note out of the criteria marked so far; ``note`` None when none is.

    ``marked`` of ``total`` criteria have a level, those « sans objet » left out of both; ``eliminated`` are those
    whose level is under their floor.
    """

    note: Fraction | None
    marked: int
    total: int
    eliminated: tuple[str, ...]

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
    """The note of one sheet so far. ``grid`` holds the criteria asked of that file (``Grid.for_themes``)."""
    levels = {c.code: mark.level for c in grid.criteria if (mark := sheet.get(c.code)) and mark.level is not None}
    away = sum(1 for c in grid.criteria if (mark := sheet.get(c.code)) and mark.not_applicable)
    eliminated = tuple(c.code for c in grid.criteria if c.code in levels and c.eliminates(levels[c.code]))
    marked = [(c, levels[c.code]) for c in grid.criteria if c.code in levels]
    tally = Tally(1, sum(grid.share(c) * level for c, level in marked), sum(c.summed for c, _ in marked))
    return SheetNote(note_of_sums(grid.common_scale, (tally,)), len(levels), len(grid.criteria) - away, eliminated)


def points(grid: Grid, criterion: Criterion, level: Fraction | int) -> Fraction:
    """Points a level is worth: 10,0 for level 2 of 3 and 15 points; 0 on a criterion that is only shown."""
    return Fraction(level) * criterion.summed / grid.scale_of(criterion)


@dataclass(frozen=True, slots=True)
class Tally:
    """The criteria that ``count`` members marked: the sum of shares (``Grid.share``) × levels, and of the weights.

    Criteria marked by as many members add up before the division; most files need one tally.
    """

    count: int
    total: int
    weight: int


@dataclass(frozen=True, slots=True)
class CriterionNote:
    """One criterion seen by the committee. ``value`` is its mean (or median), None when nobody marked it.

    ``isolated``: a member eliminates, the committee does not.
    """

    code: str
    value: Fraction | None
    levels: tuple[int, ...]
    points: Fraction | None
    eliminated: bool
    isolated: bool
    gap: int
    scale: int = 3

    @property
    def wide(self) -> bool:
        """Whether the members are two levels apart or more, and a third of the scale."""
        return self.gap >= GAP_ALERT and self.gap * GAP_SHARE >= self.scale

    @property
    def gap_label(self) -> str:
        """« écart de 2 », empty below."""
        return f"écart de {self.gap}" if self.wide else ""

    @property
    def deviation(self) -> str:
        """Standard deviation of the levels, « 0,8 »."""
        return deviation(self.levels)


@dataclass(frozen=True, slots=True)
class AxisNote:
    """Points of one axis, exact, ``out_of`` those of its criteria that were marked: « 20,0 sur 30 »."""

    axis: str
    points: Fraction
    out_of: int

    @property
    def shown(self) -> str:
        return f"{decimal(self.points)} sur {self.out_of}"


@dataclass(frozen=True, slots=True)
class CommitteeNote:
    """``eliminated`` are the criteria under their floor, or eliminatory ones at 0; ``axes`` the sub-totals."""

    note: Fraction | None
    band: Band | None
    criteria: tuple[CriterionNote, ...] = field(default=())
    axes: tuple[AxisNote, ...] = field(default=())

    @property
    def shown(self) -> str:
        return shown(self.note)

    @property
    def eliminated(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.criteria if c.eliminated)

    @property
    def wide(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.criteria if c.wide)

    def axis(self, axis: str) -> AxisNote | None:
        """The sub-total of an axis; None when none of its criteria was marked."""
        return next((a for a in self.axes if a.axis == axis), None)


def committee_note(grid: Grid, sheets: Iterable[Sheet]) -> CommitteeNote:
    """The committee's note: per criterion the mean (or median) of those who marked it, then the weights.

    ``grid`` holds the criteria asked of that file. One that nobody marked, or that all hold « sans objet », leaves the
    denominator. The result is exact and does not depend on the order of the sheets.
    """
    kept = tuple(sheets)
    criteria = tuple(_criterion_note(grid, c, [s[c.code] for s in kept if c.code in s]) for c in grid.criteria)
    marked = [(c, n.points) for c, n in zip(grid.criteria, criteria, strict=True) if n.points is not None and c.counted]
    axes = []
    for axis in (MERIT, TRANSVERSAL):
        held = [(c.summed, points) for c, points in marked if c.axis == axis]
        if held:
            axes.append(AxisNote(axis, sum((p for _, p in held), Fraction(0)), sum(w for w, _ in held)))
    out_of = sum(a.out_of for a in axes)
    note = sum((a.points for a in axes), Fraction(0)) * TOTAL / out_of if out_of else None
    return CommitteeNote(note, grid.band(note) if note is not None else None, criteria, tuple(axes))


def _criterion_note(grid: Grid, criterion: Criterion, marks: Iterable[Mark]) -> CriterionNote:
    levels = tuple(sorted(m.level for m in marks if m.level is not None))
    value = central(levels, grid.method_of(criterion)) if levels else None
    eliminated = value is not None and criterion.eliminates(value)
    return CriterionNote(
        code=criterion.code,
        value=value,
        levels=levels,
        points=points(grid, criterion, value) if value is not None else None,
        eliminated=eliminated,
        isolated=bool(levels) and not eliminated and criterion.eliminates(levels[0]),
        gap=levels[-1] - levels[0] if levels else 0,
        scale=grid.scale_of(criterion),
    )


def central(levels: Sequence[int], method: str) -> Fraction:
    """The exact mean or median of levels; the median of an even number is the middle of the two."""
    if method == MEDIAN:
        ordered = sorted(levels)
        middle = len(ordered) // 2
        return Fraction(ordered[middle] + ordered[~middle], 2)
    return Fraction(sum(levels), len(levels))


def note_of_sums(common_scale: int, tallies: Sequence[Tally]) -> Fraction | None:
    """The note from counts and sums; None when nothing was marked. ``common_scale`` is the one of the grid."""
    weight = sum(t.weight for t in tallies)
    if not weight:
        return None
    # One common denominator, so that a ranking of thousands of files builds one fraction each.
    common = lcm(*(t.count for t in tallies))
    total = sum(t.total * (common // t.count) for t in tallies)
    return Fraction(TOTAL * total, common_scale * common * weight)


def by_sums(grid: Grid) -> bool:
    """Whether counts and sums give the note: no criterion is by median."""
    return all(grid.method_of(c) != MEDIAN for c in grid.criteria)


def note_of_levels(grid: Grid, levels: Mapping[str, Sequence[int]]) -> Fraction | None:
    """The committee's note from all the levels of each criterion, by its code: the same as :func:`committee_note`.

    Codes that the grid does not have weigh nothing.
    """
    tallies: dict[int, Tally] = {}
    for criterion in grid.criteria:
        given = levels.get(criterion.code)
        if not given or not criterion.counted:
            continue
        count, total = len(given), sum(given)
        if grid.method_of(criterion) == MEDIAN:
            middle = central(given, MEDIAN)
            count, total = middle.denominator, middle.numerator
        held = tallies.get(count, Tally(count, 0, 0))
        tallies[count] = Tally(count, held.total + grid.share(criterion) * total, held.weight + criterion.summed)
    return note_of_sums(grid.common_scale, tuple(tallies.values()))


def note_of_tallies(grid: Grid, tallies: Sequence[Tally]) -> Fraction | None:
    """The committee's note from counts and sums added up in the base; None when nobody marked anything.

    Raises ValueError for a grid with a median, which sums do not give.
    """
    if not by_sums(grid):
        raise ValueError("a median needs the levels, not their sum")
    return note_of_sums(grid.common_scale, tallies)


def _s(count: int) -> str:
    return "s" if count > 1 else ""
