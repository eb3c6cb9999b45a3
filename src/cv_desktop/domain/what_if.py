"""The same campaign shared again under other rules: who enters, who leaves, whose amount changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cv_desktop.domain.breakdown import DIMENSIONS, Item, Total, breakdown


@dataclass(frozen=True, slots=True)
class Moved:
    """A file whose amount differs, in cents; ``before_cents`` 0 for one that enters, ``after_cents`` 0 that leaves."""

    number: str
    structure: str
    before_cents: int
    after_cents: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A value of a dimension before and after: files served and cents given."""

    dimension: str
    before: Total
    after: Total


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other rules would change. ``left_cents`` is what each answer leaves, before then after."""

    moved: tuple[Moved, ...]
    shifts: tuple[Shift, ...]
    left_cents: tuple[int, int]

    @property
    def entering(self) -> tuple[Moved, ...]:
        return tuple(m for m in self.moved if not m.before_cents)

    @property
    def leaving(self) -> tuple[Moved, ...]:
        return tuple(m for m in self.moved if not m.after_cents)

    @property
    def changed(self) -> tuple[Moved, ...]:
        return tuple(m for m in self.moved if m.before_cents and m.after_cents)


def what_if(
    files: Sequence[tuple[str, str, Item]],
    before: Mapping[str, int],
    after: Mapping[str, int],
    left_cents: tuple[int, int],
) -> WhatIf:
    """Two answers compared over the same files (number, structure, what it counts for), in the order of the ranks.

    Only the values of a dimension whose sums differ are kept.
    """
    moved = tuple(
        Moved(number, structure, before.get(number, 0), after.get(number, 0))
        for number, structure, _item in files
        if before.get(number, 0) != after.get(number, 0)
    )
    tables = [
        breakdown(_given(item, amounts.get(number, 0)) for number, _structure, item in files)
        for amounts in (before, after)
    ]
    shifts = tuple(
        Shift(dimension, old, new)
        for dimension in DIMENSIONS
        for old, new in zip(tables[0][dimension], tables[1][dimension], strict=True)
        if old != new
    )
    return WhatIf(moved, shifts, left_cents)


def _given(item: Item, cents: int) -> Item:
    return Item(item.asked_cents, cents, item.theme, item.quarters, item.commune, item.small, item.newcomer)
