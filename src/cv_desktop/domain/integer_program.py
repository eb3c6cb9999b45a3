"""Whole-number programs, by HiGHS: what it answers is computed again in whole numbers before it is believed.

HiGHS counts in floats. Gains and rows are first divided by what they all share, so that two different
gains differ by one at least. Something better is asked for as a gain of half a unit more: the tolerances of the
solver, some millionths, can neither hide it nor invent it, and « none » is then a proof. Numbers too long for
that margin to hold are solved all the same and never said to be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, gcd, inf, isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy

Entries = tuple[tuple[int, int], ...]
Stop = Callable[[], bool]


def never() -> bool:
    return False


_LONGEST = 10**9  # of a gain or a coefficient, once divided
_FARTHEST = 10**12  # of the sum of what can be gained
_HALF = 0.5
_SHORT = 150  # variables: beyond, a better solution still to be found is looked for by every means
_USUAL: Mapping[str, str | float] = {"mip_feasibility_tolerance": 1e-6}
# An answer that does not obey the rows is not believed: the simplification of the program may have met it.
_CAREFUL: Mapping[str, str | float] = {"mip_feasibility_tolerance": 1e-9, "presolve": "off"}
# Cuts and strong branching cost more than they close on programs of a few hundred variables.
_LEAN = {
    "mip_pscost_minreliable": 1,
    "mip_pool_soft_limit": 10,
    "mip_lp_age_limit": 4,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_detect_symmetry": False,
    "mip_allow_restart": False,
}
_SHORTLY = {
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
}
_NO_DIVING = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_root_reduced_cost": False,
}


@dataclass(frozen=True, slots=True)
class Row:
    """``sum(coefficient × variable) <= limit``."""

    entries: Entries
    limit: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best solution met, None when there is none; ``proved`` when nothing better exists."""

    values: tuple[int, ...] | None
    proved: bool


def load() -> None:
    """Import the solver, some tenths of a second, so that the first program does not wait for it."""
    import highspy  # noqa: F401


def maximise(
    gains: Sequence[int],
    high: Sequence[int],
    rows: Sequence[Row],
    *,
    low: Sequence[int] | None = None,
    start: Sequence[int] | None = None,
    above: int | None = None,
    enough: int | None = None,
    stop: Stop = never,
) -> Outcome:
    """The whole numbers from ``low`` (0) to ``high`` that obey the rows and gain most.

    ``start`` is a solution known beforehand; ``above`` asks only for what gains more than that;
    ``enough`` ends the search at the first solution that gains as much. ``stop`` is polled.
    """
    program = _Program(gains, high, rows, low or [0] * len(high))
    if not gains:
        return Outcome(() if program.obeyed(()) and (above is None or above < 0) else None, True)
    known = tuple(start) if start is not None and program.obeyed(start) else None
    if known is not None and (above is None or program.gain(known) > above):
        above = program.gain(known)
    else:
        known = None
    if known is not None and enough is not None and program.gain(known) >= enough:
        return Outcome(known, True)
    for attempt in (_USUAL, _CAREFUL):
        if stop():
            return Outcome(known, False)
        met, none_better = program.solve(above, enough, attempt, stop)
        if met is not None and program.obeyed(met) and (above is None or program.gain(met) > above):
            return Outcome(met, none_better or (enough is not None and program.gain(met) >= enough))
        if met is None:
            return Outcome(known, none_better)
    return Outcome(known, False)


def prices(gains: Sequence[int], rows: Sequence[Row], count: int) -> list[float]:
    """The prices of the first ``count`` rows when each variable may take any part between 0 and 1."""
    solver = _load(gains, [0] * len(gains), [1] * len(gains), rows, [row.limit for row in rows], whole=False)
    solver.run()
    return [max(0.0, -price) if isfinite(price) else 0.0 for price in solver.getSolution().row_dual[:count]]


class _Program:
    def __init__(self, gains: Sequence[int], high: Sequence[int], rows: Sequence[Row], low: Sequence[int]) -> None:
        self.gains, self.low, self.high, self.rows = gains, low, high, rows
        self.unit = gcd(*gains) or 1
        self.scaled = [gain // self.unit for gain in gains]
        self.divided: list[Row] = []
        for row in rows:
            shared = gcd(*(c for _, c in row.entries)) or 1
            self.divided.append(Row(tuple((j, c // shared) for j, c in row.entries), row.limit // shared))
        longest = max((abs(c) for row in self.divided for _, c in row.entries), default=0)
        farthest = sum(abs(g) * max(abs(a), abs(b)) for g, a, b in zip(self.scaled, low, high, strict=True))
        self.sound = longest <= _LONGEST and all(abs(row.limit) <= _FARTHEST for row in self.divided)
        self.exact = self.sound and max(map(abs, self.scaled), default=0) <= _LONGEST and farthest <= _FARTHEST

    def gain(self, values: Sequence[int]) -> int:
        return sum(g * v for g, v in zip(self.gains, values, strict=True))

    def obeyed(self, values: Sequence[int]) -> bool:
        return all(a <= v <= b for a, v, b in zip(self.low, values, self.high, strict=True)) and all(
            sum(c * values[j] for j, c in row.entries) <= row.limit for row in self.rows
        )

    def solve(
        self, above: int | None, enough: int | None, attempt: Mapping[str, str | float], stop: Stop
    ) -> tuple[tuple[int, ...] | None, bool]:
        """The values met, and whether nothing gains more (nothing at all, when there are none)."""
        import highspy

        limits = [float(row.limit) for row in self.divided]
        if any(not row.entries and row.limit < 0 for row in self.divided):
            return None, True
        solver = _load(self.scaled, self.low, self.high, self.divided, limits, whole=True)
        short = len(self.scaled) <= _SHORT
        lean = above is not None and short
        options = _LEAN | (_SHORTLY if short else {}) | (_NO_DIVING if lean else {}) | dict(attempt)
        for name, value in options.items():
            solver.setOptionValue(name, value)
        # A bound to beat prunes the tree; as a row of its own it would only slow the relaxation.
        if above is not None:
            solver.setOptionValue("objective_bound", -(above // self.unit + _HALF))
        if enough is not None:
            solver.setOptionValue("objective_target", -(ceil(enough / self.unit) - _HALF))
        _heed(solver, stop)
        solver.run()
        status = solver.getModelStatus()
        states = highspy.HighsModelStatus
        if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
            return None, self.sound if above is None else self.exact
        info = solver.getInfo()
        found = [round(v) for v in solver.getSolution().col_value] if isfinite(info.objective_function_value) else []
        if not found:
            return None, False
        gain = sum(g * v for g, v in zip(self.scaled, found, strict=True))
        beaten = above is not None and gain <= above // self.unit
        most = gain if above is None or not beaten else above // self.unit
        none_better = status == states.kOptimal and -info.mip_dual_bound < most + 1 - _HALF / 10
        return None if beaten else tuple(found), none_better and self.exact


def _heed(solver: highspy.Highs, stop: Stop) -> None:
    def asked(event: highspy.HighsCallbackEvent) -> None:
        if event.data_in is not None and stop():
            event.data_in.user_interrupt = True

    solver.cbMipInterrupt.subscribe(asked)
    solver.cbSimplexInterrupt.subscribe(asked)


def _load(
    gains: Sequence[int],
    low: Sequence[int],
    high: Sequence[int],
    rows: Sequence[Row],
    limits: Sequence[float],
    *,
    whole: bool,
) -> highspy.Highs:
    """A silent solver that holds the program; importing it is late, since it takes longer than most programs."""
    import highspy
    import numpy

    class Silent(highspy.Highs):
        def enableCallbacks(self) -> None:
            # The solver greets on the output of the program as soon as callbacks are enabled.
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(gains), len(rows)
    model.col_cost_ = -numpy.array(gains, float)
    model.col_lower_, model.col_upper_ = numpy.array(low, float), numpy.array(high, float)
    model.row_lower_, model.row_upper_ = numpy.full(len(rows), -inf), numpy.array(limits, float)
    starts, names, values = [0], [], []
    for row in rows:
        for name, value in row.entries:
            names.append(name)
            values.append(value)
        starts.append(len(names))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = numpy.array(starts), numpy.array(names)
    model.a_matrix_.value_ = numpy.array(values, float)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(gains)
    solver = Silent()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.9)
    solver.passModel(model)
    return solver
