"""Requests for documents as the base keeps them: opened by a passage, sent by a letter, closed when all came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Document
from cv_desktop.db.models.completion import Completion
from cv_desktop.db.work import new_id, now
from cv_desktop.domain.completion import Point

# A request as it was before a passage, to put it back.
State = tuple[dict[str, Any], ...]
_COLUMNS = ("id", "letter_id", "prepared_at", "items", "asked_on", "due_on", "closed_on")


def opened(session: Session, application_id: str) -> Completion | None:
    """The last request of a file that is not closed; one that no letter sent yet comes before those on their way."""
    return session.scalars(
        select(Completion)
        .where(Completion.application_id == application_id, Completion.closed_on.is_(None))
        .order_by(Completion.asked_on.is_(None).desc(), Completion.prepared_at.desc())
        .limit(1)
    ).first()


def prepare(session: Session, application_id: str, points: Iterable[Point]) -> None:
    """Open the request for these points, or give them to the one that no letter sent yet."""
    items = [point.to_json() for point in points]
    row = opened(session, application_id)
    if row is not None and row.asked_on is None:
        row.items = items
        return
    session.add(Completion(id=new_id(session), application_id=application_id, prepared_at=now(session), items=items))


def send(session: Session, letter_id: str, *, day: date, due_on: date, points: Iterable[Point]) -> None:
    """Say that the letter left: the delay given runs, and what it lists is kept."""
    for row in session.scalars(select(Completion).where(Completion.letter_id == letter_id)):
        row.asked_on, row.due_on = day, due_on
        row.items = [point.to_json() for point in points]


def leave(session: Session, application_id: str, day: date) -> None:
    """Close what was sent, put away what was not: the file is no more « à compléter »."""
    for row in session.scalars(
        select(Completion).where(Completion.application_id == application_id, Completion.closed_on.is_(None))
    ):
        if row.asked_on is None:
            session.delete(row)
        else:
            row.closed_on = came_on(session, row) or day


def came_on(session: Session, row: Completion) -> date | None:
    """The day the last of the documents asked came; None when one is missing, or when more than documents was asked."""
    kinds = {item["item"] for item in row.items}
    if not kinds or "" in kinds or row.asked_on is None:
        return None
    days = session.scalars(
        select(Document.received_on).where(
            Document.application_id == row.application_id, Document.kind.in_(kinds), Document.state != "rejected"
        )
    ).all()
    known = [day for day in days if day is not None]
    return max(*known, row.asked_on) if len(known) == len(kinds) else None


def kept(session: Session, application_id: str) -> State:
    """The requests of a file as they stand, for the way back."""
    session.flush()
    rows = session.scalars(select(Completion).where(Completion.application_id == application_id))
    return tuple({name: getattr(row, name) for name in _COLUMNS} for row in rows)


def restore(session: Session, application_id: str, state: Sequence[dict[str, Any]]) -> None:
    """Put the requests of a file back as they were. One that was sent since stays: its letter has left."""
    session.flush()
    present = {
        row.id: row for row in session.scalars(select(Completion).where(Completion.application_id == application_id))
    }
    wanted = {values["id"]: values for values in state}
    for key, row in present.items():
        if key in wanted:
            row.closed_on = wanted[key]["closed_on"]
        elif row.asked_on is None:
            session.delete(row)
        else:
            row.closed_on = row.closed_on or now(session).date()
    for key, values in wanted.items():
        if key not in present:
            # Its letter, if it had one, was put away with it and is prepared anew.
            session.add(Completion(application_id=application_id, **{**values, "letter_id": None}))
    session.flush()
