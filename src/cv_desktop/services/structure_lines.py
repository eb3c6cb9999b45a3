"""Verbs on the lines of a structure's record: added, changed field by field, removed; each gives itself back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.approval import Approval
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.models.structure_document import StructureDocument, StructureDocumentKind
from cv_desktop.db.models.support import Support
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import add_months
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.structure_lines import (
    APPROVAL,
    DOCUMENT,
    GRANT,
    LINES,
    MANDATE,
    SUPPORT,
    coherent,
    name_of,
    read_line,
)
from cv_desktop.domain.text import words

Line = Mandate | StructureDocument | Support | PastGrant | Approval
_TABLES: dict[str, type[Line]] = {
    MANDATE: Mandate,
    DOCUMENT: StructureDocument,
    SUPPORT: Support,
    GRANT: PastGrant,
    APPROVAL: Approval,
}
# Columns of a table that keep an empty text rather than nothing.
_EMPTY: dict[str, tuple[str, ...]] = {
    MANDATE: ("role", "email", "phone"),
    DOCUMENT: ("filename", "note"),
    SUPPORT: ("agent", "kind", "next_step"),
    GRANT: ("scheme", "title"),
    APPROVAL: ("authority",),
}


def add(session: Session, *, kind: str, structure_id: str, values: Mapping[str, str]) -> tuple[Changes, str]:
    """A new line of the record, its fields as typed; gives its key.

    A document without an end of validity receives the one of its kind. The first person of a structure represents
    it. Raises UserError, naming the field, when a value does not hold or is missing.
    """
    structure = session.get_one(Structure, structure_id)
    read = read_line(kind, values)
    whole: dict[str, Any] = {"id": new_id(session), "structure_id": structure_id, **_stored(kind, read)}
    if kind == DOCUMENT:
        whole["valid_until"] = whole["valid_until"] or _end_of_validity(session, whole)
        coherent(kind, whole)
    elif kind == MANDATE:
        whole["represents"] = not session.scalars(
            select(Mandate.id).where(Mandate.structure_id == structure_id, Mandate.represents)
        ).first()
    elif kind == GRANT:
        whole |= {
            "name": structure.name,
            "folded_name": structure.folded_name,
            "siret": structure.siret or "",
            "rna": structure.rna or "",
        }
    return restore(session, kind=kind, values=whole), str(whole["id"])


def restore(session: Session, *, kind: str, values: dict[str, Any]) -> Changes:
    """Write a whole line as it is given: a new one, or one taken back from its removal."""
    line = _TABLES[kind](**values)
    session.add(line)
    structure = session.get_one(Structure, values["structure_id"])
    record(
        session,
        verb=f"structure_lines.add_{kind}",
        noun="structure",
        noun_id=structure.id,
        summary=f"{structure.name} › ajout : {name_of(kind, values)}",
        after=_said(kind, values),
    )
    return Changes.of("structure", structure.id, undo=Step(remove, {"kind": kind, "line_id": values["id"]}))


def remove(session: Session, *, kind: str, line_id: str) -> Changes:
    """Take a line away; what it held is in the journal and comes back with the undo."""
    line = _found(session, kind, line_id)
    values = {column.key: getattr(line, column.key) for column in _TABLES[kind].__table__.columns}
    session.delete(line)
    record(
        session,
        verb=f"structure_lines.remove_{kind}",
        noun="structure",
        noun_id=values["structure_id"],
        summary=f"{_owner(session, values)} › retrait : {name_of(kind, values)}",
        before=_said(kind, values),
    )
    return Changes.of("structure", values["structure_id"], undo=Step(restore, {"kind": kind, "values": values}))


def set_field(session: Session, *, kind: str, line_id: str, name: str, text: str) -> Changes:
    """Change one field of a line as typed. Raises UserError when the value does not hold."""
    line, field = _found(session, kind, line_id), LINES[kind][1][name]
    parsed = field.read(text)
    stored = _stored(kind, {name: parsed})
    before = getattr(line, name)
    values = {column.key: getattr(line, column.key) for column in _TABLES[kind].__table__.columns} | stored
    coherent(kind, values)
    for column, value in stored.items():
        setattr(line, column, value)
    was, now = field.shown(before), field.shown(parsed)
    record(
        session,
        verb=f"structure_lines.set_{kind}",
        noun="structure",
        noun_id=values["structure_id"],
        summary=f"{_owner(session, values)} › {name_of(kind, values)} › {field.label} : {was or 'vide'} → "
        f"{now or 'vide'}",
        before=was or None,
        after=now or None,
    )
    undo = Step(set_field, {"kind": kind, "line_id": line_id, "name": name, "text": was})
    return Changes.of("structure", values["structure_id"], undo=undo)


def set_representative(session: Session, *, mandate_id: str, represents: bool = True) -> Changes:
    """Say who may sign for the structure: one person at a time."""
    mandate = session.get_one(Mandate, mandate_id)
    others = session.scalars(
        select(Mandate).where(
            Mandate.structure_id == mandate.structure_id, Mandate.represents, Mandate.id != mandate_id
        )
    ).all()
    before = others[0].id if others else ""
    if represents:
        for other in others:
            other.represents = False
    mandate.represents = represents
    record(
        session,
        verb="structure_lines.set_representative",
        noun="structure",
        noun_id=mandate.structure_id,
        summary=f"{_owner(session, {'structure_id': mandate.structure_id})} › représentation légale : "
        f"{mandate.person_name if represents else 'vide'}",
        before=others[0].person_name if others else None,
        after=mandate.person_name if represents else None,
    )
    back = {"mandate_id": before} if represents and before else {"mandate_id": mandate_id, "represents": not represents}
    return Changes.of("structure", mandate.structure_id, undo=Step(set_representative, back))


def _stored(kind: str, read: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the table keeps them, with what is compared beside what is shown."""
    stored = {name: "" if value is None and name in _EMPTY[kind] else value for name, value in read.items()}
    if "person_name" in stored:
        stored["folded_name"] = words(stored["person_name"])
    if "in_kind" in stored:
        stored["in_kind"] = bool(stored["in_kind"])
    return stored


def _end_of_validity(session: Session, values: Mapping[str, Any]) -> Any:
    kind = session.get(StructureDocumentKind, values["kind"])
    start = values.get("dated_on") or values["received_on"]
    return add_months(start, kind.validity_months) if kind is not None and kind.validity_months else None


def _said(kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    return {field.label: text for name, field in LINES[kind][1].items() if (text := field.shown(values.get(name)))}


def _found(session: Session, kind: str, line_id: str) -> Any:
    line = session.get(_TABLES[kind], line_id)
    if line is None:
        raise UserError("Cette ligne n’existe plus. La fiche vient d’être relue.")
    return line


def _owner(session: Session, values: Mapping[str, Any]) -> str:
    key = values["structure_id"]
    return session.get_one(Structure, key).name if key else str(values.get("name", ""))
