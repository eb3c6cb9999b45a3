"""The files brought into a base, kept as they came beside it: what was read can always be read again."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db.refusals import explained
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote

FOLDER = "imports"


def keep(session: Session, path: Path, sha256: str) -> Path:
    """Copy a file into the base's folder under its fingerprint; twice the same file is kept once.

    Raises UserError when the file is no longer the one that was read, Unavailable when the disk refuses.
    """
    database = session.get_bind().engine.url.database
    assert database is not None
    target = Path(database).parent / FOLDER / f"{sha256}{path.suffix.lower()}"
    if target.exists():
        return target
    with explained(target):
        target.parent.mkdir(exist_ok=True)
        partial = target.with_suffix(".partiel")
        with path.open("rb") as source, partial.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        same = fingerprint(partial) == sha256
        if same:
            partial.replace(target)
        else:
            partial.unlink()
    if not same:
        raise UserError(f"Le fichier {quote(path.name)} a changé depuis sa lecture. Relisez-le avant de l’importer.")
    return target


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def find(folder: Path, sha256: str) -> Path | None:
    """The kept file of that fingerprint in a base's folder, None when it is no longer there."""
    return next((folder / FOLDER).glob(f"{sha256}.*"), None) if sha256 else None
