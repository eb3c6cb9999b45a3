"""The structure of a typed file: made when no number of it is known, else told what the paper says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.approval import Approval
from cv_desktop.db.models.bank_account import BankAccount
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.queries import approvals, mandates
from cv_desktop.db.work import record, today
from cv_desktop.domain.approval import Approval as Agreement
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.entry import Entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.domain.structure_lines import APPROVAL, LINES, MANDATE
from cv_desktop.domain.text import quote, words
from cv_desktop.services import bank_accounts, structure_lines, structures
from cv_desktop.services.registry import Known, register

_LINES: tuple[type[Any], ...] = (StructureAlias, Mandate, BankAccount, Approval)


def take(session: Session, entry: Entry) -> tuple[Structure, list[Step | None]]:
    """The structure a file belongs to, up to date with its form, and the steps that take this back, first done first.

    What the form leaves empty stays. Another representative is a new mandate, another IBAN a new account to validate:
    the former ones stay in the history. An agrément not known yet is added. Raises UserError without the name of a
    structure, or when a value does not hold.
    """
    read = entry.structure
    known = Known.load(session)
    found = session.get_one(Structure, entry.structure_id) if entry.structure_id else known.recognise(read)
    if found is not None:
        blanks = {
            name: value
            for name, value, taken in (("siret", read.siret, read.siren in known.by_siren),
                                       ("rna", read.rna, read.rna in known.by_rna))
            if value and not taken and not getattr(found, name)
        }  # fmt: skip
        steps = _fields(session, found, {**blanks, **entry.told})
        steps += [*_person(session, found, read), *_contact(session, found, read), _account(session, found, read)]
        return found, [*steps, *_approvals(session, found, entry.approvals)]
    if not read.name.strip():
        raise UserError("Indiquez au moins le nom de la structure : un dossier lui appartient.", field="name")
    made, _created = register(session, known, read, None)
    session.flush()
    record(
        session,
        verb="structures.create",
        noun="structure",
        noun_id=made.id,
        summary=f"Structure {quote(made.name)} créée à la saisie d’un dossier",
    )
    _fields(session, made, entry.told)
    session.flush()
    _contact(session, made, read)
    _approvals(session, made, entry.approvals)
    session.flush()
    return made, [Step(take_back, {"structure_id": made.id, "lines": _keys(session, made.id)})]


def take_back(session: Session, *, structure_id: str, lines: dict[str, list[str]]) -> Changes:
    """Remove a structure made for a file, with its first account and its first mandate.

    It stays, untouched, once anything else holds it: another file, a line added to its record, an account validated.
    """
    structure = session.get(Structure, structure_id)
    if structure is None or _keys(session, structure_id) != lines or structures.users(session, structure_id, _names()):
        return Changes()
    if session.scalars(select(BankAccount.id).where(
        BankAccount.structure_id == structure_id, BankAccount.validated_at.is_not(None)
    )).first():  # fmt: skip
        return Changes()
    content = {Structure.__tablename__: _rows(session, Structure, Structure.id == structure_id)}
    for table in _LINES:
        content[table.__tablename__] = _rows(session, table, table.structure_id == structure_id)
    name = structure.name
    session.delete(structure)
    session.flush()
    record(
        session,
        verb="structures.remove",
        noun="structure",
        noun_id=structure_id,
        summary=f"Création de {quote(name)} annulée",
    )
    return Changes.of("structure", structure_id, undo=Step(restore, {"content": content, "lines": lines}))


def restore(session: Session, *, content: dict[str, list[dict[str, Any]]], lines: dict[str, list[str]]) -> Changes:
    """Give back a structure exactly as it was."""
    tables: tuple[type[Any], ...] = (Structure, *_LINES)
    for table in tables:
        if rows := content[table.__tablename__]:
            session.execute(insert(table), rows)
    (row,) = content[Structure.__tablename__]
    record(
        session,
        verb="structures.restore",
        noun="structure",
        noun_id=row["id"],
        summary=f"Structure {quote(row['name'])} rétablie",
    )
    return Changes.of("structure", row["id"], undo=Step(take_back, {"structure_id": row["id"], "lines": lines}))


def _fields(session: Session, structure: Structure, told: Mapping[str, str]) -> list[Step | None]:
    steps = []
    for name, typed in told.items():
        field = FIELDS[name]
        if typed.strip() and field.read(typed) != getattr(structure, name):
            steps.append(structures.set_field(session, structure_id=structure.id, name=name, value=typed).undo)
    return steps


def _person(session: Session, structure: Structure, read: StructureRead) -> list[Step | None]:
    """The representative that the form names, when it is another one; who had the same office leaves it today."""
    name, role = read.representative_name.strip(), read.representative_role.strip()
    now = mandates.representative(session, structure_id=structure.id)
    if now is not None and words(name or now.person_name) == words(now.person_name):
        return [_set(session, now.id, "role", role)] if role and words(role) != words(now.role) else []
    if not name:
        return []
    known = {words(m.person_name): m for m in mandates.rows(session, structure_id=structure.id) if m.current}
    steps: list[Step | None] = []
    if same := known.get(words(name)):
        key = same.id
        if role and words(role) != words(same.role):
            steps.append(_set(session, key, "role", role))
    else:
        typed = {"person_name": name, "role": role}
        added, key = structure_lines.add(session, kind=MANDATE, structure_id=structure.id, values=typed)
        steps.append(added.undo)
    session.flush()
    if now is not None:
        steps.append(structure_lines.set_representative(session, mandate_id=key).undo)
        if role and words(role) == words(now.role):
            steps.append(_set(session, now.id, "ends_on", short_date(today(session))))
    return steps


def _contact(session: Session, structure: Structure, read: StructureRead) -> list[Step | None]:
    """Where the representative is reached, as the form says it."""
    session.flush()
    person = mandates.representative(session, structure_id=structure.id)
    told = {"phone": read.representative_phone.strip(), "email": read.representative_email.strip()}
    known = session.get_one(Mandate, person.id) if person is not None else None
    return [
        _set(session, known.id, name, text)
        for name, text in told.items()
        if known is not None and text and LINES[MANDATE][1][name].read(text) != getattr(known, name)
    ]


def _approvals(session: Session, structure: Structure, told: Sequence[Agreement]) -> list[Step | None]:
    """The agréments of the form that the record does not have yet."""
    known = {(words(x.label), words(x.authority)) for x in approvals.rows(session, structure_id=structure.id)}
    steps: list[Step | None] = []
    for one in told:
        if one.label.strip() and (words(one.label), words(one.authority)) not in known:
            day = short_date(one.granted_on) if one.granted_on else ""
            values = {"label": one.label, "authority": one.authority, "granted_on": day}
            added, _key = structure_lines.add(session, kind=APPROVAL, structure_id=structure.id, values=values)
            steps.append(added.undo)
    return steps


def _set(session: Session, mandate_id: str, name: str, text: str) -> Step | None:
    return structure_lines.set_field(session, kind=MANDATE, line_id=mandate_id, name=name, text=text).undo


def _account(session: Session, structure: Structure, read: StructureRead) -> Step | None:
    if not read.iban or bank_accounts.current_iban(session, structure.id) == read.iban:
        return None
    return bank_accounts.add(session, structure_id=structure.id, iban=read.iban)[0].undo


def _keys(session: Session, structure_id: str) -> dict[str, list[str]]:
    return {
        table.__tablename__: sorted(session.scalars(select(table.id).where(table.structure_id == structure_id)))
        for table in _LINES
    }


def _names() -> tuple[str, ...]:
    return tuple(table.__tablename__ for table in _LINES)


def _rows(session: Session, table: Any, condition: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select(*table.__table__.columns).where(condition)).mappings()]
