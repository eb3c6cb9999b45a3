"""The files brought into a base, kept as they came beside it: what was read can always be read again."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.queries import attachments as queries
from cv_desktop.db.refusals import explained
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote
from cv_desktop.services import contents


def keep(session: Session, path: Path, sha256: str) -> Path:
    """Keep a file among the contents of the base; twice the same file is kept once. Gives where it lies.

    Raises UserError when the file is no longer the one that was read, Unavailable when the disk refuses.
    """
    if contents.keep(session, path, contents.recognised(path)).sha256 != sha256:
        raise UserError(f"Le fichier {quote(path.name)} a changé depuis sa lecture. Relisez-le avant de l’importer.")
    return queries.content(session, sha256=sha256)


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def find(folder: Path, sha256: str, filename: str) -> Path | None:
    """A copy, under the name it came with, of the kept file of that fingerprint; None when it is missing or altered."""
    content = pieces.place(folder, sha256)
    if not pieces.sound(content, sha256):
        return None
    copy = Path(tempfile.mkdtemp(prefix="cv-desktop-")) / Path(filename).name
    with explained(copy):
        shutil.copyfile(content, copy)
    return copy
