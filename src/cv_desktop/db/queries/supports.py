"""The help given to a structure, the last first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.support import Support


@dataclass(frozen=True, slots=True)
class SupportRow:
    id: str
    given_on: date
    agent: str
    kind: str
    subject: str
    minutes: int | None
    next_step: str
    next_on: date | None


def rows(session: Session, *, structure_id: str) -> list[SupportRow]:
    """The log of the help given to one structure."""
    query = select(Support).where(Support.structure_id == structure_id).order_by(Support.given_on.desc(), Support.id)
    return [
        SupportRow(s.id, s.given_on, s.agent, s.kind, s.subject, s.minutes, s.next_step, s.next_on)
        for s in session.scalars(query)
    ]
