"""Why a file does not fit, what it lacks, and where that money could be found: nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from cv_desktop.domain.envelopes import Place, parts

MOST = 3
ENVELOPE = ""  # beside the groups, none of which is without a name


def structure_group(key: str) -> str:
    """The name of the limit of a structure, beside those of the parts of the envelope."""
    return f"structure:{key}"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What an amount lacks: ``lacks`` gives the cents by limit, the one that lacks the most first, none when it fits.

    A limit is the envelope or the name of a group, a part of it or a structure; ``target_cents`` is the amount tried.
    """

    target_cents: int
    lacks: tuple[tuple[str, int], ...] = ()

    @property
    def missing_cents(self) -> int:
        """What the limit that binds the most lacks, zero when the amount fits."""
        return self.lacks[0][1] if self.lacks else 0

    @property
    def group(self) -> str:
        """The limit that binds the most."""
        return self.lacks[0][0] if self.lacks else ENVELOPE


@dataclass(frozen=True, slots=True)
class Giver:
    """A served file that could give some of its amount, down to ``least_cents``; ``structure`` is the group of its own
    structure.
    """

    id: str
    name: str
    amount_cents: int
    least_cents: int
    place: Place
    structure: str = ""

    @property
    def slack_cents(self) -> int:
        return max(0, self.amount_cents - self.least_cents)

    def frees(self, group: str, after_cents: int) -> int:
        """What a limit gets back, in cents, when the amount goes down."""
        if group in (ENVELOPE, self.structure):
            return self.amount_cents - after_cents
        return _parts(self.place, self.amount_cents).get(group, 0) - _parts(self.place, after_cents).get(group, 0)


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


def shortfall(
    target_cents: int, place: Place, *, free_cents: int, left: Mapping[str, int], structure: str = ""
) -> Shortfall:
    """What ``target_cents`` lacks beside what is free and what is left in each limit that the file counts in.

    An action of several quarters is only asked its part in each; a limit that is broken already lacks what it is broken
    by as well. ``structure`` is the group of the file's structure.
    """
    lacks = []
    if (lacking := target_cents - free_cents) > 0:
        lacks.append((ENVELOPE, lacking))
    if left:
        for name, cents in (*_parts(place, target_cents).items(), (structure, target_cents)):
            if name in left and (lacking := cents - left[name]) > 0:
                lacks.append((name, lacking))
    return Shortfall(target_cents, tuple(sorted(lacks, key=lambda one: -one[1])))


# Each file that waits is asked after each amount, and needs the same every time.
@lru_cache(maxsize=20_000)
def _parts(place: Place, cents: int) -> dict[str, int]:
    return dict(sorted(parts(place, cents).items()))


def trials(short: Shortfall, givers: Sequence[Giver], *, step_cents: int) -> tuple[Trial, ...]:
    """At most three ways to find all that is missing, amounts staying on the step of the règlement.

    One file gives it all where one can, those asked the smallest part of their amount first; then comes the way that
    takes a little from the last ranks. ``givers`` are in the order of the ranks.
    """
    if not short.lacks:
        return ()
    step = max(step_cents, 1)
    able = [g for g in givers if g.slack_cents]
    alone = []
    for place, giver in enumerate(able):
        after = _lowered(giver, short.lacks, step)
        if after is not None and after >= giver.least_cents:
            share = (giver.amount_cents - after) / giver.amount_cents
            alone.append((share, -place, Trial((Cut(giver.id, giver.name, giver.amount_cents, after),))))
    best = [trial for _share, _place, trial in nsmallest(MOST, alone, key=lambda found: found[:2])]
    if len(best) < MOST and (spread := _spread(short, able, step)) and spread not in best:
        best.append(spread)
    return tuple(best)


def _lowered(giver: Giver, lacks: Sequence[tuple[str, int]], step: int) -> int | None:
    """The highest amount on the step with which a file frees all of this, None when it has too little."""
    amount = giver.amount_cents
    wholes = [(lacking, giver.frees(group, 0)) for group, lacking in lacks]
    if any(most < lacking for lacking, most in wholes):
        return None
    # In proportion, then a step more: rounding a part to the cent may spare it.
    after = min((amount - lacking * amount // most) // step * step + step for lacking, most in wholes)
    after = min(after, (amount - 1) // step * step)
    while after >= 0 and any(giver.frees(group, after) < lacking for group, lacking in lacks):
        after -= step
    return after if after >= 0 else None


def _spread(short: Shortfall, givers: Iterable[Giver], step: int) -> Trial | None:
    """A little from each of the last ranks that counts where something lacks, until nothing does."""
    given: list[tuple[Giver, int]] = []
    lacks = dict(short.lacks)
    for giver in reversed(list(givers)):
        lowest = -(-giver.least_cents // step) * step
        if lowest >= giver.amount_cents:
            continue
        within = [(group, min(lacking, giver.frees(group, lowest))) for group, lacking in lacks.items()]
        within = [(group, freed) for group, freed in within if freed > 0]
        if not within:
            continue
        given.append((giver, max(lowest, _lowered(giver, within, step) or 0)))
        lacks = _still(lacks, given[-1:])
        if not lacks:
            for one in list(given) if len(short.lacks) > 1 else ():
                # What a later file gives for one limit may spare what an earlier one gave for another.
                others = [other for other in given if other is not one]
                given = given if _still(dict(short.lacks), others) else others
            return Trial(tuple(Cut(g.id, g.name, g.amount_cents, after) for g, after in given))
    return None


def _still(lacks: Mapping[str, int], given: Sequence[tuple[Giver, int]]) -> dict[str, int]:
    """What still lacks once these files are lowered."""
    left = {group: cents - sum(giver.frees(group, after) for giver, after in given) for group, cents in lacks.items()}
    return {group: cents for group, cents in left.items() if cents > 0}
