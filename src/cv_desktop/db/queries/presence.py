"""Who is in the room of a meeting, and what that gives for the quorum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import Meeting, Member, PresenceMove
from cv_desktop.db.queries import calls
from cv_desktop.db.queries.visibility import kept_out, sitting
from cv_desktop.domain.presence import Move, QuorumRule, Room, Seat, Stay, stays
from cv_desktop.domain.presence import room as room_of


@dataclass(frozen=True, slots=True)
class PresenceRow:
    """A member of the committee and his or her times in the room."""

    seat: Seat
    present: bool
    stepped_out: bool  # outside for a déport
    stays: tuple[Stay, ...]


def seats(session: Session, *, call_id: str, on: date | None = None) -> list[Seat]:
    """The committee of a campaign, in its order; ``on`` a day, with those who left it since."""
    there = sitting(call_id)
    if on is not None:
        there = or_(there, and_(Member.call_id == call_id, Member.kind == "member", Member.left_on >= on))
    query = select(Member.id, Member.name, Member.body, Member.voice, Member.substitute_of).where(there)
    return [Seat(*row) for row in session.execute(query.order_by(Member.position))]


def moves(session: Session, *, meeting_id: str) -> list[Move]:
    """Entries and exits of a meeting, by hour."""
    query = (
        select(PresenceMove).where(PresenceMove.meeting_id == meeting_id).order_by(PresenceMove.at, PresenceMove.seq)
    )
    return [Move(m.member_id, m.at, m.kind, m.why, m.application_id, m.id) for m in session.scalars(query)]


def recused(session: Session, *, application_id: str) -> list[str]:
    """Members with a déport in force on a file."""
    pairs = kept_out().subquery().c
    query = select(Member.id).join(pairs[0].table, Member.id == pairs[1]).where(pairs[0] == application_id)
    return list(session.scalars(query.order_by(Member.position)))


def room(session: Session, *, meeting_id: str, application_id: str | None = None) -> Room:
    """The room as it is now, for a file of the agenda or for none in particular."""
    call_id = session.scalars(select(Meeting.call_id).where(Meeting.id == meeting_id)).one()
    away = recused(session, application_id=application_id) if application_id else ()
    rule = QuorumRule.of(calls.rules(session, call_id))
    return room_of(seats(session, call_id=call_id), moves(session, meeting_id=meeting_id), rule, away)


def rows(session: Session, *, meeting_id: str) -> list[PresenceRow]:
    """Every member of the committee, with the times he or she entered and left."""
    now = room(session, meeting_id=meeting_id)
    times = stays(moves(session, meeting_id=meeting_id))
    return [
        PresenceRow(seat, seat.id in now.inside, seat.id in now.stepped_out, tuple(times.get(seat.id, ())))
        for seat in now.seats
    ]
