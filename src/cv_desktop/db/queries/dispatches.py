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


def notified(session: Session, decision_ids: Collection[str]) -> dict[str, date]:
    """The first day each decision was received, of those whose letter, not replaced since, is known to have arrived.

    Only the letter that tells the decision counts: a notice of payment or a reminder opens no delay.
    """
    query = (
        select(Letter.decision_id, Dispatch.received_on)
        .join(Dispatch, Dispatch.letter_id == Letter.id)
        .where(
            Letter.decision_id.in_(decision_ids),
            Letter.kind.in_((*OF_OUTCOME.values(), WITH_CONVENTION)),
            Dispatch.received_on.is_not(None),
            ~replaced(),
        )
        .order_by(Dispatch.received_on.desc())
    )
    return {decision: day for decision, day in session.execute(query) if decision and day}
