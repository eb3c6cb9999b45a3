"""Derogations: a rule set aside for one file by somebody, for a reason, until it is lifted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.derogation import Derogation
from cv_desktop.db.queries import calls
from cv_desktop.db.work import actor, new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.documents import label
from cv_desktop.domain.eligibility import Status
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.services.applications import current_checks, refuse_judged

_COLUMNS = ("id", "application_id", "code", "item", "reason", "author", "given_at", "lifted_at", "lifted_by")


def give(session: Session, *, application_id: str, code: str, reason: str, item: str = "") -> Changes:
    """Set a check aside for a file, or dispense it of one document (``item``); the author is who writes.

    Raises UserError without a reason of ten characters, when the rule is respected, or when it is already set aside.
    """
    bare = required_reason(reason, "de la dérogation")
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    result = next((r for r in current_checks(session, file) if r.code == code), None)
    if result is None or result.status not in (Status.FAIL, Status.WARN):
        raise UserError("Cette règle est respectée ou n’est pas demandée : il n’y a pas à y déroger.")
    if item and item not in dict(result.items):
        raise UserError(f"La pièce « {label(item)} » ne manque pas à ce dossier : il n’y a pas à en dispenser.")
    row = Derogation(
        id=new_id(session),
        application_id=application_id,
        code=code,
        item=item,
        reason=bare,
        author=actor(session),
        given_at=now(session),
        lifted_at=None,
        lifted_by=None,
    )
    session.add(row)
    session.flush()
    what = f"pièce « {label(item)} »" if item else f"« {result.title} »"
    record(
        session,
        verb="derogations.give",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} : dérogation, {what}",
        before=result.sentence,
        after={"code": code, "item": item},
        reason=bare,
    )
    return Changes.of("application", application_id, undo=Step(withdraw, {"derogation_id": row.id}))


def lift(session: Session, *, derogation_id: str) -> Changes:
    """Put the rule back for the file; the derogation stays in its history. Raises UserError when it is lifted."""
    row = session.get_one(Derogation, derogation_id)
    file = session.get_one(Application, row.application_id)
    refuse_judged(file)
    if row.lifted_at is not None:
        raise UserError("Cette dérogation est déjà levée.")
    row.lifted_at, row.lifted_by = now(session), actor(session)
    _say(session, file, row, "dérogation levée")
    undo = Step(restore_lifted, {"derogation_id": row.id, "lifted_at": None, "lifted_by": None})
    return Changes.of("application", file.id, undo=undo)


def withdraw(session: Session, *, derogation_id: str) -> Changes:
    """Take back a derogation just given, as if it had not been: the way back."""
    row = session.get_one(Derogation, derogation_id)
    file = session.get_one(Application, row.application_id)
    refuse_judged(file)
    values = {name: getattr(row, name) for name in _COLUMNS}
    session.delete(row)
    _say(session, file, row, "dérogation retirée")
    return Changes.of("application", file.id, undo=Step(put_back, {"values": values}))


def put_back(session: Session, *, values: dict[str, Any]) -> Changes:
    """Give again a derogation that was taken back."""
    file = session.get_one(Application, values["application_id"])
    refuse_judged(file)
    row = Derogation(**values)
    session.add(row)
    session.flush()
    _say(session, file, row, "dérogation rétablie")
    return Changes.of("application", file.id, undo=Step(withdraw, {"derogation_id": row.id}))


def restore_lifted(
    session: Session, *, derogation_id: str, lifted_at: datetime | None, lifted_by: str | None
) -> Changes:
    """Put back whether a derogation is lifted: the way back."""
    row = session.get_one(Derogation, derogation_id)
    file = session.get_one(Application, row.application_id)
    refuse_judged(file)
    before = {"lifted_at": row.lifted_at, "lifted_by": row.lifted_by}
    row.lifted_at, row.lifted_by = lifted_at, lifted_by
    _say(session, file, row, "dérogation levée" if lifted_at else "dérogation rétablie")
    return Changes.of("application", file.id, undo=Step(restore_lifted, {"derogation_id": row.id, **before}))


def _say(session: Session, file: Application, row: Derogation, words: str) -> None:
    rule = calls.rules(session, file.call_id).by_check(row.code)
    what = f"pièce « {label(row.item)} »" if row.item else f"« {rule.label if rule else row.code} »"
    record(
        session,
        verb="derogations.set",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {words}, {what}",
        after={"code": row.code, "item": row.item},
        reason=row.reason,
    )
