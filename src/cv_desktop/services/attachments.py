"""The documents received with a file: kept by their content, recognised by it, never executed."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.application import Application, Document
from cv_desktop.db.models.attachment import ApplicationAttachment, Attachment
from cv_desktop.db.queries import attachments as queries
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain import media
from cv_desktop.domain.changes import Changes, Step, in_turn
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import documents

LARGEST = 200 * 1024 * 1024


def add(session: Session, *, application_id: str, kind: str, path: Path) -> Changes:
    """Join a file to the expected document ``kind`` (empty: beside them); it is then received.

    Raises UserError when the file is empty, larger than 200 MB or a program, Unavailable when it cannot be read.
    """
    file = session.get_one(Application, application_id)
    with explained(path):
        size = path.stat().st_size
    if not path.is_file() or size == 0:
        raise UserError(f"{quote(path.name)} est vide ou n’est pas un fichier{NBSP}: il n’a pas été joint.")
    if size > LARGEST:
        raise UserError(f"{quote(path.name)} pèse {size // 1024 // 1024}{NBSP}Mo{NBSP}; le maximum est 200{NBSP}Mo.")
    known = _recognised(path)
    if known is media.PROGRAM:
        raise UserError(f"{quote(path.name)} est un programme, pas un document{NBSP}: il n’a pas été joint.")
    stored = pieces.put(pieces.folder_of(session), path)
    if session.get(Attachment, stored.sha256) is None:
        session.add(Attachment(sha256=stored.sha256, media_type=known.type, size=stored.size, added_at=now(session)))
        session.flush()
    last = session.scalar(
        select(func.max(ApplicationAttachment.position)).where(ApplicationAttachment.application_id == application_id)
    )
    return _join(
        session,
        file,
        id=new_id(session),
        kind=kind,
        filename=path.name,
        sha256=stored.sha256,
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
    kept = session.get_one(Attachment, joined.sha256)
    path = queries.content(session, sha256=joined.sha256)
    if not pieces.sound(path, joined.sha256):
        raise Unavailable(queries.sentence(quote(joined.filename), path.exists()))
    known = media.of_type(kept.media_type)
    if not known.suffix:
        raise UserError(
            f"{quote(joined.filename)} ({known.words.lower()}) ne s’ouvre pas d’ici. Enregistrez-en une copie si vous "
            "savez d’où elle vient."
        )
    target = Path(tempfile.mkdtemp(prefix="cv-desktop-")) / (Path(joined.filename).stem[:80] + known.suffix)
    with explained(target):
        shutil.copyfile(path, target)
        target.chmod(0o444)
    return target


def save_copy(session: Session, *, attachment_id: str, target: Path) -> None:
    """Write a copy of a document where the person chose. Raises Unavailable when it is altered or cannot be written."""
    joined = session.get_one(ApplicationAttachment, attachment_id)
    path = queries.content(session, sha256=joined.sha256)
    if not pieces.sound(path, joined.sha256):
        raise Unavailable(queries.sentence(quote(joined.filename), path.exists()))
    with explained(target):
        shutil.copyfile(path, target)


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


def _recognised(path: Path) -> media.Media:
    with explained(path), path.open("rb") as reading:
        head = reading.read(4)
        reading.seek(0)
        # A package tells its kind at its end: it is read whole.
        return media.recognise(reading.read() if head.startswith(b"PK") else reading.read(1 << 16))
