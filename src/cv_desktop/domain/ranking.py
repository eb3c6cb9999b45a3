"""The order of the files by exact note; files of the same note share their rank."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import lcm
from operator import itemgetter
from typing import Generic, TypeVar

from cv_desktop.domain.notes import shown

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

    @property
    def brief(self) -> str:
        """« 41 = » when others share it: in a narrow column the words would take the room of a name."""
        return "–" if self.rank is None else f"{self.rank}\u00a0=" if self.tied else str(self.rank)


def rank(
    rows: Iterable[R], *, note: Callable[[R], Fraction | None], number: Callable[[R], str]
) -> tuple[Ranked[R], ...]:
    """Rows by exact note, best first; inside a tie by file number; those without note last, by number."""
    numbered = sorted(((number(row), row) for row in rows), key=itemgetter(0))
    noted = [(found, row) for _, row in numbered if (found := note(row)) is not None]
    # Over one denominator the notes are whole numbers, as exact and far sooner compared.
    common = lcm(*(found.denominator for found, _ in noted))
    whole = [(found.numerator * (common // found.denominator), found, row) for found, row in noted]
    whole.sort(key=itemgetter(0), reverse=True)  # stable: inside a tie the numbers still go up
    ranked: list[Ranked[R]] = []
    for _, same in groupby(whole, key=itemgetter(0)):
        tie = list(same)
        place = len(ranked) + 1
        ranked.extend(Ranked(row, found, place, len(tie) > 1) for _, found, row in tie)
    ranked.extend(Ranked(row, None, None) for _, row in numbered if note(row) is None)
    return tuple(ranked)
