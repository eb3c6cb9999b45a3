"""The best sum of scores: only the sharings that lose little against a common bound are looked at.

A first look at the options that lose least meets a good sharing; what it loses says which options a better
one could hold. All the sharings that lose no more are then listed, where they are few; else the program left is small.
An option left out was left out in whole numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, gcd, sqrt

from cv_desktop.domain.allocation_exchange import ENVELOPE
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_limits import Limit
from cv_desktop.domain.allocation_shape import shape_of
from cv_desktop.domain.integer_program import Stop
from cv_desktop.domain.sharing_listing import Listed
from cv_desktop.domain.sharing_losses import Losses
from cv_desktop.domain.sharing_possible import Possible
from cv_desktop.domain.sharing_prices import PART, Priced, prices
from cv_desktop.domain.sharing_program import Program

_FIRST = 60  # options of the first look, beside the best of each class
_TOGETHER = 8  # times what an option loses at most there: what a whole sharing may lose
_NARROW = 300  # sharings kept after each class in these looks
_WIDE, _WIDEST = 8_000, 250_000  # those kept to prove the best, and when these are not enough
_FARTHEST = 4  # times what was reached: beyond, keeping more would not reach it
_MOST_TIED = 30  # sets of files of one sum of scores
_MOST_VAIN = 100  # sets of files that seemed to be possible


@dataclass(frozen=True, slots=True)
class Core:
    """What sharings that lose no more than some budget may serve: files that all serve, files that some serve."""

    sure: list[File]
    open: list[File]


@dataclass(frozen=True, slots=True)
class Best:
    """The files of the highest sum of scores, None when none was met; ``proved`` when nothing better exists.

    ``sets`` are all the sets of files that have this sum, None when they are not known.
    """

    files: list[File] | None
    proved: bool
    sets: list[list[File]] | None = None


Exact = Callable[[Core, int | None], tuple[list[File] | None, bool]]


class Sharing:
    """The classes and prices of an instance.

    ``fits`` says whether files may all be served, floors included, None when it is not known; ``needs`` how many cents
    that takes, None when they may not, and whether it is certain. When the sharing met may not be, ``exact`` gives
    the best of a core that gains more than a number, and whether that is certain.
    """

    def __init__(
        self,
        instance: Instance,
        files: Sequence[File],
        limits: Sequence[Limit],
        fits: Callable[[Sequence[File]], bool | None],
        needs: Callable[[Sequence[File]], tuple[int | None, bool]],
        exact: Exact,
        stop: Stop,
        *,
        rising: Callable[[File], bool],
    ) -> None:
        self.files, self.stop = files, stop
        self.fits, self.needs, self.exact = fits, needs, exact
        self.shape, self.cents = shape_of(instance, files, limits, rising)
        # What the envelope holds beyond whole units: growth needs that much less.
        self._rest = (instance.envelope_cents - sum(instance.locks.values())) % self.cents
        self.unit = gcd(*self.shape.gains) or 1
        self.doubtful = False

    @cached_property
    def priced(self) -> Priced:
        return prices(self.shape)

    @cached_property
    def _losses(self) -> Losses:
        return Losses(self.shape, self.priced)

    @cached_property
    def possible(self) -> Possible:
        return Possible(self.shape)

    def best(self) -> Best:
        """The files of the highest sum of scores: listed where the sharings that may have it are few enough to be, else
        looked for by the whole-number program, from the best one met.
        """
        found = self._met_first()
        if found is not None:
            listed = self._listed(found)
            if listed.proved:
                return listed
            found = listed.files
        return self._searched(found)

    def _met_first(self) -> list[File] | None:
        """A good sharing among those of few options; None when none is met shortly."""
        extra = _FIRST
        while not self.stop():
            each = self._among(extra)
            budget = each * _TOGETHER
            listing = self._losses.listing(each, budget)
            listed = listing.listed(budget, _NARROW, self.stop) if listing else None
            sets, _ = self._highest(listed, 0, 1) if listed else ([], True)
            if sets:
                return sets[0]
            if each == self._dearest():
                break
            extra *= 2
        return None

    def _listed(self, known: list[File]) -> Best:
        """The best of all the sharings that lose no more than ``known``, files that may be served. Losses are raised
        when they are too many at first.
        """
        width, raised = _WIDE, False
        while True:
            top = sum(file.score for file in known)
            budget = self.loss(top)
            if raised:
                self._losses.within(budget, self.stop)
            listing = self._losses.listing(budget, budget)
            least = listing.least if listing else 0
            if self.loss(top + self.unit) < least and self._open(budget) * self.unit * PART > budget:
                # Nothing gains more, and those that gain as much are too many: more options than sums to tell apart.
                return Best(known, True)
            listed = listing.listed(budget, width, self.stop) if listing else None
            if listing is None and not raised:
                raised = True
                continue
            if listing is None or listed is None:
                return Best(known, False)
            sets, every = self._highest(listed, top, _MOST_TIED)
            if not sets and (not every or listed.below > budget):
                # Those met are not known to be impossible, or ``known`` itself, which loses no more, was not met.
                return Best(known, False)
            known = sets[0] if sets else known
            best = sum(file.score for file in known)
            proved, whole = self.loss(best + self.unit) < listed.below, self.loss(best) < listed.below
            if proved and (whole or not every):
                return Best(known, True, sets if every else None)
            if best == top and raised:
                # How many there are grows as the power of the square root of what they may lose beyond the least.
                wider = _wider(width, listed.below - listing.least, budget - listing.least)
                if wider > _WIDEST and proved:
                    return Best(known, True)
                if wider > _WIDEST:
                    wider = _wider(width, listed.below - listing.least, budget - self.unit * PART - listing.least)
                if wider > _WIDEST:
                    return Best(known, False)
                width = wider
            raised = True

    def _highest(self, listed: Listed, least: int, most: int) -> tuple[list[list[File]], bool]:
        """The sets of files that gain most of those listed, ``least`` or more, that may be served; whether they are all
        known: ``most`` of them are enough, and after some vain trials no other is tried.
        """
        sets: list[list[File]] = []
        vain = 0
        for place, _ in listed.ranked(self.possible):
            gain = int(listed.gains[place])
            if gain < least:
                break
            files = [self.files[j] for j in sorted(listed.files(place))]
            served = None if self.stop() else self.fits(files)
            if served:
                sets.append(files)
                least = gain
            else:
                vain += 1
            if served is None or len(sets) == most or vain == _MOST_VAIN:
                return sets, False
        return sets, True

    @property
    def binds(self) -> bool:
        """Whether more of the envelope would be worth something."""
        return ENVELOPE in self.shape.small or self._price(ENVELOPE, 1) > 0

    def all_of(self, score: int) -> Listed | None:
        """All the sharings of this sum of scores or more; None when they are too many."""
        budget = self.loss(score)
        self._losses.within(budget, self.stop)
        listing = self._losses.listing(budget, budget)
        listed = listing.listed(budget, _WIDE, self.stop) if listing else None
        return listed if listed is not None and listed.below > budget else None

    def _searched(self, found: list[File] | None) -> Best:
        """The files of the highest sum of scores, looked for among ever more options until one sharing is known."""
        extra = _FIRST
        while True:
            if found is None:
                budget = self._dearest()
                within, priced = min(budget, self._among(extra)), self.priced
            else:
                top = sum(file.score for file in found)
                within = budget = self.loss(top + self.unit)
                priced = self.narrowed(budget)
            met, certain = self._within(within, None if found is None else top, priced)
            if met is not None and not self.doubtful and not self.fits(met):
                if self.stop():
                    return Best(found, False)
                self.doubtful = True
                continue
            if met is not None:
                found = self._better(found, met)
            if within == budget or not certain:
                return Best(found, certain)
            extra *= 2

    def _among(self, extra: int) -> int:
        """What options lose at most, when only the best of each class and so many others are looked at."""
        place = len(self.shape.classes) + extra
        return self._sorted[place] if place < len(self._sorted) else self._dearest()

    def _dearest(self) -> int:
        return self._sorted[-1] if self._sorted else 0

    @cached_property
    def _sorted(self) -> list[int]:
        return sorted(loss for losses in self.priced.losses for loss in losses)

    def narrowed(self, budget: int) -> Priced:
        """Losses that leave fewer options to sharings that lose at most ``budget``."""
        return self.priced if self.doubtful else self._losses.within(budget, self.stop)

    def _open(self, budget: int) -> int:
        """How many options lose at most ``budget``, beside one a class."""
        return bisect_right(self._sorted, budget) - len(self.shape.classes)

    def _better(self, known: list[File] | None, met: list[File]) -> list[File]:
        return met if known is None or sum(f.score for f in met) > sum(f.score for f in known) else known

    def loss(self, value: int) -> int:
        """What a sharing of this sum of scores loses against the bound."""
        return self.priced.bound - value * PART

    def core(self, budget: int) -> Core:
        """The files that a sharing may serve when it loses at most ``budget``."""
        every: set[int] = set()
        some: set[int] = set()
        for options, losses in zip(self.shape.classes, self.priced.losses, strict=True):
            kept = [set(option.files) for option, loss in zip(options, losses, strict=True) if loss <= budget]
            if kept:
                every |= set.intersection(*kept)
                some |= set.union(*kept)
        return Core([self.files[j] for j in sorted(every)], [self.files[j] for j in sorted(some - every)])

    @cached_property
    def _lost(self) -> dict[str, int]:
        """What is lost at least by a sharing that serves a file; nothing for a file that none can serve."""
        least: dict[str, int] = {}
        for options, losses in zip(self.shape.classes, self.priced.losses, strict=True):
            for option, loss in zip(options, losses, strict=True):
                for j in option.files:
                    least[self.files[j].id] = min(loss, least.get(self.files[j].id, loss))
        return least

    def _price(self, name: str, sign: int) -> int:
        """The price of a cap (``sign`` 1) or of a floor (-1), nothing for one that cannot bind."""
        shape = self.shape
        values = self.priced.values[: len(shape.caps)] if sign > 0 else self.priced.values[len(shape.caps) :]
        wides = shape.caps if sign > 0 else shape.floors
        return sum(value for wide, value in zip(wides, values, strict=True) if wide.name == name)

    def growth(self, name: str, score: int) -> int | None:
        """The envelope must grow by so many cents at least before sharings as good as ``score`` may serve a file.

        None when no envelope is enough. Prices bound every envelope, each unit more raising the bound by its price.
        """
        if ENVELOPE in self.shape.small:
            return 0
        if name not in self._lost:
            return None
        lack = self._lost[name] - self.loss(score)
        if lack <= 0:
            return 0
        price = self._price(ENVELOPE, 1)
        return max(0, -(-lack // price) * self.cents - self._rest) if price else None

    def out_without(self, freed: Sequence[tuple[str, int]], name: str, score: int) -> bool:
        """Whether prices alone show that a file stays out, in sharings as good as ``score``, without these limits.

        ``freed`` names them with their sign. A limit without a price may go and the bound stays.
        """
        if any((sign > 0 and limit in self.shape.small) or self._price(limit, sign) for limit, sign in freed):
            return False
        return name not in self._lost or self._lost[name] > self.loss(score)

    def _within(self, budget: int, above: int | None, priced: Priced) -> tuple[list[File] | None, bool]:
        """The best sharing of options that lose at most ``budget``, when it gains more than ``above``; whether that is
        certain. ``priced`` says what options lose.
        """
        if self.doubtful:
            return self.exact(self.core(budget), above)
        program = Program(self.shape, priced, budget)
        files, certain = program.maximise((), above=above, stop=self.stop)
        return None if files is None else [self.files[j] for j in files], certain


def _wider(width: int, reached: int, wanted: int) -> int:
    """How many sharings to keep for all those that lose so much to be met, when ``width`` met those that lose less."""
    return 2 * ceil(width ** sqrt(wanted / reached)) if 0 < wanted < _FARTHEST * reached else _WIDEST + 1
