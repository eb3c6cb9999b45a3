"""Ceilings on one account of a budget: « 623 ≤ 10 % » of the charges, « 2 ≤ 500 € »."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cv_desktop.domain import money
from cv_desktop.domain.errors import UserError

NBSP = "\u00a0"
_STORED = re.compile(r"(\d{1,6}):(?:(\d{1,3})%|(\d+))")
_TYPED = re.compile(r"(\d{1,6})\s*(?:[:=≤]|<=|\s|max\.?)+\s*(.+)")
_PERCENT = re.compile(r"(\d{1,3})\s*%")


@dataclass(frozen=True, slots=True)
class ExpenseCap:
    """``account`` is the beginning of an account; one of ``percent`` of the charges or ``cents`` is given."""

    account: str
    percent: int | None = None
    cents: int | None = None

    @classmethod
    def of(cls, stored: str) -> ExpenseCap:
        """Reads "623:10%" or "2:50000" (cents). Raises ValueError."""
        found = _STORED.fullmatch(stored)
        if found is None:
            raise ValueError(f"not a ceiling of an account: {stored}")
        return cls(found[1], int(found[2]) if found[2] else None, int(found[3]) if found[3] else None)

    @property
    def stored(self) -> str:
        return f"{self.account}:{self.percent}%" if self.percent is not None else f"{self.account}:{self.cents}"

    @property
    def shown(self) -> str:
        """« 623 ≤ 10 % »."""
        limit = f"{self.percent}{NBSP}%" if self.percent is not None else money.euros(self.cents or 0)
        return f"{self.account} ≤ {limit}"


def read(stored: object) -> Iterator[ExpenseCap]:
    """The ceilings that a parameter holds."""
    if isinstance(stored, tuple):
        yield from (ExpenseCap.of(str(item)) for item in stored)


def typed(text: str) -> Iterable[ExpenseCap]:
    """The ceilings a person typed, separated by semicolons, or commas that no figure follows. Raises UserError."""
    for part in re.split(r"[;\n]|,(?!\d)", text):
        bare = " ".join(part.split())
        if not bare:
            continue
        found = _TYPED.fullmatch(bare)
        if found is None:
            raise UserError(
                f"«{NBSP}{bare}{NBSP}» n’est pas un plafond de dépense. Exemple{NBSP}: 623 ≤ 10{NBSP}%, 2 ≤ 500{NBSP}€."
            )
        share = _PERCENT.fullmatch(found[2])
        if share is not None and int(share[1]) <= 100:
            yield ExpenseCap(found[1], percent=int(share[1]))
        elif share is not None:
            raise UserError(f"{share[1]}{NBSP}% dépasse 100{NBSP}%. Exemple{NBSP}: 623 ≤ 10{NBSP}%.")
        else:
            yield ExpenseCap(found[1], cents=money.parse_amount(found[2]))
