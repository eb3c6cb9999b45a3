"""What each structure has or asks in one year, all campaigns together."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision
from cv_desktop.domain.facts import YearAmount

_OUT = ("draft", "ineligible", "withdrawn")


def of_year(session: Session, year: int, structure_id: str | None) -> dict[str, list[tuple[str, YearAmount]]]:
    """By structure, (key of the file, amount) in order of deposit: what was awarded, else asked; a refusal is nothing.

    ``structure_id`` limits it to one of them.
    """
    query = (
        select(
            Application.structure_id,
            Application.id,
            Application.number,
            Call.scheme_code,
            Application.asked_cents,
            Decision.outcome,
            Decision.amount_cents,
        )
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Call.year == year, Application.status.not_in(_OUT))
        .order_by(Application.deposited_at.is_(None), Application.deposited_at, Application.number, Decision.decided_at)
    )
    if structure_id is not None:
        query = query.where(Application.structure_id == structure_id)
    # A file adjourned then voted has two decisions: the last one stands.
    latest: dict[str, tuple[str, YearAmount]] = {}
    for structure, key, number, scheme, asked, outcome, given in session.execute(query):
        decided = outcome is not None and outcome != "adjourned"
        cents = given if decided else asked
        latest[key] = (structure, YearAmount(number, scheme, cents or 0, granted=decided))
    found: dict[str, list[tuple[str, YearAmount]]] = defaultdict(list)
    for key, (structure, amount) in latest.items():
        if amount.cents:
            found[structure].append((key, amount))
    return found
