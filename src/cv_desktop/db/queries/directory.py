"""The bodies of the public registers kept in the base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Import
from cv_desktop.db.models.directory_entry import DirectoryEntry


@dataclass(frozen=True, slots=True)
class EntryRow:
    """``register`` is "rna" or "sirene"; ``active`` is false for a body dissolved or closed."""

    id: str
    register: str
    name: str
    acronym: str
    siren: str
    siret: str
    rna: str
    legal_form: str
    purpose: str
    address: str
    postal_code: str
    commune: str
    commune_code: str
    website: str
    created_on: date | None
    active: bool


def some(session: Session, *conditions: ColumnElement[bool], exact: str, limit: int) -> list[EntryRow]:
    """The entries that fulfil the conditions: those that bear ``exact`` first, then active ones, short names."""
    e = DirectoryEntry
    columns: list[Any] = [
        e.id, e.register, e.name, e.acronym, func.coalesce(e.siren, ""), func.coalesce(e.siret, ""),
        func.coalesce(e.rna, ""), e.legal_form, e.purpose, e.address, e.postal_code, e.commune, e.commune_code,
        e.website, e.created_on, e.active,
    ]  # fmt: skip
    query = (
        select(*columns)
        .join(Import, Import.id == e.import_id)
        .where(*conditions)
        .order_by(case((e.siret == exact, 0), else_=1), e.active.desc(), func.length(e.name), e.name)
        .order_by(Import.imported_at.desc())
        .limit(limit)
    )
    return [EntryRow(*row) for row in session.execute(query).all()]


def count(session: Session) -> int:
    """How many bodies the directory holds."""
    return session.scalar(select(func.count()).select_from(DirectoryEntry)) or 0
