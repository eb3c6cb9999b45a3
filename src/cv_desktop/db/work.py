"""The unit of work a verb runs in: who acts, from which station, at what time, with which new keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from os import urandom
from typing import TYPE_CHECKING, Any

from cv_desktop.domain.dates import local

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Clock = Callable[[], datetime]
NewId = Callable[[], str]


def system_clock() -> datetime:
    return datetime.now(UTC)


def random_id() -> str:
    return urandom(16).hex()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a verb says of itself; the journal adds the rest."""

    at: datetime
    verb: str
    noun: str
    noun_id: str
    summary: str
    before: Any
    after: Any
    reason: str
    source: str


@dataclass(slots=True)
class Work:
    actor: str
    station: str
    clock: Clock
    new_id: NewId
    entries: list[Entry] = field(default_factory=list)


def _work(session: Session) -> Work:
    work = session.info["work"]
    assert isinstance(work, Work)
    return work


def now(session: Session) -> datetime:
    """The moment of this write, in UTC."""
    return _work(session).clock()


def today(session: Session) -> date:
    """The day on a French calendar."""
    return local(now(session)).date()


def new_id(session: Session) -> str:
    return _work(session).new_id()


def actor(session: Session) -> str:
    return _work(session).actor


def record(
    session: Session,
    *,
    verb: str,
    noun: str,
    noun_id: str,
    summary: str,
    before: Any = None,
    after: Any = None,
    reason: str = "",
    source: str = "saisie",
) -> None:
    """Say in the journal what was just done: a French sentence, and the values before and after."""
    work = _work(session)
    work.entries.append(Entry(work.clock(), verb, noun, noun_id, summary, before, after, reason, source))


def once_kept(session: Session, action: Callable[[], object]) -> None:
    """Do this to a file once the base has kept the work: a refusal, or a rehearsal, leaves the files as they were."""
    from sqlalchemy import event

    event.listen(session, "after_commit", lambda _session: action(), once=True)
