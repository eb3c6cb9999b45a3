"""Gathers what the checks need to know of the files of a campaign, in a few questions for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.models.structure_flag import StructureFlag
from cv_desktop.db.queries import derogations, institution, reports, rounds, settings, structure_documents, year_amounts
from cv_desktop.db.queries.lots import in_force
from cv_desktop.domain import budget
from cv_desktop.domain.dates import local
from cv_desktop.domain.documents import State
from cv_desktop.domain.facts import FileFacts, YearAmount
from cv_desktop.domain.money import euros
from cv_desktop.domain.rounds import deadline
from cv_desktop.domain.text import words

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
    mine = files[0][0].structure_id if only is not None and files else None
    sessions = rounds.dates(session, call_id)
    placed = rounds.places(session, call_id, sessions) if sessions else {}
    earlier = _earlier(session, call, only, placed)
    others = _other_schemes(session, call, mine)
    previous = _previous_award(session, call, mine)
    known = _known_before(session, call, mine)
    year = year_amounts.of_year(session, call.year, mine)
    past = _past_awards(session, call, mine)
    before = year_amounts.granted_before(session, call.year, mine)
    flags = _missing_reports(session, mine)
    reported = reports.before(session, call.year, mine)
    held = structure_documents.held(session, structure_id=mine)
    waivers = derogations.in_force(session, Application.call_id == call_id if only is None else Application.id == only)
    funders = settings.funders(session)
    facts: dict[str, FileFacts] = {}
    for file, structure in files:
        papers = documents.get(file.id, ())
        other = others.get((file.structure_id, file.title.casefold()), Other())
        waived = waivers.get(file.id, {})
        award, awarded_in = previous.get(file.structure_id, ("", call.year - 1))
        report_on = reports.received_on(reported.get(file.structure_id, ()), award, awarded_in)
        bilan = [state for kind, state, *_ in papers if kind == "bilan"]
        # One that the service sent back is no report, wherever it was kept.
        given = State.REJECTED not in bilan and bool(bilan or report_on)
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
            outside_reason=file.outside_reason,
            documents=frozenset(kind for kind, state, *_ in papers if state != State.REJECTED),
            rejected={kind: reason for kind, state, reason, _on in papers if state == State.REJECTED},
            dated={kind: on for kind, _state, _reason, on in papers if on is not None},
            waived={item: reason for (_code, item), reason in waived.items() if item},
            derogations={code: reason for (code, item), reason in waived.items() if not item},
            closes_on=deadline(sessions, None, placed.get(file.id)),
            republican_contract=file.republican_contract,
            budget=tuple(lines[file.id]),
            funders=funders,
            previous_award=award,
            previous_award_without_report=not given if award or report_on else None,
            previous_report_on=report_on,
            earlier_applications=tuple(number for number, _round in earlier.get(file.id, ())),
            round_applications=tuple(n for n, r in earlier.get(file.id, ()) if r and r == placed.get(file.id)),
            first_request=file.structure_id not in known and file.structure_id not in past,
            funded_by_other_scheme=bool(other.awarded),
            other_application=other.awarded,
            other_request=other.asked,
            past_award=past.get(file.structure_id, ""),
            flagged_report=flags.get(file.structure_id, ""),
            held=_good(held.get(file.structure_id, {}), file),
            structure_created_on=structure.created_on,
            employees=structure.employees,
            structure_budget_cents=structure.budget_cents,
            public_aid_above=file.public_aid_above_limit,
            other_aid=file.other_aid,
            granted_before_cents=before.get(file.structure_id, 0),
            year_amounts=_besides(year.get(file.structure_id, ()), file.id),
        )
    return facts


def first_request(session: Session, application_id: str) -> bool:
    """Whether the structure of a file asked nothing in an earlier year."""
    file = session.get_one(Application, application_id)
    return file.structure_id not in _known_before(session, session.get_one(Call, file.call_id), file.structure_id)


def _besides(amounts: Sequence[tuple[str, YearAmount]], file_id: str) -> tuple[YearAmount, ...]:
    """The other amounts of the structure, those of the files deposited before this one marked so."""
    keys = [key for key, _amount in amounts]
    place = keys.index(file_id) if file_id in keys else len(keys)
    return tuple(replace(x, earlier=rank < place) for rank, (key, x) in enumerate(amounts) if key != file_id)


def _good(held: Mapping[str, structure_documents.Held], file: Application) -> dict[str, date | None]:
    """Of what the service has of the structure, what is still good on the day of the deposit."""
    day = local(file.deposited_at).date() if file.deposited_at else None
    return {kind: document.dated_on for kind, document in held.items() if document.good_on(day)}


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


def _documents(session: Session, call_id: str, only: str | None) -> dict[str, list[tuple[str, str, str, date | None]]]:
    """(kind, state, reason, day it bears) of the documents received, by file."""
    query = (
        select(Document.application_id, Document.kind, Document.state, Document.reason, Document.dated_on)
        .join(Application, Application.id == Document.application_id)
        .where(Application.call_id == call_id)
    )
    if only is not None:
        query = query.where(Application.id == only)
    found: dict[str, list[tuple[str, str, str, date | None]]] = defaultdict(list)
    for key, kind, state, reason, on in session.execute(query):
        found[key].append((kind, state, reason, on))
    return found


def _earlier(
    session: Session, call: Call, only: str | None, placed: dict[str, str]
) -> dict[str, list[tuple[str, str | None]]]:
    """(number, round) that the same structure deposited before each file, in the campaigns of this scheme and year."""
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
    before: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    found: dict[str, list[tuple[str, str | None]]] = {}
    for key, structure, number in session.execute(query):
        found[key] = [*before[structure]]
        before[structure].append((number, placed.get(key)))
    return found


def _previous_award(session: Session, call: Call, mine: str | None) -> dict[str, tuple[str, int]]:
    """Number and year of the last file awarded to each structure, or to one of them, in an earlier year."""
    query = (
        select(Application.structure_id, Application.number, Call.year)
        .join(Decision, Decision.application_id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.year < call.year, Decision.amount_cents > 0, in_force())
        .order_by(Call.year, Application.number)
    )
    if mine is not None:
        query = query.where(Application.structure_id == mine)
    return {structure: (number, year) for structure, number, year in session.execute(query)}


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


def _past_awards(session: Session, call: Call, mine: str | None) -> dict[str, str]:
    """« 2 000 € en 2025 » that this authority granted each structure the year before, as an imported list says it."""
    authority = words(str(institution.values(session).get("authority") or ""))
    query = select(PastGrant.structure_id, PastGrant.funder, PastGrant.granted_cents, PastGrant.year).where(
        PastGrant.year == call.year - 1,
        PastGrant.granted_cents > 0,
        PastGrant.structure_id.is_not(None),
        PastGrant.in_kind.is_(False),
    )
    if mine is not None:
        query = query.where(PastGrant.structure_id == mine)
    return {
        structure: f"{euros(cents or 0)} en {year}"
        for structure, funder, cents, year in session.execute(query)
        if structure and authority and words(funder) == authority
    }


def _missing_reports(session: Session, mine: str | None) -> dict[str, str]:
    """Why the service noted that a report is missing, by structure."""
    query = select(StructureFlag.structure_id, StructureFlag.reason).where(
        StructureFlag.kind == "missing_report", StructureFlag.lifted_at.is_(None)
    )
    if mine is not None:
        query = query.where(StructureFlag.structure_id == mine)
    return dict(session.execute(query.order_by(StructureFlag.since)).all())


@dataclass(frozen=True, slots=True)
class Other:
    """Numbers of the files of another scheme for the same action: one that was awarded, one that waits."""

    awarded: str = ""
    asked: str = ""


def _other_schemes(session: Session, call: Call, mine: str | None) -> dict[tuple[str, str], Other]:
    """By (structure, title): what the other schemes of the year already give, or are asked, for the same action."""
    query = (
        select(Application.structure_id, Application.title, Application.number, Decision.amount_cents)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Decision, and_(Decision.application_id == Application.id, in_force()))
        .where(Call.scheme_code != call.scheme_code, Call.year == call.year, Application.status.not_in(OUT))
        .order_by(Decision.decided_at)
    )
    if mine is not None:
        query = query.where(Application.structure_id == mine)
    found: dict[tuple[str, str], Other] = {}
    for structure, title, number, cents in session.execute(query):
        key = (structure, title.casefold())
        if cents:
            found[key] = Other(awarded=number)
        elif cents is None and key not in found:
            found[key] = Other(asked=number)
    return found
