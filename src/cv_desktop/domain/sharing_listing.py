"""Lists all the sharings that lose no more than a budget, class after class: what must lose more is dropped at once.

Beside the classes decided, those to come choose alone and each limit is filled alone, as for the losses. A table of
each limit says the most that it may still be worth, by the units taken of it: what a sharing loses at least is known
while it is being made. Where they are too many, those that promise least are dropped, and what they lose is told.
(Breadth-first branch and bound, dynamic programs as its bounds; kept to a width, a beam search that knows what it
missed.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cv_desktop.domain.integer_program import Stop
from cv_desktop.domain.sharing_filling import Filling
from cv_desktop.domain.sharing_possible import Possible
from cv_desktop.domain.sharing_shape import Option

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

Kept = Sequence[Sequence[tuple[Option, int]]]

_NEVER = -(1 << 55)  # parts: far below any worth, and thirty times as much is still a machine number
_MOST_CELLS = 40_000_000  # units of all tables, eight bytes each
_TOGETHER = 1_000  # sharings


@dataclass(frozen=True, slots=True)
class _Step:
    """A class to decide: its options, what each loses and gains, and what it takes of the limits that count it.

    ``most`` is what the class adds alone. ``before`` and ``after`` are the tables of these limits, each with the
    units of its first place.
    """

    options: list[Option]
    lost: list[int]
    gains: Array
    most: int
    rows: list[int]
    takes: list[Array]
    before: list[tuple[int, Array]]
    after: list[tuple[int, Array]]


@dataclass(frozen=True, slots=True)
class Listed:
    """The sharings met. All those that lose less than ``below`` are among them."""

    below: int
    gains: Array
    _sure: list[Option]
    _steps: list[_Step]
    _trail: list[tuple[Array, Array]]

    def ranked(self, possible: Possible) -> Iterator[tuple[int, int]]:
        """The places of those that limits may allow, and what each takes of the envelope at the least, in units, from
        the one that gains most. Weighed some together: all of them would take too much room.
        """
        import numpy

        order = numpy.argsort(-self.gains, kind="stable")
        base = possible.taken(self._sure).sum(axis=0)
        weights = [possible.taken(step.options) for step in self._steps]
        for first in range(0, len(order), _TOGETHER):
            places = at = order[first : first + _TOGETHER]
            taken = numpy.zeros((len(places), 1), numpy.int64) + base
            for own, (parents, options) in zip(reversed(weights), reversed(self._trail), strict=True):
                taken += own[options[at]]
                at = parents[at]
            kept = possible.among(taken)
            yield from zip(places[kept].tolist(), taken[kept, -1].tolist(), strict=True)

    def files(self, place: int) -> list[int]:
        """The files that one of them serves."""
        own = [j for option in self._sure for j in option.files]
        for step, (parents, options) in zip(reversed(self._steps), reversed(self._trail), strict=True):
            own += step.options[int(options[place])].files
            place = int(parents[place])
        return own


class Listing:
    """The classes in the order they are decided, and the tables of the limits after each; see ``listing``."""

    def __init__(self, sure: list[Option], base: int, steps: list[_Step], roots: Sequence[int]) -> None:
        self.sure, self.steps, self.rows = sure, steps, len(roots)
        self.least = base - sum(step.most for step in steps) - sum(roots)

    def listed(self, budget: int, width: int, stop: Stop) -> Listed | None:
        """The sharings that lose at most ``budget``, the ``width`` most promising being kept after each class; None
        when stopped.
        """
        import numpy

        below = budget + 1
        trail: list[tuple[Array, Array]] = []
        if self.least > budget:
            return Listed(below, numpy.zeros(0, numpy.int64), self.sure, [], trail)
        units = [numpy.zeros(1, numpy.int64) for _ in range(self.rows)]
        bounds = numpy.array([self.least], numpy.int64)
        gains = numpy.array([sum(option.gain for option in self.sure)], numpy.int64)
        for step in self.steps:
            if stop():
                return None
            now = bounds + step.most
            for row, (low, table) in zip(step.rows, step.before, strict=True):
                now += table[units[row] - low]
            new, came, chose = [], [], []
            for place, lost in enumerate(step.lost):
                bound = now + lost
                for row, (low, table), takes in zip(step.rows, step.after, step.takes, strict=True):
                    bound -= table[units[row] + (takes[place] - low)]
                kept = numpy.flatnonzero(bound <= budget)
                new.append(bound[kept])
                came.append(kept)
                chose.append(numpy.full(len(kept), place))
            bounds, parents, options = numpy.concatenate(new), numpy.concatenate(came), numpy.concatenate(chose)
            if len(bounds) > width:
                order = numpy.argpartition(bounds, width)
                below = min(below, int(bounds[order[width:]].min()))
                bounds, parents, options = bounds[order[:width]], parents[order[:width]], options[order[:width]]
            gains = gains[parents] + step.gains[options]
            units = [own[parents] for own in units]
            for row, takes in zip(step.rows, step.takes, strict=True):
                units[row] += takes[options]
            trail.append((parents, options))
        return Listed(below, gains, self.sure, self.steps, trail)


def listing(kept: Kept, filled: Sequence[Filling], shares: Sequence[Sequence[float]]) -> Listing | None:
    """The listing of the options kept, with what they lose by prices; ``shares`` says what each limit is given of each
    file. None when its tables would be too large.
    """
    import numpy

    worth = [
        {j: (weight, round(share)) for j, weight, share in zip(one.files, one.weights, own, strict=True)}
        for one, own in zip(filled, shares, strict=True)
    ]
    given: dict[int, int] = {}
    for inside in worth:
        for j, (_, share) in inside.items():
            given[j] = given.get(j, 0) + share
    tables = _Tables(filled)
    steps: list[_Step] = []
    classes = [
        (_rows(own, worth), sorted(loss for _, loss in own)[1], place) for place, own in enumerate(kept) if len(own) > 1
    ]
    if sum(filled[row].low[-1] + len(filled[row].lost) for rows, _, _ in classes for row in rows) > _MOST_CELLS:
        return None
    # Limits are decided one after the other: once all the files of one are, few sums of it are left.
    classes.sort()
    chosen = []
    for rows, _, place in classes:
        own = kept[place]
        takes = [[sum([worth[row][j][0] for j in o.files if j in worth[row]]) for o, _ in own] for row in rows]
        chosen.append((rows, place, takes))
        for row, some in zip(rows, takes, strict=True):
            tables.taken[row] += max(some)
    for rows, place, takes in reversed(chosen):
        own = kept[place]
        before, after = [], []
        for row, some in zip(rows, takes, strict=True):
            parts = [sum([worth[row][j][1] for j in o.files if j in worth[row]]) for o, _ in own]
            pair = tables.back(row, some, parts)
            after.append(pair[0])
            before.append(pair[1])
        if tables.cells > _MOST_CELLS:
            return None
        most = max(-loss - sum([given.get(j, 0) for j in option.files]) for option, loss in own)
        steps.append(
            _Step(
                [option for option, _ in own],
                [loss for _, loss in own],
                numpy.array([option.gain for option, _ in own]),
                most,
                rows,
                [numpy.array(some) for some in takes],
                before,
                after,
            )
        )
    alone = [own[0] for own in kept if len(own) == 1]
    return Listing([o for o, _ in alone], sum(loss for _, loss in alone), steps[::-1], tables.roots())


def _rows(own: Sequence[tuple[Option, int]], worth: Sequence[dict[int, tuple[int, int]]]) -> list[int]:
    files = {j for option, _ in own for j in option.files}
    return [row for row, inside in enumerate(worth) if not files.isdisjoint(inside)]


class _Tables:
    """The most that each limit may still be worth by the units taken of it, made from the last class to the first.

    ``taken`` is how many units the classes before may take at most.
    """

    def __init__(self, filled: Sequence[Filling]) -> None:
        import numpy

        self.now = [(one.low[-1], numpy.maximum(-one.lost, _NEVER)) for one in filled]
        self.least = [one.low[-1] for one in filled]
        self.taken = [0] * len(filled)
        self.cells = 0

    def back(self, row: int, takes: Sequence[int], worth: Sequence[int]) -> tuple[tuple[int, Array], tuple[int, Array]]:
        """The table of a limit after a class, as long as its options take, and before it."""
        import numpy

        begin, table = self.now[row]
        widest = max(takes)
        self.taken[row] -= widest
        self.least[row] = max(0, self.least[row] - widest)
        low, high = self.least[row], min(begin + len(table) - 1, self.taken[row])
        size = max(1, high - low + 1)
        after = numpy.full(size + widest, _NEVER)
        end = min(begin + len(table), low + len(after))
        if end > begin:
            after[begin - low : end - low] = table[: end - begin]
        before = numpy.full(size, _NEVER)
        for units, share in zip(takes, worth, strict=True):
            numpy.maximum(before, after[units : units + size] + share, out=before)
        self.cells += len(after) + len(before)
        self.now[row] = (low, before)
        return (low, after), (low, before)

    def roots(self) -> list[int]:
        """What each limit is worth when no class is decided."""
        return [int(table[-low]) if low <= 0 < low + len(table) else _NEVER for low, table in self.now]
