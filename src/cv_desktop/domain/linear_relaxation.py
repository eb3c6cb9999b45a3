"""The linear relaxation of a whole-number program, by the dual simplex with bounded variables.

Floats are only advice here: where a bound matters, :mod:`integer_program` computes it again in whole
numbers from the multipliers found, so a rounding of the machine can cost time and never a wrong answer.
"""

from __future__ import annotations

from collections.abc import Sequence

TOLERANCE = 1e-7
_PIVOT = 1e-9
_ZERO = 1e-11
_ENDLESS = float("inf")
_MOST_PIVOTS = 400  # beyond them it turns in circles; where it stopped still gives a true bound


class Relaxation:
    """Maximise ``gains·x`` between bounds, under the rows met so far.

    Rows enter only once broken (``add``): most caps of an instance never bind. ``table`` holds a row for
    each basic variable, without its zeros (a structure has few files), and rows are replaced rather than
    changed, so that ``copy`` shares them.
    """

    __slots__ = ("basic", "costs", "high", "low", "rows", "slacks", "table", "upper", "values")

    def __init__(self, gains: Sequence[int], low: Sequence[int], high: Sequence[int]) -> None:
        self.costs = [float(g) for g in gains]
        self.low = [float(x) for x in low]
        self.high = [float(x) for x in high]
        self.upper = [g > 0 for g in gains]
        self.table: list[dict[int, float]] = []
        self.basic: list[int] = []
        self.values: list[float] = []
        self.rows: list[int] = []
        self.slacks: list[int] = []

    def copy(self) -> Relaxation:
        other = object.__new__(Relaxation)
        other.costs = self.costs[:]
        other.low, other.high = self.low[:], self.high[:]
        other.upper = self.upper[:]
        other.table = self.table[:]
        other.basic, other.values = self.basic[:], self.values[:]
        other.rows, other.slacks = self.rows, self.slacks
        return other

    def point(self, size: int) -> list[float]:
        """The values of the first ``size`` variables."""
        x = [b if up else a for a, b, up in zip(self.low[:size], self.high[:size], self.upper[:size], strict=True)]
        for name, value in zip(self.basic, self.values, strict=True):
            if name < size:
                x[name] = value
        return x

    def add(self, row: int, entries: Sequence[tuple[int, int]], room: float) -> None:
        """Enter a row: ``room`` is its limit less its activity at the present point."""
        new = {name: float(coefficient) for name, coefficient in entries}
        for name, line in zip(self.basic, self.table, strict=True):
            factor = new.get(name)
            if factor:
                _take(new, line, factor, name)
        slack = len(self.costs)
        new[slack] = 1.0
        self.table.append(new)
        self.costs.append(0.0)
        self.low.append(0.0)
        self.high.append(_ENDLESS)
        self.upper.append(False)
        self.basic.append(slack)
        self.values.append(room)
        self.rows = [*self.rows, row]
        self.slacks = [*self.slacks, slack]

    def bound(self, name: int, low: float, high: float) -> None:
        """New bounds for a variable; what it changes of the basic values is brought up to date."""
        if name in self.basic:
            self.low[name], self.high[name] = low, high
            return
        before = self.high[name] if self.upper[name] else self.low[name]
        self.low[name], self.high[name] = low, high
        moved = (high if self.upper[name] else low) - before
        if moved:
            self._shift(name, moved)

    def _shift(self, name: int, by: float) -> None:
        for place, line in enumerate(self.table):
            entry = line.get(name)
            if entry:
                self.values[place] -= entry * by

    def multipliers(self) -> list[tuple[int, float]]:
        """The price of each row, never below zero."""
        return [(row, max(0.0, -self.costs[slack])) for row, slack in zip(self.rows, self.slacks, strict=True)]

    def solve(self) -> list[tuple[int, float]] | None:
        """Restore feasibility. None when done; otherwise multipliers that show that nothing fits."""
        for _ in range(_MOST_PIVOTS):
            place, below = self._leaving()
            if place < 0:
                return None
            sign = -1.0 if below else 1.0
            entering = self._entering(place, below, sign)
            if entering < 0:
                line = self.table[place]
                return [
                    (row, max(0.0, -sign * line.get(slack, 0.0)))
                    for row, slack in zip(self.rows, self.slacks, strict=True)
                ]
            self._pivot(place, entering, below)
        return None

    def _leaving(self) -> tuple[int, bool]:
        worst, place, under = TOLERANCE, -1, False
        low, high = self.low, self.high
        for index, (name, value) in enumerate(zip(self.basic, self.values, strict=True)):
            if low[name] - value > worst:
                worst, place, under = low[name] - value, index, True
            elif value - high[name] > worst:
                worst, place, under = value - high[name], index, False
        return place, under

    def _entering(self, place: int, below: bool, sign: float) -> int:
        """The variable to enter; those passed on the way jump to their other bound (long step)."""
        low, high, upper, costs = self.low, self.high, self.upper, self.costs
        offers = []
        for name, entry in self.table[place].items():
            weight = sign * entry
            if (weight < -_PIVOT if upper[name] else weight > _PIVOT) and high[name] > low[name]:
                offers.append((abs(costs[name] / weight), -abs(weight), name))
        own = self.basic[place]
        offers = [offer for offer in offers if offer[2] != own]
        offers.sort()
        value = self.values[place]
        left = low[own] - value if below else value - high[own]
        passed: list[int] = []
        found = -1
        for _, weight, name in offers:
            left += weight * (high[name] - low[name])
            if left <= TOLERANCE:
                found = name
                break
            passed.append(name)
        if found < 0:
            return -1
        for name in passed:
            by = low[name] - high[name] if upper[name] else high[name] - low[name]
            upper[name] = not upper[name]
            self._shift(name, by)
        return found

    def _pivot(self, place: int, entering: int, below: bool) -> None:
        line = self.table[place]
        leaving = self.basic[place]
        target = self.low[leaving] if below else self.high[leaving]
        pivot = line[entering]
        moved = (self.values[place] - target) / pivot
        start = self.high[entering] if self.upper[entering] else self.low[entering]
        self._shift(entering, moved)
        self.values[place] = start + moved
        self.basic[place] = entering
        self.upper[leaving] = not below
        scaled = {name: entry / pivot for name, entry in line.items()}
        for index, other in enumerate(self.table):
            factor = other.get(entering)
            if index == place:
                self.table[index] = scaled
            elif factor:
                changed = other.copy()
                _take(changed, scaled, factor, entering)
                self.table[index] = changed
        factor = self.costs[entering]
        if factor:
            costs = self.costs
            for name, entry in scaled.items():
                costs[name] -= factor * entry
            costs[entering] = 0.0


def _take(line: dict[int, float], other: dict[int, float], factor: float, gone: int) -> None:
    """Take ``factor`` times a row from another, in place; the entry of ``gone`` vanishes."""
    for name, entry in other.items():
        value = line.get(name, 0.0) - factor * entry
        if -_ZERO < value < _ZERO:
            line.pop(name, None)
        else:
            line[name] = value
    line.pop(gone, None)
