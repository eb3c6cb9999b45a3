"""The files that a meeting to prepare may take."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import meetings
from cv_desktop.db.queries.visibility import visible


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A file that waits for an opinion; ``before`` is what an earlier meeting asked when it adjourned it."""

    id: str
    number: str
    structure: str
    title: str
    before: str


def awaited(call_id: str) -> ColumnElement[bool]:
    """Condition on ``application``: eligible, and waiting for an opinion.

    Those that a closed meeting adjourned come back; those on the agenda of a meeting that is not closed are
    awaited there.
    """
    given = (
        select(AgendaItem.application_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(or_(AgendaItem.opinion.in_(("favorable", "reserved", "unfavorable")), Meeting.state != "closed"))
    )
    return and_(Application.call_id == call_id, Application.status == "eligible", Application.id.not_in(given))


def waiting(session: Session, *, call_id: str, viewer: str | None = None) -> list[WaitingRow]:
    """The files a meeting may take, in the order of their numbers."""
    before = meetings.asked_before(session, call_id=call_id)
    query = (
        select(Application.id, Application.number, Structure.name, Application.title)
        .join(Structure, Structure.id == Application.structure_id)
        .where(awaited(call_id), visible(viewer))
        .order_by(Application.seq)
    )
    return [WaitingRow(*row, before.get(row[0], "")) for row in session.execute(query)]
