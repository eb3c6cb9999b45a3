"""The order of the files by exact note; files of the same note share their rank."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Generic, TypeVar

from cv_desktop.domain.scoring import shown

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ranked(Generic[R]):
    """A row with its rank, from 1; ``rank`` None when it has no note. ``tied`` when others share it."""

    row: R
    note: Fraction | None
    rank: int | None
    tied: bool = False

    @property
    def shown(self) -> str:
        """« 68,8 », or « – » without note."""
        return shown(self.note)

    @property
    def label(self) -> str:
        """« 4 », « 4 ex æquo », or « – » without note."""
        if self.rank is None:
            return "–"
        return f"{self.rank}\u00a0ex\u00a0æquo" if self.tied else str(self.rank)


def rank(
    rows: Iterable[R], *, note: Callable[[R], Fraction | None], number: Callable[[R], str]
) -> tuple[Ranked[R], ...]:
    """Rows by exact note, best first; inside a tie by file number; those without note last, by number."""
    noted = [(note(row), number(row), row) for row in rows]
    without = sorted((x for x in noted if x[0] is None), key=lambda x: x[1])
    ordered = sorted((x for x in noted if x[0] is not None), key=lambda x: x[1])
    # Two stable sorts: numbers go up while notes go down.
    ordered.sort(key=lambda x: x[0] or Fraction(0), reverse=True)
    ranked: list[Ranked[R]] = []
    for value, same in groupby(ordered, key=lambda x: x[0]):
        tie = list(same)
        place = len(ranked) + 1
        ranked.extend(Ranked(row, value, place, len(tie) > 1) for _, _, row in tie)
    ranked.extend(Ranked(row, None, None) for _, _, row in without)
    return tuple(ranked)
