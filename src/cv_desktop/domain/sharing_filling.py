"""A wide cap or floor filled by itself, file by file, in whole units: the most that this alone may be worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Any

from cv_desktop.domain.sharing_prices import Priced
from cv_desktop.domain.sharing_shape import Shape

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

_LONGEST = 60_000  # units: filling more takes longer than it saves
_NEVER = -(1 << 60)  # parts: far below any worth, and twice as much is still a machine number


class Filling:
    """The open files of a limit, the heaviest first, and what the units that they take of it lose.

    After so many files, only the units between ``low`` and ``high`` lead to some that lose no more than the budget;
    ``possible`` when there are any.
    """

    def __init__(self, row: int, weights: Mapping[int, int], lost: Array, budget: int) -> None:
        import numpy

        self.row = row
        self.files = sorted(weights, key=lambda file: (-weights[file], file))
        useful = numpy.flatnonzero(lost <= budget)
        first, last = (int(useful[0]), int(useful[-1])) if len(useful) else (1, 0)
        self.lost = lost[first : last + 1]
        taken = list(accumulate((weights[file] for file in self.files), initial=0))
        self.low = [max(0, first - (taken[-1] - units)) for units in taken]
        self.high = [min(last, units) for units in taken]
        self.possible = all(low <= high for low, high in zip(self.low, self.high, strict=True))
        self.weights = [weights[file] for file in self.files]
        self._moves = [(self._move(place, 0), self._move(place, weight)) for place, weight in enumerate(self.weights)]
        # Filled again and again: making arrays of this length takes longer than filling them.
        self._most = [
            numpy.empty(max(0, high + 1 - low), numpy.int64) for low, high in zip(self.low, self.high, strict=True)
        ]

    def _move(self, place: int, weight: int) -> tuple[slice, slice] | None:
        """Which units of the first files are which of one file more, that takes this weight; None when none are."""
        low, first = self.low[place], self.low[place + 1]
        begin, end = max(low + weight, first), min(self.high[place] + weight, self.high[place + 1]) + 1
        if begin >= end:
            return None
        return slice(begin - weight - low, end - weight - low), slice(begin - first, end - first)

    def _before(self, shares: Sequence[int]) -> list[Array]:
        """The most that the first files are worth, by their number, then by the units that they take."""
        import numpy

        most = self._most
        most[0][:] = 0
        for place, (share, (without, served)) in enumerate(zip(shares, self._moves, strict=True)):
            made = most[place + 1]
            made.fill(_NEVER)
            if without:
                made[without[1]] = most[place][without[0]]
            if served:
                numpy.maximum(made[served[1]], most[place][served[0]] + share, out=made[served[1]])
        return most

    def best(self, shares: Sequence[int]) -> tuple[int, list[bool]]:
        """The most that these shares of the files are worth together, less what is lost, and which files it serves."""
        most = self._before(shares)
        worth = most[-1] - self.lost
        units = int(worth.argmax())
        found = int(worth[units])
        units += self.low[-1]
        served = [False] * len(shares)
        for place in range(len(shares) - 1, -1, -1):
            now = most[place + 1][units - self.low[place + 1]]
            if not self.low[place] <= units <= self.high[place] or most[place][units - self.low[place]] != now:
                served[place] = True
                units -= self.weights[place]
        return found, served

    def held(self, shares: Sequence[int]) -> list[tuple[int, int]]:
        """The most without each file, then with it."""
        import numpy

        before = self._before(shares)
        after = -self.lost  # the most that the files after a place add, less what is lost, by the units before them
        found = []
        for place in range(len(shares) - 1, -1, -1):
            most = [_NEVER, _NEVER]
            made = numpy.full(len(before[place]), _NEVER)
            for serves, move in enumerate(self._moves[place]):
                if move:
                    more = after[move[1]] + serves * shares[place]
                    most[serves] = int((before[place][move[0]] + more).max())
                    numpy.maximum(made[move[0]], more, out=made[move[0]])
            found.append((most[0], most[1]))
            after = made
        return found[::-1]


def fillings(shape: Shape, priced: Priced, budget: int, sure: set[int], some: Sequence[int]) -> list[Filling] | None:
    """The limits that have a price, filled beside the ``sure`` files by ``some``; None when one of them cannot be held
    by sharings that lose at most ``budget``.
    """
    import numpy

    caps = len(shape.caps)
    kept = []
    for row, wide in enumerate((*shape.caps, *shape.floors)):
        if priced.values[row]:
            least = dict(zip(wide.files, wide.least, strict=True))
            left = wide.limit - sum(least[j] for j in sure.intersection(least))
            # Put two cents lower, a part of one counts for less than nothing. Here it counts for nothing, which is no
            # more than what the file is given.
            weights = {j: least[j] for j in some if least.get(j, 0) > 0}
            size = sum(weights.values())
            size = min(size, left) if row < caps else size
            if row < caps and left < 0:
                return None
            if size <= _LONGEST and (abs(left) + size) * priced.values[row] < -_NEVER:
                kept.append((row, left, weights, size))
    risen = _risen(shape, priced, {row for row, *_ in kept if row < caps})
    found = []
    for row, left, weights, size in kept:
        taken = numpy.arange(size + 1)
        if row < caps:
            room = left - taken
            lost = room * priced.values[row]
            # What files rise by in the room left is worth up to the price of it.
            for worth, units in sorted(risen.get(row, ()), reverse=True):
                filled = numpy.minimum(room, units)
                lost -= filled * worth
                room -= filled
        else:
            lost = numpy.maximum(taken - left, 0) * priced.values[row]
            lost[taken + sum(units for _, units in risen.get(row, ())) < left] = -_NEVER
        found.append(Filling(row, weights, lost, budget))
    return found if all(one.possible for one in found) else None


def _risen(shape: Shape, priced: Priced, caps: set[int]) -> dict[int, list[tuple[int, int]]]:
    """By limit, how many units files that rise may take of it, cell by cell, and what each is worth in these caps.

    What a unit more in a cell gains in the other limits is worth that much room in these, the widest first.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    most = [0] * len(shape.cells)
    for options in shape.classes:
        highest: dict[int, int] = {}
        for option in options:
            for cell, units in option.growth:
                highest[cell] = max(highest.get(cell, 0), units)
        for cell, units in highest.items():
            most[cell] += units
    for cell, each in enumerate(shape.cells):
        worth = -sum(priced.values[row] * rate for row, rate in each.items() if row not in caps) - priced.rise[cell]
        for row, rate in each.items():
            if rate < 0:
                found.setdefault(row, []).append((0, ceil(-rate * most[cell])))
        for row in sorted(caps.intersection(each), key=lambda row: -len(shape.caps[row].files)):
            rate = each[row]
            own = min(worth, priced.values[row] * rate)
            if own > 0 and rate > 0:
                worth -= own
                found.setdefault(row, []).append((ceil(own / rate), ceil(rate * most[cell])))
    return found
