"""The scenarios of a campaign, and the files of one of them by rank."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.engine import ask
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, DecisionEnd, Lot, LotLine, Scenario
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import applications, candidates, scores
from cv_desktop.db.queries.candidates import UNKNOWN, About
from cv_desktop.db.queries.lots import in_force, written
from cv_desktop.db.queries.visibility import hidden, visible
from cv_desktop.domain.ranking import Ranked, rank
from cv_desktop.domain.states import DisplayedStatus, Opinion


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """``rule`` says how its amounts were proposed, empty when a person made it."""

    id: str
    label: str
    position: int
    retained: bool
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ArbitrationRow:
    """A file with a collective opinion. ``amount_cents`` None: nothing proposed yet.

    Once a lot holds the file, its amount and ``lot_motive`` are those of the lot or of the decision, the same in every
    scenario; an ended decision says why it ended.
    """

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
    own_base_cents: int | None = None
    cut: str = ""
    about: About = UNKNOWN
    lot_outcome: str = ""
    lot_motive: str = ""

    @property
    def base_cents(self) -> int | None:
        """The eligible base: what the scenario says, else that of the budget; None when none is known."""
        return self.about.eligible_cents if self.own_base_cents is None else self.own_base_cents

    @property
    def minimum_cents(self) -> int | None:
        """What the association declared to need at least, never more than its request."""
        declared = self.about.minimum_cents
        return None if declared is None else min(declared, self.asked_cents)


# As text: they are asked after each amount.
_LINES = """
SELECT application_id, amount_cents, base_cents, locked, motive, cut FROM scenario_line WHERE scenario_id = :scenario
"""
_OF_FILES = f"{_LINES} AND application_id IN (SELECT value FROM json_each(:files))"
_ROWS = "SELECT id, label, position, retained, rule FROM scenario WHERE call_id = :call ORDER BY position, id"
_RETAINED = "SELECT id FROM scenario WHERE call_id = :call AND retained"
_MARKS = "SELECT call_id, retained FROM scenario WHERE id = :scenario"


class LineRow(NamedTuple):
    """What a scenario says of a file."""

    amount_cents: int | None = None
    base_cents: int | None = None
    locked: bool = False
    motive: str = ""
    cut: str = ""


def rows(session: Session, *, call_id: str) -> list[ScenarioRow]:
    """The scenarios of a campaign in the order of their tabs."""
    return [
        ScenarioRow(key, label, position, bool(retained), rule)
        for key, label, position, retained, rule in ask(session, _ROWS, call=call_id)
    ]


def retained(session: Session, *, call_id: str) -> str:
    """The scenario of a campaign that counts: its amounts are « marqué », and go to the vote."""
    ((found,),) = ask(session, _RETAINED, call=call_id)
    return str(found)


def marks(session: Session, *, scenario_id: str) -> str:
    """The campaign whose money a scenario marks; empty when it is not the one retained."""
    ((call_id, kept),) = ask(session, _MARKS, scenario=scenario_id)
    return str(call_id) if kept else ""


def lines(
    session: Session, *, scenario_id: str, viewer: str | None = None, files: Collection[str] | None = None
) -> dict[str, LineRow]:
    """What a scenario says of each file, or of these ``files`` only, by the key of the file."""
    kept = hidden(session, viewer) if viewer is not None else set()
    if files is None:
        found = ask(session, _LINES, scenario=scenario_id)
    else:
        found = ask(session, _OF_FILES, scenario=scenario_id, files=json.dumps(list(files)))
    return {
        key: LineRow(amount, base, bool(locked), motive, cut)
        for key, amount, base, locked, motive, cut in found
        if key not in kept
    }


def base(session: Session, *, application_id: str) -> int | None:
    """The eligible base that bounds the award of one file, in cents: the retained scenario's, else its budget's."""
    call_id = session.scalars(select(Application.call_id).where(Application.id == application_id)).one()
    scenario = retained(session, call_id=call_id)
    own = lines(session, scenario_id=scenario, files=[application_id]).get(application_id, LineRow()).base_cents
    if own is not None:
        return own
    return candidates.bases(session, call_id=call_id, application_id=application_id).get(application_id)


def bases(session: Session, *, call_id: str) -> dict[str, int]:
    """As ``base`` for every file of a campaign that has one, by key."""
    said = lines(session, scenario_id=retained(session, call_id=call_id))
    own = {key: line.base_cents for key, line in said.items() if line.base_cents is not None}
    return candidates.bases(session, call_id=call_id) | own


def ranking(
    session: Session, *, scenario_id: str, viewer: str | None = None, weights: Mapping[str, int] | None = None
) -> tuple[Ranked[ArbitrationRow], ...]:
    """The files that a meeting gave an opinion on, by exact note of the committee.

    ``weights`` are those of a trial, in points by code of criterion: the others keep their own.
    """
    call_id = session.scalars(select(Scenario.call_id).where(Scenario.id == scenario_id)).one()
    notes = scores.notes(session, call_id=call_id, weights=weights)
    opinions = (
        select(AgendaItem.application_id, AgendaItem.opinion)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(Meeting.call_id == call_id, AgendaItem.opinion.is_not(None), visible(viewer))
        .order_by(Meeting.held_on, Meeting.id)
    )
    opinion = {key: Opinion(value) for key, value in session.execute(opinions) if value}
    proposed = lines(session, scenario_id=scenario_id, viewer=viewer)
    held = _held(session, call_id, opinion)
    about = candidates.rows(session, call_id=call_id, viewer=viewer)
    found = []
    for row in applications.rows(session, call_id=call_id, viewer=viewer):
        line = proposed.get(row.id, LineRow())
        lot, state, amount, outcome, told = held.get(row.id, (None, "", line.amount_cents, "", ""))
        if row.id not in opinion or (row.status is DisplayedStatus.WITHDRAWN and lot is None):
            continue
        found.append(
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
                locked=line.locked,
                motive=line.motive,
                lot_id=lot,
                lot_state=state,
                status=row.status,
                own_base_cents=line.base_cents,
                cut=line.cut,
                about=about.get(row.id, UNKNOWN),
                lot_outcome=outcome,
                lot_motive=told,
            )
        )
    return rank(found, note=lambda r: r.note, number=lambda r: r.number)


def _held(session: Session, call_id: str, opinion: dict[str, Opinion]) -> dict[str, tuple[str, str, int, str, str]]:
    """The lot of each file that one holds, its state, the amount submitted or decided, the outcome and the reason."""
    decided = case((in_force(), Decision.amount_cents), (Decision.id.is_not(None), 0))
    query = (
        select(
            LotLine.application_id,
            Lot.id,
            Lot.state,
            LotLine.outcome,
            LotLine.amount_cents,
            decided,
            func.coalesce(DecisionEnd.reason, LotLine.motive),
        )
        .join(Lot, Lot.id == LotLine.lot_id)
        .outerjoin(Decision, (Decision.lot_id == Lot.id) & (Decision.application_id == LotLine.application_id))
        .outerjoin(DecisionEnd, DecisionEnd.decision_id == Decision.id)
        .where(Lot.call_id == call_id, Lot.state != "returned", LotLine.outcome != "returned")
        .order_by(Lot.submitted_at, written("lot"))
    )
    return {
        key: (lot, state, submitted if decided is None else decided, outcome, told)
        for key, lot, state, outcome, submitted, decided, told in session.execute(query)
        # Adjourned by a vote, a file waits for a meeting; once that one gave its opinion it can be voted again.
        if state == "submitted" or outcome != Opinion.ADJOURNED or opinion.get(key) is Opinion.ADJOURNED
    }
