"""What became of one file: the opinions given, the decisions of the acts, the letters written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Decision, Letter, Lot
from cv_desktop.db.models.meeting import AgendaItem, Meeting
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
        )
        .join(Lot, Lot.id == Decision.lot_id)
        .where(Decision.application_id == application_id)
        .order_by(Decision.decided_at)
    )
    letters = (
        select(Letter.id, Letter.kind, LetterTemplate.label, Letter.number, Letter.state, Letter.dated_on)
        .join(LetterTemplate, LetterTemplate.id == Letter.template_id)
        .where(Letter.application_id == application_id)
        .order_by(Letter.prepared_at, Letter.kind)
    )
    return Outcomes(
        tuple(
            OpinionRow(key, label, day, Opinion(opinion) if opinion else None, cents, reason)
            for key, label, day, opinion, cents, reason in session.execute(opinions)
        ),
        tuple(
            DecisionRow(key, Outcome(outcome), cents, motive, at, lot, body or "", number or "", day)
            for key, outcome, cents, motive, at, lot, body, number, day in session.execute(decisions)
        ),
        tuple(
            LetterRow(key, kind, label, number or "", state, day)
            for key, kind, label, number, state, day in session.execute(letters)
        ),
    )
