"""Requests for documents: what was asked of each file, when, and whether it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.completion import Completion
from cv_desktop.db.models.decision import Letter
from cv_desktop.domain.completion import Point
from cv_desktop.domain.silence import Suspension


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """``letter`` is the number of the letter that asked it, empty while none left; ``prepared``: it has a letter."""

    id: str
    application_id: str
    letter: str
    prepared: bool
    points: tuple[Point, ...]
    asked_on: date | None
    due_on: date | None
    closed_on: date | None

    @property
    def suspension(self) -> Suspension | None:
        """The time during which the delay of silence stopped for it; None while nothing was sent."""
        if self.asked_on is None or self.due_on is None:
            return None
        return Suspension(self.asked_on, self.due_on, self.closed_on)


def rows(session: Session, condition: ColumnElement[bool]) -> list[CompletionRow]:
    """The requests made of some files, the first ones first; those that no letter sent yet come last."""
    query = (
        select(
            Completion.id,
            Completion.application_id,
            Letter.number,
            Completion.letter_id,
            Completion.items,
            Completion.asked_on,
            Completion.due_on,
            Completion.closed_on,
        )
        .join(Application, Application.id == Completion.application_id)
        .outerjoin(Letter, Letter.id == Completion.letter_id)
        .where(condition)
        .order_by(Completion.asked_on.is_(None), Completion.prepared_at)
    )
    return [
        CompletionRow(
            key, file, number or "", letter is not None, tuple(map(Point.from_json, items)), asked, due, closed
        )
        for key, file, number, letter, items, asked, due, closed in session.execute(query)
    ]


def of_file(session: Session, *, application_id: str) -> list[CompletionRow]:
    """The requests made of one file, the first one first."""
    return rows(session, Application.id == application_id)


def opened(session: Session, condition: ColumnElement[bool]) -> dict[str, CompletionRow]:
    """The last request of each file that is not closed."""
    return {row.application_id: row for row in rows(session, condition) if row.closed_on is None}
