"""The envelope and its buckets, always added up from what was written, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Lot, LotLine, Scenario, ScenarioLine
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import applications, movements, scores
from cv_desktop.db.queries.lots import held
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.ranking import Ranked, rank
from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus, Opinion


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    id: str
    label: str
    position: int


@dataclass(frozen=True, slots=True)
class ArbitrationRow:
    """A file with a collective opinion. ``amount_cents`` None: nothing proposed yet."""

    application_id: str
    number: str
    structure: str
    title: str
    theme: str
    quarters: str
    note: Fraction | None
    asked_cents: int
    cost_cents: int
    opinion: Opinion
    amount_cents: int | None
    locked: bool
    motive: str
    lot_id: str | None
    lot_state: str
    status: DisplayedStatus


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


def buckets(session: Session, *, call_id: str, scenario_id: str | None = None, viewer: str | None = None) -> Buckets:
    """What each bucket of a campaign holds, added up from its movements.

    Marked is what the scenario that marks does, or what another one would. A member's totals leave out the files hidden
    from that member: a difference would tell their amount.
    """
    found = movements.totals(session, call_id=call_id, viewer=viewer)
    marked = found.get(Bucket.MARKED, 0)
    if scenario_id not in (None, first_scenario(session, call_id=call_id)):
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


def first_scenario(session: Session, *, call_id: str) -> str:
    """The scenario a campaign starts with."""
    return session.scalars(
        select(Scenario.id).where(Scenario.call_id == call_id).order_by(Scenario.position).limit(1)
    ).one()


def scenarios(session: Session, *, call_id: str) -> list[ScenarioRow]:
    """The scenarios of a campaign in the order of their tabs."""
    query = (
        select(Scenario.id, Scenario.label, Scenario.position)
        .where(Scenario.call_id == call_id)
        .order_by(Scenario.position)
    )
    return [ScenarioRow(*row) for row in session.execute(query)]


def ranking(session: Session, *, scenario_id: str, viewer: str | None = None) -> tuple[Ranked[ArbitrationRow], ...]:
    """The files that a meeting gave an opinion on, by exact note of the committee."""
    call_id = session.scalars(select(Scenario.call_id).where(Scenario.id == scenario_id)).one()
    notes = scores.notes(session, call_id=call_id)
    opinions = (
        select(AgendaItem.application_id, AgendaItem.opinion)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(Meeting.call_id == call_id, AgendaItem.opinion.is_not(None), visible(viewer))
        .order_by(Meeting.held_on, Meeting.id)
    )
    opinion = {key: Opinion(value) for key, value in session.execute(opinions) if value}
    lines = {
        key: (amount, locked, motive)
        for key, amount, locked, motive in session.execute(
            select(
                ScenarioLine.application_id, ScenarioLine.amount_cents, ScenarioLine.locked, ScenarioLine.motive
            ).where(ScenarioLine.scenario_id == scenario_id)
        )
    }
    lots = {
        key: (lot, state)
        for key, lot, state, outcome in session.execute(
            select(LotLine.application_id, Lot.id, Lot.state, LotLine.outcome)
            .join(Lot, Lot.id == LotLine.lot_id)
            .where(Lot.call_id == call_id, Lot.state != "returned")
            .order_by(Lot.submitted_at, Lot.id)
        )
        # Adjourned by a vote, a file waits for a meeting; once that one gave its opinion it can be voted again.
        if state == "submitted" or outcome != Opinion.ADJOURNED or opinion.get(key) is Opinion.ADJOURNED
    }
    rows = []
    for row in applications.rows(session, call_id=call_id, viewer=viewer):
        lot, state = lots.get(row.id, (None, ""))
        if row.id not in opinion or (row.status is DisplayedStatus.WITHDRAWN and lot is None):
            continue
        amount, locked, motive = lines.get(row.id, (None, False, ""))
        rows.append(
            ArbitrationRow(
                application_id=row.id,
                number=row.number,
                structure=row.structure,
                title=row.title,
                theme=row.theme,
                quarters=row.quarters,
                note=notes.get(row.id),
                asked_cents=row.asked_cents,
                cost_cents=row.cost_cents,
                opinion=opinion[row.id],
                amount_cents=amount,
                locked=locked,
                motive=motive,
                lot_id=lot,
                lot_state=state,
                status=row.status,
            )
        )
    return rank(rows, note=lambda r: r.note, number=lambda r: r.number)


def lots(session: Session, *, call_id: str, viewer: str | None = None) -> list[LotRow]:
    """The lots of a campaign, the latest first; a member finds neither the files nor the amounts hidden from them."""
    query = (
        select(Lot, func.count(LotLine.application_id), func.coalesce(func.sum(LotLine.amount_cents), 0))
        .join(LotLine, LotLine.lot_id == Lot.id)
        .join(Application, Application.id == LotLine.application_id)
        .where(Lot.call_id == call_id, visible(viewer))
        .group_by(Lot.id)
        .order_by(Lot.submitted_at.desc())
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
        )
        for lot, files, total in session.execute(query)
    ]
