"""When the letters that tell a decision were received: the delay to appeal runs from there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.signatory import Dispatch
from cv_desktop.db.queries.letters import replaced
from cv_desktop.domain.letters import OF_OUTCOME, WITH_CONVENTION

_ANSWER = "REC"


def notified(session: Session, decision_ids: Collection[str]) -> dict[str, date]:
    """The first day each decision was received, of those whose letter, not replaced since, is known to have arrived.

    Only the letter that tells the decision counts: a notice of payment or a reminder opens no delay.
    """
    days = _received(session, decision_ids, (*OF_OUTCOME.values(), WITH_CONVENTION))
    return {decision: min(own) for decision, own in days.items()}


def answered(session: Session, decision_ids: Collection[str]) -> dict[str, list[date]]:
    """The days, in order, on which the answers to the gracious recourses against each decision were received."""
    return {decision: sorted(own) for decision, own in _received(session, decision_ids, (_ANSWER,)).items()}


def _received(session: Session, decision_ids: Collection[str], kinds: Collection[str]) -> dict[str, list[date]]:
    query = (
        select(Letter.decision_id, Dispatch.received_on)
        .join(Dispatch, Dispatch.letter_id == Letter.id)
        .where(
            Letter.decision_id.in_(decision_ids),
            Letter.kind.in_(kinds),
            Dispatch.received_on.is_not(None),
            ~replaced(),
        )
    )
    found: dict[str, list[date]] = {}
    for decision, day in session.execute(query):
        if decision and day:
            found.setdefault(decision, []).append(day)
    return found
