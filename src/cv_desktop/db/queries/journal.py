"""The journal as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.journal import Verification
from cv_desktop.db.journal import verify as verify_chain
from cv_desktop.db.models.journal import JournalEntry

SHOWN = 1000


__all__ = ["EntryRow", "Verification", "count", "rows", "verify"]


@dataclass(frozen=True, slots=True)
class EntryRow:
    seq: int
    at: datetime
    actor: str
    station: str
    noun: str
    noun_id: str
    summary: str
    reason: str


def rows(session: Session, *, noun: str = "", noun_id: str = "", limit: int = SHOWN) -> list[EntryRow]:
    """The last entries, the newest first; only those of one thing when it is named."""
    query = select(
        JournalEntry.seq,
        JournalEntry.at,
        JournalEntry.actor,
        JournalEntry.station,
        JournalEntry.noun,
        JournalEntry.noun_id,
        JournalEntry.summary,
        JournalEntry.reason,
    )
    if noun:
        query = query.where(JournalEntry.noun == noun)
    if noun_id:
        query = query.where(JournalEntry.noun_id == noun_id)
    query = query.order_by(JournalEntry.seq.desc()).limit(limit)
    return [EntryRow(*row) for row in session.execute(query)]


def count(session: Session) -> int:
    """How many entries the journal holds."""
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def verify(session: Session) -> Verification:
    """Computes the whole chain again; gives the first entry that does not hold."""
    return verify_chain(session)
