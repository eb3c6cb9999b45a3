"""Which letters a campaign calls for by itself: from the state of its files, and from its decisions in force."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.queries import completions, convention_standings
from cv_desktop.db.queries.lots import in_force
from cv_desktop.domain.conventions import CONVENTION
from cv_desktop.domain.letters import OF_OUTCOME, WITH_CONVENTION

REQUEST = "AR-P"


def of_call(session: Session, call_id: str) -> dict[tuple[str, str], str | None]:
    """(file, kind) → decision, or request for documents, of every letter that a campaign calls for."""
    due: dict[tuple[str, str], str | None] = {}
    files = session.execute(
        select(Application.id, Application.status)
        .where(Application.call_id == call_id, Application.status.not_in(("draft", "withdrawn")))
        .order_by(Application.seq)
    ).all()
    for key, _status in files:
        due[key, "AR"] = None
    requested = completions.opened(session, Application.call_id == call_id)
    for key, status in files:
        if status == "incomplete" and key in requested:
            due[key, REQUEST] = requested[key].id
        elif status == "ineligible":
            due[key, "IRR"] = None
    decisions = session.execute(
        select(Decision.application_id, Decision.id, Decision.outcome)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.call_id == call_id, in_force())
        .order_by(Application.seq, Decision.decided_at)
    )
    standings = {row.decision_id: row for row in convention_standings.rows(session, call_id=call_id)}
    told = _told(session, call_id)
    for key, decision, outcome in decisions:
        if outcome not in OF_OUTCOME:
            continue
        found = standings.get(decision)
        required = found is not None and found.standing.requirement is not None
        # An award told once is not told again when the year passes the threshold, or falls back under it.
        with_convention = told[decision] == WITH_CONVENTION if decision in told else required
        due[key, WITH_CONVENTION if with_convention else OF_OUTCOME[outcome]] = decision
        if found is not None and found.calls_for_text:
            due[key, CONVENTION] = decision
    return due


def _told(session: Session, call_id: str) -> dict[str, str]:
    """The decisions already told by a letter, with its kind."""
    telling = select(Letter.decision_id, Letter.kind).where(
        Letter.call_id == call_id,
        Letter.number.is_not(None),
        Letter.kind.in_((*OF_OUTCOME.values(), WITH_CONVENTION)),
    )
    return {decision: kind for decision, kind in session.execute(telling) if decision}
