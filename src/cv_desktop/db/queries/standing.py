"""Adds up how far a campaign is, in a few questions whatever the number of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision, Letter, Lot, LotLine, Scenario, ScenarioLine
from cv_desktop.db.models.meeting import AgendaItem, Meeting, Review
from cv_desktop.db.queries import call_rows, calls, rounds, seats
from cv_desktop.db.queries.visibility import counts, visible
from cv_desktop.domain.rounds import deadline
from cv_desktop.domain.standing import Standing
from cv_desktop.domain.states import Opinion, Phase

_GIVING = (Opinion.FAVORABLE.value, Opinion.RESERVED.value)


@dataclass(frozen=True, slots=True)
class FileStep:
    """How far one file is: ``opinion`` None without one; ``priced`` when the working scenario gives it an amount."""

    id: str
    number: str
    status: str
    scheduled: bool
    opinion: str | None
    priced: bool
    in_lot: bool
    decided: bool
    told: bool
    sheets: int
    expected: int

    @property
    def waits_decision(self) -> bool:
        return self.opinion is not None and not self.decided


def standing(session: Session, *, call_id: str, viewer: str | None = None) -> Standing:
    """The counts of a campaign, without the files hidden from the viewer."""
    return _counted(session, call_id, files(session, call_id=call_id, viewer=viewer))


def phase(session: Session, *, call_id: str, day: date) -> Phase:
    """Where a campaign stands that day."""
    return standing(session, call_id=call_id).phase(day)


def phases(session: Session, *, day: date, viewer: str | None = None) -> list[tuple[call_rows.CallRow, Phase]]:
    """Every campaign with where it stands that day, the newest first; its phase is the same for everybody."""
    known = call_rows.rows(session, viewer=viewer)
    return [(row, phase(session, call_id=row.id, day=day)) for row in known]


def files(session: Session, *, call_id: str, viewer: str | None = None) -> list[FileStep]:
    """The files of a campaign in order, drafts and withdrawn ones left out."""
    of_call = select(Application.id).where(Application.call_id == call_id)
    agenda = (
        select(AgendaItem.application_id, AgendaItem.opinion)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.call_id == call_id)
        .order_by(Meeting.held_on, Meeting.id)
    )
    opinions = dict(session.execute(agenda).all())
    scenario = (
        select(Scenario.id).where(Scenario.call_id == call_id).order_by(Scenario.position).limit(1).scalar_subquery()
    )
    priced = set(session.scalars(select(ScenarioLine.application_id).where(ScenarioLine.scenario_id == scenario)))
    in_lot = set(
        session.scalars(
            select(LotLine.application_id)
            .join(Lot, Lot.id == LotLine.lot_id)
            .where(Lot.call_id == call_id, Lot.state != "returned")
        )
    )
    decided = set(session.scalars(select(Decision.application_id).where(Decision.application_id.in_(of_call))))
    told = set(
        session.scalars(
            select(Letter.application_id).where(
                Letter.call_id == call_id, Letter.decision_id.is_not(None), Letter.state == "issued"
            )
        )
    )
    titular = set(seats.titular(session, call_id=call_id))
    away = seats.recused(session, call_id=call_id) | seats.outside(session, call_id=call_id)
    kept = Counter(application for application, member in away if member in titular)
    sheets = Counter(session.scalars(select(Review.application_id).where(Review.application_id.in_(of_call), counts())))
    query = (
        select(Application.id, Application.number, Application.status)
        .where(Application.call_id == call_id, Application.status.not_in(("draft", "withdrawn")), visible(viewer))
        .order_by(Application.seq)
    )
    return [
        FileStep(
            id=key,
            number=number,
            status=status,
            scheduled=key in opinions,
            opinion=opinions.get(key),
            priced=key in priced,
            in_lot=key in in_lot,
            decided=key in decided,
            told=key in told,
            sheets=sheets[key],
            expected=len(titular) - kept[key],
        )
        for key, number, status in session.execute(query)
    ]


def _counted(session: Session, call_id: str, found: Iterable[FileStep]) -> Standing:
    steps = list(found)
    call = session.get_one(Call, call_id)
    rules = calls.rules(session, call_id)
    closes = deadline(rounds.dates(session, call_id), None) or rules.day("deposit_closes", call.year)
    minimum = rules.count("reviews_minimum") or 1
    meetings = Counter(session.scalars(select(Meeting.state).where(Meeting.call_id == call_id)))
    eligible = [f for f in steps if f.status == "eligible"]
    waiting = [f for f in eligible if f.waits_decision]
    return Standing(
        files=len(steps),
        deposited=sum(f.status == "deposited" for f in steps),
        incomplete=sum(f.status == "incomplete" for f in steps),
        eligible=len(eligible),
        unscheduled=sum(not f.scheduled and not f.decided for f in eligible),
        marked=sum(f.opinion is not None or f.sheets >= max(1, min(minimum, f.expected)) for f in eligible),
        meetings_pending=meetings.total() - meetings["closed"],
        meetings_closed=meetings["closed"],
        opinions=sum(f.opinion is not None for f in eligible),
        unpriced=sum(f.opinion in _GIVING and not f.priced and not f.in_lot for f in waiting),
        to_submit=sum(not f.in_lot for f in waiting),
        to_decide=len(waiting),
        decided=sum(f.decided for f in eligible),
        untold=sum(f.decided and not f.told for f in eligible),
        opens=rules.day("deposit_opens", call.year),
        closes=closes,
        opened=call.opened_on is not None,
        closed=call.closed_on is not None,
    )
