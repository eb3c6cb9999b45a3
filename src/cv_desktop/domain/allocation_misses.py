"""What more the envelope needs before a file left out is served: the least growth, found by solving again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cv_desktop.domain.allocation_again import WHOLE, Again, without
from cv_desktop.domain.allocation_answer import Solution, value
from cv_desktop.domain.allocation_envelopes import larger
from cv_desktop.domain.allocation_growth import some_grow
from cv_desktop.domain.allocation_money import richest
from cv_desktop.domain.allocation_order_misses import first_growths
from cv_desktop.domain.allocation_others import otherwise
from cv_desktop.domain.allocation_sharing import Sharing
from cv_desktop.domain.allocation_ties import with_ties
from cv_desktop.domain.sharing_sizes import Sizes, sizes


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What more the envelope needs for a file: ``cents`` None when no envelope is enough; ``known`` when sure.

    When not, ``cents`` still serve the file, but less might too; None says that no such envelope was met.
    """

    cents: int | None
    known: bool


_MOST_TRIED = 120  # envelopes solved for one answer: beyond, what is known is said not to be the least
_MOST_SETS = 40  # of the best sum without the envelope, met one by one


class Misses:
    """The near misses of one answer, in whole steps of the règlement."""

    def __init__(self, again: Again) -> None:
        self.again, self.instance = again, again.instance
        self.step = max(self.instance.step_cents, 1)
        total = sum(one.asked_cents for one in self.instance.files)
        self.last = self._steps(total - self.instance.envelope_cents)
        self._looked = False
        self._most: dict[frozenset[str], int | None] = {}
        self._ties: tuple[str, ...] | None = None

    def near_miss(self, name: str) -> NearMiss:
        """The smallest growth of the envelope, in whole steps, with which the same rule serves the file.

        Under "skip" and "best" a larger envelope may drop a file: sizes are tried from the smallest, every
        one that could change something, never by halving.
        """
        asked = next(file.asked_cents for file in self.instance.files if file.id == name)
        if not asked or name in self.instance.locks:
            return NearMiss(None, True)
        if not self.again.best:
            growths, all_known = self._in_order
            return NearMiss(growths.get(name), all_known or name in growths)
        if not self.again.solution.proved:
            return NearMiss(None, False)
        return self._listed(name) if self._sizes is not None else self._searched(name)

    def _steps(self, cents: int) -> int:
        """Rounded up to whole steps."""
        return -(-max(cents, 0) // self.step) * self.step

    @cached_property
    def _in_order(self) -> tuple[dict[str, int], bool]:
        """What the rules of order lack, for every file left out."""
        own = self.again.solution
        out = {file.id for file in self.instance.files} - own.chosen.keys()
        return first_growths(self.instance, out, skip=own.rule == "skip", ties=self.again.ties, stop=self.again.stop)

    # -- the best sum, every envelope at once ---------------------------------------------------------

    @cached_property
    def _sizes(self) -> tuple[Sizes, int] | None:
        """The best sums of every envelope, and up to which growth they are told: at once when only caps of few files
        bind beside it, else of ever larger ones, as long as the sharings are few enough. None when they are not.
        """
        sharing = self.again.sharing((WHOLE,))
        if sharing.shape.caps or some_grow(self.instance):
            score = self.again.score(sharing, self.again.solution)
            return larger(self._at, score, self._free, self.last, step=self.step, whole=self._whole)
        money = sharing.shape.least if self._whole else [0] * len(sharing.files)
        found = sizes(sharing.shape, money, self.again.stop)
        return None if found is None else (found, self.last)

    def _at(self, more: int) -> Sharing | None:
        return None if self.again.stop() else self.again.sharing(more)

    @cached_property
    def _free(self) -> int:
        """What the envelope holds beside the locks, in cents."""
        return self.instance.envelope_cents - sum(self.instance.locks.values())

    @cached_property
    def _whole(self) -> bool:
        """Whether each file is given its request or nothing."""
        return all(self.instance.amounts(file)[0] == file.asked_cents for file in self.again.sharing((WHOLE,)).files)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {file.id: place for place, file in enumerate(self.again.sharing((WHOLE,)).files)}

    def _listed(self, name: str) -> NearMiss:
        assert self._sizes is not None
        best, told = self._sizes
        unit = self.again.sharing((WHOLE,)).cents
        for weight, until, sure in best.entries(self._places[name], (self._free + self.step) // unit):
            more = max(self.step, self._steps(weight * unit - self._free))
            end = told if until is None else min(told, until * unit - self._free - 1)
            while more <= end:
                if sure:
                    return NearMiss(more, True)
                # As good with the file as without: which one is given must be looked at.
                found = self.again.larger(more)
                if found is None:
                    return NearMiss(None, False)
                if name in found.chosen:
                    return NearMiss(more, True)
                lasts = self._lasts(found, more)
                if lasts is None and self.again.tried >= _MOST_TRIED:
                    return NearMiss(None, False)
                more = max(more, lasts or 0) + self.step
        return NearMiss(None, True) if told >= self.last else self._searched(name, told)

    def _lasts(self, found: Solution, more: int) -> int | None:
        """Up to which growth an answer stays the one given of those of its sum, while none has a higher one; None when
        it is not known.

        Given whole, each has its own money. By steps, each is given all that the envelope holds up to the most that it
        may receive: no other overtakes it before. A floor might forbid some amounts between.
        """
        if found.rivals is None or not (self._whole or self._by_steps):
            return None
        names = frozenset(found.chosen)
        if names not in self._most:
            files = [file for file in self.again.sharing((WHOLE,)).files if file.id in names]
            given, certain = richest(without(self.instance, (WHOLE,)), files, self.again.stop)
            self._most[names] = sum(given.values()) if certain else None
        most = self._most[names]
        if most is None:
            return None
        spent = sum(cents for name, cents in found.chosen.items() if name not in self.instance.locks)
        # With a step left in the envelope, none of them can receive more than the one that is given.
        alone = self._whole or self._free + more - spent >= self.step
        return self.last if alone else (most - self._free) // self.step * self.step

    @cached_property
    def _by_steps(self) -> bool:
        """Whether all that files may be given are whole steps, and each less by one where it is not the least."""
        sharing = self.again.sharing((WHOLE,))
        return not sharing.shape.cells and all(
            cents % self.step == 0 for file in sharing.files for cents in self.instance.amounts(file)
        )

    # -- the best sum, size by size -------------------------------------------------------------------

    def _searched(self, name: str, more: int = 0) -> NearMiss:
        """``more`` is known not to serve the file, nor is any envelope between it and the present one."""
        self._look()
        while True:
            spent = self.again.tried >= _MOST_TRIED and not self.again.knows(more)
            found = None if spent else self.again.larger(more)
            if found is None or self.again.freed((WHOLE,)) is None:
                return NearMiss(self._likely(name), False)
            if more and name in found.chosen:
                return NearMiss(more, True)
            growth = self._growth(name, more, found)
            if growth is None:
                return NearMiss(None, True)
            more += max(self.step, self._steps(growth))
            if more > self.last:
                return NearMiss(None, True)

    def _look(self) -> None:
        """Solve ever larger envelopes once, each growth a quarter above the one before: some answer for most files."""
        more = max(0, min((self._lack(name) for name in self._least), default=0) - self.step)
        while not self._looked and not self.again.stop():
            more = min(self.last, more + max(self.step, self._steps(more // 4)))
            self.again.larger(more)
            self._looked = more == self.last
        self._looked = True

    @cached_property
    def _least(self) -> dict[str, int]:
        """The smallest amount that may serve each file left out, in cents."""
        out = [one for one in self.again.sharing().files if one.id not in self.again.solution.chosen]
        return {one.id: self.instance.amounts(one)[0] for one in out}

    def _lack(self, name: str) -> int:
        """What the smallest amount of a file left out exceeds what is left by, at least a step."""
        left = self.instance.envelope_cents - self.again.solution.spent_cents
        return max(self.step, self._steps(self._least[name] - left))

    def _likely(self, name: str) -> int | None:
        """The least growth met that serves a file, after the two likely ones: it takes what it lacks beside those that
        are served, or comes once all that give at least as many points to the euro are.
        """
        scores = {one.id: (one.score, self.instance.amounts(one)[0]) for one in self.again.sharing().files}
        score, least = scores[name]
        before = sum(cents for points, cents in scores.values() if points * least >= score * cents)
        for more in (self._lack(name), max(self.step, self._steps(before - self._free))):
            met = self.again.met(name)
            if more <= self.last and (met is None or more < met):
                self.again.larger(more)
        return self.again.met(name)

    def _growth(self, name: str, more: int, found: Solution) -> int | None:
        """By how much an enlarged envelope must grow again before the file may enter; None when it never does."""
        sharing = self.again.sharing(more)
        score = self.again.score(sharing, found)
        growth = sharing.growth(name, score)
        free = self.again.freed((WHOLE,))
        if growth is None or free is None:
            return growth
        if score == self.again.score(sharing, free) and name not in self._often:
            # The sum of scores grows no more, and no set of files that has it holds this one.
            return None
        if self._worth(found) != self._worth(free):
            return growth
        # The envelope binds no more: the sets of files as good are those that no envelope limits.
        ties = self._named()
        return None if ties is not None and name not in ties else growth

    def _named(self) -> tuple[str, ...] | None:
        """The files that only some of the answers as good serve, without the envelope; None when not known."""
        if self._ties is None:
            free = self.again.freed((WHOLE,))
            if free is not None:
                free = with_ties(without(self.instance, (WHOLE,)), free, stop=self.again.stop)
                self._ties = free.ties if free.ties_proved else None
        return self._ties

    @cached_property
    def _often(self) -> frozenset[str]:
        """The files of every set of the best sum without the envelope; all the files when the sets are not known."""
        every = frozenset(file.id for file in self.instance.files)
        free = self.again.freed((WHOLE,))
        if free is None:
            return every
        if free.rivals is not None:
            return free.rivals
        sharing = self.again.sharing((WHOLE,))
        score = self.again.score(sharing, free)
        known: set[str] = set()
        for _ in range(_MOST_SETS):
            met, certain = otherwise(sharing, score, 0, free.chosen, known, ())
            if met is None:
                return every & known.union(free.chosen) if certain else every
            known |= {file.id for file in met} ^ (free.chosen.keys() & self._places.keys())
        return every

    def _worth(self, found: Solution) -> tuple[int, int]:
        return value(self.instance, found.chosen), found.spent_cents
