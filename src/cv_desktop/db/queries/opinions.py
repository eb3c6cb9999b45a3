"""What the envelope already holds of a file that a meeting gives its opinion on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import movements
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.presence import Evidence
from cv_desktop.domain.states import Opinion


@dataclass(frozen=True, slots=True)
class GivenRow:
    """The last opinion given on a file; ``evidence`` is None when the room was not kept with it."""

    application_id: str
    number: str
    meeting_id: str
    meeting: str
    held_on: date
    given_at: datetime | None
    evidence: Evidence | None


def given(session: Session, *, call_id: str, files: Collection[str]) -> list[GivenRow]:
    """The last opinion on each of these files, in the order of their numbers."""
    # Columns rather than items: a lot of thousands asks it twice before its vote.
    item = (AgendaItem.application_id, AgendaItem.meeting_id, AgendaItem.given_at, AgendaItem.room)
    query = (
        select(*item, Application.number, Meeting.label, Meeting.held_on)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(Meeting.call_id == call_id, AgendaItem.application_id.in_(files), AgendaItem.opinion.is_not(None))
        .order_by(Application.seq, Meeting.held_on, Meeting.id)
    )
    last = {
        file: GivenRow(file, number, meeting, label, day, given_at, Evidence.of(room))
        for file, meeting, given_at, room, number, label, day in session.execute(query)
    }
    return list(last.values())


def proposed(session: Session, *, call_id: str, files: Collection[str]) -> dict[str, int]:
    """What the last opinion on each of these files proposed, in cents."""
    query = (
        select(AgendaItem.application_id, AgendaItem.amount_cents)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.call_id == call_id, AgendaItem.application_id.in_(files), AgendaItem.opinion.is_not(None))
        .order_by(Meeting.held_on, Meeting.id)
    )
    return {key: cents or 0 for key, cents in session.execute(query)}


def own_buckets(session: Session, *, call_id: str, application_id: str) -> Buckets:
    """Cents of the file in each bucket of its campaign, the envelope itself 0; none is marked once a lot holds it."""
    held = movements.balances(session, call_id=call_id, files=[application_id]).get(application_id, {})
    return Buckets(
        0,
        held.get(Bucket.MARKED, 0),
        held.get(Bucket.SUBMITTED, 0),
        held.get(Bucket.ENGAGED, 0),
        held.get(Bucket.CALLED, 0),
        held.get(Bucket.PAID, 0),
    )


def last(session: Session, *, application_id: str) -> Opinion | None:
    """The opinion of the last meeting that gave one on a file."""
    query = (
        select(AgendaItem.opinion)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.application_id == application_id, AgendaItem.opinion.is_not(None))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    return Opinion(found) if found else None
