"""The envelope and its buckets, always added up from what was written, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Lot, LotLine, ScenarioLine
from cv_desktop.db.queries import movements, scenarios
from cv_desktop.db.queries.lots import held, written
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.dates import local
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.states import ApplicationStatus


@dataclass(frozen=True, slots=True)
class LotRow:
    id: str
    label: str
    state: str
    files: int
    total_cents: int
    body: str
    act_number: str
    act_on: date | None
    sent_to_prefect_on: date | None
    published_on: date | None
    submitted_on: date


def buckets(session: Session, *, call_id: str, scenario_id: str | None = None, viewer: str | None = None) -> Buckets:
    """What each bucket of a campaign holds, added up from its movements.

    Marked is what the scenario that marks does, or what another one would. A member's totals leave out the files hidden
    from that member: a difference would tell their amount.
    """
    found = movements.totals(session, call_id=call_id, viewer=viewer)
    marked = found.get(Bucket.MARKED, 0)
    if scenario_id not in (None, scenarios.retained(session, call_id=call_id)):
        marked = _proposed(session, scenario_id, viewer)
    return Buckets(
        found.get("envelope", 0),
        marked,
        found.get(Bucket.SUBMITTED, 0),
        found.get(Bucket.ENGAGED, 0),
        found.get(Bucket.CALLED, 0),
        found.get(Bucket.PAID, 0),
    )


def _proposed(session: Session, scenario_id: str | None, viewer: str | None) -> int:
    """What a scenario that marks nothing proposes for the files that no lot holds."""
    taken = select(LotLine.application_id).join(Lot, Lot.id == LotLine.lot_id).where(held())
    query = (
        select(func.coalesce(func.sum(ScenarioLine.amount_cents), 0))
        .join(Application, Application.id == ScenarioLine.application_id)
        .where(
            ScenarioLine.scenario_id == scenario_id,
            ScenarioLine.application_id.not_in(taken),
            Application.status != ApplicationStatus.WITHDRAWN,
            visible(viewer),
        )
    )
    return session.scalar(query) or 0


def lots(session: Session, *, call_id: str, viewer: str | None = None) -> list[LotRow]:
    """The lots of a campaign, the latest first; a member finds neither the files nor the amounts hidden from them."""
    query = (
        select(Lot, func.count(LotLine.application_id), func.coalesce(func.sum(LotLine.amount_cents), 0))
        .join(LotLine, LotLine.lot_id == Lot.id)
        .join(Application, Application.id == LotLine.application_id)
        .where(Lot.call_id == call_id, LotLine.outcome != "returned", visible(viewer))
        .group_by(Lot.id)
        .order_by(Lot.submitted_at.desc(), written("lot").desc())
    )
    return [
        LotRow(
            id=lot.id,
            label=lot.label,
            state=lot.state,
            files=files,
            total_cents=total,
            body=lot.body or "",
            act_number=lot.act_number or "",
            act_on=lot.act_on,
            sent_to_prefect_on=lot.sent_to_prefect_on,
            published_on=lot.published_on,
            submitted_on=local(lot.submitted_at).date(),
        )
        for lot, files, total in session.execute(query)
    ]
