"""What became of one file: the opinions given, the decisions of the acts, the letters written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import ConditionLift, Decision, DecisionEnd, Letter, Lot, LotLine
from cv_desktop.db.models.decision import Recourse as RecourseModel
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.signatory import Dispatch, Signature
from cv_desktop.db.queries import dispatches
from cv_desktop.db.queries.letters import shown_state
from cv_desktop.db.queries.lots import in_force, written
from cv_desktop.db.queries.tuples import tuples
from cv_desktop.domain.conditions import Condition
from cv_desktop.domain.recourses import Ending, Kind, Recourse
from cv_desktop.domain.states import Opinion, Outcome


@dataclass(frozen=True, slots=True)
class OpinionRow:
    meeting_id: str
    meeting: str
    held_on: date
    opinion: Opinion | None
    amount_cents: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    id: str
    outcome: Outcome
    amount_cents: int
    motive: str
    decided_at: datetime
    lot: str
    body: str
    act_number: str
    act_on: date | None
    condition: str = ""
    condition_due_on: date | None = None
    rank: int | None = None
    in_force: bool = True
    ending: Ending | None = None
    ended_on: date | None = None
    end_reason: str = ""
    notified_on: date | None = None  # the day its letter was received
    lifted_on: date | None = None
    proof: str = ""
    voted_again_cents: int | None = None  # what a lot submitted would replace it by

    @property
    def reserve(self) -> Condition | None:
        """The condition it is given under, None when there is none."""
        if not self.condition or self.condition_due_on is None:
            return None
        return Condition(self.condition, self.condition_due_on, self.lifted_on, self.proof)


@dataclass(frozen=True, slots=True)
class RecourseRow:
    id: str
    decision_id: str
    recourse: Recourse
    note: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    id: str
    kind: str
    label: str
    number: str
    state: str
    dated_on: date | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    opinions: tuple[OpinionRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    letters: tuple[LetterRow, ...] = ()
    recourses: tuple[RecourseRow, ...] = ()

    @property
    def current(self) -> DecisionRow | None:
        """The decision that counts today; an adjournment is none."""
        found = [d for d in self.decisions if d.in_force and d.outcome is not Outcome.ADJOURNED]
        return found[-1] if found else None


def of_application(session: Session, *, application_id: str) -> Outcomes:
    """All that followed the deposit of a file, each list in the order of time."""
    opinions = (
        select(
            Meeting.id,
            Meeting.label,
            Meeting.held_on,
            AgendaItem.opinion,
            AgendaItem.amount_cents,
            AgendaItem.reason,
        )
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.application_id == application_id)
        .order_by(Meeting.held_on, Meeting.id)
    )
    decisions = (
        select(
            Decision.id,
            Decision.outcome,
            Decision.amount_cents,
            Decision.motive,
            Decision.decided_at,
            Lot.label,
            Lot.body,
            Lot.act_number,
            Lot.act_on,
            Decision.condition,
            Decision.condition_due_on,
            Decision.rank,
            case((in_force(), 1), else_=0),
            DecisionEnd.kind,
            DecisionEnd.ended_on,
            DecisionEnd.reason,
            ConditionLift.lifted_on,
            ConditionLift.proof,
        )
        .join(Lot, Lot.id == Decision.lot_id)
        .outerjoin(DecisionEnd, DecisionEnd.decision_id == Decision.id)
        .outerjoin(ConditionLift, ConditionLift.decision_id == Decision.id)
        .where(Decision.application_id == application_id)
        .order_by(Decision.decided_at, written("decision"))
    )
    letters = (
        select(Letter.id, Letter.kind, LetterTemplate.label, Letter.number, shown_state(), Letter.dated_on)
        .join(LetterTemplate, LetterTemplate.id == Letter.template_id)
        .outerjoin(Signature, Signature.letter_id == Letter.id)
        .outerjoin(Dispatch, Dispatch.letter_id == Letter.id)
        .where(Letter.application_id == application_id)
        .order_by(Letter.prepared_at, Letter.kind)
    )
    decided = session.scalars(select(Decision.id).where(Decision.application_id == application_id)).all()
    notified, told = dispatches.notified(session, decided), dispatches.answered(session, decided)
    again = dict(
        tuples(
            session,
            select(LotLine.supersedes_id, LotLine.amount_cents)
            .join(Lot, Lot.id == LotLine.lot_id)
            .where(LotLine.application_id == application_id, LotLine.supersedes_id.is_not(None))
            .where(Lot.state == "submitted", LotLine.outcome != Outcome.RETURNED),
        )
    )
    recourses = (
        select(RecourseModel)
        .join(Decision, Decision.id == RecourseModel.decision_id)
        .where(Decision.application_id == application_id)
        .order_by(RecourseModel.filed_on, RecourseModel.id)
    )
    return Outcomes(
        tuple(
            OpinionRow(key, label, day, Opinion(opinion) if opinion else None, cents, reason)
            for key, label, day, opinion, cents, reason in session.execute(opinions)
        ),
        tuple(
            DecisionRow(
                key,
                Outcome(outcome),
                cents,
                motive,
                at,
                lot,
                body or "",
                number or "",
                day,
                condition,
                due,
                rank,
                bool(counts),
                Ending(ending) if ending else None,
                ended,
                end_reason or "",
                notified.get(key),
                lifted,
                proof or "",
                again.get(key),
            )
            for (
                key,
                outcome,
                cents,
                motive,
                at,
                lot,
                body,
                number,
                day,
                condition,
                due,
                rank,
                counts,
                ending,
                ended,
                end_reason,
                lifted,
                proof,
            ) in session.execute(decisions)
        ),
        tuple(
            LetterRow(key, kind, label, number or "", state, day)
            for key, kind, label, number, state, day in session.execute(letters)
        ),
        _recourses(session, session.scalars(recourses), notified, told),
    )


def _recourses(
    session: Session, rows: Iterable[RecourseModel], notified: Mapping[str, date], told: Mapping[str, Sequence[date]]
) -> tuple[RecourseRow, ...]:
    """In the order of time; one before the court knows the gracious ones filed before it, that may keep its delay."""
    given = list(rows)
    keys = {row.decision_id for row in given}
    ended = dict(
        tuples(
            session,
            select(DecisionEnd.decision_id, DecisionEnd.ended_on).where(DecisionEnd.decision_id.in_(keys)),
        )
    )
    found: list[RecourseRow] = []
    for row in given:
        received = (day for day in told.get(row.decision_id, ()) if row.answered_on and day >= row.answered_on)
        before = (one for one in found if one.decision_id == row.decision_id and one.recourse.kind is Kind.GRACIOUS)
        recourse = Recourse(
            Kind(row.kind), row.filed_on, row.notified_on or notified.get(row.decision_id), row.outcome,
            row.answered_on, next(received, None), ended.get(row.decision_id), tuple(one.recourse for one in before),
        )  # fmt: skip
        found.append(RecourseRow(row.id, row.decision_id, recourse, row.note))
    return tuple(found)
