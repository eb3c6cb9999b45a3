"""The conditions (réserves) of the grants in force, and how they were lifted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import ConditionLift, Decision
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.lots import in_force
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.conditions import Condition


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """The condition of the decision in force of a file."""

    application_id: str
    number: str
    structure: str
    decision_id: str
    condition: Condition


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[ConditionRow]:
    """Those of a campaign, the first due first."""
    query = _query(viewer).where(Application.call_id == call_id)
    return [_row(*row) for row in session.execute(query.order_by(Decision.condition_due_on, Application.seq))]


def of_application(session: Session, *, application_id: str) -> ConditionRow | None:
    """That of one file; None when its decision in force has none."""
    found = session.execute(_query(None).where(Application.id == application_id)).first()
    return _row(*found) if found else None


def _query(viewer: str | None) -> Select[str, str, str, Decision, ConditionLift]:
    return (
        select(Application.id, Application.number, Structure.name, Decision, ConditionLift)
        .join(Decision, Decision.application_id == Application.id)
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(ConditionLift, ConditionLift.decision_id == Decision.id)
        .where(Decision.condition != "", Decision.condition_due_on.is_not(None), in_force(), visible(viewer))
    )


def _row(key: str, number: str, structure: str, decision: Decision, lift: ConditionLift | None) -> ConditionRow:
    assert decision.condition_due_on is not None
    condition = Condition(
        decision.condition,
        decision.condition_due_on,
        lift.lifted_on if lift else None,
        lift.proof if lift else "",
    )
    return ConditionRow(key, number, structure, decision.id, condition)
