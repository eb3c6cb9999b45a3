"""What a file is when a letter is prepared by hand for it, and the answers that the base already holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, literal_column, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision, DecisionEnd, Letter, Recourse
from cv_desktop.db.models.movement import Movement
from cv_desktop.db.queries import conditions, movements, reports, rules
from cv_desktop.db.work import today
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hand_letters import Situation
from cv_desktop.domain.letter_forms import ACCEPTED, FORMS, REJECTED
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import versions
from cv_desktop.services.letter_fields import report_due
from cv_desktop.services.movements import require_payable

_ANSWER = {"accepted": ACCEPTED, "rejected": REJECTED}


def granted(session: Session, application_id: str) -> Decision | None:
    """The decision in force that gives money to a file, None when there is none."""
    decision = versions.current(session, application_id)
    return decision if decision is not None and decision.amount_cents > 0 else None


def situation(session: Session, file: Application) -> Situation:
    """What is true of a file today."""
    call = session.get_one(Call, file.call_id)
    gives = granted(session, file.id)
    known = reports.before(session, call.year + 1, file.structure_id).get(file.structure_id, [])
    mine = select(Decision.id).where(Decision.application_id == file.id)
    withdrawn = mine.join(DecisionEnd, DecisionEnd.decision_id == Decision.id).where(DecisionEnd.kind != "renounced")
    return Situation(
        deposited=file.status != "draft",
        decided=versions.current(session, file.id) is not None,
        granted=gives is not None,
        ended=gives is None and session.scalars(withdrawn).first() is not None,
        challenged=_recourse(session, file.id) is not None,
        due_on=report_due(rules.of_application(session, file.id), call.year, file.ends_on) if gives else None,
        reported=reports.received_on(known, file.number, call.year) is not None,
        unpayable=_unpayable(session, file) if gives else "",
        unlifted=_unlifted(session, file) if gives else "",
    )


def _unpayable(session: Session, file: Application) -> str:
    """Why no payment can be told of a file: what every payment waits for, or that none was asked of the comptable."""
    try:
        require_payable(session, file.id, 0, today(session))
    except UserError as refusal:
        return refusal.message
    held = movements.balances(session, call_id=file.call_id, files=[file.id]).get(file.id, {})
    if held.get(Bucket.CALLED, 0) + held.get(Bucket.PAID, 0) > 0:
        return ""
    return f"Aucun paiement n’est demandé{NBSP}: appelez-le d’abord."


def _unlifted(session: Session, file: Application) -> str:
    """Why the lifting of a réserve cannot be told of a file."""
    row = conditions.of_application(session, application_id=file.id)
    if row is None:
        return "La décision en vigueur n’a pas de réserve."
    if not row.condition.lifted_on:
        return f"La réserve n’est pas levée{NBSP}: levez-la d’abord."
    told = select(Letter).where(Letter.decision_id == row.decision_id, Letter.kind == "LEV")
    letter = session.scalars(told.order_by(Letter.number.is_(None))).first()
    if letter is None:
        return ""
    if letter.number:
        return f"Le courrier {letter.number} annonce déjà la levée à l’association{NBSP}: remplacez-le s’il est faux."
    return f"Le courrier de cette levée est déjà préparé{NBSP}: complétez-le dans {quote('Courriers')}."


def answers_of(session: Session, file: Application, kind: str) -> dict[str, Any]:
    """The answers of a form that the base holds, and the first usual one of the others that have one."""
    found: dict[str, Any] = {
        ask.name: ask.usual[0] for ask in FORMS[kind] if ask.usual and ask.shape != "choice" and ask.name not in _TOLD
    }
    match kind:
        case "PRO" if file.ends_on:
            found["fin_ancienne"] = file.ends_on.isoformat()
        case "VER":
            found |= _payment(session, file)
        case "RETRAIT":
            found |= _withdrawal(session, file)
        case "REC":
            recourse = _recourse(session, file.id)
            if recourse is not None:
                found["recours_le"] = recourse.filed_on.isoformat()
                if recourse.outcome in _ANSWER:
                    found["sens"] = _ANSWER[recourse.outcome]
        case "ATTEST":
            found["sommes"] = _paid(session, file.structure_id)
    return {name: value for name, value in found.items() if value not in ("", [], None)}


# What is said of the association's own words is never supposed, nor the body that decided.
_TOLD = frozenset({"observations", "organe"})


def _payment(session: Session, file: Application) -> dict[str, Any]:
    """What was paid last and did not come back, else what is called, in cents."""
    paid = Bucket.PAID.value
    moves = session.scalars(
        select(Movement)
        .where(Movement.application_id == file.id, (Movement.target == paid) | (Movement.source == paid))
        .order_by(Movement.at.desc(), literal_column("movement.rowid", Integer).desc())
    )
    back = 0
    for move in moves:
        if move.source == paid:
            back += move.amount_cents
        elif move.amount_cents > back:
            return {"montant": move.amount_cents - back, "verse_le": (move.dated_on or move.at.date()).isoformat()}
        else:
            back -= move.amount_cents
    held = movements.balances(session, call_id=file.call_id, files=[file.id]).get(file.id, {})
    return {"montant": held.get(Bucket.CALLED)}


def _withdrawal(session: Session, file: Application) -> dict[str, Any]:
    query = (
        select(DecisionEnd)
        .join(Decision, Decision.id == DecisionEnd.decision_id)
        .where(Decision.application_id == file.id, DecisionEnd.kind != "renounced")
        .order_by(DecisionEnd.recorded_at.desc())
    )
    end = session.scalars(query).first()
    if end is None:
        return {}
    rule = next(ask for ask in FORMS["RETRAIT"] if ask.name == "fondement").usual
    return {"motifs": [end.reason], "fondement": rule[1] if end.kind == "illegal" else rule[0]}


def _paid(session: Session, structure_id: str) -> list[list[Any]]:
    """Year of the payment, action and cents of what a structure was paid; what came back is taken off the last paid."""
    query = (
        select(Application.id, Application.title, Movement)
        .join(Movement, Movement.application_id == Application.id)
        .where(Application.structure_id == structure_id)
        .where((Movement.target == Bucket.PAID.value) | (Movement.source == Bucket.PAID.value))
        .order_by(Application.call_id, Application.seq, Movement.at, Movement.id)
    )
    files: dict[str, tuple[str, dict[int, int]]] = {}
    for key, title, moved in session.execute(query):
        years = files.setdefault(key, (title, {}))[1]
        year = (moved.dated_on or local(moved.at).date()).year
        if moved.target == Bucket.PAID.value:
            years[year] = years.get(year, 0) + moved.amount_cents
            continue
        back = moved.amount_cents
        for paid in sorted(years, reverse=True):
            taken = min(back, years[paid])
            years[paid], back = years[paid] - taken, back - taken
    rows = [[year, title, cents] for title, years in files.values() for year, cents in years.items() if cents > 0]
    return sorted(rows, key=lambda row: row[0])


def _recourse(session: Session, application_id: str) -> Recourse | None:
    query = (
        select(Recourse)
        .join(Decision, Decision.id == Recourse.decision_id)
        .where(Decision.application_id == application_id, Recourse.kind == "gracious")
        .order_by(Recourse.filed_on.desc())
    )
    return session.scalars(query).first()
