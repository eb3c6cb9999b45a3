"""Files as lists and as records, without those a viewer must not see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision, Letter, Lot, LotLine
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.reference import Quarter, Theme
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import bank_accounts, completions, mandates
from cv_desktop.db.queries.completions import CompletionRow
from cv_desktop.db.queries.lots import held
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain import budget
from cv_desktop.domain.documents import Received, State
from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus, LetterState, Opinion, Outcome
from cv_desktop.domain.workflow import Progress, displayed


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    id: str
    number: str
    external_id: str
    structure_id: str
    structure: str
    title: str
    theme: str
    quarters: str
    asked_cents: int
    cost_cents: int
    status: DisplayedStatus
    progress: Progress
    deposited_at: datetime | None
    granted_cents: int | None
    source: str


@dataclass(frozen=True, slots=True)
class BudgetLineRow:
    id: str
    line: budget.BudgetLine


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    row: ApplicationRow
    call_id: str
    call_label: str
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


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[ApplicationRow]:
    """The files of a campaign in the order of their numbers, for an officer or for a member."""
    return _rows(session, Application.call_id == call_id, viewer)


def some(session: Session, *, ids: Sequence[str], viewer: str | None = None) -> list[ApplicationRow]:
    """A few files among those of a campaign, to show again what was just written."""
    return _rows(session, Application.id.in_(ids), viewer)


def count(session: Session, *, call_id: str, viewer: str | None = None) -> int:
    """How many files a campaign has."""
    query = select(func.count()).select_from(Application).where(Application.call_id == call_id, visible(viewer))
    return session.scalar(query) or 0


def record(session: Session, *, application_id: str, viewer: str | None = None) -> ApplicationRecord | None:
    """One whole file; None when it does not exist or is hidden from the viewer."""
    found = _rows(session, Application.id == application_id, viewer)
    if not found:
        return None
    file = session.get_one(Application, application_id)
    structure = session.get_one(Structure, file.structure_id)
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
        call_label=session.get_one(Call, file.call_id).label,
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


def numbers(session: Session, *, call_id: str) -> dict[str, str]:
    """External number of each file by its key, or its own number where there is none."""
    query = select(Application.id, Application.external_id, Application.number).where(Application.call_id == call_id)
    return {key: external or number for key, external, number in session.execute(query)}


def _rows(session: Session, condition: ColumnElement[bool], viewer: str | None) -> list[ApplicationRow]:
    query = (
        select(
            Application.id,
            Application.number,
            Application.external_id,
            Application.structure_id,
            Structure.name,
            Application.title,
            Theme.label,
            Application.theme_label,
            Application.quarters_text,
            Application.asked_cents,
            Application.cost_cents,
            Application.status,
            Application.deposited_at,
            Application.source,
        )
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(Theme, Theme.code == Application.theme_code)
        .where(condition, visible(viewer))
        .order_by(Application.seq)
    )
    steps = _Steps(session, condition)
    found = []
    # Taken apart rather than asked by name: a campaign of thousands is read at each change.
    for (
        key, number, external, structure_id, structure, title, theme, theme_label, quarters_text, asked, cost, status,
        deposited_at, source,
    ) in session.execute(query):  # fmt: skip
        progress, shown = steps.of(key, status)
        quarters = steps.quarters.get(key)
        names = ", ".join(quarters) if quarters else ""
        found.append(
            ApplicationRow(
                key,
                number,
                external or "",
                structure_id,
                structure,
                title,
                theme or theme_label,
                f"{names}, {quarters_text}" if names and quarters_text else names or quarters_text,
                asked,
                cost,
                shown,
                progress,
                deposited_at,
                steps.decisions[key][1] if key in steps.decisions else None,
                source,
            )
        )
    return found


class _Steps:
    """How far each file went, asked in one question per step rather than one per file."""

    def __init__(self, session: Session, condition: ColumnElement[bool]) -> None:
        self.quarters: dict[str, list[str]] = defaultdict(list)
        query = (
            select(ApplicationQuarter.application_id, Quarter.name)
            .join(Quarter, Quarter.code == ApplicationQuarter.quarter_code)
            .join(Application, Application.id == ApplicationQuarter.application_id)
            .where(condition)
            .order_by(Quarter.code)
        )
        for key, name in session.execute(query):
            self.quarters[key].append(name)
        agenda = (
            select(AgendaItem.application_id, AgendaItem.opinion)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .join(Application, Application.id == AgendaItem.application_id)
            .where(condition)
            .order_by(Meeting.held_on, Meeting.id)
        )
        self.opinions = dict(session.execute(agenda).all())
        decided = (
            select(Decision.application_id, Decision.outcome, Decision.amount_cents)
            .join(Application, Application.id == Decision.application_id)
            .where(condition)
            .order_by(Decision.decided_at)
        )
        self.decisions = {key: (outcome, cents) for key, outcome, cents in session.execute(decided)}
        self.in_lot = set(
            session.scalars(
                select(LotLine.application_id)
                .join(Lot, Lot.id == LotLine.lot_id)
                .join(Application, Application.id == LotLine.application_id)
                .where(condition, held())
            )
        )
        letters = (
            select(Letter.application_id, Letter.kind, Letter.state)
            .join(Application, Application.id == Letter.application_id)
            .where(condition, Letter.kind.not_in(("AR", "AR-P")))
        )
        self.letters: dict[str, dict[str, str]] = defaultdict(dict)
        self.asked = completions.opened(session, condition)
        for key, kind, state in session.execute(letters):
            self.letters[key][kind] = state
        # Files that went as far share one answer: a campaign has a few dozen of them, whatever its size.
        self._known: dict[tuple[object, ...], tuple[Progress, DisplayedStatus]] = {}

    def of(self, key: str, status: str) -> tuple[Progress, DisplayedStatus]:
        """How far a file went, and the state shown."""
        letters = self.letters.get(key)
        steps = (
            status,
            self.opinions.get(key, False),
            key in self.in_lot,
            self.decisions.get(key),
            next(iter(letters.values()), None) if letters else None,
            self.asked.get(key),
        )
        found = self._known.get(steps)
        if found is None:
            progress = self._progress(key, status)
            found = self._known[steps] = progress, displayed(progress)
        return found

    def _progress(self, key: str, status: str) -> Progress:
        opinion = self.opinions.get(key)
        outcome = self.decisions.get(key)
        if outcome and outcome[0] == Outcome.ADJOURNED and opinion and opinion != Opinion.ADJOURNED:
            # Taken up again by a later meeting: the adjournment is behind it.
            outcome = None
        asked = self.asked.get(key)
        return Progress(
            status=ApplicationStatus(status),
            in_meeting=key in self.opinions,
            opinion=Opinion(opinion) if opinion else None,
            in_lot=key in self.in_lot,
            outcome=Outcome(outcome[0]) if outcome else None,
            letter=_letter_state(next(iter(self.letters.get(key, {}).values()), None)),
            completion=_request_state(asked),
            completion_due=asked.due_on if asked else None,
        )


def _request_state(asked: CompletionRow | None) -> LetterState:
    """Once the letter left, its delay runs."""
    if asked is None or not asked.prepared:
        return LetterState.NONE
    return LetterState.SENT if asked.asked_on else LetterState.DRAFT


def _letter_state(state: str | None) -> LetterState:
    if state is None:
        return LetterState.NONE
    return LetterState.ISSUED if state == "issued" else LetterState.DRAFT
