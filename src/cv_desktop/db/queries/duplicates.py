"""What the finder of duplicates compares, what was decided of it, and the merges that can still be undone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.duplicate import DistinctPair, StructureMerge
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.queries import bank_accounts, legal_forms, mandates
from cv_desktop.db.queries.visibility import visible
from cv_desktop.db.work import now
from cv_desktop.domain.dates import local
from cv_desktop.domain.duplicates import Identity
from cv_desktop.domain.structure_fields import FIELDS

UNDO_DAYS = 30


@dataclass(frozen=True, slots=True)
class SideField:
    """One line of the comparison: what each record holds, as a person reads it. ``name`` is that of the pick."""

    name: str
    label: str
    kept: str
    merged: str

    @property
    def differs(self) -> bool:
        return bool(self.merged) and self.kept != self.merged


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side, and what would go from the second to the first."""

    kept_id: str
    merged_id: str
    kept_name: str
    merged_name: str
    fields: tuple[SideField, ...]
    files: int
    letters: int
    grants: int
    persons: int


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge, and the last day on which it can be undone. ``kept_back``: what its undo could not give back."""

    id: str
    kept_id: str
    merged_id: str
    kept_name: str
    merged_name: str
    merged_at: datetime
    merged_by: str
    until: date
    undoable: bool
    undone_at: datetime | None
    kept_back: tuple[str, ...]


def identities(session: Session) -> list[Identity]:
    """Every structure as it is compared, in the order of the names."""
    names: dict[str, list[str]] = defaultdict(list)
    sigles: dict[str, list[str]] = defaultdict(list)
    kinds = {"name": names, "acronym": sigles}
    for key, kind, value in session.execute(
        select(StructureAlias.structure_id, StructureAlias.kind, StructureAlias.value)
    ):
        if kind in kinds:
            kinds[kind][key].append(value)
    persons: dict[str, list[str]] = defaultdict(list)
    phones: dict[str, list[str]] = defaultdict(list)
    for key, person, phone in session.execute(select(Mandate.structure_id, Mandate.person_name, Mandate.phone)):
        persons[key].append(person)
        phones[key].append(phone)
    query = (
        select(
            Structure.id,
            Structure.name,
            Structure.acronym,
            Structure.siren,
            Structure.rna,
            Structure.address,
            Structure.postal_code,
            Structure.commune,
            Structure.email,
            Structure.phone,
        )
        .where(Structure.merged_into.is_(None))
        .order_by(Structure.folded_name, Structure.id)
    )
    return [
        Identity(
            id=key,
            names=(name, *names[key]),
            acronyms=tuple(a for a in (acronym, *sigles[key]) if a),
            siren=siren or "",
            rna=rna or "",
            address=address or "",
            postal_code=postal or "",
            commune=commune or "",
            email=email or "",
            phones=tuple(p for p in (phone, *phones[key]) if p),
            persons=tuple(p for p in persons[key] if p),
        )
        for key, name, acronym, siren, rna, address, postal, commune, email, phone in session.execute(query)
    ]


def names(session: Session) -> dict[str, str]:
    """The present name of every structure that stands by itself."""
    return dict(session.execute(select(Structure.id, Structure.name).where(Structure.merged_into.is_(None))).all())


def distinct(session: Session) -> list[tuple[str, str]]:
    """The pairs that a person said are two structures."""
    return [(first, second) for first, second in session.execute(select(DistinctPair.first_id, DistinctPair.second_id))]


def compare(session: Session, *, kept_id: str, merged_id: str, viewer: str | None = None) -> Comparison | None:
    """Two records side by side; None when one of them no longer stands by itself."""
    kept, merged = session.get(Structure, kept_id), session.get(Structure, merged_id)
    if kept is None or merged is None or kept.merged_into or merged.merged_into:
        return None
    forms = legal_forms.labels(session)
    files = select(Application.id).where(Application.structure_id == merged_id, visible(viewer))
    return Comparison(
        kept_id=kept_id,
        merged_id=merged_id,
        kept_name=kept.name,
        merged_name=merged.name,
        fields=(
            *(
                SideField(name, field.label, _shown(name, kept, forms), _shown(name, merged, forms))
                for name, field in FIELDS.items()
            ),
            SideField(
                "representative", "Représentation légale", _person(session, kept_id), _person(session, merged_id)
            ),
            SideField("account", "Compte bancaire", _account(session, kept_id), _account(session, merged_id)),
        ),
        files=session.scalar(select(func.count()).select_from(files.subquery())) or 0,
        letters=session.scalar(select(func.count(Letter.id)).where(Letter.application_id.in_(files))) or 0,
        grants=session.scalar(select(func.count(PastGrant.id)).where(PastGrant.structure_id == merged_id)) or 0,
        persons=session.scalar(select(func.count(Mandate.id)).where(Mandate.structure_id == merged_id)) or 0,
    )


def merges(session: Session, *, structure_id: str | None = None) -> list[MergeRow]:
    """The merges, of one kept structure or of all, the last first."""
    query = select(StructureMerge).order_by(StructureMerge.merged_at.desc())
    if structure_id is not None:
        query = query.where(StructureMerge.kept_id == structure_id)
    moment = now(session)
    return [
        MergeRow(
            id=m.id,
            kept_id=m.kept_id,
            merged_id=m.merged_id,
            kept_name=m.kept_name,
            merged_name=m.merged_name,
            merged_at=m.merged_at,
            merged_by=m.merged_by,
            until=local(m.merged_at + timedelta(days=UNDO_DAYS)).date(),
            undoable=m.undone_at is None and moment <= m.merged_at + timedelta(days=UNDO_DAYS),
            undone_at=m.undone_at,
            kept_back=tuple(m.kept_back),
        )
        for m in session.scalars(query)
    ]


def _shown(name: str, structure: Structure, forms: dict[str, str]) -> str:
    value: Any = getattr(structure, name)
    return forms.get(value, value) if name == "legal_form" and value else FIELDS[name].shown(value)


def _person(session: Session, key: str) -> str:
    person = mandates.representative(session, structure_id=key)
    return person.words if person else ""


def _account(session: Session, key: str) -> str:
    return next((a.masked for a in bank_accounts.rows(session, structure_id=key) if a.current), "")
