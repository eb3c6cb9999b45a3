"""A structure's own record: created by hand, its fields changed, its absence of numbers explained."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.domain.text import NBSP, fold, normalised_name, quote


def create(
    session: Session, *, name: str, values: dict[str, str] | None = None, despite_name: bool = False, id: str = ""
) -> tuple[Changes, str]:
    """A new structure, known by its name at least; ``values`` are the other fields as typed.

    Raises UserError when a value does not hold, when a number belongs to another structure, or when the name
    does, unless ``despite_name`` says that a person has seen it and means another one.
    """
    typed = {"name": name, **(values or {})}
    read = {key: _read(key, text) for key, text in typed.items()}
    structure = Structure(
        id=id or new_id(session),
        folded_name=normalised_name(read["name"]),
        created_at=now(session),
        siren=read["siret"][:9] if read.get("siret") else None,
        **read,
    )
    for field, condition, words in _numbers(structure):
        _refuse_taken(session, structure, condition, words, field)
    if not despite_name and (same := namesakes(session, structure.folded_name)):
        raise UserError(
            f"{quote(same[0].name)} existe déjà sous ce nom. Ouvrez sa fiche, ou confirmez qu’il s’agit d’une autre.",
            field="name",
        )
    session.add(structure)
    session.flush()
    record(
        session,
        verb="structures.create",
        noun="structure",
        noun_id=structure.id,
        summary=f"Structure {quote(structure.name)} créée",
        after={key: text for key, text in typed.items() if text},
    )
    again = {"name": name, "values": values, "despite_name": True, "id": structure.id}
    return Changes.of("structure", structure.id, undo=Step(remove, {"structure_id": structure.id, **again})), (
        structure.id
    )


def remove(session: Session, *, structure_id: str, **again: Any) -> Changes:
    """Take back a structure that was just created. Raises UserError once a file or a line of its record holds it."""
    structure = session.get_one(Structure, structure_id)
    if users(session, structure_id, ("structure_alias",)):
        raise UserError(f"{quote(structure.name)} a déjà des dossiers ou des pièces{NBSP}: sa fiche reste.")
    session.execute(delete(StructureAlias).where(StructureAlias.structure_id == structure_id))
    session.delete(structure)
    record(
        session,
        verb="structures.remove",
        noun="structure",
        noun_id=structure_id,
        summary=f"Création de {quote(structure.name)} annulée",
    )
    return Changes.of("structure", structure_id, undo=Step(create, again) if again else None)


def users(session: Session, structure_id: str, besides: Collection[str]) -> list[str]:
    """The tables that hold a line of a structure, besides some."""
    return [
        table.name
        for table in Structure.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "structure"
        and table.name not in besides
        and session.execute(select(key.parent).where(key.parent == structure_id).limit(1)).first()
    ]


def namesakes(session: Session, folded: str) -> list[Structure]:
    """The structures that bear a normalised name today, or bore it."""
    former = select(StructureAlias.structure_id).where(StructureAlias.kind == "name", StructureAlias.folded == folded)
    return list(
        session.scalars(
            select(Structure).where(
                Structure.merged_into.is_(None), (Structure.folded_name == folded) | Structure.id.in_(former)
            )
        )
    )


def set_field(
    session: Session,
    *,
    structure_id: str,
    name: str,
    value: str,
    raw: dict[str, str] | None = None,
    siren: str | None = None,
    forget: str | None = None,
) -> Changes:
    """Change one field of a structure as typed; numbers are checked with their keys.

    A former name, or another NIC of the same SIREN, stays known as an alias. A right SIRET gives its SIREN and mends
    the files of the structure that had written a wrong one. ``siren``, ``raw`` and ``forget`` give all that back:
    ``forget`` is the key of the alias, empty when there was none.

    Raises UserError when the value does not hold, or when the number belongs to another structure.
    """
    if name not in FIELDS:
        raise UserError(f"Le champ « {name} » ne se modifie pas.", field=name)
    field, structure = FIELDS[name], session.get_one(Structure, structure_id)
    parsed = field.read(value)
    if name == "rna" and parsed:
        _refuse_taken(session, structure, Structure.rna == parsed, f"le RNA {parsed}", "rna")
    before, siren_before = getattr(structure, name), structure.siren or ""
    setattr(structure, name, parsed)
    mended: dict[str, str] = {}
    if name == "siret":
        if parsed:
            _refuse_taken(session, structure, Structure.siren == parsed[:9], f"le SIREN {parsed[:9]}", "siret")
            structure.siren = parsed[:9]
        if siren is not None:
            structure.siren = siren or None
        mended = _forget_raw(session, structure_id) if parsed else {}
        _put_raw(session, raw or {})
    if name == "name":
        structure.folded_name = normalised_name(parsed)
    alias = ""
    if forget:
        session.execute(delete(StructureAlias).where(StructureAlias.id == forget))
    # Another SIREN or RNA corrects a wrong one, which may be somebody else's: nothing must lead here by it.
    elif forget is None and (name in ("name", "acronym") or (name == "siret" and structure.siren == siren_before)):
        alias = note_alias(session, structure, name, before)
    shown_before, shown_after = field.shown(before), field.shown(parsed)
    record(
        session,
        verb="structures.set_field",
        noun="structure",
        noun_id=structure_id,
        summary=f"{structure.name} › {field.label} : {shown_before or 'vide'} → {shown_after or 'vide'}",
        before=shown_before or None,
        after=shown_after or None,
    )
    back: dict[str, Any] = {"structure_id": structure_id, "name": name, "value": shown_before}
    back["forget"] = alias if forget is None else None
    if name == "siret":
        back |= {"raw": mended, "siren": siren_before}
    touched = Changes.of("structure", structure_id) | Changes.of("application", *mended, *(raw or {}))
    return Changes(touched.touched, Step(set_field, back))


def declare_without_number(session: Session, *, structure_id: str, reason: str, since: date | None = None) -> Changes:
    """Say why a structure has neither SIRET nor RNA, so that nobody looks for them again; an empty reason lifts it.

    Raises UserError when it has a number, or when the reason is too short.
    """
    structure = session.get_one(Structure, structure_id)
    bare = required_reason(reason) if reason.strip() else None
    if bare and (structure.siret or structure.rna):
        raise UserError(f"{quote(structure.name)} a déjà un numéro{NBSP}; effacez-le d’abord.", field="siret")
    before = structure.no_number_reason, structure.no_number_on
    structure.no_number_reason = bare
    structure.no_number_on = (since or today(session)) if bare else None
    record(
        session,
        verb="structures.declare_without_number",
        noun="structure",
        noun_id=structure_id,
        summary=f"{structure.name} : {'structure sans numéro' if bare else 'numéros de nouveau attendus'}",
        before=before[0],
        after=bare,
        reason=bare or "",
    )
    undo = {"structure_id": structure_id, "reason": before[0] or "", "since": before[1]}
    return Changes.of("structure", structure_id, undo=Step(declare_without_number, undo))


def note_alias(session: Session, structure: Structure, name: str, value: Any) -> str:
    """Keep another name or number of a structure; gives the key of the line, empty when nothing was to keep."""
    if not value:
        return ""
    folded = normalised_name(value) if name == "name" else fold(value)
    known = select(StructureAlias.id).where(
        StructureAlias.structure_id == structure.id, StructureAlias.kind == name, StructureAlias.folded == folded
    )
    if session.scalars(known).first() or (name == "name" and folded == structure.folded_name):
        return ""
    alias = StructureAlias(
        id=new_id(session), structure_id=structure.id, kind=name, value=value, folded=folded, noted_on=today(session)
    )
    session.add(alias)
    return alias.id


def _forget_raw(session: Session, structure_id: str) -> dict[str, str]:
    """A right SIRET mends what the files not judged yet had written; gives what each had."""
    files = session.scalars(
        select(Application).where(
            Application.structure_id == structure_id,
            Application.siret_raw.is_not(None),
            Application.status.in_(("deposited", "incomplete")),
        )
    )
    mended = {}
    for file in files:
        mended[file.id] = file.siret_raw or ""
        file.siret_raw = None
    return mended


def _put_raw(session: Session, raw: dict[str, str]) -> None:
    for key, written in raw.items():
        session.get_one(Application, key).siret_raw = written


def _read(name: str, text: str) -> Any:
    """A field as typed; the refusal names it."""
    try:
        return FIELDS[name].read(text)
    except UserError as refusal:
        raise UserError(refusal.message, field=name) from None


def _numbers(structure: Structure) -> list[tuple[str, ColumnElement[bool], str]]:
    found = []
    if structure.siren:
        found.append(("siret", Structure.siren == structure.siren, f"le SIREN {structure.siren}"))
    if structure.rna:
        found.append(("rna", Structure.rna == structure.rna, f"le RNA {structure.rna}"))
    return found


def _refuse_taken(
    session: Session, structure: Structure, condition: ColumnElement[bool], words: str, field: str
) -> None:
    with session.no_autoflush:
        other = session.scalars(select(Structure).where(condition, Structure.id != structure.id)).first()
    if other is not None:
        raise UserError(f"« {other.name} » a déjà {words}.", field=field)
