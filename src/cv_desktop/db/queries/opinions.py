"""What the envelope already holds of a file that a meeting gives its opinion on."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Decision, Lot, LotLine, ScenarioLine
from cv_desktop.db.queries import envelopes
from cv_desktop.db.queries.lots import held
from cv_desktop.domain.allocation import Buckets


def own_buckets(session: Session, *, call_id: str, application_id: str) -> Buckets:
    """Cents of the file in each bucket of its campaign, counted as ``envelopes.buckets`` does; the envelope itself 0.

    Marked is what the first scenario proposes, and 0 once a lot holds the file.
    """
    engaged = session.scalar(
        select(func.coalesce(func.sum(Decision.amount_cents), 0))
        .join(Lot, Lot.id == Decision.lot_id)
        .where(Lot.call_id == call_id, Decision.application_id == application_id)
    )
    lines = select(LotLine.amount_cents, Lot.state).join(Lot, Lot.id == LotLine.lot_id)
    holding = session.execute(lines.where(LotLine.application_id == application_id, held())).all()
    submitted = sum(amount for amount, state in holding if state == "submitted")
    line = session.get(ScenarioLine, (envelopes.first_scenario(session, call_id=call_id), application_id))
    marked = (line.amount_cents or 0) if line and not holding else 0
    return Buckets(0, marked, submitted, engaged or 0)
