"""Cuts that a cap implies for files all or nothing: among those that overflow it together, one is left out."""

from __future__ import annotations

from collections.abc import Sequence


def cover(
    entries: Sequence[tuple[int, int]], limit: int, x: Sequence[float], high: Sequence[int]
) -> tuple[tuple[int, ...], int] | None:
    """Variables of which at most so many can be 1, that the point breaks; None when no such set was found.

    Only for rows of non-negative coefficients over variables of 0 and 1 (an "extended cover": the heavier
    ones may stand in for any of the set).
    """
    if any(c < 0 or high[j] > 1 for j, c in entries):
        return None
    order = sorted(((1.0 - x[j], -c, j) for j, c in entries if x[j] > 1e-6))
    total = 0
    chosen: list[tuple[int, int]] = []
    for _, weight, j in order:
        chosen.append((-weight, j))
        total -= weight
        if total > limit:
            break
    if total <= limit:
        return None
    # The smallest sets cut most: what is not needed to overflow goes, the least served first.
    for item in sorted(chosen, key=lambda it: x[it[1]]):
        if total - item[0] > limit:
            chosen.remove(item)
            total -= item[0]
    heaviest = max(weight for weight, _ in chosen)
    inside = {j for _, j in chosen}
    inside.update(j for j, c in entries if c >= heaviest)
    most = len(chosen) - 1
    if sum(x[j] for j in inside) <= most + 1e-4:
        return None
    return tuple(sorted(inside)), most
