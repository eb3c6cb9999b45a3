"""The most that one structure may receive in a year, all its files together: a value of the règlement."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cv_desktop.domain.money import euros
from cv_desktop.domain.text import quote


@dataclass(frozen=True, slots=True)
class YearFile:
    """A file of a year and the cents it holds: decided, or more once it awaits its vote.

    ``dispensed``: a derogation sets the maximum aside for it.
    """

    id: str
    number: str
    structure_id: str
    structure: str
    held_cents: int = 0
    dispensed: bool = False


@dataclass(frozen=True, slots=True)
class StructureCeiling:
    """The maximum of a year in cents, None without any, and the files that count for it, by key."""

    year: int
    limit_cents: int | None = None
    reference: str = ""
    files: Mapping[str, YearFile] = field(default_factory=dict)

    def over(self, amounts: Mapping[str, int], before: Mapping[str, int] | None = None) -> dict[str, str]:
        """Why these amounts, in cents by file, pass the maximum of their structures: a sentence for each such file.

        They replace what the files hold, or ``before``. One that gives no more than that breaks nothing, nor one whose
        file is dispensed; what dispensed files receive is not counted for the others.
        """
        if self.limit_cents is None:
            return {}
        counted = {key: one for key, one in self.files.items() if not one.dispensed}
        totals: dict[str, int] = {}
        for key, one in counted.items():
            totals[one.structure_id] = totals.get(one.structure_id, 0) + amounts.get(key, one.held_cents)
        found = {}
        for key, cents in amounts.items():
            row = counted.get(key)
            if row is None or cents <= (row.held_cents if before is None else before.get(key, 0)):
                continue
            total = totals[row.structure_id]
            if (more := total - self.limit_cents) > 0:
                found[key] = (
                    f"{quote(row.structure)} aurait {euros(total)} en {self.year}, {euros(more)} de plus que le "
                    f"maximum par structure et par an, {euros(self.limit_cents)} ({self.reference})."
                )
        return found

    def left(self, waiting: Collection[str]) -> dict[str, int]:
        """What each structure may still receive, in cents, these files holding nothing; below 0 beyond the maximum."""
        found: dict[str, int] = {}
        apart = frozenset(waiting)
        for key, one in self.files.items():
            if self.limit_cents is not None and not one.dispensed:
                held = 0 if key in apart else one.held_cents
                found[one.structure_id] = found.get(one.structure_id, self.limit_cents) - held
        return found

    def dispenses(self, file: str) -> bool:
        """Whether a derogation sets the maximum aside for a file."""
        return file in self.files and self.files[file].dispensed
