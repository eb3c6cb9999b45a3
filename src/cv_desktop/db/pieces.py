"""The contents of the documents received and of the files imported: under ``pieces/`` in the base's folder.

Named by its SHA-256, a content is written once and never changed; opening it works on a copy.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from cv_desktop.db.refusals import explained

FOLDER = "pieces"
_CHUNK = 1 << 20
_PART = 1 << 26


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """A content that is not what it was: ``altered``, or else absent."""

    sha256: str
    altered: bool


def folder_of(session: Session) -> Path:
    """The folder of the base a session works on."""
    database = session.get_bind().engine.url.database
    assert database is not None
    return Path(database).parent


def place(folder: Path, sha256: str) -> Path:
    """Where a content lies, whether it is there or not."""
    return folder / FOLDER / sha256[:2] / sha256


def put(folder: Path, source: Path) -> Stored:
    """Copy a file in under its own fingerprint; the same content is kept once.

    Raises Unavailable when the source cannot be read or the disk refuses.
    """
    with explained(source), source.open("rb") as reading:
        return put_stream(folder, reading)


def put_stream(folder: Path, reading: BinaryIO) -> Stored:
    """As ``put``, for what is read from a stream."""
    target = folder / FOLDER
    with explained(target):
        target.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target, suffix=".part")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as writing:
            digest, size, head = hashlib.sha256(), 0, b""
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                head = head or chunk
                writing.write(chunk)
            writing.flush()
            os.fsync(writing.fileno())
        kept = place(folder, digest.hexdigest())
        if not sound(kept, digest.hexdigest()):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial.replace(kept)
    finally:
        partial.unlink(missing_ok=True)
    return Stored(digest.hexdigest(), size, head)


def sound(path: Path, sha256: str) -> bool:
    """Whether a content is there and is what its name says."""
    try:
        with path.open("rb") as reading:
            return hashlib.file_digest(reading, "sha256").hexdigest() == sha256
    except OSError:
        return False


def faults(folder: Path, sums: Iterable[str]) -> list[Fault]:
    """The contents that are missing or were altered."""
    found = []
    for sha256 in sums:
        path = place(folder, sha256)
        if not sound(path, sha256):
            found.append(Fault(sha256, altered=path.exists()))
    return found


def listed(base: Path) -> list[str]:
    """The contents a base names; none in one that is older than its attachments."""
    with closing(sqlite3.connect(f"{base.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attachment'").fetchone()
        return [row[0] for row in connection.execute("SELECT sha256 FROM attachment")] if known else []


def carry(source: Path, target: Path, sums: Iterable[str]) -> int:
    """Copy the sound contents of one folder that another one lacks; gives how many were copied."""
    done = 0
    for sha256 in sums:
        origin, copy = place(source, sha256), place(target, sha256)
        if sound(copy, sha256) or not sound(origin, sha256):
            continue
        with explained(copy):
            copy.parent.mkdir(parents=True, exist_ok=True)
            partial = copy.with_name(f"{sha256}.part")
            shutil.copyfile(origin, partial)
            partial.replace(copy)
        done += 1
    return done


def embed(base: Path, backup: Path) -> None:
    """Put the contents a base names inside its backup, which then is one whole file.

    By parts in the order of their rows: a register may be larger than SQLite lets one value be.
    """
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE backup_piece (sha256 TEXT NOT NULL, data BLOB NOT NULL)")
        connection.execute("BEGIN")
        for sha256 in listed(base):
            path = place(base.parent, sha256)
            if sound(path, sha256):
                with path.open("rb") as reading:
                    while part := reading.read(_PART):
                        connection.execute("INSERT INTO backup_piece VALUES (?, ?)", (sha256, part))
        connection.execute("COMMIT")


def extract(restored: Path, folder: Path) -> None:
    """Take the contents out of a restored base into its folder, and their table away."""
    with closing(sqlite3.connect(restored, isolation_level=None)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_piece'").fetchone():
            return
        parts = connection.execute("SELECT sha256, data FROM backup_piece ORDER BY sha256, rowid")
        for sha256, found in groupby(parts, key=itemgetter(0)):
            path = place(folder, sha256)
            if not sound(path, sha256):
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as writing:
                    writing.writelines(data for _sha256, data in found)
        connection.execute("DROP TABLE backup_piece")
        connection.execute("VACUUM")
