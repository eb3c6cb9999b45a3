"""A consortium: its lead signs and receives, its partners take a share of the budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.structure_fields import hundredths
from cv_desktop.domain.text import NBSP

WHOLE = 100_00


@dataclass(frozen=True, slots=True)
class Partner:
    """``share`` of the budget in hundredths of a percent; ``structure_id`` empty when the registry does not know it."""

    id: str
    name: str
    siret: str = ""
    role: str = ""
    share: int | None = None
    structure_id: str = ""


def doubt(lead: int | None, partners: Sequence[Partner]) -> str:
    """Why the shares do not hold; empty without a partner or when they make 100 %."""
    if not partners:
        return ""
    if lead is None:
        return "La part du chef de file n’est pas indiquée."
    if lacking := [p.name for p in partners if p.share is None]:
        return f"La part de {lacking[0]} n’est pas indiquée."
    total = lead + sum(p.share or 0 for p in partners)
    if total == WHOLE:
        return ""
    gap = hundredths(abs(WHOLE - total))
    words = f"il en manque {gap}" if total < WHOLE else f"il y en a {gap} de trop"
    return f"Les parts font {hundredths(total)}{NBSP}%{NBSP}; {words}."
