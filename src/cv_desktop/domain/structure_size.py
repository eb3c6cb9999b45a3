"""Whether a structure is a « petite association »: judged by the ceilings of the règlement, never stored."""

from __future__ import annotations

from dataclasses import dataclass

ASSOCIATION = "92"


@dataclass(frozen=True, slots=True)
class SmallCeilings:
    """The most employees, and the largest yearly budget in cents; None when the règlement sets no limit."""

    employees: int | None = None
    budget_cents: int | None = None

    def small(self, legal_form: str, employees: int | None, budget_cents: int | None) -> bool | None:
        """Yes or no; None when the règlement sets no ceiling, or when what decides is not known.

        One ceiling exceeded is enough for no; yes asks every ceiling to be met.
        """
        if legal_form and not legal_form.startswith(ASSOCIATION):
            return False
        judged = [
            (value, ceiling)
            for value, ceiling in ((employees, self.employees), (budget_cents, self.budget_cents))
            if ceiling is not None
        ]
        if not judged:
            return None
        if any(value is not None and value > ceiling for value, ceiling in judged):
            return False
        return None if any(value is None for value, _ceiling in judged) else True
