"""The flags of the structures, those in force first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.structure_flag import StructureFlag


@dataclass(frozen=True, slots=True)
class FlagRow:
    id: str
    kind: str
    since: date
    reason: str
    author: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_reason: str

    @property
    def in_force(self) -> bool:
        return self.lifted_at is None


def rows(session: Session, *, structure_id: str) -> list[FlagRow]:
    """The flags of a structure: those in force, then the lifted ones, the last first."""
    found = session.scalars(select(StructureFlag).where(StructureFlag.structure_id == structure_id))
    listed = [
        FlagRow(f.id, f.kind, f.since, f.reason, f.author, f.lifted_at, f.lifted_by, f.lifted_reason) for f in found
    ]
    return sorted(sorted(listed, key=lambda f: f.since, reverse=True), key=lambda f: not f.in_force)
