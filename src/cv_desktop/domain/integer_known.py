"""A whole-number program, and what a search knows of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

Entries = tuple[tuple[int, int], ...]
Stop = Callable[[], bool]


class Stopped(Exception):
    """The time or the person ended the search."""


@dataclass(frozen=True, slots=True)
class Row:
    """``sum(coefficient × variable) <= limit``."""

    entries: Entries
    limit: int


class Known:
    """A program and the best solution met so far."""

    def __init__(self, gains: Sequence[int], high: Sequence[int], rows: Sequence[Row], stop: Stop) -> None:
        self.gains, self.high = list(gains), list(high)
        self.low = [0] * len(self.gains)
        self.given = list(rows)
        self.stop = stop
        self.best: int | None = None
        self.found: tuple[int, ...] | None = None
        self.enough: int | None = None
        self.unit = gcd(*self.gains) or 1
        self.nodes = 0

    def offer(self, values: Sequence[int]) -> bool:
        """Keep a solution when it obeys everything and is better."""
        gain = sum(g * v for g, v in zip(self.gains, values, strict=True))
        if self.best is not None and gain <= self.best:
            return False
        if any(not a <= v <= b for a, v, b in zip([0] * len(self.gains), values, self.high, strict=True)):
            return False
        if any(sum(c * values[j] for j, c in row.entries) > row.limit for row in self.given):
            return False
        self.best, self.found = gain, tuple(values)
        return True

    def done(self) -> bool:
        return self.enough is not None and self.best is not None and self.found is not None and self.best >= self.enough

    def useless(self, bound: int) -> bool:
        return self.best is not None and bound // self.unit * self.unit <= self.best
