"""The agenda of a meeting: which files, in which order, for how long, and the one being heard."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import agenda as queries
from cv_desktop.db.queries import presence
from cv_desktop.db.work import now, record
from cv_desktop.domain.agenda import Item, exits, grouped
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.presence import Room
from cv_desktop.domain.text import counted

LONGEST = 240


def item(meeting_id: str, application_id: str, position: int) -> AgendaItem:
    """A file on the agenda, without opinion yet."""
    return AgendaItem(
        meeting_id=meeting_id,
        application_id=application_id,
        position=position,
        opinion=None,
        amount_cents=None,
        reason="",
    )


def waiting(session: Session, *, call_id: str) -> list[Application]:
    """The eligible files that wait for an opinion, in the order of their numbers; see ``queries.agenda.waiting``."""
    query = select(Application).where(queries.awaited(call_id)).order_by(Application.seq)
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
    items = _items(session, meeting_id)
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


def set_order(session: Session, *, meeting_id: str, application_ids: Sequence[str]) -> Changes:
    """Put the files of the agenda in this order: all of them, once each. Raises UserError otherwise."""
    meeting = not_closed(session, meeting_id)
    items = _items(session, meeting_id)
    before = [x.application_id for x in items]
    if sorted(before) != sorted(application_ids):
        raise UserError("L’ordre du jour a changé entre-temps. Recommencez sur l’ordre affiché.")
    if before == list(application_ids):
        return Changes()
    return _reorder(session, meeting, items, application_ids, f"Ordre du jour de « {meeting.label} » réordonné")


def group_recusals(session: Session, *, meeting_id: str) -> Changes:
    """Order the files still to be heard so that members leave the room as few times as possible.

    Files with an opinion, or called already, keep their places at the head. Raises UserError when the order
    already is as good: nothing is moved for nothing.
    """
    meeting = not_closed(session, meeting_id)
    items = _items(session, meeting_id)
    away = {x.application_id: frozenset(presence.recused(session, application_id=x.application_id)) for x in items}
    numbers = {x.application_id: session.get_one(Application, x.application_id).number for x in items}
    heard = [x.application_id for x in items if x.opinion is not None or x.called_at is not None]
    left = [Item(k.application_id, numbers[k.application_id], away[k.application_id]) for k in items
            if k.application_id not in heard]  # fmt: skip
    outside = away[heard[-1]] if heard else frozenset[str]()
    best = grouped(left, outside)
    old, new = exits(left, outside), exits(best, outside)
    if new >= old:
        raise UserError(
            f"Cet ordre demande déjà le moins de sorties possible\u00a0: {counted(old, 'sortie')}."
            if old
            else "Aucun déport sur les dossiers qui restent à entendre."
        )
    words = f"Déports regroupés à « {meeting.label} »\u00a0: {counted(new, 'sortie')} au lieu de {old}"
    return _reorder(session, meeting, items, [*heard, *(x.key for x in best)], words)


def set_minutes(session: Session, *, meeting_id: str, application_id: str, minutes: int | None) -> Changes:
    """How long a file should take; None is the length that the meeting gives to every file."""
    not_closed(session, meeting_id)
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise UserError(f"Une durée va de 1 à {LONGEST} minutes par dossier.", field="minutes")
    found = session.get_one(AgendaItem, (meeting_id, application_id))
    file = session.get_one(Application, application_id)
    before, found.minutes = found.minutes, minutes
    record(
        session,
        verb="agenda.set_minutes",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"{file.number}\u00a0: {minutes or 'durée de la séance,'} minutes prévues",
        before=before,
        after=minutes,
    )
    arguments = {"meeting_id": meeting_id, "application_id": application_id, "minutes": before}
    return Changes.of("meeting", meeting_id, undo=Step(set_minutes, arguments))


def call_file(session: Session, *, meeting_id: str, application_id: str) -> Changes:
    """Say that a file is being heard; the first time is kept.

    Raises UserError while a member with a déport on it is in the room (CGCT L2131-11).
    """
    meeting = not_closed(session, meeting_id)
    if meeting.state != "open":
        raise UserError("Ouvrez d’abord la séance\u00a0: un dossier s’appelle en séance.")
    require_out(presence.room(session, meeting_id=meeting_id, application_id=application_id))
    found = session.get_one(AgendaItem, (meeting_id, application_id))
    if found.called_at is not None:
        return Changes()
    found.called_at = now(session)
    file = session.get_one(Application, application_id)
    record(
        session,
        verb="agenda.call_file",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"{file.number} appelé à « {meeting.label} »",
        after=found.called_at.isoformat(),
    )
    return Changes.of("meeting", meeting_id)


def require_out(room: Room) -> None:
    """Raises UserError while a member with a déport on the file is in the room."""
    if room.to_leave:
        names = ", ".join(seat.name for seat in room.to_leave)
        be = "sont" if len(room.to_leave) > 1 else "est"
        raise UserError(f"{names} {be} en déport sur ce dossier et encore dans la salle. Notez d’abord la sortie.")


def _items(session: Session, meeting_id: str) -> list[AgendaItem]:
    query = (
        select(AgendaItem)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, Application.seq)
    )
    return list(session.scalars(query))


def _reorder(
    session: Session, meeting: Meeting, items: Sequence[AgendaItem], keys: Sequence[str], words: str
) -> Changes:
    before = [x.application_id for x in items]
    places = {key: place for place, key in enumerate(keys)}
    for kept in items:
        kept.position = places[kept.application_id]
    record(
        session,
        verb="agenda.set_order",
        noun="meeting",
        noun_id=meeting.id,
        summary=words,
        before=before,
        after=list(keys),
    )
    undo = Step(set_order, {"meeting_id": meeting.id, "application_ids": before})
    return Changes.of("meeting", meeting.id, undo=undo)


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
    if file not in waiting(session, call_id=file.call_id):
        raise UserError(f"{file.number} a déjà un avis, ou il est à l’ordre du jour d’une autre séance.")
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
