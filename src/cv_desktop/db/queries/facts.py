"""Gathers what the checks need to know of the files of a campaign, in a few questions for all of them."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import settings
from cv_desktop.domain import budget
from cv_desktop.domain.facts import FileFacts

# What no longer counts as a project of the structure for the year.
OUT = ("draft", "ineligible", "withdrawn")


def of_call(session: Session, call_id: str, only: str | None = None) -> dict[str, FileFacts]:
    """Facts of every file of a campaign that is no draft, or of one of them, by its key, in order of deposit."""
    call = session.get_one(Call, call_id)
    query = (
        select(Application, Structure)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == call_id, Application.status != "draft")
        .order_by(Application.deposited_at.is_(None), Application.deposited_at, Application.seq)
    )
    if only is not None:
        query = query.where(Application.id == only)
    files = session.execute(query).all()
    lines = _lines(session, call_id, only)
    quarters = _quarters(session, call_id, only)
    documents = _documents(session, call_id, only)
    earlier = _earlier(session, call, only)
    awarded = _awarded_by_other_scheme(session, call)
    previous = _previous_award(session, call)
    known = _known_before(session, call)
    funders = settings.funders(session)
    facts: dict[str, FileFacts] = {}
    for file, structure in files:
        facts[file.id] = FileFacts(
            number=file.number,
            year=call.year,
            scheme=call.scheme_code,
            siret_raw=file.siret_raw or structure.siret or "",
            siret_ok=_siret_ok(file, structure),
            rna=structure.rna or "",
            legal_form=structure.legal_form or "",
            commune_code=structure.commune_code or "",
            commune_name=structure.commune or "",
            asked_cents=file.asked_cents,
            cost_cents=file.cost_cents,
            deposited_on=file.deposited_at,
            starts_on=file.starts_on,
            ends_on=file.ends_on,
            beneficiaries=file.beneficiaries,
            qpv_residents=file.quarter_residents,
            quarters=tuple(quarters[file.id]),
            outside_qpv=file.outside_quarters if file.quarters_text or quarters[file.id] else None,
            documents=frozenset(documents[file.id]),
            republican_contract=file.republican_contract,
            budget=tuple(lines[file.id]),
            funders=funders,
            previous_award=previous.get(file.structure_id, ""),
            previous_award_without_report=(
                "bilan" not in documents[file.id] if file.structure_id in previous else None
            ),
            earlier_applications=tuple(earlier.get(file.id, ())),
            first_request=file.structure_id not in known,
            funded_by_other_scheme=(file.structure_id, file.title.casefold()) in awarded,
        )
    return facts


def first_request(session: Session, application_id: str) -> bool:
    """Whether the structure of a file asked nothing in an earlier year."""
    file = session.get_one(Application, application_id)
    return file.structure_id not in _known_before(session, session.get_one(Call, file.call_id), file.structure_id)


def _siret_ok(file: Application, structure: Structure) -> bool | None:
    if file.siret_raw:
        return False
    return True if structure.siret else None


def _lines(session: Session, call_id: str, only: str | None) -> dict[str, list[budget.BudgetLine]]:
    query = (
        select(
            BudgetLine.application_id,
            BudgetLine.side,
            BudgetLine.account,
            BudgetLine.label,
            BudgetLine.amount_cents,
            BudgetLine.state,
        )
        .join(Application, Application.id == BudgetLine.application_id)
        .where(Application.call_id == call_id)
        .order_by(BudgetLine.application_id, BudgetLine.side, BudgetLine.position)
    )
    if only is not None:
        query = query.where(Application.id == only)
    found: dict[str, list[budget.BudgetLine]] = defaultdict(list)
    for key, side, account, label, cents, state in session.execute(query):
        kind = budget.CHARGE if side == "charge" else budget.PRODUIT
        found[key].append(budget.BudgetLine(kind, account, label, cents, state))
    return found


def _quarters(session: Session, call_id: str, only: str | None) -> dict[str, list[str]]:
    query = (
        select(ApplicationQuarter.application_id, ApplicationQuarter.quarter_code)
        .join(Application, Application.id == ApplicationQuarter.application_id)
        .where(Application.call_id == call_id)
    )
    if only is not None:
        query = query.where(Application.id == only)
    found: dict[str, list[str]] = defaultdict(list)
    for key, code in session.execute(query):
        found[key].append(code)
    return found


def _documents(session: Session, call_id: str, only: str | None) -> dict[str, list[str]]:
    query = (
        select(Document.application_id, Document.kind)
        .join(Application, Application.id == Document.application_id)
        .where(Application.call_id == call_id)
    )
    if only is not None:
        query = query.where(Application.id == only)
    found: dict[str, list[str]] = defaultdict(list)
    for key, kind in session.execute(query):
        found[key].append(kind)
    return found


def _earlier(session: Session, call: Call, only: str | None) -> dict[str, list[str]]:
    """Numbers that the same structure deposited before each file, in the campaigns of this scheme and year."""
    query = (
        select(Application.id, Application.structure_id, Application.number)
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.scheme_code == call.scheme_code,
            Call.year == call.year,
            Application.status.not_in(OUT),
        )
        .order_by(Application.deposited_at.is_(None), Application.deposited_at, Application.seq)
    )
    if only is not None:
        own = select(Application.structure_id).where(Application.id == only).scalar_subquery()
        query = query.where(Application.structure_id == own)
    before: dict[str, list[str]] = defaultdict(list)
    found: dict[str, list[str]] = {}
    for key, structure, number in session.execute(query):
        found[key] = [*before[structure]]
        before[structure].append(number)
    return found


def _previous_award(session: Session, call: Call) -> dict[str, str]:
    """Number of the last file awarded to each structure in an earlier year."""
    query = (
        select(Application.structure_id, Application.number)
        .join(Decision, Decision.application_id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.year < call.year, Decision.amount_cents > 0)
        .order_by(Call.year, Application.number)
    )
    return dict(session.execute(query).all())


def _known_before(session: Session, call: Call, only: str | None = None) -> set[str]:
    """Structures that deposited a file in an earlier year."""
    query = (
        select(Application.structure_id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.year < call.year, Application.status != "draft")
    )
    if only is not None:
        query = query.where(Application.structure_id == only)
    return set(session.scalars(query))


def _awarded_by_other_scheme(session: Session, call: Call) -> set[tuple[str, str]]:
    """(structure, title) of the actions that another scheme of the same year already funds."""
    query = (
        select(Application.structure_id, Application.title)
        .join(Decision, Decision.application_id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.scheme_code != call.scheme_code, Call.year == call.year, Decision.amount_cents > 0)
    )
    return {(structure, title.casefold()) for structure, title in session.execute(query)}
