"""Prices of the wide limits: with them each class chooses alone, and what all choose bounds every sharing.

Prices found in floats are rounded to whole parts before anything is computed from them: whatever they
are, the bound is exact and true; good ones only make it close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from cv_desktop.domain import integer_program
from cv_desktop.domain.integer_program import Row
from cv_desktop.domain.sharing_shape import Option, Shape

PART = 1 << 20  # parts of a unit of gain


@dataclass(frozen=True, slots=True)
class Priced:
    """The bound that prices give, in parts; for each class its best option and what each option loses against it.

    ``worth`` is what serving each file at its least adds to the bound, ``rise`` what a unit more in each cell adds.
    """

    values: tuple[int, ...]
    worth: list[int]
    rise: list[int]
    bound: int
    chosen: list[Option]
    losses: list[list[int]]

    def made(self, option: Option) -> int:
        """What an option adds to the bound, in parts."""
        return sum([self.worth[j] for j in option.files]) + sum([self.rise[c] * units for c, units in option.growth])


def priced(shape: Shape, values: Sequence[int]) -> Priced:
    """The bound of some prices, in parts, one for each of ``shape.limits``, none below zero."""
    caps = len(shape.caps)
    worth = []
    for j, gain in enumerate(shape.gains):
        lowest = sum([values[caps + row] * least for row, least, _ in shape.floor_rows[j]])
        lowest -= sum([values[row] * least for row, least, _ in shape.cap_rows[j]])
        worth.append(gain * PART + lowest)
    # Rounded up, so that the bound stays one.
    rise = [max(0, ceil(-sum(values[row] * each for row, each in cell.items()))) for cell in shape.cells]
    bound = sum(price * limit for price, limit in zip(values, shape.limits, strict=True))
    found = Priced(tuple(values), worth, rise, bound, [], [])
    for options in shape.classes:
        made = [found.made(option) for option in options]
        most = max(made)
        found.chosen.append(options[made.index(most)])
        found.losses.append([most - one for one in made])
        bound += most
    return replace(found, bound=bound)


def prices(shape: Shape) -> Priced:
    """The prices of the linear program where a class may share itself between its options."""
    gains: list[int] = []
    wide: list[list[tuple[int, int]]] = [[] for _ in shape.limits]
    alone: list[Row] = []
    for options in shape.classes:
        first = len(gains)
        for option in options:
            for grown in (False, True) if option.growth else (False,) if option.files else ():
                for row, used in shape.use(option, grown=grown).items():
                    wide[row].append((len(gains), used))
                gains.append(option.gain)
        if len(gains) - first > 1:
            alone.append(Row(tuple((name, 1) for name in range(first, len(gains))), 1))
    rows = [Row(tuple(entries), limit) for entries, limit in zip(wide, shape.limits, strict=True)]
    found = integer_program.prices(gains, [*rows, *alone], len(rows)) if gains else [0.0] * len(rows)
    return priced(shape, [round(price * PART) for price in found])
