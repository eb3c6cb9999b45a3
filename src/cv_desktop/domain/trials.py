"""Why a file does not fit, what it lacks, and where that money could be found: nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from cv_desktop.domain.envelopes import Place, parts

MOST = 3


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What an amount lacks, in cents, zero when it fits; ``group`` is the part whose limit binds, empty for the whole.

    ``target_cents`` is the amount that was tried.
    """

    target_cents: int
    missing_cents: int = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Giver:
    """A served file that could give some of its amount, down to ``least_cents``."""

    id: str
    name: str
    amount_cents: int
    least_cents: int
    place: Place

    @property
    def slack_cents(self) -> int:
        return max(0, self.amount_cents - self.least_cents)


@dataclass(frozen=True, slots=True)
class Cut:
    """An amount lowered, in cents."""

    id: str
    name: str
    before_cents: int
    after_cents: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Cuts that together free what is missing."""

    cuts: tuple[Cut, ...]


def shortfall(target_cents: int, place: Place, *, free_cents: int, left: Mapping[str, int]) -> Shortfall:
    """What ``target_cents`` lacks beside what is free and what is left in each limited part of the envelope.

    The limit that lacks the most binds; the envelope wins a draw.
    """
    missing, group = max(0, target_cents - max(0, free_cents)), ""
    for name, cents in _needs(place, target_cents):
        lacking = cents - max(0, left[name]) if name in left else 0
        if lacking > missing:
            missing, group = lacking, name
    return Shortfall(target_cents, missing, group)


# Each file that waits is asked after each amount, and needs the same every time.
@lru_cache(maxsize=20_000)
def _needs(place: Place, cents: int) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(parts(place, cents).items()))


def trials(short: Shortfall, givers: Sequence[Giver], *, step_cents: int) -> tuple[Trial, ...]:
    """At most three ways to find what is missing, amounts staying on the step of the règlement.

    One file gives it all where one can, those asked the smallest part of their amount first; then comes the way that
    takes a little from the last ranks. ``givers`` are in the order of the ranks.
    """
    if short.missing_cents <= 0:
        return ()
    step = max(step_cents, 1)
    able = [g for g in givers if g.slack_cents and _counts_whole(g, short.group)]
    alone = []
    for place, giver in enumerate(able):
        after = (giver.amount_cents - short.missing_cents) // step * step
        if after >= giver.least_cents and after >= 0:
            share = (giver.amount_cents - after) / giver.amount_cents
            alone.append((share, -place, Trial((Cut(giver.id, giver.name, giver.amount_cents, after),))))
    best = [trial for _share, _place, trial in nsmallest(MOST, alone, key=lambda found: found[:2])]
    if len(best) < MOST and (spread := _spread(short.missing_cents, able, step)) and spread not in best:
        best.append(spread)
    return tuple(best)


def _counts_whole(giver: Giver, group: str) -> bool:
    """Whether each euro this file gives back is a euro for the part that binds."""
    return not group or parts(giver.place, 100).get(group, 0) == 100


def _spread(missing: int, givers: Iterable[Giver], step: int) -> Trial | None:
    cuts: list[Cut] = []
    for giver in reversed(list(givers)):
        lowest = -(-giver.least_cents // step) * step
        after = max(lowest, (giver.amount_cents - missing) // step * step)
        if after < giver.amount_cents:
            cuts.append(Cut(giver.id, giver.name, giver.amount_cents, after))
            missing -= giver.amount_cents - after
        if missing <= 0:
            return Trial(tuple(cuts))
    return None
