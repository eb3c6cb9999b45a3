"""Merge fields and flags of the letters that follow a decision: rank, reminders, threshold of a convention."""

from __future__ import annotations

from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import ConditionLift, Decision, Letter, Lot
from cv_desktop.db.queries.lots import in_force
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.letters import Field
from cv_desktop.domain.text import NBSP
from cv_desktop.services.letter_fields import Subject, act_named, plain_payment, report_due

FLAGS = {
    "has_motive": "si la décision a un motif",
    "replaces": "si la décision en remplace une autre",
    "report_ahead": "avant la date du bilan",
    "report_late": "après la date du bilan",
    "reminded": "si un premier rappel est parti",
}


def follow_up_fields(session: Session, subject: Subject, day: date) -> dict[str, Field]:
    """The rank on the waiting list, the numbers of the structure, the day of the reminder before, the réserve."""
    rank = subject.decision.rank if subject.decision else None
    reminded = _reminded_on(session, subject.file.id)
    return {
        "decision.rang": Field("rang sur la liste d’attente", ordinal(rank) if rank else None, "act"),
        "acte.remplace": Field("acte remplacé", _replaced(session, subject), "act"),
        "structure.identifiant": Field("SIRET ou RNA", _identity(subject), "structure"),
        "relance.precedente": Field("date du rappel", long_date(reminded) if reminded else None, "letter"),
    } | _condition(session, subject, day)


def follow_up_flags(session: Session, subject: Subject, day: date) -> frozenset[str]:
    """What is true of a file once it is decided, on a day."""
    found = set()
    decision = subject.decision
    if decision is not None and decision.motive.strip():
        found.add("has_motive")
    if _replaced(session, subject):
        found.add("replaces")
    due = report_due(subject.rules, subject.call.year, subject.file.ends_on)
    if due is not None:
        found.add("report_ahead" if day <= due else "report_late")
    if _reminded_on(session, subject.file.id):
        found.add("reminded")
    return frozenset(found)


def _condition(session: Session, subject: Subject, day: date) -> dict[str, Field]:
    """The condition under which the grant was given, and what lifted it; none once the decision counts no more."""
    decision = subject.decision
    text = decision.condition.strip().rstrip(".") if decision else ""
    if decision and text:
        counts = select(case((in_force(), 1), else_=0)).where(Decision.id == decision.id)
        text = "" if session.scalar(counts) == 0 else text
    due = decision.condition_due_on if decision else None
    lifted = session.get(ConditionLift, decision.id) if decision and text else None
    return {
        "reserve.texte": Field("réserve", text or None),
        "reserve.echeance": Field("échéance de la réserve", long_date(due) if due else None),
        "reserve.levee_le": Field("date de levée de la réserve", long_date(lifted.lifted_on) if lifted else None),
        "reserve.preuve": Field("ce qui lève la réserve", lifted.proof.rstrip(" .") if lifted else None),
        "reserve.versement": Field("versement après la levée", plain_payment(session, subject, day), "call"),
    }


def _replaced(session: Session, subject: Subject) -> str | None:
    """The act of the decision that this one replaces: reopened, or promoted from the waiting list."""
    former = subject.decision.supersedes_id if subject.decision else None
    if not former:
        return None
    return act_named(session.get_one(Lot, session.get_one(Decision, former).lot_id))


def ordinal(rank: int) -> str:
    """« 1er rang », « 3e rang »."""
    return f"{'1er' if rank == 1 else f'{rank}e'} rang"


def _identity(subject: Subject) -> str | None:
    structure = subject.structure
    if structure.siret:
        return f"SIRET{NBSP}{display_siret(structure.siret)}"
    return f"RNA{NBSP}{structure.rna}" if structure.rna else None


def _reminded_on(session: Session, application_id: str) -> date | None:
    query = (
        select(Letter.dated_on)
        .where(Letter.application_id == application_id, Letter.kind == "REL-1", Letter.number.is_not(None))
        .order_by(Letter.dated_on.desc())
        .limit(1)
    )
    return session.scalars(query).first()
