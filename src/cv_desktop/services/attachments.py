"""The documents received with a file: kept by their content, recognised by it, never executed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, Document
from cv_desktop.db.models.attachment import ApplicationAttachment
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step, in_turn
from cv_desktop.domain.text import quote
from cv_desktop.services import contents, documents


def add(session: Session, *, application_id: str, kind: str, path: Path) -> Changes:
    """Join a file to the expected document ``kind`` (empty: beside them); it is then received.

    Raises UserError when the file is empty, larger than 200 MB or a program, Unavailable when it cannot be read.
    """
    file = session.get_one(Application, application_id)
    kept = contents.receive(session, path)
    last = session.scalar(
        select(func.max(ApplicationAttachment.position)).where(ApplicationAttachment.application_id == application_id)
    )
    return _join(
        session,
        file,
        id=new_id(session),
        kind=kind,
        filename=path.name,
        sha256=kept.sha256,
        position=(last if last is not None else -1) + 1,
        added_at=now(session),
    )


def remove(session: Session, *, attachment_id: str) -> Changes:
    """Take a document off a file. Its content stays in the base's folder: another file, or the undo, may need it."""
    joined = session.get_one(ApplicationAttachment, attachment_id)
    file = session.get_one(Application, joined.application_id)
    kept = {
        "application_id": file.id,
        "id": joined.id,
        "kind": joined.kind,
        "filename": joined.filename,
        "sha256": joined.sha256,
        "position": joined.position,
        "added_at": joined.added_at,
    }
    session.delete(joined)
    session.flush()
    record(
        session,
        verb="attachments.remove",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}, pièce jointe retirée : {quote(joined.filename)}",
        before={"filename": joined.filename, "sha256": joined.sha256, "kind": joined.kind},
    )
    return Changes.of("application", file.id, undo=Step(_rejoin, kept))


def openable(session: Session, *, attachment_id: str) -> Path:
    """A copy of a document for the system's viewer, under the only suffix its content allows.

    Raises Unavailable when the content is missing or altered, UserError when its kind is never opened from here.
    """
    joined = session.get_one(ApplicationAttachment, attachment_id)
    return contents.openable(session, sha256=joined.sha256, filename=joined.filename)


def save_copy(session: Session, *, attachment_id: str, target: Path) -> None:
    """Write a copy of a document where the person chose. Raises Unavailable when it is altered or cannot be written."""
    joined = session.get_one(ApplicationAttachment, attachment_id)
    contents.save_copy(session, sha256=joined.sha256, filename=joined.filename, target=target)


def _rejoin(
    session: Session,
    *,
    application_id: str,
    id: str,
    kind: str,
    filename: str,
    sha256: str,
    position: int,
    added_at: datetime,
) -> Changes:
    """The way back of a removal."""
    file = session.get_one(Application, application_id)
    return _join(
        session, file, id=id, kind=kind, filename=filename, sha256=sha256, position=position, added_at=added_at
    )


def _join(
    session: Session,
    file: Application,
    *,
    id: str,
    kind: str,
    filename: str,
    sha256: str,
    position: int,
    added_at: datetime,
) -> Changes:
    session.add(
        ApplicationAttachment(
            id=id,
            application_id=file.id,
            kind=kind,
            position=position,
            filename=filename,
            sha256=sha256,
            added_at=added_at,
        )
    )
    session.flush()
    record(
        session,
        verb="attachments.add",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}, pièce jointe : {quote(filename)}",
        after={"filename": filename, "sha256": sha256, "kind": kind},
    )
    undo = Step(remove, {"attachment_id": id})
    waiting = select(Document.id).where(Document.application_id == file.id, Document.kind == kind)
    if kind and file.status in ("draft", "deposited", "incomplete") and session.scalar(waiting) is None:
        received = documents.receive(session, application_id=file.id, kind=kind, filename=filename)
        if received.undo:
            undo = Step(in_turn, {"steps": (received.undo, undo)})
    return Changes.of("application", file.id, undo=undo)
