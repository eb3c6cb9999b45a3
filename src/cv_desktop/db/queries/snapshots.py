"""What the closings of a meeting froze."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import MeetingSnapshot


def last(session: Session, *, meeting_id: str) -> MeetingSnapshot | None:
    """The snapshot of the last closing, whether the meeting was reopened since or not; None before the first."""
    query = select(MeetingSnapshot).where(MeetingSnapshot.meeting_id == meeting_id)
    return session.scalars(query.order_by(MeetingSnapshot.version.desc()).limit(1)).first()


def sound(kept: MeetingSnapshot) -> bool:
    """Whether a frozen text is still the one its fingerprint is of."""
    return hashlib.sha256(kept.content.encode()).hexdigest() == kept.sha256
