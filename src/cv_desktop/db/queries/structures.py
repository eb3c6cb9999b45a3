"""Structures as a list and as records. A record merged into another is seen by nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, Document
from cv_desktop.db.models.bank_account import BankAccount
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.report import Report
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.models.structure_flag import StructureFlag
from cv_desktop.db.queries import applications, legal_forms, mandates, past_grants, structure_documents, structure_size
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.db.queries.visibility import known, visible
from cv_desktop.db.work import today
from cv_desktop.domain.structure_alerts import DocumentFact, StructureFacts, alerts

GRANTED_YEARS = 3
_TEXTS = (
    "acronym", "siren", "siret", "rna", "no_number_reason", "legal_form", "purpose", "address", "postal_code",
    "commune", "email", "phone", "website", "mail_address", "delegated_commune", "local_court", "local_volume",
    "local_folio", "networks", "member_bodies",
)  # fmt: skip
_PLAIN = (
    "name", "no_number_on", "employees", "volunteers", "members", "budget_cents", "created_on", "dissolved_on",
    "local_registered_on", "public_utility", "public_utility_on", "taxed", "service_volunteers", "aided_jobs",
    "full_time", "seconded", "member_women", "member_men", "exercise_starts_on", "exercise_ends_on", "income_cents",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StructureRow:
    """``small``: a petite association, None when not known. ``granted_cents`` is that of the last three years.

    ``last_report`` is the year of the last bilan received. ``alerts`` are the sentences of what is missing or wrong.
    """

    id: str
    name: str
    acronym: str
    commune: str
    siret: str
    rna: str
    legal_form: str
    small: bool | None
    applications: int
    granted_cents: int
    last_report: int | None
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AliasRow:
    kind: str
    value: str
    noted_on: date


@dataclass(frozen=True, slots=True)
class StructureRecord:
    id: str
    name: str
    acronym: str
    siren: str
    siret: str
    siret_raw: str
    rna: str
    no_number_reason: str
    no_number_on: date | None
    legal_form: str
    purpose: str
    address: str
    postal_code: str
    commune: str
    email: str
    phone: str
    website: str
    employees: int | None
    volunteers: int | None
    members: int | None
    budget_cents: int | None
    created_on: date | None
    dissolved_on: date | None
    mail_address: str
    delegated_commune: str
    local_court: str
    local_volume: str
    local_folio: str
    local_registered_on: date | None
    public_utility: bool | None
    public_utility_on: date | None
    taxed: bool | None
    networks: str
    member_bodies: str
    service_volunteers: int | None
    aided_jobs: int | None
    full_time: int | None
    seconded: int | None
    member_women: int | None
    member_men: int | None
    exercise_starts_on: date | None
    exercise_ends_on: date | None
    income_cents: int | None
    representative: str
    account: bool
    small: bool | None
    aliases: tuple[AliasRow, ...]
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a structure, whatever its campaign."""

    row: ApplicationRow
    call: str

    @property
    def id(self) -> str:
        return self.row.id


@dataclass(frozen=True, slots=True)
class Facts:
    """What the alerts of all structures, or of one, are computed from."""

    raw: dict[str, str]
    accounts: set[str]
    represented: set[str]
    flags: dict[str, list[tuple[str, date, str]]]
    documents: dict[str, list[DocumentFact]]
    office: dict[str, date]

    @classmethod
    def load(cls, session: Session, key: str | None = None) -> Facts:
        own = {"structure_ids": None if key is None else [key]}
        raw = select(Application.structure_id, func.max(Application.siret_raw)).group_by(Application.structure_id)
        accounts = select(BankAccount.structure_id).where(BankAccount.until.is_(None))
        flags = select(StructureFlag).where(StructureFlag.lifted_at.is_(None)).order_by(StructureFlag.since)
        office = select(Mandate.structure_id, func.max(Mandate.starts_on)).group_by(Mandate.structure_id)
        if key is not None:
            raw = raw.where(Application.structure_id == key)
            accounts = accounts.where(BankAccount.structure_id == key)
            flags = flags.where(StructureFlag.structure_id == key)
            office = office.where(Mandate.structure_id == key)
        raised: dict[str, list[tuple[str, date, str]]] = {}
        for flag in session.scalars(flags):
            raised.setdefault(flag.structure_id, []).append((flag.kind, flag.since, flag.reason))
        return cls(
            raw={owner: text for owner, text in session.execute(raw) if text},
            accounts=set(session.scalars(accounts)),
            represented=set(mandates.representatives(session, **own)),
            flags=raised,
            documents=structure_documents.last_of_each(session, structure_id=key),
            office={owner: day for owner, day in session.execute(office) if day},
        )

    def of(
        self, key: str, siret: str | None, rna: str | None, no_number: str | None, dissolved: date | None
    ) -> StructureFacts:
        return StructureFacts(
            siret=siret or "",
            siret_raw=self.raw.get(key, ""),
            rna=rna or "",
            no_number_reason=no_number or "",
            account=key in self.accounts,
            representative=key in self.represented,
            dissolved_on=dissolved,
            flags=tuple(self.flags.get(key, ())),
            documents=tuple(self.documents.get(key, ())),
            office_changed_on=self.office.get(key),
        )


def rows(session: Session, *, viewer: str | None = None, only: str | None = None) -> list[StructureRow]:
    """Every structure by name, or ``only`` one, without those hidden from the viewer, who counts the files shown."""
    day = today(session)
    counts = (
        select(Application.structure_id, func.count(distinct(Application.id)))
        .where(visible(viewer))
        .group_by(Application.structure_id)
    )
    files: dict[str, int] = dict(session.execute(counts).all())
    granted = past_grants.granted_since(session, year=day.year - GRANTED_YEARS + 1, viewer=viewer)
    reports, facts = _last_reports(session, viewer), Facts.load(session, only)
    forms, ceilings = legal_forms.labels(session), structure_size.ceilings(session)
    query = (
        select(
            Structure.id,
            Structure.name,
            Structure.acronym,
            Structure.commune,
            Structure.siret,
            Structure.rna,
            Structure.legal_form,
            Structure.employees,
            Structure.budget_cents,
            Structure.no_number_reason,
            Structure.dissolved_on,
        )
        .where(Structure.merged_into.is_(None), known(viewer))
        .order_by(Structure.folded_name)
    )
    if only is not None:
        query = query.where(Structure.id == only)
    return [
        StructureRow(
            id=key,
            name=name,
            acronym=acronym or "",
            commune=commune or "",
            siret=siret or "",
            rna=rna or "",
            legal_form=forms.get(form or "", form or ""),
            small=ceilings.small(form or "", employees, budget),
            applications=files.get(key, 0),
            granted_cents=granted.get(key, 0),
            last_report=reports.get(key),
            alerts=alerts(facts.of(key, siret, rna, unnumbered, dissolved), day),
        )
        for key, name, acronym, commune, siret, rna, form, employees, budget, unnumbered, dissolved in (
            session.execute(query)
        )
    ]


def record(session: Session, *, structure_id: str) -> StructureRecord | None:
    """One structure, that which took its place when it was merged; None when it does not exist."""
    found = session.get(Structure, structure_id)
    while found is not None and found.merged_into is not None:
        found = session.get(Structure, found.merged_into)
    if found is None:
        return None
    facts = Facts.load(session, found.id)
    person = mandates.representative(session, structure_id=found.id)
    aliases = session.scalars(
        select(StructureAlias).where(StructureAlias.structure_id == found.id).order_by(StructureAlias.noted_on)
    )
    asked = facts.of(found.id, found.siret, found.rna, found.no_number_reason, found.dissolved_on)
    values: dict[str, Any] = {name: getattr(found, name) for name in _PLAIN}
    values |= {name: getattr(found, name) or "" for name in _TEXTS}
    return StructureRecord(
        id=found.id,
        siret_raw=asked.siret_raw,
        representative=person.words if person else "",
        account=asked.account,
        small=structure_size.ceilings(session).small(found.legal_form or "", found.employees, found.budget_cents),
        aliases=tuple(AliasRow(a.kind, a.value, a.noted_on) for a in aliases),
        alerts=alerts(asked, today(session)),
        **values,
    )


def files(session: Session, *, structure_id: str, viewer: str | None = None) -> list[FileRow]:
    """The files of a structure in every campaign, the newest first."""
    query = (
        select(Application.id, Call.label)
        .join(Call, Call.id == Application.call_id)
        .where(Application.structure_id == structure_id)
        .order_by(Call.year.desc(), Application.number.desc())
    )
    labels = dict(session.execute(query).all())
    seen = {row.id: row for row in applications.some(session, ids=list(labels), viewer=viewer)}
    return [FileRow(seen[key], label) for key, label in labels.items() if key in seen]


def _last_reports(session: Session, viewer: str | None) -> dict[str, int]:
    """Year of the last bilan received: as it says, or the year before the campaign of the file it was joined to."""
    query = (
        select(Application.structure_id, func.max(Call.year) - 1)
        .join(Call, Call.id == Application.call_id)
        .join(Document, Document.application_id == Application.id)
        .where(Document.kind == "bilan", Document.filename != "", visible(viewer))
        .group_by(Application.structure_id)
    )
    years: dict[str, int] = dict(session.execute(query).all())
    told = select(Report.structure_id, func.max(Report.year)).group_by(Report.structure_id)
    if viewer is not None:
        told = told.join(Application, Application.id == Report.application_id).where(visible(viewer))
    for structure, year in session.execute(told):
        years[structure] = max(year, years.get(structure, year))
    return years
