"""A meeting prepared by mistake is taken away, and put back by the way back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.bundle import Bundle
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import presence
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.services import agenda


def discard(session: Session, *, meeting_id: str) -> Changes:
    """Delete a prepared meeting in which nothing happened; its files wait for another one.

    Raises UserError once it is open, once somebody has arrived, or once its members were convened.
    """
    meeting = agenda.not_closed(session, meeting_id)
    if meeting.state != "prepared" or presence.moves(session, meeting_id=meeting_id):
        raise UserError(f"La séance «\u00a0{meeting.label}\u00a0» est commencée\u00a0: elle ne se supprime plus.")
    if meeting.convened_on is not None:
        raise UserError(
            f"Les membres sont convoqués à «\u00a0{meeting.label}\u00a0» depuis le {long_date(meeting.convened_on)}. "
            "Elle ne se supprime plus. Changez sa date, ou retirez ses dossiers."
        )
    if session.scalars(select(Bundle.id).where(Bundle.meeting_id == meeting_id).limit(1)).first() is not None:
        raise UserError(
            f"Des grilles à remplir ont été remises pour «\u00a0{meeting.label}\u00a0»\u00a0: elle ne se "
            "supprime plus. Changez sa date, ou retirez ses dossiers."
        )
    items = list(session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)))
    kept, rows = _columns(meeting), [_columns(item) for item in items]
    for item in items:
        session.delete(item)
    session.flush()
    session.delete(meeting)
    record(
        session,
        verb="meetings.discard",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Séance «\u00a0{meeting.label}\u00a0» du {long_date(meeting.held_on)} supprimée avant d’être tenue",
        before={"files": len(items)},
    )
    return _touched(meeting_id, rows, Step(_restore, {"kept": kept, "rows": rows}))


def _restore(session: Session, *, kept: dict[str, Any], rows: list[dict[str, Any]]) -> Changes:
    """Put back a discarded meeting. Raises UserError when one of its files has gone to another meeting since."""
    free = {file.id for file in agenda.waiting(session, call_id=kept["call_id"])}
    if any(row["application_id"] not in free for row in rows):
        raise UserError(
            "Un dossier de cette séance est à l’ordre du jour d’une autre depuis\u00a0: préparez-la de nouveau."
        )
    meeting = Meeting(**kept)
    session.add(meeting)
    session.flush()
    session.add_all(AgendaItem(**row) for row in rows)
    record(
        session,
        verb="meetings.create",
        noun="meeting",
        noun_id=meeting.id,
        summary=f"Séance «\u00a0{meeting.label}\u00a0» du {long_date(meeting.held_on)} rétablie",
        after={"files": len(rows)},
    )
    return _touched(meeting.id, rows, Step(discard, {"meeting_id": meeting.id}))


def _touched(meeting_id: str, rows: list[dict[str, Any]], undo: Step) -> Changes:
    touched = Changes.of("meeting", meeting_id) | Changes.of("application", *(row["application_id"] for row in rows))
    return Changes(touched.touched, undo)


def _columns(row: Meeting | AgendaItem) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}
