"""The texts that somebody wants: a convention that nothing calls for, an amendment of one that is issued."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.queries.lots import in_force, written
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.conventions import AMENDMENT, CONVENTION, KINDS
from cv_desktop.domain.errors import UserError
from cv_desktop.services.letters import BY_CHOICE, template

Values = dict[str, Any]


def prepare(session: Session, *, application_id: str) -> tuple[Changes, str]:
    """Prepare the convention of a grant, whether or not the law asks for it; gives the key of its letter.

    Raises UserError when nothing is granted, or when a convention of this decision is prepared or issued already.
    """
    file, decision = _granted(session, application_id)
    known = select(Letter).where(Letter.decision_id == decision.id, Letter.kind == CONVENTION)
    found = session.scalars(known.order_by(Letter.prepared_at.desc())).first()
    if found is not None:
        told = f"porte le numéro {found.number}" if found.number else "est préparée"
        raise UserError(f"La convention de {file.number} {told}\u00a0: elle est dans Courriers.")
    return _add(session, file, decision, CONVENTION, {BY_CHOICE: True})


def amend(
    session: Session,
    *,
    application_id: str,
    cause: str,
    ends_on: date | None = None,
    subject: str = "",
    partners: str = "",
) -> tuple[Changes, str]:
    """Prepare the amendment of an issued convention; gives the key of its letter.

    ``subject`` and ``partners`` end the sentences « à l’article 1er et à l’annexe 1, … ». The amount is never typed: it
    is that of the decision in force, when it is no more what the convention says, since only an act changes it. Raises
    UserError without an issued convention, without a cause, without any change, or when an amendment waits already.
    """
    file, decision = _granted(session, application_id)
    texts = session.scalars(
        select(Letter)
        .where(Letter.application_id == application_id, Letter.kind.in_(KINDS))
        .order_by(Letter.prepared_at, written("letter"))
    ).all()
    issued = [one for one in texts if one.number is not None]
    first = next((one for one in reversed(issued) if one.kind == CONVENTION), None)
    if first is None or first.dated_on is None:
        raise UserError(f"{file.number} n’a pas de convention émise à modifier. Émettez-la d’abord dans Courriers.")
    if any(one.number is None and one.kind == AMENDMENT for one in texts):
        raise UserError(f"Un avenant de {file.number} est préparé\u00a0: émettez-le, ou annulez-le d’abord.")
    if not cause.strip():
        raise UserError("Indiquez la cause de l’avenant\u00a0: elle y est imprimée.", field="cause")
    if ends_on is not None and file.starts_on is not None and ends_on < file.starts_on:
        raise UserError("L’action finirait avant d’avoir commencé. Vérifiez la date.", field="ends_on")
    said_cents = session.get_one(Decision, issued[-1].decision_id).amount_cents
    given: Values = {
        "convention": first.number,
        "convention_du": first.dated_on.isoformat(),
        "cause": cause.strip(),
        "montant": [said_cents, decision.amount_cents] if said_cents != decision.amount_cents else None,
        "echeance": ends_on.isoformat() if ends_on else None,
        "objet": subject.strip() or None,
        "partenaires": partners.strip() or None,
    }
    if not any(given[name] for name in ("montant", "echeance", "objet", "partenaires")):
        raise UserError(
            "Cet avenant ne change rien. Indiquez une échéance, un objet ou des partenaires\u00a0; le montant suit la "
            "décision en vigueur, que seul un acte change.",
            field="ends_on",
        )
    return _add(session, file, decision, AMENDMENT, {name: value for name, value in given.items() if value})


def put_away(session: Session, *, letter_id: str) -> Changes:
    """Take a convention or an amendment back before it is issued. Raises UserError once it has its number."""
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise UserError("Ce texte n’existe plus.")
    if letter.number is not None:
        raise UserError(f"{letter.number} est émis\u00a0: il ne se retire plus.")
    file = session.get_one(Application, letter.application_id)
    values = {name: getattr(letter, name) for name in ("decision_id", "kind", "given")}
    session.delete(letter)
    _say(session, file, letter_id, f"{_words(letter.kind)} retiré{'e' if letter.kind == CONVENTION else ''}")
    touched = Changes.of("letter", letter_id) | Changes.of("application", file.id)
    return Changes(touched.touched, Step(_restore, {"application_id": file.id, **values}))


def _restore(session: Session, *, application_id: str, decision_id: str, kind: str, given: Values) -> Changes:
    file, decision = session.get_one(Application, application_id), session.get_one(Decision, decision_id)
    return _add(session, file, decision, kind, given)[0]


def _add(session: Session, file: Application, decision: Decision, kind: str, given: Values) -> tuple[Changes, str]:
    letter = Letter(
        id=new_id(session),
        call_id=file.call_id,
        application_id=file.id,
        decision_id=decision.id,
        template_id=template(session, kind, file.call_id).id,
        kind=kind,
        state="to_read",
        prepared_at=now(session),
        given=given,
    )
    session.add(letter)
    session.flush()
    _say(session, file, letter.id, f"{_words(kind)} préparé{'e' if kind == CONVENTION else ''}", given)
    touched = Changes.of("letter", letter.id) | Changes.of("application", file.id)
    return Changes(touched.touched, Step(put_away, {"letter_id": letter.id})), letter.id


def _say(session: Session, file: Application, letter_id: str, words: str, given: Values | None = None) -> None:
    record(
        session,
        verb="convention_texts.write",
        noun="letter",
        noun_id=letter_id,
        summary=f"{file.number}\u00a0: {words}",
        after=given,
    )


def _words(kind: str) -> str:
    return "convention" if kind == CONVENTION else "avenant"


def _granted(session: Session, application_id: str) -> tuple[Application, Decision]:
    file = session.get_one(Application, application_id)
    decision = session.scalars(
        select(Decision)
        .where(Decision.application_id == application_id, Decision.amount_cents > 0, in_force())
        .order_by(Decision.decided_at.desc())
    ).first()
    if decision is None:
        raise UserError(
            f"{file.number} n’a pas de montant accordé en vigueur\u00a0: il n’y a pas de convention à écrire."
        )
    return file, decision
