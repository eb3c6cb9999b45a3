"""The best sum of scores under several wide limits, by sharings that lose little against their common bound.

The loss allowed grows until a sharing is met: all that lose no more having been seen, it is the best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.integer_known import Stop, Stopped
from cv_desktop.domain.sharing_prices import PART, Priced, prices
from cv_desktop.domain.sharing_search import Search
from cv_desktop.domain.sharing_shape import HALF, Shape, Wide

_DOUBTFUL = 8  # widenings without a sharing, after which one asks whether any exists
_FIRST = 32  # the first loss allowed: the bound by so many times the number of files
_MOST_TIED = 300

Fits = Callable[[Sequence[File]], bool]


@dataclass(frozen=True, slots=True)
class Limit:
    """A sum over files that may not exceed (``sign`` 1) or fall short of (-1) ``cents``."""

    name: str
    cents: int
    sign: int
    files: frozenset[str] | None = None


class Sharing:
    """The classes and prices of an instance. ``fits`` says whether files may all be served, floors included."""

    def __init__(self, instance: Instance, files: Sequence[File], limits: Sequence[Limit], fits: Fits, stop: Stop):
        self.files, self.fits, self.stop = files, fits, stop
        self.shape = _shape(instance, files, limits)
        self._priced: Priced | None = None

    @property
    def suits(self) -> bool:
        """Whether several wide limits meet, all within reach of packed numbers; else other ways are shorter."""
        shape = self.shape
        if len(shape.caps) + len(shape.floors) < 2 or any(cap.limit < 0 for cap in shape.caps):
            return False
        return sum(shape.least) + sum(shape.span) < HALF // 2 and max(w.limit for w in shape.caps + shape.floors) < HALF

    @property
    def priced(self) -> Priced:
        if self._priced is None:
            self._priced = prices(self.shape)
        return self._priced

    def best(self, possible: Callable[[], bool | None]) -> tuple[list[File] | None, bool]:
        """The files of the highest sum of scores, and whether it is proved so.

        ``possible`` is asked once, when none is met for long: whether any sharing exists, None unknown.
        """
        top = -1
        found: tuple[int, ...] | None = None

        def accept(gain: int, files: tuple[int, ...]) -> bool:
            nonlocal top, found
            if gain <= top or not self.fits([self.files[j] for j in files]):
                return False
            top, found = gain, files
            return True

        bound = self.priced.bound
        budget, tries = max(PART, bound // (_FIRST * max(1, len(self.files)))), 0
        try:
            while True:
                Search(self.shape, self.priced, budget, accept, self.stop).run()
                # A sharing met may lose more than was allowed: only what its own loss allows proves it.
                needed = bound if found is None else bound - (top + 1) * PART
                if budget >= needed:
                    break
                tries += 1
                if found is None and tries == _DOUBTFUL and possible() is False:
                    return None, True
                budget = min(needed, budget + budget // 3 + 1)
        except Stopped:
            return self._named(found), False
        return self._named(found), True

    def tied(self, value: int) -> list[list[File]] | None:
        """Every set of files whose scores add up to the best ``value``; None when too many or not in time."""
        sets: list[tuple[int, ...]] = []

        def accept(gain: int, files: tuple[int, ...]) -> bool:
            if gain == value:
                sets.append(tuple(sorted(files)))
                if len(sets) > _MOST_TIED:
                    raise Stopped
            return False

        try:
            Search(self.shape, self.priced, self.priced.bound - value * PART, accept, self.stop).run()
        except Stopped:
            return None
        named = [self._named(one) or [] for one in sorted(sets)]
        return [one for one in named if self.fits(one)]

    def _named(self, places: Sequence[int] | None) -> list[File] | None:
        return None if places is None else [self.files[j] for j in sorted(places)]


def most_money(files: Sequence[File], limits: Sequence[Limit]) -> int:
    """What files served may be given at most: their requests, the envelope, and the caps of any one family."""
    families: dict[str, list[Limit]] = {}
    for limit in limits:
        if limit.sign > 0:
            families.setdefault(limit.name.partition(":")[0], []).append(limit)
    most = sum(file.asked_cents for file in files)
    for family in families.values():
        total = 0
        seen: set[str] = set()
        for limit in family:
            own = [f for f in files if f.id not in seen and (limit.files is None or f.id in limit.files)]
            total += min(limit.cents, sum(f.asked_cents for f in own))
            seen.update(f.id for f in own)
        most = min(most, total + sum(f.asked_cents for f in files if f.id not in seen))
    return most


def _shape(instance: Instance, files: Sequence[File], limits: Sequence[Limit]) -> Shape:
    floored: set[str] = set()
    for limit in limits:
        if limit.sign < 0 and limit.cents > 0 and limit.files is not None:
            floored |= limit.files
    amounts = [instance.amounts(file) for file in files]
    least = [a[0] for a in amounts]
    span = [a[2] - a[0] if file.id in floored else 0 for file, a in zip(files, amounts, strict=True)]
    unit = gcd(*least, *span) or 1
    caps, floors = [], []
    for limit in limits:
        inside = tuple(j for j, file in enumerate(files) if limit.files is None or file.id in limit.files)
        if limit.sign > 0:
            caps.append(Wide(limit.name, inside, limit.cents // unit))
        elif limit.cents > 0:
            floors.append(Wide(limit.name, inside, -(-limit.cents // unit)))
    return Shape([file.score for file in files], [a // unit for a in least], [a // unit for a in span], caps, floors)
