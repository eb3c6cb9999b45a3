"""The collective opinion as it is written: on the agenda, and as the amount the arbitration starts from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Lot, LotLine, ScenarioLine
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import envelopes
from cv_desktop.db.queries.lots import held
from cv_desktop.db.work import now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import Opinion
from cv_desktop.services import agenda


def write(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    file: Application,
    opinion: str | None,
    amount: int | None,
    reason: str,
) -> Changes:
    """Write an opinion, or take it away (None), with its amount in the first scenario.

    Raises UserError when the file is already submitted to the vote.
    """
    scenario = envelopes.first_scenario(session, call_id=meeting.call_id)
    line = session.get(ScenarioLine, (scenario, file.id))
    kept = None if line is None else {"amount_cents": line.amount_cents, "locked": line.locked, "motive": line.motive}
    wanted = None if amount is None else {"locked": False, "motive": "", **(kept or {}), "amount_cents": amount}
    return _put(session, meeting, item, file, opinion, amount, reason, now(session) if opinion else None, wanted)


def restore(
    session: Session,
    *,
    meeting_id: str,
    application_id: str,
    opinion: str | None,
    amount_cents: int | None,
    reason: str,
    given_at: datetime | None,
    line: dict[str, Any] | None,
) -> Changes:
    """Put back an opinion and the line of the scenario exactly as they were: the way back of one given or withdrawn."""
    meeting = agenda.revealed(session, meeting_id)
    item = session.get_one(AgendaItem, (meeting_id, application_id))
    file = session.get_one(Application, application_id)
    return _put(session, meeting, item, file, opinion, amount_cents, reason, given_at, line)


def _put(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    file: Application,
    opinion: str | None,
    amount: int | None,
    reason: str,
    given_at: datetime | None,
    line: dict[str, Any] | None,
) -> Changes:
    submitted = select(Lot.id).join(LotLine, LotLine.lot_id == Lot.id).where(LotLine.application_id == file.id, held())
    if session.scalars(submitted).first():
        raise UserError(f"{file.number} est déjà soumis au vote : son avis ne change plus.")
    before: dict[str, Any] = {"opinion": item.opinion, "amount_cents": item.amount_cents, "reason": item.reason}
    state = {**before, "given_at": item.given_at, "line": _put_line(session, meeting.call_id, file.id, line)}
    item.opinion, item.amount_cents, item.reason, item.given_at = opinion, amount, reason, given_at
    words = f"avis {Opinion(opinion).label.lower()}, {euros(amount or 0)}" if opinion else "avis retiré"
    record(
        session,
        verb="meetings.give_opinion",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {words}",
        before=before,
        after={"opinion": opinion, "amount_cents": amount},
        reason=reason,
    )
    undo = Step(restore, {"meeting_id": meeting.id, "application_id": file.id, **state})
    touched = Changes.of("application", file.id) | Changes.of("meeting", meeting.id) | Changes.of("scenario", file.id)
    return Changes(touched.touched, undo)


def _put_line(session: Session, call_id: str, application_id: str, wanted: dict[str, Any] | None) -> Any:
    """Sets the line of the first scenario, or takes it away; gives what it was."""
    scenario = envelopes.first_scenario(session, call_id=call_id)
    line = session.get(ScenarioLine, (scenario, application_id))
    before = None if line is None else {"amount_cents": line.amount_cents, "locked": line.locked, "motive": line.motive}
    if wanted is None:
        if line is not None:
            session.delete(line)
    elif line is None:
        session.add(ScenarioLine(scenario_id=scenario, application_id=application_id, **wanted))
    else:
        line.amount_cents, line.locked, line.motive = wanted["amount_cents"], wanted["locked"], wanted["motive"]
    return before
