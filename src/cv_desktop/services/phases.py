"""The life of a campaign: opened once its règlement is validated, closed at its end, reopened with a reason."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.queries import doubts
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.text import counted


def of_open(session: Session, call_id: str) -> Call:
    """The campaign, when it may still be written. Raises UserError when it is closed."""
    call = session.get_one(Call, call_id)
    if call.closed_on is not None:
        raise UserError(
            f"La campagne « {call.label} » est close depuis le {long_date(call.closed_on)}. "
            "Rouvrez-la dans Campagnes pour la modifier."
        )
    return call


def open_call(session: Session, *, call_id: str) -> Changes:
    """Open a campaign to the deposits. Raises UserError while values of its own wait for their validation."""
    call = of_open(session, call_id)
    if call.opened_on is not None:
        raise UserError(f"La campagne est ouverte depuis le {long_date(call.opened_on)}.")
    waiting = [d for d in doubts.rows(session, call_id, today(session)) if d.own]
    if waiting:
        named = ", ".join(d.label for d in waiting[:3])
        more = f" et {counted(len(waiting) - 3, 'autre')}" if len(waiting) > 3 else ""
        raise UserError(f"Il reste à valider : {named}{more}. Validez-les, puis ouvrez la campagne.")
    return _set(session, call, "open", "ouverte au dépôt", opened_on=today(session))


def close_call(session: Session, *, call_id: str) -> Changes:
    """Close a campaign: nothing of it is written any more. Raises UserError while files wait for their decision."""
    call = of_open(session, call_id)
    waiting = session.scalars(
        select(Application.number)
        .where(
            Application.call_id == call_id,
            or_(
                Application.status.in_(("deposited", "incomplete")),
                and_(
                    Application.status == "eligible",
                    ~exists().where(Decision.application_id == Application.id),
                ),
            ),
        )
        .order_by(Application.seq)
    ).all()
    if waiting:
        named = ", ".join(waiting[:3]) + ("…" if len(waiting) > 3 else "")
        raise UserError(
            f"{counted(len(waiting), 'dossier')} sans décision : {named}. "
            "Décidez de chacun, ou enregistrez son retrait, puis clôturez la campagne."
        )
    return _set(session, call, "close", "close", closed_on=today(session))


def reopen_call(session: Session, *, call_id: str, reason: str) -> Changes:
    """Open a closed campaign again. Raises UserError when it is not closed, or without a reason of ten characters."""
    call = session.get_one(Call, call_id)
    if call.closed_on is None:
        raise UserError("Cette campagne n’est pas close.")
    required_reason(reason, "de la réouverture")
    return _set(session, call, "reopen", "rouverte", reason.strip(), closed_on=None)


def restore(session: Session, *, call_id: str, opened_on: date | None, closed_on: date | None) -> Changes:
    """Put the opening and the closing back as they were: the way back of the three above."""
    call = session.get_one(Call, call_id)
    return _set(session, call, "restore", "phase d’avant rétablie", opened_on=opened_on, closed_on=closed_on)


def _set(session: Session, call: Call, verb: str, words: str, reason: str = "", **values: date | None) -> Changes:
    before = {"opened_on": call.opened_on, "closed_on": call.closed_on}
    for name, value in values.items():
        setattr(call, name, value)
    session.flush()
    record(
        session,
        verb=f"phases.{verb}",
        noun="call",
        noun_id=call.id,
        summary=f"Campagne « {call.label} » {words}",
        before=before,
        after=values,
        reason=reason,
    )
    return Changes.of("call", call.id, undo=Step(restore, {"call_id": call.id, **before}))
