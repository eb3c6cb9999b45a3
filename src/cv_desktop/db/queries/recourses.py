"""The gracious recourses of a campaign that the service has not answered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, DecisionEnd
from cv_desktop.db.models.decision import Recourse as Row
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.recourses import Kind, Recourse


@dataclass(frozen=True, slots=True)
class WaitingRecourse:
    """``silent_on``: the last day to answer; the next one, silence has rejected it."""

    application_id: str
    number: str
    structure: str
    silent_on: date


def waiting(session: Session, *, call_id: str, day: date, viewer: str | None = None) -> list[WaitingRecourse]:
    """Those that may still be answered on a day before silence rejects them, the first due first.

    One against a decision withdrawn or given up since waits for no answer.
    """
    query = (
        select(Application.id, Application.number, Structure.name, Row.filed_on)
        .join(Decision, Decision.application_id == Application.id)
        .join(Row, Row.decision_id == Decision.id)
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(DecisionEnd, DecisionEnd.decision_id == Decision.id)
        .where(Application.call_id == call_id, Row.kind == Kind.GRACIOUS, Row.outcome == "", visible(viewer))
        .where(DecisionEnd.decision_id.is_(None))
        .order_by(Row.filed_on, Application.seq)
    )
    found = []
    for key, number, structure, filed_on in session.execute(query):
        silent_on = Recourse(Kind.GRACIOUS, filed_on).silent_on
        if silent_on is not None and day <= silent_on:
            found.append(WaitingRecourse(key, number, structure, silent_on))
    return found
