"""What a meeting proposes for a file, as the arbitration holds it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Lot, LotLine, ScenarioLine
from cv_desktop.db.queries import envelopes
from cv_desktop.db.queries.lots import held


def marked(session: Session, *, call_id: str, application_id: str) -> int:
    """Cents the first scenario marks for a file; 0 without amount, or once it is in a lot."""
    taken = (
        select(LotLine.application_id)
        .join(Lot, Lot.id == LotLine.lot_id)
        .where(LotLine.application_id == application_id, held())
    )
    if session.scalars(taken).first():
        return 0
    scenario = envelopes.first_scenario(session, call_id=call_id)
    line = session.get(ScenarioLine, (scenario, application_id))
    return (line.amount_cents or 0) if line else 0
