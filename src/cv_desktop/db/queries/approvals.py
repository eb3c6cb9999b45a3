"""The agréments of a structure, the last given first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.approval import Approval


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    id: str
    label: str
    authority: str
    granted_on: date | None
    ends_on: date | None


def rows(session: Session, *, structure_id: str) -> list[ApprovalRow]:
    """What administrations recognised of one structure."""
    query = (
        select(Approval)
        .where(Approval.structure_id == structure_id)
        .order_by(Approval.granted_on.is_(None), Approval.granted_on.desc(), Approval.label)
    )
    return [ApprovalRow(a.id, a.label, a.authority, a.granted_on, a.ends_on) for a in session.scalars(query)]
