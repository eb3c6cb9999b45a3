"""Small whole-number programs solved exactly: the root is looked at several times, with what was found meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.integer_core import Core
from cv_desktop.domain.integer_known import Known, Row, Stop, Stopped

# Rounds of cuts at the root, variables of the kernel, nodes before the root is looked at again: a good
# solution found early closes most variables, and a program of a few dozens is quickly gone through.
_STAGES: tuple[tuple[int, int, int | None], ...] = ((1, 40, 40), (8, 50, 200), (8, 70, 300), (8, 0, 300), (8, 0, None))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best solution met, None when there is none; ``proved`` when nothing better exists."""

    values: tuple[int, ...] | None
    proved: bool


def maximise(
    gains: Sequence[int],
    high: Sequence[int],
    rows: Sequence[Row],
    *,
    start: Sequence[int] | None = None,
    above: int | None = None,
    enough: int | None = None,
    stop: Stop = lambda: False,
) -> Outcome:
    """The whole numbers from 0 to ``high`` that obey the rows and gain most.

    ``start`` is a solution known beforehand; ``above`` asks only for what gains more than that;
    ``enough`` ends the search at the first solution that gains as much. ``stop`` is polled.
    """
    search = Known(gains, high, rows, stop)
    search.enough = enough
    if above is not None:
        search.best = above
    if start is not None:
        search.offer(start)
    try:
        _run(search)
    except Stopped:
        return Outcome(search.found, False)
    return Outcome(search.found, True)


def _run(search: Known) -> None:
    low, high = [0] * len(search.high), search.high[:]
    for rounds, kernel, limit in _STAGES:
        core = Core(search, low, high)
        if not core.root(rounds) or search.done():
            return
        if kernel and core.size > kernel:
            core.kernel(kernel)
            if search.done() or core.fix() is None:
                return
        elif core.branch(limit) or search.done():
            return
        low, high = core.bounds()
