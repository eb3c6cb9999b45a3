"""Verbs on the reference lists of the service: a line changed, added, closed, taken away while nothing uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.reference import Funder, Objective, Quarter, Stake, StandardText, Theme
from cv_desktop.db.models.structure_document import StructureDocumentKind
from cv_desktop.db.queries import catalogues as queries
from cv_desktop.db.queries.catalogues import CatalogueRow
from cv_desktop.db.queries.legal_forms import PREFIX
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain import catalogue
from cv_desktop.domain.catalogue import CATALOGUES, Catalogue
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, quote, words
from cv_desktop.services import form_kinds

_TABLES: dict[str, type[Any]] = {
    catalogue.THEME: Theme,
    catalogue.STAKE: Stake,
    catalogue.OBJECTIVE: Objective,
    catalogue.QUARTER: Quarter,
    catalogue.FUNDER: Funder,
    catalogue.DOCUMENT_KIND: StructureDocumentKind,
}
_DATED = (catalogue.LEGAL_FORM, catalogue.MOTIVE, catalogue.MENTION)


def set_field(session: Session, *, kind: str, key: str, name: str, text: str) -> Changes:
    """Change one field of a line as typed; an empty « Clos le » opens it again.

    What was shipped is then the service's own, no more « à valider ». A dated text changed today holds from today, the
    former one stays for the days before. Raises UserError when the value does not hold.
    """
    row, listed = _row(session, kind, key), CATALOGUES[kind]
    field = listed.fields[name]
    if kind == catalogue.FORM_WORDS:
        code, _, which = key.partition(" ")
        return form_kinds.set_words(session, code=code, field=which, text=text)
    value = field.read(text)
    if value == row.values[name]:
        return Changes()
    if kind in (catalogue.MOTIVE, catalogue.MENTION):
        catalogue.keep_fields(text, row.values["text"])
    said = f"{field.label.lower()}{NBSP}: {row.shown(name) or 'vide'} → {field.shown(value) or 'vide'}"
    if kind in _DATED:
        return _date_text(session, row, {name: value}, said)
    stored = {"expected": value[0], "threshold_cents": value[1]} if name == "needed" else {name: value}
    if row.to_validate is not None:
        stored["to_validate"] = False
    return put(session, kind=kind, key=key, values=stored, said=said)


def add(session: Session, *, kind: str, values: Mapping[str, str]) -> tuple[Changes, str]:
    """A new line of a list, its fields as typed; gives its key. Raises UserError naming the wrong field."""
    listed = CATALOGUES[kind]
    read: dict[str, Any] = {}
    for name, field in listed.asked.items():
        try:
            read[name] = field.read(values.get(name, ""))
        except UserError as refusal:
            raise UserError(refusal.message, field=name) from None
    key, whole = _whole(session, listed, read)
    if queries.row(session, kind, key) is not None:
        raise UserError(
            f"{quote(key)} existe déjà dans cette liste.", field="code" if "code" in listed.asked else "label"
        )
    return restore(session, kind=kind, values=whole), key


def remove(session: Session, *, kind: str, key: str) -> Changes:
    """Take away a line that nothing uses. Raises UserError otherwise: it is closed on a day instead."""
    row, listed = _row(session, kind, key), CATALOGUES[kind]
    if row.used or (kind in _TABLES and _children(session, kind, key)):
        why = listed.used(row.used) or "d’autres lignes en dépendent"
        raise UserError(
            f"{quote(_name(row))} reste dans la liste{NBSP}: {why}. Indiquez plutôt le jour où il est clos."
        )
    if not listed.asked:
        raise UserError(f"{quote(_name(row))} fait partie du programme{NBSP}: cette ligne se modifie seulement.")
    found = _texts(session, row) if kind in _DATED else [session.get_one(_TABLES[kind], key)]
    kept = [{column.key: getattr(x, column.key) for column in type(x).__table__.columns} for x in found]
    for line in found:
        session.delete(line)
    session.flush()
    _say(session, kind, key, "remove", f"{_name(row)} retiré de la liste")
    return Changes.of("reference", kind, undo=Step(restore_all, {"kind": kind, "rows": kept}))


def validate(session: Session, *, kind: str, key: str, to_validate: bool = False) -> Changes:
    """Say that a shipped line is right, or that it waits for it again."""
    row = _row(session, kind, key)
    if kind == catalogue.FORM_WORDS:
        return form_kinds.validate(session, code=key.partition(" ")[0], to_validate=to_validate)
    said = "à valider" if to_validate else "validé"
    if kind in _DATED:
        (text,) = _texts(session, row)[-1:]
        return _put_text(session, kind, text, {"to_validate": to_validate}, said)
    return put(session, kind=kind, key=key, values={"to_validate": to_validate}, said=said)


def put(session: Session, *, kind: str, key: str, values: dict[str, Any], said: str) -> Changes:
    """Give a line its values, exactly: the way back of an edit."""
    line = session.get_one(_TABLES[kind], key)
    before = {name: getattr(line, name) for name in values}
    for name, value in values.items():
        setattr(line, name, value)
    session.flush()
    _say(session, kind, key, "set_field", said, before, values)
    back = {"kind": kind, "key": key, "values": before, "said": "valeurs d’avant rétablies"}
    return Changes.of("reference", kind, undo=Step(put, back))


def restore(session: Session, *, kind: str, values: dict[str, Any]) -> Changes:
    """Write a whole line as it is given."""
    return restore_all(session, kind=kind, rows=[values])


def restore_all(session: Session, *, kind: str, rows: list[dict[str, Any]]) -> Changes:
    """Write lines back as they were before they were taken away; a dated text has one for each of its days."""
    table = StandardText if kind in _DATED else _TABLES[kind]
    session.add_all(table(**values) for values in rows)
    session.flush()
    key = str(rows[-1]["key"]).removeprefix(PREFIX) if kind in _DATED else str(rows[-1]["code"])
    _say(session, kind, key, "add", f"{_name(_row(session, kind, key))} ajouté à la liste")
    return Changes.of("reference", kind, undo=Step(remove, {"kind": kind, "key": key}))


def put_text(session: Session, *, kind: str, text_id: str, values: dict[str, Any]) -> Changes:
    """Give a dated text its values back."""
    return _put_text(session, kind, session.get_one(StandardText, text_id), values, "texte d’avant rétabli")


def drop_text(session: Session, *, kind: str, text_id: str) -> Changes:
    """Take back the version of a text that was written today: the former one holds again."""
    text = session.get_one(StandardText, text_id)
    values = {column.key: getattr(text, column.key) for column in StandardText.__table__.columns}
    session.delete(text)
    session.flush()
    _say(session, kind, text.key, "drop_text", "texte d’avant rétabli")
    return Changes.of("reference", kind, undo=Step(add_text, {"kind": kind, "values": values}))


def add_text(session: Session, *, kind: str, values: dict[str, Any]) -> Changes:
    """Write a version of a text, which holds from its day."""
    session.add(StandardText(**values))
    session.flush()
    _say(session, kind, values["key"], "add_text", f"texte changé\u00a0: {quote(values['text'])}", after=values["text"])
    return Changes.of("reference", kind, undo=Step(drop_text, {"kind": kind, "text_id": values["id"]}))


def _date_text(session: Session, row: CatalogueRow, values: dict[str, Any], said: str) -> Changes:
    text = _texts(session, row)[-1]
    if text.effective_from == today(session) or "closed_on" in values:
        return _put_text(session, row.kind, text, {**values, "to_validate": False}, said)
    whole = {column.key: getattr(text, column.key) for column in StandardText.__table__.columns}
    whole |= {**values, "id": new_id(session), "effective_from": today(session), "to_validate": False}
    return add_text(session, kind=row.kind, values=whole)


def _put_text(session: Session, kind: str, text: StandardText, values: dict[str, Any], said: str) -> Changes:
    before = {name: getattr(text, name) for name in values}
    for name, value in values.items():
        setattr(text, name, value)
    session.flush()
    _say(session, kind, text.key, "set_field", said, before, values)
    return Changes.of("reference", kind, undo=Step(put_text, {"kind": kind, "text_id": text.id, "values": before}))


def _texts(session: Session, row: CatalogueRow) -> list[StandardText]:
    """The versions of a dated text, the one of today last."""
    key = f"{PREFIX}{row.key}" if row.kind == catalogue.LEGAL_FORM else row.key
    query = select(StandardText).where(StandardText.key == key).order_by(StandardText.effective_from)
    return [text for text in session.scalars(query) if text.effective_from <= today(session)]


def _whole(session: Session, listed: Catalogue, read: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """(key, every column) of a new line."""
    if listed.key == catalogue.LEGAL_FORM:
        text = {"id": new_id(session), "key": f"{PREFIX}{read['code']}", "text": read["text"], "to_validate": False}
        return read["code"], {**text, "effective_from": today(session), "closed_on": None}
    table = _TABLES[listed.key]
    whole = {**read, "code": read.get("code") or catalogue.slug(read["label"])}
    if hasattr(table, "position"):
        whole["position"] = (session.scalar(select(func.max(table.position))) or 0) + 1
    match listed.key:
        case catalogue.OBJECTIVE:
            whole |= {"stake_code": _stake_of(session, whole["code"]), "levers": []}
        case catalogue.QUARTER:
            whole |= {"code_2015": "", "layer_name": words(whole["name"])}
        case catalogue.FUNDER:
            whole |= {
                "code": whole["code"].upper().replace("_", "-"),
                "public": bool(whole["public"]),
                "synonyms": whole["synonyms"] or [whole["label"]],
                "to_validate": False,
            }
        case catalogue.DOCUMENT_KIND:
            awaited, threshold = whole.pop("needed") or (False, None)
            whole |= {"expected": awaited, "threshold_cents": threshold, "to_validate": False}
            whole |= {"effective_from": today(session)}
    return whole["code"], whole


def _stake_of(session: Session, code: str) -> str:
    stakes = [stake for stake in session.scalars(select(Stake.code)) if code.startswith(f"{stake}.")]
    if not stakes:
        raise UserError(
            f"Aucun enjeu ne commence le code {quote(code)}. Le code d’un objectif suit celui de son enjeu, "
            "que montre la liste des enjeux.",
            field="code",
        )
    return max(stakes, key=len)


def _children(session: Session, kind: str, key: str) -> bool:
    inside = {catalogue.THEME: Stake.theme_code, catalogue.STAKE: Objective.stake_code}.get(kind)
    return inside is not None and session.scalars(select(inside).where(inside == key)).first() is not None


def _row(session: Session, kind: str, key: str) -> CatalogueRow:
    found = queries.row(session, kind, key)
    if found is None:
        raise UserError("Cette ligne n’existe plus. La liste vient d’être relue.")
    return found


def _name(row: CatalogueRow) -> str:
    return str(row.values.get("label") or row.values.get("name") or row.values.get("text") or row.key)


def _say(
    session: Session, kind: str, key: str, verb: str, said: str, before: object = None, after: object = None
) -> None:
    record(
        session,
        verb=f"catalogues.{verb}",
        noun="settings",
        noun_id=f"{kind}:{key}",
        summary=f"Référentiels › {CATALOGUES[kind].title} › {key} › {said}",
        before=_plain(before),
        after=_plain(after),
    )


def _plain(value: object) -> object:
    """What the journal may keep: days as texts."""
    if isinstance(value, dict):
        return {name: _plain(x) for name, x in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value
