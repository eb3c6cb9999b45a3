"""What the envelope already holds of a file that a meeting gives its opinion on."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import movements
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.states import Opinion


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
