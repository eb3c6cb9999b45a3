"""What each option loses at least, beyond what prices show: limits are filled in whole units, each by itself.

What serving a file is worth is shared between its class and the limits that count it. Classes then choose alone and
limits are filled alone; what they are worth together bounds every sharing, whatever the shares, and closer than
prices do. The shares follow what classes and limits disagree on. (Lagrangian decomposition: Guignard and Kim,
Mathematical Programming 39, 1987. Steps: Polyak, 1969.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cv_desktop.domain.integer_program import Stop
from cv_desktop.domain.sharing_filling import Filling, fillings
from cv_desktop.domain.sharing_listing import Kept, Listing, listing
from cv_desktop.domain.sharing_prices import Priced
from cv_desktop.domain.sharing_shape import Shape

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

# Those that took the least time on campaigns of 250 and 2 000 files. Others would be as safe, but for the last.
_STEPS = 10
_SLOWER = 0.7  # the next steps, after one that came no closer
_NEARLY = 0.85  # of the last budget: for one above that, losses would hardly rise again
_FEW = 20  # options open: there is nothing more to save
_LARGEST = 1 << 42  # parts, of a budget, a price or a share: sums of more of them might be too long


class Losses:
    """The losses of a shape, raised among sharings that lose no more than ever smaller budgets."""

    def __init__(self, shape: Shape, priced: Priced) -> None:
        self.shape, self.priced = shape, priced
        self._start()

    def _start(self) -> None:
        self._budget = 0
        self._losses = [list(losses) for losses in self.priced.losses]
        self._shares: dict[tuple[int, int], float] = {}
        self._gap = 0
        self._closer = True

    def within(self, budget: int, stop: Stop) -> Priced:
        """The same bound, with losses that hold for the sharings that lose at most ``budget``: an option that loses
        more is in none of them. Asked again, the losses are raised further, as long as that is worth its time.
        """
        if self._too_large(budget):
            return self.priced
        if budget > self._budget:
            self._start()
        elif budget < _NEARLY * self._budget:
            self._closer = True
        self._budget = budget
        if self._closer and self._open() >= _FEW:
            self._closer = self._raise(stop)
        chosen = [o[losses.index(min(losses))] for o, losses in zip(self.shape.classes, self._losses, strict=True)]
        return replace(self.priced, chosen=chosen, losses=self._losses)

    def listing(self, each: int, budget: int) -> Listing | None:
        """What lists the sharings of options that lose at most ``each`` and ``budget`` together, by the losses and
        shares known now; None when there are none, or when numbers or tables would be too large.
        """
        if self._too_large(budget) or sum(map(abs, self.shape.gains)) > _LARGEST:
            return None
        kept = self._kept(each)
        choices = _Choices(kept) if all(kept) else None
        filled = fillings(self.shape, self.priced, budget, choices.sure, choices.some) if choices else None
        if not choices or filled is None:
            return None
        return listing(kept, filled, self._first(choices, filled))

    def _too_large(self, budget: int) -> bool:
        return max(budget, *self.priced.values, 0) > _LARGEST

    def _kept(self, budget: int) -> Kept:
        """The options of each class that lose at most ``budget``, with what they lose by prices."""
        return [
            [(option, loss) for option, loss, now in zip(options, first, losses, strict=True) if now <= budget]
            for options, first, losses in zip(self.shape.classes, self.priced.losses, self._losses, strict=True)
        ]

    def _open(self) -> int:
        return sum(loss <= self._budget for losses in self._losses for loss in losses) - len(self._losses)

    def _raise(self, stop: Stop) -> bool:
        """Raise the losses by some steps; whether more of them may raise the losses further."""
        before, gap = self._open(), self._gap
        kept = self._kept(self._budget)
        choices = _Choices(kept) if all(kept) else None
        filled = choices and fillings(self.shape, self.priced, self._budget, choices.sure, choices.some)
        if not choices or filled is None:
            self._none()
            return False
        if not choices.some or not filled:
            return False
        search = _Search(choices, filled, self._first(choices, filled))
        search.run(self._budget, stop)
        self._gap = search.gap
        self._shares = search.known()
        if search.gap > self._budget:
            self._none()
            return False
        for losses, raised in zip(self._losses, search.losses(), strict=True):
            places = [place for place, loss in enumerate(losses) if loss <= self._budget]
            for place, loss in zip(places, raised, strict=True):
                losses[place] = max(losses[place], loss)
        # These steps came closer by a twentieth of the budget, or shut an eighth of the options.
        return 20 * (search.gap - gap) > self._budget or 8 * self._open() < 7 * before

    def _none(self) -> None:
        self._losses = [[max(loss, self._budget + 1) for loss in losses] for losses in self._losses]

    def _first(self, choices: _Choices, filled: Sequence[Filling]) -> list[list[float]]:
        """The shares to begin with: those found before, else half of what a file is worth by the price of what it
        takes, and half for the limit of fewest files.
        """
        if self._shares:
            return [[self._shares.get((one.row, j), 0.0) for j in one.files] for one in filled]
        whole: dict[int, int] = {}
        fewest: dict[int, tuple[int, int]] = {}
        for one in filled:
            for j, weight in zip(one.files, one.weights, strict=True):
                whole[j] = whole.get(j, 0) + one.price * weight
                fewest[j] = min(fewest.get(j, (len(one.files), one.row)), (len(one.files), one.row))
        return [
            [
                choices.worth[j] * (one.price * weight / whole[j] + (fewest[j][1] == one.row)) / 2
                for j, weight in zip(one.files, one.weights, strict=True)
            ]
            for one in filled
        ]


class _Choices:
    """The options still open, with what they lose: files that all serve, files that some serve.

    ``worth`` is what the limits are given of a file first, all of it, or half when its class chooses between several.
    """

    def __init__(self, kept: Kept) -> None:
        import numpy

        self.sure = {j for own in kept for j in set.intersection(*(set(option.files) for option, _ in own))}
        self.some = sorted({j for own in kept for option, _ in own for j in option.files if j not in self.sure})
        self.column = {j: place for place, j in enumerate(self.some)}
        self.worth: dict[int, float] = {}
        for own in kept:
            best = min(own, key=lambda one: one[1])[0].files
            several = {j for option, _ in own for j in option.files}.intersection(self.column)
            for j in several:
                loss = min(loss for option, loss in own if (j in option.files) != (j in best))
                self.worth[j] = (loss if j in best else -loss) / (1 if len(several) == 1 else 2)
        self.files = [[j for j in option.files if j in self.column] for own in kept for option, _ in own]
        self.lost = numpy.array([loss for own in kept for _, loss in own])
        self.sizes = [len(own) for own in kept]
        self.starts = numpy.cumsum([0, *self.sizes[:-1]])
        # The columns of what each option serves, one after the other, each ended by one that stands for no file.
        self.lengths = [len(files) + 1 for files in self.files]
        self.first = numpy.cumsum([0, *self.lengths[:-1]])
        nothing = len(self.some)
        self.serves = numpy.array([j for files in self.files for j in (*map(self.column.__getitem__, files), nothing)])

    def best(self, given: Array) -> tuple[Array, Array]:
        """What each option is worth once the limits are given so much of each file, and the most of each class."""
        import numpy

        worth = -self.lost - numpy.add.reduceat(numpy.append(given, 0)[self.serves], self.first)
        return worth, numpy.maximum.reduceat(worth, self.starts)

    def served(self, worth: Array, most: Array) -> Array:
        """1 for each file that the best options serve."""
        import numpy

        hits = numpy.flatnonzero(worth == numpy.repeat(most, self.sizes))
        _, first = numpy.unique(numpy.searchsorted(self.starts, hits, side="right"), return_index=True)
        best = numpy.zeros(len(worth), bool)
        best[hits[first]] = True
        return numpy.bincount(self.serves[numpy.repeat(best, self.lengths)], minlength=len(self.some) + 1)[:-1]


class _Search:
    """Shares that bound ever closer, one after the other for each limit and file."""

    def __init__(self, choices: _Choices, filled: Sequence[Filling], shares: Sequence[Sequence[float]]) -> None:
        import numpy

        self.choices, self.filled = choices, filled
        self.now = numpy.array([share for own in shares for share in own])
        self.columns = numpy.array([choices.column[j] for one in filled for j in one.files], int)
        ends = numpy.cumsum([len(one.files) for one in filled])
        self.own = [slice(int(end) - len(one.files), int(end)) for end, one in zip(ends, filled, strict=True)]
        self.gap: int
        self.best: Array

    def run(self, budget: int, stop: Stop) -> None:
        """Some steps; ``gap`` is what every sharing loses at least by the ``best`` shares met."""
        import numpy

        pace = 1.0
        for step in range(_STEPS):
            shares = numpy.rint(self.now).astype(numpy.int64)
            worth, most = self.choices.best(self._given(shares))
            found = [one.best(shares[own].tolist()) for one, own in zip(self.filled, self.own, strict=True)]
            gap = -int(most.sum()) - sum(value for value, _ in found)
            if step and gap <= self.gap:
                pace *= _SLOWER
            else:
                self.gap, self.best = gap, shares
            away = -self.choices.served(worth, most)[self.columns].astype(float)
            for (_, served), own in zip(found, self.own, strict=True):
                away[own] += served
            square = float((away**2).sum())
            if not square or gap >= budget or stop():
                return
            self.now = (self.now - away * (pace * (budget - gap) / square)).clip(-_LARGEST, _LARGEST)

    def _given(self, shares: Array) -> Array:
        import numpy

        given = numpy.zeros(len(self.choices.some), numpy.int64)
        numpy.add.at(given, self.columns, shares)
        return given

    def known(self) -> dict[tuple[int, int], float]:
        """The best shares met, by limit and file."""
        return {
            (one.row, j): float(share)
            for one, own in zip(self.filled, self.own, strict=True)
            for j, share in zip(one.files, self.best[own].tolist(), strict=True)
        }

    def losses(self) -> list[list[int]]:
        """What each open option loses at least, class by class: its own class and each limit hold its files."""
        worth, most = self.choices.best(self._given(self.best))
        more: dict[int, list[tuple[int, int, int]]] = {}
        for one, own in zip(self.filled, self.own, strict=True):
            for j, (without, served) in zip(one.files, one.held(self.best[own].tolist()), strict=True):
                highest = max(without, served)
                more.setdefault(j, []).append((one.row, highest - without, highest - served))
        found = []
        first = 0
        for size, highest in zip(self.choices.sizes, most.tolist(), strict=True):
            options = slice(first, first + size)
            files = {j for some in self.choices.files[options] for j in some}
            raised = []
            for inside, value in zip(self.choices.files[options], worth[options].tolist(), strict=True):
                # A limit is held by one file of the class only: what several would lose is not added up.
                lost: dict[int, int] = {}
                for j in files:
                    for limit, out, within in more.get(j, ()):
                        lost[limit] = max(lost.get(limit, 0), within if j in inside else out)
                raised.append(self.gap + highest - value + sum(lost.values()))
            found.append(raised)
            first += size
        return found
