"""The same campaign shared again under other rules: who enters, who leaves, whose amount changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from cv_desktop.domain.breakdown import DIMENSIONS, Item, Total, breakdown, whole
from cv_desktop.domain.money import euros, group
from cv_desktop.domain.text import NBSP, counted

LIMITS = (
    f"Seuls les dossiers qui ont un avis de séance sont rejoués{NBSP}: un dossier irrecevable ou retiré n’y est pas.",
    "Les avis, les demandes, les minimums viables, les bases éligibles et les grilles remplies sont ceux "
    "d’aujourd’hui.",
    "Les deux répartitions sont calculées, comme si rien n’était verrouillé, soumis ni décidé. Ce n’est pas ce qui a "
    "été voté.",
    "Ni la recevabilité ni les cofinanceurs ne sont rejoués.",
)


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was changed for the trial, in words: « Plafond du volet Santé », « 5 000 € », « aucun »."""

    label: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        return f"{self.label}{NBSP}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Contender:
    """A file that takes part in both: what it counts for, its exact note before and after, its action."""

    number: str
    structure: str
    item: Item
    notes: tuple[Fraction | None, Fraction | None] = (None, None)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """One of the two answers: cents by number of file, cents left, files tied at the cut, what the floors lack."""

    given: Mapping[str, int]
    left_cents: int
    ties: tuple[str, ...] = ()
    unmet: Mapping[str, int] = field(default_factory=dict)
    proved: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """A file and its amounts, in cents; ``before_cents`` 0 for one that enters, ``after_cents`` 0 that leaves."""

    file: Contender
    before_cents: int
    after_cents: int

    @property
    def number(self) -> str:
        return self.file.number

    @property
    def structure(self) -> str:
        return self.file.structure

    @property
    def way(self) -> str:
        """« entre », « sort », « change de montant »; empty for one treated alike."""
        if self.before_cents == self.after_cents:
            return ""
        return "entre" if not self.before_cents else "change de montant" if self.after_cents else "sort"


@dataclass(frozen=True, slots=True)
class Shift:
    """A value of a dimension before and after: files served and cents given."""

    dimension: str
    before: Total
    after: Total


@dataclass(frozen=True)
class WhatIf:
    """What other rules would change. ``files`` are all of them, in the order of the ranks; ``before`` and ``after``
    the two answers.
    """

    files: tuple[Moved, ...]
    totals: tuple[Shift, ...]
    before: Shared
    after: Shared

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        return tuple(m for m in self.files if m.before_cents != m.after_cents)

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The values of a dimension whose sums differ."""
        return tuple(s for s in self.totals if s.dimension and s.before != s.after)

    @property
    def left_cents(self) -> tuple[int, int]:
        """What each answer leaves, before then after."""
        return self.before.left_cents, self.after.left_cents

    @property
    def entering(self) -> tuple[Moved, ...]:
        return tuple(m for m in self.moved if not m.before_cents)

    @property
    def leaving(self) -> tuple[Moved, ...]:
        return tuple(m for m in self.moved if not m.after_cents)

    @property
    def changed(self) -> tuple[Moved, ...]:
        return tuple(m for m in self.moved if m.before_cents and m.after_cents)


def what_if(files: Sequence[Contender], before: Shared, after: Shared) -> WhatIf:
    """Two answers compared over the same files, in the order of the ranks.

    ``totals`` begins with the whole, of no dimension; then each value of each dimension, those alike too.
    """
    moved = tuple(Moved(f, before.given.get(f.number, 0), after.given.get(f.number, 0)) for f in files)
    items = [[replace(f.item, given_cents=shared.given.get(f.number, 0)) for f in files] for shared in (before, after)]
    tables = [breakdown(own) for own in items]
    totals = [Shift("", whole(items[0]), whole(items[1]))]
    totals += [
        Shift(dimension, old, new)
        for dimension in DIMENSIONS
        for old, new in zip(tables[0][dimension], tables[1][dimension], strict=True)
    ]
    return WhatIf(moved, tuple(totals), before, after)


def summary(found: WhatIf) -> str:
    """« 2 dossiers entrent, 1 sort, 3 changent de montant. Accordé : … → …. Reste : … → …. »"""
    moves = [
        (len(moved), one if len(moved) == 1 else many)
        for moved, one, many in (
            (found.entering, "entre", "entrent"),
            (found.leaving, "sort", "sortent"),
            (found.changed, "change de montant", "changent de montant"),
        )
        if moved
    ]
    if not moves:
        return f"Ces règles ne changent aucun montant. {_went('Reste', *found.left_cents)}"
    said = [
        f"{counted(count, 'dossier') if place == 0 else group(count)} {word}"
        for place, (count, word) in enumerate(moves)
    ]
    given = found.totals[0]
    sums = (_went("Accordé", given.before.given_cents, given.after.given_cents), _went("Reste", *found.left_cents))
    return f"{', '.join(said)}. {' '.join(sums)}"


def _went(name: str, before: int, after: int) -> str:
    return f"{name}{NBSP}: {euros(before)} → {euros(after)}." if before != after else f"{name}{NBSP}: {euros(after)}."
