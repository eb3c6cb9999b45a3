"""Exact figures as they are shown: rounded once, one decimal, half up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def shown(note: Fraction | None) -> str:
    """« 68,8 »: one decimal, half up, with a comma; « – » when there is no note."""
    return "–" if note is None else decimal(note)


def decimal(value: Fraction) -> str:
    """One decimal, half up, with a comma."""
    tenths = (value * 20 + 1) // 2  # floor(10 x + 1/2), exact
    return f"{tenths // 10},{tenths % 10}"


def deviation(values: Sequence[int | Fraction]) -> str:
    """Standard deviation of the whole committee, « 0,8 »; « – » for less than two values."""
    if len(values) < 2:
        return "–"
    mean = Fraction(sum(values), len(values))
    variance = sum(((v - mean) ** 2 for v in values), Fraction(0)) / len(values)
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return f"{root.quantize(Decimal('0.1'), ROUND_HALF_UP)}".replace(".", ",")
