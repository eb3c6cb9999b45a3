"""The whole-number program of a sharing: in each class, the option that the prices prefer or another one of few.

A variable per other option, and one per cell: by how much all the files of the cell rise together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor, lcm

from cv_desktop.domain.integer_program import Outcome, Row, Stop, maximise
from cv_desktop.domain.sharing_prices import Priced
from cv_desktop.domain.sharing_shape import Option, Shape

Worth = Callable[[Option], int]
_LONGEST = 10**9  # of what a row counts, beyond which the solver proves nothing


class Program:
    """The sharings whose options lose at most ``budget``, each."""

    def __init__(self, shape: Shape, priced: Priced, budget: int) -> None:
        self.shape = shape
        self.chosen = list(priced.chosen)
        self.others: list[tuple[int, Option]] = []
        self.rows: list[Row] = []
        for place, (options, losses) in enumerate(zip(shape.classes, priced.losses, strict=True)):
            first = len(self.others)
            kept = zip(options, losses, strict=True)
            self.others += [(place, o) for o, loss in kept if loss <= budget and o is not self.chosen[place]]
            if len(self.others) - first > 1:
                self.rows.append(Row(tuple((name, 1) for name in range(first, len(self.others))), 1))
        self.cells = range(len(self.others), len(self.others) + len(shape.cells))
        self.high = [1] * len(self.others) + self._grow()
        self._limit()

    def _grow(self) -> list[int]:
        """The rows that keep each cell below what its files may rise, and the most that may be."""
        base = [0] * len(self.cells)
        for option in self.chosen:
            for cell, units in option.growth:
                base[cell] += units
        most = list(base)
        entries: list[list[tuple[int, int]]] = [[(name, 1)] for name in self.cells]
        for name, (place, option) in enumerate(self.others):
            change = dict(option.growth)
            for cell, units in self.chosen[place].growth:
                change[cell] = change.get(cell, 0) - units
            for cell, units in change.items():
                if units:
                    entries[cell].append((name, -units))
                    most[cell] += max(units, 0)
        self.rows += [Row(tuple(inside), units) for inside, units in zip(entries, base, strict=True)]
        rise = [option.rise - self.chosen[place].rise for place, option in self.others]
        together = [(name, -units) for name, units in enumerate(rise) if units] + [(name, 1) for name in self.cells]
        if self.cells:
            self.rows.append(Row(tuple(together), sum(option.rise for option in self.chosen)))
        return most

    def _limit(self) -> None:
        """The rows of the wide caps and floors, less what the chosen options take of them."""
        room = self.shape.limits
        for option in self.chosen:
            for row, used in self.shape.use(option).items():
                room[row] -= used
        entries: list[list[tuple[int, Fraction]]] = [[] for _ in room]
        for name, (place, option) in enumerate(self.others):
            change = self.shape.use(option)
            for row, used in self.shape.use(self.chosen[place]).items():
                change[row] = change.get(row, 0) - used
            for row, used in change.items():
                if used:
                    entries[row].append((name, Fraction(used)))
        for name, cell in zip(self.cells, self.shape.cells, strict=True):
            for row, each in cell.items():
                entries[row].append((name, each))
        for inside, limit in zip(entries, room, strict=True):
            # Parts of quarters are no simple fractions: too long for the solver, they are rounded down, which loosens.
            longest = max([abs(limit), *(ceil(abs(each)) for _, each in inside), 1])
            scale = min(lcm(*(each.denominator for _, each in inside)), max(1, _LONGEST // longest))
            self.rows.append(Row(tuple((name, floor(each * scale)) for name, each in inside), limit * scale))

    def _changes(self, worth: Worth, rise: int) -> list[int]:
        return [worth(option) - worth(self.chosen[place]) for place, option in self.others] + [rise] * len(self.cells)

    def at_least(self, worth: Worth, rise: int, value: int) -> Row:
        """The row of the sharings that are worth so much at least, a unit that files rise by counting for ``rise``."""
        entries = tuple((name, -change) for name, change in enumerate(self._changes(worth, rise)) if change)
        return Row(entries, sum(worth(option) for option in self.chosen) - value)

    def other_than(self, files: frozenset[int]) -> Row:
        """The row that this set of files alone does not obey."""
        own = [
            set(option.files) == files.intersection(j for one in self.shape.classes[place] for j in one.files)
            for place, option in self.others
        ]
        return Row(tuple((name, 1 if mine else -1) for name, mine in enumerate(own)), sum(own) - 1)

    def maximise(
        self, more: Sequence[Row], *, above: int | None = None, enough: int | None = None, stop: Stop
    ) -> tuple[list[int] | None, bool]:
        """The files, by place, of the sharing that gains most, more than ``above``, or of any that gains ``enough``,
        under ``more`` rows; whether that is certain. No files when there is none.
        """
        base = sum(option.gain for option in self.chosen)
        found: Outcome = maximise(
            self._changes(_gain, 0),
            self.high,
            [*self.rows, *more],
            above=None if above is None else above - base,
            enough=None if enough is None else enough - base,
            stop=stop,
        )
        if found.values is None:
            return None, found.proved
        made = dict(enumerate(self.chosen))
        made |= {self.others[name][0]: self.others[name][1] for name in range(len(self.others)) if found.values[name]}
        return sorted(j for option in made.values() for j in option.files), found.proved


def _gain(option: Option) -> int:
    return option.gain
