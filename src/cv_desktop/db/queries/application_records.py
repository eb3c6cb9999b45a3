"""Files as whole records, and what was written of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, BudgetLine, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications, bank_accounts, mandates
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain import budget
from cv_desktop.domain.documents import Received, State


@dataclass(frozen=True, slots=True)
class BudgetLineRow:
    id: str
    line: budget.BudgetLine


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    row: ApplicationRow
    call_id: str
    call_label: str
    year: int
    description: str
    beneficiaries: int | None
    women: int | None
    quarter_residents: int | None
    starts_on: date | None
    ends_on: date | None
    equality: str
    participation: str
    ecology: str
    republican_contract: bool | None
    siret: str
    siret_raw: str
    rna: str
    email: str
    phone: str
    iban: str
    representative: str
    status_reason: str
    documents: dict[str, Received]
    lines: tuple[BudgetLineRow, ...]
    opinion_amount_cents: int | None


@dataclass(frozen=True, slots=True)
class JournalRow:
    at: datetime
    actor: str
    summary: str
    reason: str
    source: str


def key_of(session: Session, *, number: str) -> str:
    """The key of the file of a number; empty when there is none."""
    return session.scalars(select(Application.id).where(Application.number == number.upper())).first() or ""


def record(session: Session, *, application_id: str, viewer: str | None = None) -> ApplicationRecord | None:
    """One whole file; None when it does not exist or is hidden from the viewer."""
    found = applications.some(session, ids=[application_id], viewer=viewer)
    if not found:
        return None
    file = session.get_one(Application, application_id)
    structure, call = session.get_one(Structure, file.structure_id), session.get_one(Call, file.call_id)
    lines = session.scalars(
        select(BudgetLine).where(BudgetLine.application_id == file.id).order_by(BudgetLine.side, BudgetLine.position)
    )
    documents = session.scalars(select(Document).where(Document.application_id == file.id))
    amount = session.scalars(
        select(AgendaItem.amount_cents)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.application_id == file.id, AgendaItem.opinion.is_not(None))
        .order_by(Meeting.held_on.desc())
    ).first()
    person = mandates.representative(session, structure_id=structure.id)
    return ApplicationRecord(
        row=found[0],
        call_id=file.call_id,
        call_label=call.label,
        year=call.year,
        description=file.description,
        beneficiaries=file.beneficiaries,
        women=file.women,
        quarter_residents=file.quarter_residents,
        starts_on=file.starts_on,
        ends_on=file.ends_on,
        equality=file.equality,
        participation=file.participation,
        ecology=file.ecology,
        republican_contract=file.republican_contract,
        siret=structure.siret or "",
        siret_raw=file.siret_raw or "",
        rna=structure.rna or "",
        email=structure.email or "",
        phone=structure.phone or "",
        iban=bank_accounts.current_iban(session, structure_id=structure.id),
        representative=person.words if person else "",
        status_reason=file.status_reason,
        documents={
            d.kind: Received(d.kind, State(d.state), d.filename, d.reason, d.received_on, d.dated_on) for d in documents
        },
        lines=tuple(
            BudgetLineRow(
                x.id,
                budget.BudgetLine(
                    budget.CHARGE if x.side == "charge" else budget.PRODUIT,
                    x.account,
                    x.label,
                    x.amount_cents,
                    x.state,
                ),
            )
            for x in lines
        ),
        opinion_amount_cents=amount,
    )


def journal(session: Session, *, application_id: str) -> list[JournalRow]:
    """What was written of a file, the newest first."""
    query = (
        select(JournalEntry.at, JournalEntry.actor, JournalEntry.summary, JournalEntry.reason, JournalEntry.source)
        .where(JournalEntry.noun == "application", JournalEntry.noun_id == application_id)
        .order_by(JournalEntry.seq.desc())
    )
    return [JournalRow(*row) for row in session.execute(query)]
