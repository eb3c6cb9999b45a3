"""Lines whose values slid into the next column: an unquoted decimal comma was taken for a separator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.sheets import Row, Sheet, Table
from cv_desktop.domain.text import quote

_CENTS = re.compile(r"\s*\d{2}(?:\s*(?:€|euros?|eur))?\s*", re.IGNORECASE)
_WHOLE = re.compile(r"\s*-?\d[\d\s\u00a0\u202f]*")


@dataclass(frozen=True, slots=True)
class CutAmounts:
    """``columns`` are those of amounts with, after them, a column that holds no numbers of two figures of its own."""

    columns: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, table: Table, sheet: Sheet, amounts: Sequence[str]) -> CutAmounts:
        """The columns to watch; none where the values are not parted by commas."""
        if not sheet.commas:
            return cls(())
        others = {at for key, at in table.positions.items() if key not in amounts}
        found = []
        for key in amounts:
            at = table.positions[key]
            values = [row[at + 1] for row in table.body if at + 1 < len(row) and row[at + 1] != ""]
            cents = sum(isinstance(value, str) and bool(_CENTS.fullmatch(value)) for value in values)
            if at + 1 in others or cents * 2 < len(values):
                found.append((key, at))
        return cls(tuple(found))

    def shift(self, row: Row) -> tuple[str, str] | None:
        """What is wrong with a line and in which field; None when nothing slid."""
        if row.shifted:
            return (
                f"{len(row.cells)} valeurs pour {len(row.table.headers)} colonnes, "
                "une virgule décimale n’est pas entre guillemets."
            ), ""
        for key, at in self.columns:
            whole, cents = (row.cells[place] if place < len(row.cells) else "" for place in (at, at + 1))
            if (
                isinstance(whole, str)
                and isinstance(cents, str)
                and _CENTS.fullmatch(cents)
                and _WHOLE.fullmatch(whole)
            ):
                written = quote(f"{whole.strip()},{cents.strip()}")
                return (
                    f"{written} est coupé en deux colonnes, une virgule décimale n’est pas entre guillemets. "
                    "Corrigez la ligne dans le fichier."
                ), key
        return None
