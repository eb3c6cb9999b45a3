"""Files as lists and as records, without those a viewer must not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.completion import Completion
from cv_desktop.db.models.decision import Decision, Letter, Lot, LotLine
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.reference import Quarter, Theme
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import bank_accounts, mandates
from cv_desktop.db.queries.lots import held
from cv_desktop.db.queries.tuples import tuples
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain import budget
from cv_desktop.domain.documents import Received, State
from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus, LetterState, Opinion, Outcome
from cv_desktop.domain.workflow import Progress, displayed


class ApplicationRow(NamedTuple):
    """A tuple rather than a dataclass: twenty thousand are made in a quarter of the time."""

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


def rows(
    session: Session, *, call_id: str, viewer: str | None = None, ranks: tuple[int, int] | None = None
) -> list[ApplicationRow]:
    """The files of a campaign in the order of their numbers, for an officer or for a member.

    ``ranks`` keeps one of the ``slices``.
    """
    condition = Application.call_id == call_id
    if ranks is not None:
        condition = and_(condition, Application.seq.between(*ranks))
    return _rows(session, condition, viewer)


def slices(session: Session, *, call_id: str, first: int, size: int) -> list[tuple[int, int]]:
    """A campaign in parts that are read one after the other: ``first`` files, then ``size`` each time."""
    query = select(Application.seq).where(Application.call_id == call_id).order_by(Application.seq)
    every = [rank for (rank,) in tuples(session, query)]
    cuts = [0, *range(first, len(every), size), len(every)]
    return [(every[start], every[end - 1]) for start, end in pairwise(cuts) if start < end]


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
            func.coalesce(Application.external_id, ""),
            Application.structure_id,
            Structure.name,
            Application.title,
            func.coalesce(Theme.label, Application.theme_label),
            Application.quarters_text,
            Application.asked_cents,
            Application.cost_cents,
            Application.deposited_at,
            Application.source,
            Application.status,
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
        key, number, external, structure_id, structure, title, theme, quarters_text, asked, cost, deposited_at, source,
        status,
    ) in tuples(session, query):  # fmt: skip
        progress, shown = steps.of(key, status)
        names = steps.quarters.get(key)
        quarters = (f"{names}, {quarters_text}" if quarters_text else names) if names else quarters_text
        found.append(
            ApplicationRow(
                key, number, external, structure_id, structure, title, theme, quarters, asked, cost, shown, progress,
                deposited_at, steps.granted.get(key), source,
            )
        )  # fmt: skip
    return found


class _Steps:
    """How far each file went, asked in one question per step rather than one per file."""

    def __init__(self, session: Session, condition: ColumnElement[bool]) -> None:
        file = Application.id

        def ask(query: Select[*tuple[Any, ...]], key: ColumnElement[str] | InstrumentedAttribute[str]) -> Sequence[Any]:
            return tuples(session, query.join(Application, file == key).where(condition))

        quarters = select(ApplicationQuarter.application_id, Quarter.name).join(
            Quarter, Quarter.code == ApplicationQuarter.quarter_code
        )
        self.quarters: dict[str, str] = {}
        for key, name in ask(quarters.order_by(Quarter.code), ApplicationQuarter.application_id):
            self.quarters[key] = f"{self.quarters[key]}, {name}" if key in self.quarters else name
        agenda = select(AgendaItem.application_id, AgendaItem.opinion).join(
            Meeting, Meeting.id == AgendaItem.meeting_id
        )
        agenda = agenda.order_by(Meeting.held_on, Meeting.id)
        self.opinions: dict[str, str | None] = dict(ask(agenda, AgendaItem.application_id))
        decided = select(Decision.application_id, Decision.outcome, Decision.amount_cents)
        self.outcomes: dict[str, str] = {}
        self.granted: dict[str, int] = {}
        for key, outcome, cents in ask(decided.order_by(Decision.decided_at), Decision.application_id):
            self.outcomes[key], self.granted[key] = outcome, cents
        lots = select(LotLine.application_id).join(Lot, Lot.id == LotLine.lot_id).where(held())
        self.in_lot = {key for (key,) in ask(lots, LotLine.application_id)}
        letters = select(Letter.application_id, Letter.kind, Letter.state).where(Letter.kind.not_in(("AR", "AR-P")))
        self.letters: dict[str, tuple[str, str]] = {}
        for key, kind, state in ask(letters, Letter.application_id):
            if key not in self.letters or self.letters[key][0] == kind:
                self.letters[key] = kind, state
        asked = select(
            Completion.application_id, Completion.letter_id.is_not(None), Completion.asked_on, Completion.due_on
        ).where(Completion.closed_on.is_(None))
        order = Completion.asked_on.is_(None), Completion.prepared_at
        self.asked: dict[str, tuple[bool, date | None, date | None]] = {
            key: (prepared, sent, due)
            for key, prepared, sent, due in ask(asked.order_by(*order), Completion.application_id)
        }
        # Files that went as far share one answer: a campaign has a few dozen of them, whatever its size.
        self._known: dict[tuple[object, ...], tuple[Progress, DisplayedStatus]] = {}

    def of(self, key: str, status: str) -> tuple[Progress, DisplayedStatus]:
        """How far a file went, and the state shown."""
        steps = (
            status,
            self.opinions.get(key, False),
            key in self.in_lot,
            self.outcomes.get(key),
            self.letters.get(key),
            self.asked.get(key),
        )
        found = self._known.get(steps)
        if found is None:
            progress = self._progress(key, status)
            found = self._known[steps] = progress, displayed(progress)
        return found

    def _progress(self, key: str, status: str) -> Progress:
        opinion, outcome = self.opinions.get(key), self.outcomes.get(key)
        if outcome == Outcome.ADJOURNED and opinion and opinion != Opinion.ADJOURNED:
            # Taken up again by a later meeting: the adjournment is behind it.
            outcome = None
        letter, asked = self.letters.get(key), self.asked.get(key)
        return Progress(
            status=ApplicationStatus(status),
            in_meeting=key in self.opinions,
            opinion=Opinion(opinion) if opinion else None,
            in_lot=key in self.in_lot,
            outcome=Outcome(outcome) if outcome else None,
            letter=_letter_state(letter[1] if letter else None),
            completion=_request_state(asked),
            completion_due=asked[2] if asked else None,
        )


def _request_state(asked: tuple[bool, date | None, date | None] | None) -> LetterState:
    """Once the letter left, its delay runs."""
    if asked is None or not asked[0]:
        return LetterState.NONE
    return LetterState.SENT if asked[1] else LetterState.DRAFT


def _letter_state(state: str | None) -> LetterState:
    if state is None:
        return LetterState.NONE
    return LetterState.ISSUED if state == "issued" else LetterState.DRAFT
