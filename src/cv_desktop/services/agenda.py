"""The agenda of a meeting: which files, in which order."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError


def item(meeting_id: str, application_id: str, position: int) -> AgendaItem:
    """A file on the agenda, without opinion yet."""
    return AgendaItem(
        meeting_id=meeting_id,
        application_id=application_id,
        position=position,
        opinion=None,
        amount_cents=None,
        reason="",
        given_at=None,
        score_snapshot=None,
    )


def waiting(session: Session, *, call_id: str) -> list[Application]:
    """The eligible files that no meeting gave an opinion on, adjourned ones included, in the order of their numbers."""
    given = select(AgendaItem.application_id).where(AgendaItem.opinion.in_(("favorable", "reserved", "unfavorable")))
    query = (
        select(Application)
        .where(Application.call_id == call_id, Application.status == "eligible", Application.id.not_in(given))
        .order_by(Application.seq)
    )
    return list(session.scalars(query))


def not_closed(session: Session, meeting_id: str) -> Meeting:
    """The meeting. Raises UserError once it is closed."""
    meeting = session.get_one(Meeting, meeting_id)
    if meeting.state == "closed":
        raise UserError(f"La séance « {meeting.label} » est close : elle ne change plus.")
    return meeting


def revealed(session: Session, meeting_id: str) -> Meeting:
    """The meeting, open and its marks visible. Raises UserError otherwise."""
    meeting = not_closed(session, meeting_id)
    if meeting.revealed_at is None:
        raise UserError("Révélez d’abord les grilles : l’avis se rend sur des notes visibles de tous.")
    return meeting


def move(session: Session, *, meeting_id: str, application_id: str, steps: int) -> Changes:
    """Move a file up (negative ``steps``) or down the agenda of a meeting that is not closed.

    At the end of the list it stays there. Raises UserError when it is not on the agenda.
    """
    meeting = not_closed(session, meeting_id)
    query = (
        select(AgendaItem)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, Application.seq)
    )
    items = list(session.scalars(query))
    before = next((i for i, x in enumerate(items) if x.application_id == application_id), None)
    file = session.get_one(Application, application_id)
    if before is None:
        raise UserError(f"{file.number} n’est pas à l’ordre du jour.")
    after = max(0, min(len(items) - 1, before + steps))
    if after == before:
        return Changes()
    items.insert(after, items.pop(before))
    for position, kept in enumerate(items):
        kept.position = position
    record(
        session,
        verb="meetings.move",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"{file.number} passe du rang {before + 1} au rang {after + 1} de « {meeting.label} »",
        before=before,
        after=after,
    )
    arguments = {"meeting_id": meeting_id, "application_id": application_id, "steps": before - after}
    return Changes.of("meeting", meeting_id, undo=Step(move, arguments))


def remove_from_agenda(session: Session, *, meeting_id: str, application_id: str) -> Changes:
    """Take a file off the agenda, while it has no opinion."""
    meeting = not_closed(session, meeting_id)
    found = session.get_one(AgendaItem, (meeting_id, application_id))
    if found.opinion is not None:
        raise UserError("Un avis est déjà rendu sur ce dossier : il reste à l’ordre du jour.")
    file = session.get_one(Application, application_id)
    position = found.position
    session.delete(found)
    record(
        session,
        verb="meetings.remove_from_agenda",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"{file.number} retiré de l’ordre du jour de « {meeting.label} »",
        before=position,
    )
    arguments = {"meeting_id": meeting_id, "application_id": application_id, "position": position}
    touched = Changes.of("meeting", meeting_id) | Changes.of("application", application_id)
    return Changes(touched.touched, Step(add_to_agenda, arguments))


def add_to_agenda(session: Session, *, meeting_id: str, application_id: str, position: int | None = None) -> Changes:
    """Put an eligible file on the agenda of a meeting that is not closed, last unless a position is given."""
    meeting = not_closed(session, meeting_id)
    file = session.get_one(Application, application_id)
    if file.status != "eligible":
        raise UserError(f"{file.number} n’est pas recevable : il ne peut pas passer en séance.")
    if session.get(AgendaItem, (meeting_id, application_id)) is not None:
        raise UserError(f"{file.number} est déjà à l’ordre du jour.")
    if position is None:
        last = session.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id))
        position = 0 if last is None else last + 1
    session.add(item(meeting_id, application_id, position))
    record(
        session,
        verb="meetings.add_to_agenda",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"{file.number} ajouté à l’ordre du jour de « {meeting.label} »",
        after=position,
    )
    arguments = {"meeting_id": meeting_id, "application_id": application_id}
    touched = Changes.of("meeting", meeting_id) | Changes.of("application", application_id)
    return Changes(touched.touched, Step(remove_from_agenda, arguments))
