"""The condition of a grant is lifted on a proof: from then on it can be called and paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import ConditionLift, Decision, Letter, Lot, LotLine
from cv_desktop.db.queries import conditions, movements
from cv_desktop.db.queries.conditions import ConditionRow
from cv_desktop.db.work import actor, now, record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.reasons import LENGTH
from cv_desktop.domain.states import Outcome
from cv_desktop.services import hand_letters, lot_lines


def lift(session: Session, *, application_id: str, lifted_on: date | None, proof: str) -> Changes:
    """Record that the condition of a grant is met, on a day and by what: the document received, who checked it.

    It may be after the day that the act gave: the authority admits it, and the journal says so. Raises UserError when
    the file has no condition to lift, without a proof, or on a day before the act or still to come.
    """
    row, file = _of(session, application_id), session.get_one(Application, application_id)
    if row.condition.lifted_on is not None:
        raise UserError(
            f"{row.condition.standing(today(session))} pour {row.number}\u00a0: elle ne se lève qu’une fois."
        )
    act_on = session.get_one(Lot, session.get_one(Decision, row.decision_id).lot_id).act_on
    if lifted_on is None:
        raise UserError("Indiquez le jour où la réserve est levée.", field="lifted_on")
    if lifted_on > today(session):
        raise UserError(f"Le {long_date(lifted_on)} n’est pas encore venu.", field="lifted_on")
    if act_on is not None and lifted_on < act_on:
        raise UserError(f"Le {long_date(lifted_on)} précède l’acte, daté du {long_date(act_on)}.", field="lifted_on")
    said = proof.strip()
    if len(said) < LENGTH:
        raise UserError(
            "Dites ce qui lève la réserve, en dix caractères au moins. Exemple\u00a0: bilan 2025 reçu et vérifié.",
            field="proof",
        )
    late = f", après l’échéance du {long_date(row.condition.due_on)}" if lifted_on > row.condition.due_on else ""
    session.add(
        ConditionLift(
            decision_id=row.decision_id,
            lifted_on=lifted_on,
            proof=said,
            lifted_by=actor(session),
            recorded_at=now(session),
        )
    )
    record(
        session,
        verb="conditions.lift",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}\u00a0: réserve levée le {long_date(lifted_on)}{late}",
        before=row.condition.text,
        after={"lifted_on": lifted_on.isoformat(), "proof": said},
    )
    back = Step(put_back, {"application_id": file.id})
    return Changes((Changes.of("application", file.id) | _follow(session, row, lifted=True)).touched, back)


def put_back(session: Session, *, application_id: str) -> Changes:
    """A condition said to be lifted is to lift again; a letter prepared to tell the lifting goes with it.

    Raises UserError once money of the file is called or paid, or once a letter told the association of the lifting.
    """
    row, file = _of(session, application_id), session.get_one(Application, application_id)
    lifted = session.get(ConditionLift, row.decision_id)
    if lifted is None:
        raise UserError(f"La réserve de {row.number} n’est pas levée.")
    held = movements.balances(session, call_id=file.call_id, files=[file.id]).get(file.id, {})
    gone = held.get(Bucket.CALLED, 0) + held.get(Bucket.PAID, 0)
    if gone:
        raise UserError(
            f"{euros(gone)} de {row.number} sont déjà appelés ou payés\u00a0: la réserve ne se remet plus. "
            "Enregistrez d’abord le rejet ou le reversement."
        )
    told = session.scalars(select(Letter).where(Letter.decision_id == row.decision_id, Letter.kind == "LEV")).all()
    if issued := next((letter.number for letter in told if letter.number), ""):
        raise UserError(
            f"Le courrier {issued} annonce la levée à l’association\u00a0: la réserve de {row.number} ne se remet "
            "plus. Si elle n’est pas remplie, retirez la décision (conditions non respectées)."
        )
    removed = [hand_letters.remove(session, letter_id=letter.id) for letter in told]
    values = {column.key: getattr(lifted, column.key) for column in ConditionLift.__table__.columns}
    session.delete(lifted)
    session.flush()
    record(
        session,
        verb="conditions.put_back",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}\u00a0: réserve de nouveau à lever",
        before={"lifted_on": lifted.lifted_on.isoformat(), "proof": lifted.proof},
    )
    back = Step(_restore, {"application_id": file.id, "values": values})
    touched = Changes.of("application", file.id) | Changes.of("letter", *(letter.id for letter in told))
    touched |= _follow(session, row, lifted=False)
    return Changes(touched.touched, together(*(each.undo for each in removed), back))


def _restore(session: Session, *, application_id: str, values: dict[str, Any]) -> Changes:
    """A lifting back as it was, with who recorded it and when."""
    file = session.get_one(Application, application_id)
    session.add(ConditionLift(**values))
    record(
        session,
        verb="conditions.restore",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}\u00a0: réserve de nouveau levée, le {long_date(values['lifted_on'])}",
        after={"lifted_on": values["lifted_on"].isoformat(), "proof": values["proof"]},
    )
    touched = Changes.of("application", file.id) | _follow(session, _of(session, file.id), lifted=True)
    return Changes(touched.touched, Step(put_back, {"application_id": file.id}))


def _follow(session: Session, row: ConditionRow, *, lifted: bool) -> Changes:
    """A new amount that awaits its vote took the condition with it: lifted, it is not set again; put back, it is."""
    query = select(LotLine).join(Lot, Lot.id == LotLine.lot_id)
    awaiting = query.where(Lot.state == "submitted", LotLine.outcome != Outcome.RETURNED, LotLine.amount_cents > 0)
    line = session.scalars(awaiting.where(LotLine.supersedes_id == row.decision_id)).first()
    if line is None or line.condition != (row.condition.text if lifted else ""):
        return Changes()
    key = {"lot_id": line.lot_id, "application_id": line.application_id}
    if lifted:
        return lot_lines.set_condition(session, text="", due_on=None, **key)
    values = {"condition": row.condition.text, "condition_due_on": row.condition.due_on}
    return lot_lines.restore(session, values=values, **key)


def _of(session: Session, application_id: str) -> ConditionRow:
    session.flush()
    row = conditions.of_application(session, application_id=application_id)
    if row is None:
        number = session.get_one(Application, application_id).number
        raise UserError(f"La décision en vigueur de {number} n’a pas de réserve.")
    return row
