"""The files of a structure's documents: joined to a line or received as a new one, opened, never executed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.structure import Structure
from cv_desktop.db.models.structure_document import StructureDocument, StructureDocumentKind
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, Step, in_turn
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.structure_lines import DOCUMENT
from cv_desktop.domain.text import quote
from cv_desktop.services import contents, structure_lines


def receive(session: Session, *, structure_id: str, kind: str, path: Path) -> Changes:
    """A document received today with its file: a new line of that kind.

    Raises UserError when the file is empty, larger than 200 MB or a program, Unavailable when it cannot be read.
    """
    values = {"kind": kind, "received_on": short_date(today(session))}
    added, key = structure_lines.add(session, kind=DOCUMENT, structure_id=structure_id, values=values)
    session.flush()
    joined = join(session, document_id=key, path=path)
    steps = tuple(step for step in (joined.undo, added.undo) if step)
    return Changes(added.touched | joined.touched, Step(in_turn, {"steps": steps}))


def join(session: Session, *, document_id: str, path: Path) -> Changes:
    """Join a file to a document; the one it had leaves its place and stays among the contents of the base.

    Raises UserError when the file is empty, larger than 200 MB or a program, Unavailable when it cannot be read.
    """
    kept = contents.receive(session, path)
    return _set(session, document_id=document_id, filename=path.name, sha256=kept.sha256)


def openable(session: Session, *, document_id: str) -> Path:
    """A copy for the system's viewer. Raises Unavailable when it is missing or altered, UserError when never opened."""
    return contents.openable(session, **_content(session, document_id))


def save_copy(session: Session, *, document_id: str, target: Path) -> None:
    """Write a copy where the person chose. Raises Unavailable when it is altered or cannot be written."""
    contents.save_copy(session, **_content(session, document_id), target=target)


def _content(session: Session, document_id: str) -> dict[str, Any]:
    document = session.get_one(StructureDocument, document_id)
    if document.sha256 is None:
        raise UserError("Aucun fichier n’est joint à cette pièce. Joignez-le d’abord.")
    return {"sha256": document.sha256, "filename": document.filename}


def _set(session: Session, *, document_id: str, filename: str, sha256: str | None) -> Changes:
    """Put a content in the place of another one; also the way back."""
    document = session.get(StructureDocument, document_id)
    if document is None:
        raise UserError("Cette ligne n’existe plus. La fiche vient d’être relue.")
    before = {"filename": document.filename, "sha256": document.sha256}
    document.filename, document.sha256 = filename, sha256
    owner = session.get_one(Structure, document.structure_id)
    label = session.get_one(StructureDocumentKind, document.kind).label
    said = f"fichier joint {quote(filename)}" if sha256 else "fichier retiré"
    record(
        session,
        verb="structure_documents.join",
        noun="structure",
        noun_id=owner.id,
        summary=f"{owner.name} › {label} › {said}",
        before=before,
        after={"filename": filename, "sha256": sha256},
    )
    return Changes.of("structure", owner.id, undo=Step(_set, {"document_id": document_id, **before}))
