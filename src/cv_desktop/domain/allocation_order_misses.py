"""By how much the envelope must grow for the rules of order to serve each file left out, every envelope at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Hashable, Sequence

from cv_desktop.domain.allocation_instance import Instance
from cv_desktop.domain.allocation_order import Offer, Order, Room, Ties
from cv_desktop.domain.integer_program import Stop


def first_growths(
    instance: Instance, out: Collection[str], *, skip: bool, ties: Ties, stop: Stop
) -> tuple[dict[str, int], bool]:
    """The least growth of the envelope, in whole steps, with which a rule serves each of the files ``out``, in cents.

    A file that no envelope serves has none. The second answer says whether ``stop`` let everything be found.
    """
    order, step = Order(instance, ties), max(instance.step_cents, 1)
    if not skip:
        return _stop(order, out, step), True
    most = sum(file.asked_cents for file in instance.files) - instance.envelope_cents
    return _skip(order, {*out}, step, -(-most // step), stop)


def _stop(order: Order, out: Collection[str], step: int) -> dict[str, int]:
    """Under "stop" a file is served with all those before it, and never when they break a cap."""
    found: dict[str, int] = {}
    room = order.start
    for group in order.groups:
        if room.capped(group):
            break
        steps = max(1, -(-room.lack(group) // step))
        found.update((file.id, steps * step) for file in group if file.id in out)
        room = room.after(group)
    return found


def _skip(order: Order, out: set[str], step: int, most: int, stop: Stop) -> tuple[dict[str, int], bool]:
    """Growths go together, from one step to ``most``, as long as they skip the same files; smaller ones come first.

    Those that leave less than any file still looked for asks are given up at once, and those that leave to the same
    files what a smaller growth left to them: nobody new is served.
    """
    found: dict[str, int] = {}
    cheapest, seen = _cheapest(order, out), _Seen(step)
    todo = [(0, 1, most, _larger([order.start], step))] if most > 0 else []
    while todo:
        place, first, last, outcomes = todo.pop()
        if stop():
            return found, False
        if max(room.left for room in outcomes) + (last - first) * step < cheapest[place]:
            continue
        offer = Offer(outcomes, order.groups[place])
        change = None if offer.change is None else -(-offer.change // step)
        if change is not None and first + change <= last:
            todo.append((place, first + change, last, _larger(outcomes, change * step)))
            last = first + change - 1
        if offer.undecided:
            continue
        served = {one.id for one in order.groups[place]} & out
        served = served.intersection(*(room.chosen for room in offer.after))
        if served:
            found |= dict.fromkeys(served, first * step)
            out -= served
            cheapest = _cheapest(order, out)
        fresh = seen.fresh(place + 1, offer.after, last - first)
        todo += [(place + 1, first + a, first + b, _larger(offer.after, a * step)) for a, b in reversed(fresh)]
    return found, True


class _Seen:
    """What was left to the files from each group on, from one room to another by whole steps."""

    def __init__(self, step: int) -> None:
        self.step = step
        self._rooms: dict[Hashable, list[tuple[int, int]]] = {}

    def fresh(self, place: int, outcomes: Sequence[Room], steps: int) -> list[tuple[int, int]]:
        """Which of the growths of these rooms, from 0 to ``steps``, were not seen yet; they are from now on."""
        least = min(room.left for room in outcomes)
        base, odd = divmod(least, self.step)
        apart = sorted((room.left - least, *room.caps.values()) for room in outcomes)
        known = self._rooms.setdefault((place, odd, *apart), [])
        first, last = base, base + steps
        at = bisect_left(known, (first,))
        if at and known[at - 1][1] >= first - 1:
            at -= 1
        end, found = at, []
        low, high = first, last
        while end < len(known) and known[end][0] <= last + 1:
            before, after = known[end]
            if first < before:
                found.append((first - base, min(before - 1, last) - base))
            first = max(first, after + 1)
            low, high = min(low, before), max(high, after)
            end += 1
        if first <= last:
            found.append((first - base, last - base))
        known[at:end] = [(low, high)]
        return found


def _larger(outcomes: Sequence[Room], cents: int) -> list[Room]:
    return [room.larger(cents) for room in outcomes]


def _cheapest(order: Order, out: set[str]) -> list[float]:
    """The least request still looked for in each group or after it; endless when there is none."""
    least = [float("inf")] * (len(order.groups) + 1)
    for place in range(len(order.groups) - 1, -1, -1):
        asked = [file.asked_cents for file in order.groups[place] if file.id in out]
        least[place] = min([least[place + 1], *asked])
    return least
