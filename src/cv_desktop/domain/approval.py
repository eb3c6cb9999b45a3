"""An agrément: what an administration recognised of a structure, as its form tells it (Cerfa 12156, part 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Approval:
    """Which one, given by whom, when; None and empty texts mean « non renseigné »."""

    label: str
    authority: str = ""
    granted_on: date | None = None
