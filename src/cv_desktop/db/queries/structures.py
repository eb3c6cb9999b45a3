"""Structures as a list and as records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.db.queries.visibility import visible


@dataclass(frozen=True, slots=True)
class StructureRow:
    """``alerts`` are the sentences of what is missing or wrong."""

    id: str
    name: str
    commune: str
    siret: str
    rna: str
    applications: int
    granted_cents: int
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StructureRecord:
    id: str
    name: str
    siren: str
    siret: str
    siret_raw: str
    rna: str
    legal_form: str
    address: str
    postal_code: str
    commune: str
    email: str
    phone: str
    representative_name: str
    representative_role: str
    iban: str
    created_on: date | None
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a structure, whatever its campaign."""

    row: ApplicationRow
    call: str

    @property
    def id(self) -> str:
        return self.row.id


def rows(session: Session, *, viewer: str | None = None) -> list[StructureRow]:
    """Every structure by name. A member counts the files he or she may see."""
    files = (
        select(
            Application.structure_id,
            func.count(distinct(Application.id)).label("files"),
            func.max(Application.siret_raw).label("raw"),
        )
        .where(visible(viewer))
        .group_by(Application.structure_id)
        .subquery()
    )
    granted = (
        select(Application.structure_id, func.sum(Decision.amount_cents).label("cents"))
        .join(Application, Application.id == Decision.application_id)
        .where(visible(viewer))
        .group_by(Application.structure_id)
        .subquery()
    )
    query = (
        select(
            Structure.id,
            Structure.name,
            Structure.commune,
            Structure.siret,
            Structure.rna,
            Structure.iban,
            Structure.representative_name,
            func.coalesce(files.c.files, 0),
            files.c.raw,
            func.coalesce(granted.c.cents, 0),
        )
        .outerjoin(files, files.c.structure_id == Structure.id)
        .outerjoin(granted, granted.c.structure_id == Structure.id)
        .order_by(Structure.folded_name)
    )
    return [
        StructureRow(
            key, name, commune or "", siret or "", rna or "", count, cents, _alerts(siret, raw, rna, iban, person)
        )
        for key, name, commune, siret, rna, iban, person, count, raw, cents in session.execute(query)
    ]


def record(session: Session, *, structure_id: str) -> StructureRecord | None:
    """One structure; None when it does not exist."""
    found = session.get(Structure, structure_id)
    if found is None:
        return None
    raw = session.scalar(select(func.max(Application.siret_raw)).where(Application.structure_id == structure_id))
    return StructureRecord(
        id=found.id,
        name=found.name,
        siren=found.siren or "",
        siret=found.siret or "",
        siret_raw=raw or "",
        rna=found.rna or "",
        legal_form=found.legal_form or "",
        address=found.address or "",
        postal_code=found.postal_code or "",
        commune=found.commune or "",
        email=found.email or "",
        phone=found.phone or "",
        representative_name=found.representative_name or "",
        representative_role=found.representative_role or "",
        iban=found.iban or "",
        created_on=found.created_on,
        alerts=_alerts(found.siret, raw, found.rna, found.iban, found.representative_name),
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


def _alerts(
    siret: str | None, raw: str | None, rna: str | None, iban: str | None, representative: str | None
) -> tuple[str, ...]:
    found = []
    if not siret:
        found.append(f"SIRET à vérifier : « {raw} »." if raw else "SIRET non renseigné.")
    if not rna:
        found.append("RNA non renseigné.")
    if not iban:
        found.append("Compte bancaire non renseigné.")
    if not representative:
        found.append("Représentant ou représentante légale non renseignée.")
    return tuple(found)
