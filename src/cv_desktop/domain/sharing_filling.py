"""A wide cap or floor filled by itself, file by file, in whole units: the most that this alone may be worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from math import ceil, floor
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

    def __init__(self, row: int, price: int, weights: Mapping[int, int], lost: Array, budget: int) -> None:
        import numpy

        self.row, self.price = row, price
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


@dataclass(frozen=True, slots=True)
class _Priced:
    """A limit with its price, what files count for in it at their least, and a unit more of each cell.

    A floor has ``sign`` -1; ``row`` is its place among the limits, one that is made of several comes after them.
    ``excess`` is what a unit beyond a floor loses, the first ``beyond`` ones lose nothing. Files of ``grown`` cells
    count for all that they may rise by.
    """

    row: int
    sign: int
    limit: int
    price: int
    least: dict[int, int]
    cells: dict[int, Fraction]
    excess: int
    beyond: int = 0
    grown: frozenset[int] = frozenset()


def fillings(shape: Shape, priced: Priced, budget: int, sure: set[int], some: Sequence[int]) -> list[Filling] | None:
    """The limits that have a price, filled beside the ``sure`` files by ``some``; None when one of them cannot be held
    by sharings that lose at most ``budget``.
    """
    import numpy

    kept = []
    limits = _grown(shape, priced, _joined(shape, _limits(shape, priced)), sure, {*some})
    for one in limits:
        left = one.limit - sum(one.least[j] for j in sure.intersection(one.least))
        # Put two cents lower, a part of one counts for less than nothing. Here it counts for nothing, which is no
        # more than what the file is given.
        weights = {j: one.least[j] for j in some if one.least.get(j, 0) > 0}
        size = sum(weights.values())
        size = min(size, left) if one.sign > 0 else size
        if one.sign > 0 and left < 0:
            return None
        if size <= _LONGEST and (abs(left) + size) * one.price < -_NEVER:
            kept.append((one, left, weights, size))
    risen = _risen(shape, priced, limits, {one.row for one, *_ in kept if one.sign > 0})
    found = []
    for one, left, weights, size in kept:
        taken = numpy.arange(size + 1)
        if one.sign > 0:
            room = left - taken
            lost = room * one.price
            # What files rise by in the room left is worth up to the price of it.
            for worth, units in sorted(risen.get(one.row, ()), reverse=True):
                filled = numpy.minimum(room, units)
                lost -= filled * worth
                room -= filled
        else:
            lost = numpy.maximum(taken - left - one.beyond, 0) * one.excess
            lost[taken + sum(units for _, units in risen.get(one.row, ())) < left] = -_NEVER
        found.append(Filling(one.row, one.price, weights, lost, budget))
    return found if all(one.possible for one in found) else None


def _limits(shape: Shape, priced: Priced) -> list[_Priced]:
    """The limits that have a price."""
    return [
        _Priced(
            row,
            1 if row < len(shape.caps) else -1,
            wide.limit,
            priced.values[row],
            dict(zip(wide.files, wide.least, strict=True)),
            {cell: abs(each[row]) for cell, each in enumerate(shape.cells) if each.get(row)},
            priced.values[row],
        )
        for row, wide in enumerate((*shape.caps, *shape.floors))
        if priced.values[row]
    ]


def _joined(shape: Shape, limits: list[_Priced]) -> list[_Priced]:
    """The limits, the envelope and floors of files that may rise being held together as far as their prices go: what
    must rise for a floor is taken from all the others, which neither of them tells alone.
    """
    whole = next((one for one in limits if one.sign > 0 and len(one.least) == len(shape.gains)), None)
    if whole is None:
        return limits
    joining = {one.row - len(shape.caps): one for one in limits if one.sign < 0 and _within(one, whole)}
    some = [[joining[place] for place in places if place in joining] for places in shape.floors_apart]
    floors = max(some, key=lambda own: sum(one.limit for one in own), default=[])
    if not floors:
        return limits
    price = min(one.price for one in (whole, *floors))
    inside = {j for one in floors for j in one.least}
    rising = {cell for one in floors for cell in one.cells}
    together = _Priced(
        len(shape.limits),
        1,
        whole.limit - sum(one.limit for one in floors),
        price,
        {j: least for j, least in whole.least.items() if j not in inside},
        {cell: rate for cell, rate in whole.cells.items() if cell not in rising},
        price,
    )
    less = {one.row for one in (whole, *floors)}
    left = [
        replace(one, price=one.price - price, excess=one.price - price) if one.row in less else one for one in limits
    ]
    return [*(one for one in left if one.price), together]


def _within(one: _Priced, whole: _Priced) -> bool:
    """Whether files that may rise for a floor count as much in the whole envelope."""
    return (
        bool(one.cells)
        and all(whole.least[j] == least for j, least in one.least.items())
        and all(whole.cells.get(cell) == rate for cell, rate in one.cells.items())
    )


def _grown(shape: Shape, priced: Priced, limits: Sequence[_Priced], sure: set[int], some: set[int]) -> list[_Priced]:
    """The limits, files rising as far as they may for a floor when that is worth more than it takes: what is beyond the
    floor need not. What not rising loses is charged by one floor only, or shared by several.
    """
    left = {cell: rise for cell, rise in enumerate(priced.rise) if rise}
    found = []
    for one in limits:
        grown = {cell: rate for cell, rate in one.cells.items() if left.get(cell)}
        if one.sign > 0 or not grown:
            found.append(one)
            continue
        excess = min([one.price, *(floor(left[cell] / rate) for cell, rate in grown.items())])
        for cell, rate in grown.items():
            left[cell] -= ceil(excess * rate)
        rises = {
            option.files[0]: sum(ceil(grown.get(cell, 0) * units) for cell, units in option.growth)
            for options in shape.classes
            for option in options
            if len(option.files) == 1
        }
        least = {j: units + rises.get(j, 0) for j, units in one.least.items()}
        beyond = _beyond(shape, grown, rises, sure, some)
        found.append(replace(one, least=least, excess=excess, beyond=beyond, grown=frozenset(grown)))
    return found


def _beyond(
    shape: Shape, grown: Mapping[int, Fraction], rises: Mapping[int, int], sure: set[int], some: set[int]
) -> int:
    """By how many units the rises of files, one by one, exceed those of any options: files of one small cap may rise
    less together than each alone, and each by less than a whole unit more.
    """
    beyond = 0
    for options in shape.classes:
        apart = [
            sum(rises.get(j, 0) for j in option.files)
            - sum(floor(grown.get(cell, 0) * units) for cell, units in option.growth)
            for option in options
            if some.issuperset(j for j in option.files if j not in sure)
        ]
        beyond += max(apart, default=0)
    return beyond


def _risen(shape: Shape, priced: Priced, limits: Sequence[_Priced], caps: set[int]) -> dict[int, list[tuple[int, int]]]:
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
    for cell, units in enumerate(most):
        own = [one for one in limits if one.cells.get(cell)]
        worth = -sum(one.sign * one.price * one.cells[cell] for one in own if one.row not in caps) - priced.rise[cell]
        for one in own:
            if one.sign < 0 and cell not in one.grown:
                found.setdefault(one.row, []).append((0, ceil(one.cells[cell] * units)))
        for one in sorted((one for one in own if one.row in caps), key=lambda one: -len(one.least)):
            rate = one.cells[cell]
            part = min(worth, one.price * rate)
            if part > 0:
                worth -= part
                found.setdefault(one.row, []).append((ceil(part / rate), ceil(rate * units)))
    return found
