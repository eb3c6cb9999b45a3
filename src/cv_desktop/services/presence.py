"""Members enter and leave the room of a meeting, each time with the hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import Meeting, Member, PresenceMove
from cv_desktop.db.queries import presence
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import moment_of, spoken_moment
from cv_desktop.domain.presence import ARRIVAL, DEPARTURE, IN, OUT, RECUSAL, RETURN, Move, follows
from cv_desktop.services import agenda

_WORDS = {ARRIVAL: "arrive", DEPARTURE: "part", RECUSAL: "sort pour un déport", RETURN: "revient"}


def enter(session: Session, *, meeting_id: str, member_id: str, at: datetime | None = None) -> Changes:
    """A member comes in, or comes back after a déport. ``at`` is now, on the day of the meeting, when not said.

    Raises UserError when he or she is in the room already, or once the meeting is closed.
    """
    room = presence.room(session, meeting_id=meeting_id)
    return _add(session, meeting_id, member_id, at, IN, RETURN if member_id in room.stepped_out else ARRIVAL, None)


def leave(
    session: Session, *, meeting_id: str, member_id: str, at: datetime | None = None, application_id: str | None = None
) -> Changes:
    """A member leaves; ``application_id`` names the file of the déport that makes him or her leave.

    Raises UserError when the member is not in the room, or has no déport on that file.
    """
    if application_id is not None and member_id not in presence.recused(session, application_id=application_id):
        member, file = session.get_one(Member, member_id), session.get_one(Application, application_id)
        raise UserError(f"{member.name} n’a pas de déport sur {file.number}. Déclarez-le d’abord.")
    why = DEPARTURE if application_id is None else RECUSAL
    return _add(session, meeting_id, member_id, at, OUT, why, application_id)


def set_presence(
    session: Session, *, meeting_id: str, member_id: str, present: bool, at: datetime | None = None
) -> Changes:
    """Tick a member in or out. Before the meeting opens, unticking forgets the arrival instead of writing an exit."""
    meeting = agenda.not_closed(session, meeting_id)
    if present:
        return enter(session, meeting_id=meeting_id, member_id=member_id, at=at)
    own = [move for move in presence.moves(session, meeting_id=meeting_id) if move.member_id == member_id]
    if meeting.state == "prepared" and own:
        return withdraw(session, move_id=own[-1].id)
    return leave(session, meeting_id=meeting_id, member_id=member_id, at=at)


def correct(session: Session, *, move_id: str, at: datetime) -> Changes:
    """Give an entry or an exit its right hour. Raises UserError when it would then come before the one before it."""
    move = session.get_one(PresenceMove, move_id)
    _require_past(session, agenda.not_closed(session, move.meeting_id), at)
    return _put_hour(session, move_id=move_id, at=at)


def _put_hour(session: Session, *, move_id: str, at: datetime) -> Changes:
    """As ``correct``, for an hour that was accepted once: the way back is never refused for the time it is."""
    move = session.get_one(PresenceMove, move_id)
    agenda.not_closed(session, move.meeting_id)
    others = [m for m in presence.moves(session, meeting_id=move.meeting_id) if m.id != move_id]
    member = session.get_one(Member, move.member_id)
    if not follows([*others, Move(move.member_id, at, move.kind, move.why)]):
        raise UserError(
            f"{spoken_moment(at)} ne convient pas\u00a0: {member.name} sortirait avant d’être entré·e, ou l’inverse."
        )
    before, move.at = move.at, at
    record(
        session,
        verb="presence.correct",
        noun="meeting",
        noun_id=move.meeting_id,
        summary=f"{member.name} {_WORDS[move.why]} à {spoken_moment(at)} et non à {spoken_moment(before)}",
        before={"member": member.id, "at": before.isoformat()},
        after={"member": member.id, "at": at.isoformat()},
    )
    return Changes.of("meeting", move.meeting_id, undo=Step(_put_hour, {"move_id": move_id, "at": before}))


def withdraw(session: Session, *, move_id: str) -> Changes:
    """Take back an entry or an exit written by mistake. Raises UserError when another one rests on it."""
    move = session.get_one(PresenceMove, move_id)
    agenda.not_closed(session, move.meeting_id)
    member = session.get_one(Member, move.member_id)
    if not follows(m for m in presence.moves(session, meeting_id=move.meeting_id) if m.id != move_id):
        raise UserError(f"{member.name} est entré·e ou sorti·e ensuite\u00a0: retirez d’abord le dernier mouvement.")
    session.delete(move)
    record(
        session,
        verb="presence.withdraw",
        noun="meeting",
        noun_id=move.meeting_id,
        summary=f"Mouvement retiré\u00a0: {member.name} {_WORDS[move.why]} à {spoken_moment(move.at)}",
        before=move.at.isoformat(),
    )
    kept = {name: getattr(move, name) for name in ("meeting_id", "member_id", "at", "kind", "why", "application_id")}
    return Changes.of("meeting", move.meeting_id, undo=Step(_restore, kept))


def _restore(
    session: Session,
    *,
    meeting_id: str,
    member_id: str,
    at: datetime,
    kind: str,
    why: str,
    application_id: str | None,
) -> Changes:
    return _add(session, meeting_id, member_id, at, kind, why, application_id, typed=False)


def _add(
    session: Session,
    meeting_id: str,
    member_id: str,
    at: datetime | None,
    kind: str,
    why: str,
    application_id: str | None,
    *,
    typed: bool = True,
) -> Changes:
    meeting = agenda.not_closed(session, meeting_id)
    member = session.get_one(Member, member_id)
    known = presence.moves(session, meeting_id=meeting_id)
    moment = at or _default(session, meeting, known, kind)
    if typed:
        _require_past(session, meeting, moment)
    if not follows([*known, Move(member_id, moment, kind, why)]):
        state = "est déjà dans la salle" if kind == IN else "n’est pas dans la salle"
        raise UserError(f"{member.name} {state} à {spoken_moment(moment)}.")
    last = session.scalar(select(func.max(PresenceMove.seq)).where(PresenceMove.meeting_id == meeting_id)) or 0
    move = PresenceMove(
        id=new_id(session),
        meeting_id=meeting_id,
        member_id=member_id,
        seq=last + 1,
        at=moment,
        kind=kind,
        why=why,
        application_id=application_id,
    )
    session.add(move)
    session.flush()
    of_file = f" ({session.get_one(Application, application_id).number})" if application_id else ""
    record(
        session,
        verb="presence.enter" if kind == IN else "presence.leave",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"{member.name} {_WORDS[why]} à {spoken_moment(moment)}{of_file}",
        after=moment.isoformat(),
    )
    return Changes.of("meeting", meeting_id, undo=Step(withdraw, {"move_id": move.id}))


def _require_past(session: Session, meeting: Meeting, moment: datetime) -> None:
    """Raises UserError on the day of the meeting for an hour still to come: who is not there yet would count."""
    current = now(session)
    if local(current).date() == meeting.held_on and moment > current:
        raise UserError(
            f"{spoken_moment(moment)} n’est pas encore passé\u00a0: il est {spoken_moment(current)}. "
            "Notez les arrivées et les départs quand ils ont lieu."
        )


def _default(session: Session, meeting: Meeting, known: list[Move], kind: str) -> datetime:
    """Now on the day of the meeting. Typed on another day: its beginning, or the last hour known for an exit."""
    moment = now(session)
    if local(moment).date() == meeting.held_on:
        return moment
    start = moment_of(meeting.held_on, meeting.starts_at or local(moment).time().replace(second=0, microsecond=0))
    return start if kind == IN and not known else max([start, *(move.at for move in known)])
