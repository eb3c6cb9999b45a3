"""A grant under a condition (réserve): due before a day, lifted on a proof; nothing is called nor paid before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.text import NBSP


@dataclass(frozen=True, slots=True)
class Condition:
    """What a decision asks before ``due_on``; ``lifted_on`` None while it is not met. ``proof`` says how it was."""

    text: str
    due_on: date
    lifted_on: date | None = None
    proof: str = ""

    def late(self, today: date) -> bool:
        """Whether its day has passed without it being lifted."""
        return self.lifted_on is None and today > self.due_on

    def standing(self, today: date) -> str:
        """« Réserve à lever avant le 30 juin 2026 », « … échue depuis le … », « Réserve levée le … »."""
        if self.lifted_on is not None:
            return f"Réserve levée le {long_date(self.lifted_on)}"
        return f"Réserve {'échue depuis' if self.late(today) else 'à lever avant'} le {long_date(self.due_on)}"

    def why_not_paid(self, number: str, day: date) -> str:
        """Why nothing is called nor paid on that day, in a sentence; empty once it was lifted."""
        if self.lifted_on is None:
            return (
                f"{number} est accordé sous réserve, à lever avant le {long_date(self.due_on)}{NBSP}: "
                f"{self.text.rstrip('.')}. Rien n’est versé avant{NBSP}: levez d’abord la réserve."
            )
        if day < self.lifted_on:
            return (
                f"{number}{NBSP}: le {long_date(day)} précède la levée de la réserve, le {long_date(self.lifted_on)}."
            )
        return ""
