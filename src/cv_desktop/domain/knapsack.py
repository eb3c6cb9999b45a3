"""The best set under one limit, by the list of the states worth keeping, each bounded by what could follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence


def knapsack(
    gains: Sequence[int], weights: Sequence[int], limit: int, above: int, stop: Callable[[], bool]
) -> tuple[int, ...] | None:
    """The places of the set that gains most within ``limit``; None when no set gains more than ``above``.

    Gains are zero or more, weights more than zero. A state that another beats (lighter, and gains as
    much) is dropped, and one whose bound does not pass the best known: never more states than units of
    the limit, however the gains follow the weights. Raises TimeoutError when ``stop`` says so.
    """
    order = sorted(range(len(gains)), key=lambda j: (-gains[j] / weights[j], weights[j], j))
    heaped, earned = [0], [0]
    for j in order:
        heaped.append(heaped[-1] + weights[j])
        earned.append(earned[-1] + gains[j])
    size = len(order)
    best, found = above, -1
    states = [(0, 0, 0)]
    for place in range(size + 1):
        if stop():
            raise TimeoutError
        base, worth = heaped[place], earned[place]
        kept = []
        top = -1
        for state in states:
            weight, loss, mask = state
            gain = -loss
            if gain <= top:
                continue
            top = gain
            room = limit - weight
            end = bisect_right(heaped, base + room, place) - 1
            sure = gain + earned[end] - worth
            if sure > best:
                best, found = sure, mask | ((1 << end) - (1 << place))
            if end < size:
                j = order[end]
                # Any split of one file bounds what the rest can add.
                rest = (room - heaped[end] + base) * gains[j] // weights[j]
                if sure + rest > best:
                    kept.append(state)
        if place == size or not kept:
            break
        j = order[place]
        weight, gain, bit = weights[j], gains[j], 1 << place
        states = kept + [(w + weight, loss - gain, mask | bit) for w, loss, mask in kept if w + weight <= limit]
        states.sort()
    if found < 0:
        return None
    return tuple(sorted(order[place] for place in range(size) if found >> place & 1))
