"""What happens to a decision after its act: given up, withdrawn, challenged."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, DecisionEnd, Lot, Recourse
from cv_desktop.db.queries import dispatches
from cv_desktop.db.queries.lots import awaiting
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain import recourses
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.recourses import Ending, Kind
from cv_desktop.domain.text import quote
from cv_desktop.services import movements, phases, versions


def end(session: Session, *, application_id: str, kind: str, reason: str) -> Changes:
    """End the decision in force of a file: the association gives it up, or the authority withdraws it.

    Its money is free again, less what was already called or paid. Raises UserError without a reason, without a decision
    in force, while another one awaits its vote to replace it, past the four months of an illegal decision, or while
    money of it is called or paid.
    Source: CRPA L242-1, L242-2, L211-2 (a withdrawal is reasoned).
    """
    ending = Ending(kind)
    required_reason(reason, "de la renonciation" if ending is Ending.RENOUNCED else "du retrait")
    file = session.get_one(Application, application_id)
    phases.of_open(session, file.call_id)
    decision = versions.current(session, application_id)
    if decision is None:
        raise UserError(f"{file.number} n’a pas de décision en vigueur : il n’y a rien à retirer.")
    if held := awaiting(session, application_id=application_id):
        raise UserError(
            f"{file.number} attend un nouveau vote dans {quote(held)}\u00a0: retournez ce lot à l’arbitrage, puis "
            "retirez la décision."
        )
    lot = session.get_one(Lot, decision.lot_id)
    recourses.may_end(ending, lot.act_on or local(decision.decided_at).date(), today(session))
    session.add(
        DecisionEnd(
            decision_id=decision.id,
            kind=ending.value,
            ended_on=today(session),
            reason=reason.strip(),
            recorded_at=now(session),
        )
    )
    if ending is Ending.RENOUNCED:
        file.status, file.withdrawn_on, file.status_reason = "withdrawn", today(session), reason.strip()
    record(
        session,
        verb="endings.end",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} : {ending.label}, acte n° {lot.act_number}",
        before=decision.amount_cents,
        reason=reason.strip(),
    )
    movements.settle(
        session, call_id=file.call_id, files=[file.id], verb="endings.end", reason=reason.strip(), lot_id=lot.id,
        decisions={file.id: decision.id},
    )  # fmt: skip
    return Changes.of("application", application_id) | Changes.of("decision", decision.id)


def file_recourse(
    session: Session, *, decision_id: str, kind: str, filed_on: date, notified_on: date | None = None, note: str = ""
) -> tuple[Changes, str]:
    """Record a recourse against a decision. Raises UserError on days that cannot be."""
    decision = session.get_one(Decision, decision_id)
    file, wanted = session.get_one(Application, decision.application_id), Kind(kind)
    lot = session.get_one(Lot, decision.lot_id)
    if filed_on > today(session):
        raise UserError(f"Le {long_date(filed_on)} n’est pas encore venu.", field="filed_on")
    if lot.act_on and filed_on < lot.act_on:
        raise UserError(f"Le {long_date(filed_on)} précède l’acte, daté du {long_date(lot.act_on)}.", field="filed_on")
    if notified_on and (notified_on > filed_on or (lot.act_on and notified_on < lot.act_on)):
        raise UserError(
            f"La notification du {long_date(notified_on)} doit être entre l’acte et le recours.", field="notified_on"
        )
    received = dispatches.notified(session, [decision_id]).get(decision_id)
    if notified_on is None and received and received <= filed_on:
        notified_on = received
    row = Recourse(
        id=new_id(session), decision_id=decision_id, kind=wanted.value, filed_on=filed_on, notified_on=notified_on,
        outcome="", answered_on=None, note=note.strip(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(
        session,
        verb="endings.file_recourse",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {wanted.label.lower()} du {long_date(filed_on)}",
        after={"kind": wanted.value, "filed_on": filed_on.isoformat()},
    )
    undo = Step(remove_recourse, {"recourse_id": row.id})
    return Changes.of("application", file.id, undo=undo), row.id


def answer_recourse(session: Session, *, recourse_id: str, outcome: str, answered_on: date | None) -> Changes:
    """Record what was answered to a recourse: « accepted », « rejected » or nothing. Raises UserError on its day."""
    row = session.get_one(Recourse, recourse_id)
    file = session.get_one(Application, session.get_one(Decision, row.decision_id).application_id)
    if outcome and (answered_on is None or answered_on < row.filed_on or answered_on > today(session)):
        raise UserError(
            f"Indiquez le jour de la réponse, entre le {long_date(row.filed_on)} et aujourd’hui.", field="answered_on"
        )
    before = {"outcome": row.outcome, "answered_on": row.answered_on}
    row.outcome, row.answered_on = outcome, answered_on if outcome else None
    words = {"accepted": "accueilli", "rejected": "rejeté", "": "en attente"}[outcome]
    record(
        session,
        verb="endings.answer_recourse",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {Kind(row.kind).label.lower()} {words}",
        before=before["outcome"],
        after=outcome,
    )
    return Changes.of("application", file.id, undo=Step(answer_recourse, {"recourse_id": recourse_id, **before}))


def remove_recourse(session: Session, *, recourse_id: str) -> Changes:
    """Take back a recourse recorded by mistake."""
    row = session.get_one(Recourse, recourse_id)
    file = session.get_one(Application, session.get_one(Decision, row.decision_id).application_id)
    kind, filed_on = Kind(row.kind), row.filed_on
    values = {column.key: getattr(row, column.key) for column in Recourse.__table__.columns}
    session.delete(row)
    session.flush()
    record(
        session,
        verb="endings.remove_recourse",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {kind.label.lower()} effacé",
        before={
            "kind": kind.value,
            "filed_on": filed_on.isoformat(),
            "outcome": values["outcome"],
            "note": values["note"],
        },
    )
    return Changes.of("application", file.id, undo=Step(_restore_recourse, {"values": values}))


def _restore_recourse(session: Session, *, values: dict[str, Any]) -> Changes:
    """A recourse back as it was, its answer and its key too: what follows on the way back names it."""
    row = Recourse(**values)
    session.add(row)
    session.flush()
    file = session.get_one(Application, session.get_one(Decision, row.decision_id).application_id)
    record(
        session,
        verb="endings.restore_recourse",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}\u00a0: {Kind(row.kind).label.lower()} du {long_date(row.filed_on)} rétabli",
        after={"kind": row.kind, "filed_on": row.filed_on.isoformat(), "outcome": row.outcome},
    )
    return Changes.of("application", file.id, undo=Step(remove_recourse, {"recourse_id": row.id}))
