"""The contents that the base names: documents of files and of structures, files imported; kept once, never executed."""

from __future__ import annotations

import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.attachment import Attachment
from cv_desktop.db.queries import attachments as queries
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import now
from cv_desktop.domain import media
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.text import NBSP, quote

LARGEST = 200 * 1024 * 1024
_LARGEST_PICTURE = 5 * 1024 * 1024
_PICTURES = ("image/png", "image/jpeg")


def receive(session: Session, path: Path) -> Attachment:
    """Keep a document that somebody gave.

    Raises UserError when the file is empty, larger than 200 MB or a program, Unavailable when it cannot be read.
    """
    with explained(path):
        size = path.stat().st_size
    if not path.is_file() or size == 0:
        raise UserError(f"{quote(path.name)} est vide ou n’est pas un fichier{NBSP}: il n’a pas été joint.")
    if size > LARGEST:
        weight = f"{size // 1024 // 1024}{NBSP}Mo"
        raise UserError(
            f"{quote(path.name)} pèse {weight}{NBSP}; le maximum est 200{NBSP}Mo. Réduisez-le, ou joignez ses parties."
        )
    known = recognised(path)
    if known is media.PROGRAM:
        raise UserError(f"{quote(path.name)} est un programme, pas un document{NBSP}: il n’a pas été joint.")
    return keep(session, path, known)


def receive_image(session: Session, path: Path, what: str) -> Attachment:
    """Keep a picture that letters print, ``what`` it shows, « le logo ».

    Raises UserError when it is no PNG or JPEG, or weighs more than 5 MB.
    """
    if recognised(path).type not in _PICTURES:
        raise UserError(
            f"{quote(path.name)} n’est pas une image PNG ou JPEG. Numérisez {what}, puis choisissez ce fichier."
        )
    if path.stat().st_size > _LARGEST_PICTURE:
        raise UserError(
            f"{quote(path.name)} pèse plus de 5{NBSP}Mo. Réduisez l’image{NBSP}: 900 points de large suffisent."
        )
    return receive(session, path)


def keep(session: Session, path: Path, known: media.Media) -> Attachment:
    """Copy a content beside the base, once, and name it there: backups carry it, verifications read it again.

    Raises Unavailable when the file cannot be read or the disk refuses.
    """
    return _named(session, pieces.put(pieces.folder_of(session), path), known)


def keep_bytes(session: Session, data: bytes) -> Attachment:
    """As ``keep``, for a content made here. Raises Unavailable when the disk refuses."""
    return _named(
        session, pieces.put_stream(pieces.folder_of(session), BytesIO(data)), media.recognise(data[: 1 << 16])
    )


def _named(session: Session, stored: pieces.Stored, known: media.Media) -> Attachment:
    found = session.get(Attachment, stored.sha256)
    if found is None:
        found = Attachment(sha256=stored.sha256, media_type=known.type, size=stored.size, added_at=now(session))
        session.add(found)
        session.flush()
    return found


def openable(session: Session, *, sha256: str, filename: str) -> Path:
    """A read-only copy for the system's viewer, under the only suffix its content allows.

    Raises Unavailable when the content is missing or altered, UserError when its kind is never opened from here.
    """
    path = _sound(session, sha256, filename)
    known = media.of_type(session.get_one(Attachment, sha256).media_type)
    if not known.suffix:
        raise UserError(
            f"{quote(filename)} ({known.words.lower()}) ne s’ouvre pas d’ici. Enregistrez-en une copie si vous savez "
            "d’où elle vient."
        )
    target = Path(tempfile.mkdtemp(prefix="cv-desktop-")) / (Path(filename).stem[:80] + known.suffix)
    with explained(target):
        shutil.copyfile(path, target)
        target.chmod(0o444)
    return target


def save_copy(session: Session, *, sha256: str, filename: str, target: Path) -> None:
    """Write a copy where the person chose. Raises Unavailable when it is altered or cannot be written."""
    path = _sound(session, sha256, filename)
    with explained(target):
        shutil.copyfile(path, target)


def recognised(path: Path) -> media.Media:
    """What a file is, by its content. Raises Unavailable when it cannot be read."""
    with explained(path), path.open("rb") as reading:
        head = reading.read(4)
        reading.seek(0)
        # A package tells its kind at its end: it is read whole.
        return media.recognise(reading.read() if head.startswith(b"PK") else reading.read(1 << 16))


def _sound(session: Session, sha256: str, filename: str) -> Path:
    path = queries.content(session, sha256=sha256)
    if not pieces.sound(path, sha256):
        raise Unavailable(queries.sentence(quote(filename), path.exists()))
    return path
