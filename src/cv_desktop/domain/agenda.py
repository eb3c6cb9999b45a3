"""The order of a meeting: the hour of each file, and the order in which members leave the room least often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

# Beyond this many different sets of déports the search of the best order is no longer complete.
EXACT_GROUPS = 12

Away = frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """A file on the agenda: ``away`` are the members who leave the room for it."""

    key: str
    number: str
    away: Away = frozenset()


def hours(start: datetime, minutes: Iterable[int]) -> tuple[datetime, ...]:
    """When each file begins; the last moment is the end of the meeting."""
    found = [start]
    for length in minutes:
        found.append(found[-1] + timedelta(minutes=length))
    return tuple(found)


def exits(items: Iterable[Item], before: Away = frozenset()) -> int:
    """How many times a member leaves the room; ``before`` are those already outside."""
    count = 0
    for item in items:
        count += len(item.away - before)
        before = item.away
    return count


def grouped(items: Iterable[Item], before: Away = frozenset()) -> tuple[Item, ...]:
    """The files in an order in which members leave the room as few times as possible.

    Files with the same déports follow each other, by number. The order of these groups is the best one up to
    ``EXACT_GROUPS`` groups (among equals, the one of the lowest numbers first); beyond, each group is followed by
    the one that costs least, then any exchange that spares an exit is made. ``before`` are the members outside.
    """
    groups: dict[Away, list[Item]] = {}
    for item in sorted(items, key=lambda x: x.number):
        groups.setdefault(item.away, []).append(item)
    away = list(groups)
    order = _best(away, before) if len(away) <= EXACT_GROUPS else _good(away, before)
    return tuple(item for place in order for item in groups[away[place]])


def _best(away: Sequence[Away], before: Away) -> list[int]:
    everything = (1 << len(away)) - 1

    @cache
    def least(seen: int, last: int) -> int:
        if seen == everything:
            return 0
        outside = away[last] if last >= 0 else before
        return min(len(away[i] - outside) + least(seen | 1 << i, i) for i in range(len(away)) if not seen >> i & 1)

    order: list[int] = []
    seen, last = 0, -1
    while seen != everything:
        outside = away[last] if last >= 0 else before
        wanted = least(seen, last)
        # Groups are numbered by their lowest file: the first that keeps the best is the one of the lowest number.
        last = next(
            i
            for i in range(len(away))
            if not seen >> i & 1 and len(away[i] - outside) + least(seen | 1 << i, i) == wanted
        )
        seen |= 1 << last
        order.append(last)
    return order


def _good(away: Sequence[Away], before: Away) -> list[int]:
    left, order, outside = list(range(len(away))), list[int](), before
    while left:
        nearest = min(left, key=lambda i: (len(away[i] - outside), -len(away[i] & outside), i))
        left.remove(nearest)
        order.append(nearest)
        outside = away[nearest]
    improved = True
    while improved:
        improved = False
        for first in range(len(order) - 1):
            for end in range(first + 2, len(order) + 1):
                turned = order[:first] + order[first:end][::-1] + order[end:]
                if _cost(away, turned, before) < _cost(away, order, before):
                    order, improved = turned, True
    return order


def _cost(away: Sequence[Away], order: Sequence[int], before: Away) -> int:
    return exits((Item("", "", away[i]) for i in order), before)
