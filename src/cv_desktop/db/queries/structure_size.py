"""The ceilings of the « petite association », read in the règlement of the fund for small associations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, RulesParameter
from cv_desktop.domain.structure_size import SmallCeilings

SCHEME = "FIA"
KEYS = ("small_employees_max", "small_budget_max")


def ceilings(session: Session) -> SmallCeilings:
    """Those of the last campaign of the fund, else its default ones; no ceiling when the règlement has none."""
    query = (
        select(RulesParameter.key, RulesParameter.value)
        .outerjoin(Call, Call.id == RulesParameter.call_id)
        .where(RulesParameter.scheme_code == SCHEME, RulesParameter.key.in_(KEYS))
        .order_by(Call.year.is_not(None), Call.year, RulesParameter.version)
    )
    values: dict[str, Any] = dict(session.execute(query).all())
    return SmallCeilings(employees=values.get(KEYS[0]), budget_cents=values.get(KEYS[1]))
