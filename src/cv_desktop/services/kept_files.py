"""The files brought into a base, kept as they came beside it: what was read can always be read again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db.queries import attachments as queries
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


def find(folder: Path, sha256: str) -> Path | None:
    """The kept file of that fingerprint in a base's folder, None when it is no longer there."""
    return next((folder / FOLDER).glob(f"{sha256}.*"), None) if sha256 else None
