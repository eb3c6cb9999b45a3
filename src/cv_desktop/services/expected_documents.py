"""The documents that the règlement of a campaign asks: edited like its values, versions opened as it goes."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.expected_document import ExpectedDocument
from cv_desktop.db.queries.expected_documents import document_of
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import words
from cv_desktop.services import phases, rules_versions

FIELDS = {
    "label": "nom",
    "condition": "condition",
    "validity": "validité",
    "due": "obligatoire",
    "severity": "gravité",
}


def add(session: Session, *, call_id: str, label: str, kind: str = "") -> tuple[Changes, str]:
    """Ask one more document with every deposit. ``kind`` is its code, made of its name when it has none.

    Raises UserError when it has no name or when the list already holds it.
    """
    call = phases.of_open(session, call_id)
    name = " ".join(label.split())
    if not name:
        raise UserError("Le nom de la pièce est obligatoire.", field="label")
    code = kind or re.sub(r"\W+", "_", words(name))
    known = select(ExpectedDocument.label).where(
        ExpectedDocument.call_id == call_id,
        (ExpectedDocument.kind == code) | (func.lower(ExpectedDocument.label) == name.lower()),
    )
    if found := session.scalars(known).first():
        raise UserError(f"« {found} » est déjà dans la liste.", field="label")
    opened = rules_versions.opened(session, call_id)
    last = session.scalar(select(func.max(ExpectedDocument.position)).where(ExpectedDocument.call_id == call_id))
    row = ExpectedDocument(
        id=new_id(session),
        scheme_code=call.scheme_code,
        call_id=call_id,
        version=1,
        position=-1 if last is None else last,
        kind=code,
        label=name,
        condition="always",
        threshold_cents=None,
        validity_months=None,
        due="deposit",
        severity="block",
        to_validate=False,
    )
    row.position += 1
    session.add(row)
    session.flush()
    _say(session, row, "add", "demandée")
    undo = together(opened, Step(remove, {"document_id": row.id}))
    return Changes.of("rules", call_id, undo=undo), row.id


def set_field(session: Session, *, document_id: str, name: str, text: str) -> Changes:
    """Change one field of a document as typed: label, condition, validity, due or severity. Raises UserError."""
    row = _own(session, document_id)
    before = document_of(row)
    after = before.with_text(name, text)
    opened = rules_versions.opened(session, row.call_id or "") if after != before else None
    values = {**after.to_json(), "to_validate": False}
    shown = {
        "label": (before.label, after.label),
        "condition": (before.condition_words, after.condition_words),
        "validity": (before.validity_words, after.validity_words),
        "due": (before.due_words, after.due_words),
        "severity": (before.severity_words, after.severity_words),
    }[name]
    return _put(session, row, values, f"{FIELDS[name]} : {shown[0]} → {shown[1]}", opened)


def validate(session: Session, *, document_id: str) -> Changes:
    """Say that a shipped document is right: the service takes it as its own."""
    row = _own(session, document_id)
    return _put(session, row, {"to_validate": False}, "validée", None)


def restore(session: Session, *, document_id: str, values: dict[str, Any]) -> Changes:
    """Put the fields of a document back exactly as they were: the way back of an edit."""
    row = _own(session, document_id)
    opened = rules_versions.opened(session, row.call_id or "")
    return _put(session, row, values, "valeurs d’avant rétablies", opened)


def remove(session: Session, *, document_id: str) -> Changes:
    """Ask a document no more; what was received of it stays in the files."""
    row = _own(session, document_id)
    opened = rules_versions.opened(session, row.call_id or "")
    values = {c.name: getattr(row, c.name) for c in ExpectedDocument.__table__.columns}
    session.delete(row)
    session.flush()
    _say(session, row, "remove", "n’est plus demandée")
    undo = together(opened, Step(put_back, {"values": values}))
    return Changes.of("rules", row.call_id or "", undo=undo)


def put_back(session: Session, *, values: dict[str, Any]) -> Changes:
    """Ask a removed document again, exactly as it was."""
    opened = rules_versions.opened(session, values["call_id"])
    row = ExpectedDocument(**values)
    session.add(row)
    session.flush()
    _say(session, row, "put_back", "demandée de nouveau")
    return Changes.of("rules", values["call_id"], undo=together(opened, Step(remove, {"document_id": values["id"]})))


def _put(session: Session, row: ExpectedDocument, values: dict[str, Any], said: str, opened: Step | None) -> Changes:
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    _say(session, row, "set_field", said, before, values)
    undo = together(opened, Step(restore, {"document_id": row.id, "values": before}))
    return Changes.of("rules", row.call_id or "", undo=undo)


def _own(session: Session, document_id: str) -> ExpectedDocument:
    row = session.scalars(
        select(ExpectedDocument).where(ExpectedDocument.id == document_id, ExpectedDocument.call_id.is_not(None))
    ).one()
    phases.of_open(session, row.call_id or "")
    return row


def _say(session: Session, row: ExpectedDocument, verb: str, said: str, before: Any = None, after: Any = None) -> None:
    record(
        session,
        verb=f"expected_documents.{verb}",
        noun="call",
        noun_id=row.call_id or "",
        summary=f"Règlement, pièce « {row.label} » : {said}",
        before=before,
        after=after,
    )
