"""Copies of a base: made while it is open, checked before they count, kept in a rotation."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cv_desktop.db import pieces
from cv_desktop.db.migrations import HEAD
from cv_desktop.db.refusals import explained
from cv_desktop.domain.errors import Unavailable

LAST, WEEKLY, MONTHLY = 10, 8, 12
# A copy that someone named otherwise, « sauvegarde-avant-vote.sqlite », is never thrown away.
_PATTERN = f"sauvegarde-{'[0-9]' * 4}-{'[0-9]' * 2}-{'[0-9]' * 2}-{'[0-9]' * 6}.sqlite"
_UNREADABLE = "Le fichier « {name} » n’est pas une sauvegarde, ou il est abîmé. Choisissez-en une autre."


@dataclass(frozen=True, slots=True)
class Content:
    """What a backup holds, shown before it is restored."""

    revision: str
    version: str
    structures: int
    applications: int
    letters: int
    last_entry: str


def copy(base: Path, target: Path, *, attachments: bool = True) -> None:
    """Copy an open base into ``target`` (replaced only once the copy is whole and sound).

    One file carries all: the documents received are put inside it, unless ``attachments`` is off.

    Raises Unavailable when the folder is absent, without rights, or the disk is full, or when the
    target is the base itself.
    """
    with explained(target):
        if target.exists() and target.samefile(base):
            raise Unavailable("La sauvegarde prendrait la place de la base. Choisissez un autre nom de fichier.")
        _vacuum(base.resolve().as_uri(), target, (lambda made: pieces.embed(base, made)) if attachments else None)


def inspect(backup: Path) -> Content:
    """Check that a file is a sound base of this program or an older one, and say what it holds.

    Raises Unavailable otherwise, with the reason.
    """
    if not backup.is_file():
        raise Unavailable(f"Le fichier « {backup.name} » n’existe pas.")
    with (
        explained(backup, _UNREADABLE),
        closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"alembic_version", "application", "journal"} <= tables:
            raise Unavailable(f"Le fichier « {backup.name} » n’est pas une sauvegarde de CV Desktop.")
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Unavailable(f"La sauvegarde « {backup.name} » est abîmée. Choisissez-en une autre.")

        def one(query: str) -> str:
            row = connection.execute(query).fetchone()
            return str(row[0]) if row and row[0] is not None else ""

        content = Content(
            revision=one("SELECT version_num FROM alembic_version"),
            version=one("SELECT value FROM setting WHERE key = 'app_version'").strip('"'),
            structures=int(one("SELECT count(*) FROM structure")),
            applications=int(one("SELECT count(*) FROM application")),
            letters=int(one("SELECT count(*) FROM letter WHERE number IS NOT NULL")),
            last_entry=one("SELECT max(at) FROM journal"),
        )
    if content.revision > HEAD:
        raise Unavailable(
            f"Cette sauvegarde vient d’une version plus récente ({content.version}). "
            "Mettez l’application à jour ; rien n’a été modifié."
        )
    return content


def restore(backup: Path, base: Path) -> Content:
    """Put a checked backup in place as a new base; never over an existing one.

    Raises Unavailable when the backup is unsound or a base already lies there.
    """
    content = inspect(backup)
    if base.exists():
        raise Unavailable(
            f"Une base existe déjà dans « {base.parent} ». Choisissez un autre dossier : la restauration n’écrase rien."
        )
    with explained(base):
        base.parent.mkdir(parents=True, exist_ok=True)
        _vacuum(f"{backup.resolve().as_uri()}?mode=ro", base, lambda made: pieces.extract(made, base.parent))
        # A copy of the rotation lies beside the contents it shares with the others, or under its base.
        sums = pieces.listed(base)
        for near in (backup.parent, backup.parent.parent):
            pieces.carry(near, base.parent, sums)
    return content


def _vacuum(source: str, target: Path, finish: Callable[[Path], None] | None = None) -> None:
    """A checked copy of a base under a temporary name, finished, then in place; nothing is left of one that fails."""
    partial = target.with_name(target.name + ".part")
    try:
        # An absent folder or one without rights is refused in its own words, not in those of SQLite.
        partial.write_bytes(b"")
        with closing(sqlite3.connect(source, uri=True, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(partial),))
        if finish is not None:
            finish(partial)
        inspect(partial)
        with partial.open("rb+") as handle:
            os.fsync(handle.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def rotate(base: Path, folder: Path, moment: datetime) -> Path:
    """Make a dated backup in ``folder`` and keep the last ten, eight weekly and twelve monthly ones."""
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"sauvegarde-{moment:%Y-%m-%d-%H%M%S}.sqlite"
    # The contents never change: one copy of each serves every backup of the folder.
    copy(base, target, attachments=False)
    pieces.carry(base.parent, folder, pieces.listed(base))
    kept: set[Path] = set()
    weeks: set[str] = set()
    months: set[str] = set()
    for rank, path in enumerate(sorted(folder.glob(_PATTERN), reverse=True)):
        day = datetime.strptime(path.stem[11:21], "%Y-%m-%d").date()  # noqa: DTZ007 (only its day serves)
        week, month = f"{day:%G-%V}", f"{day:%Y-%m}"
        if rank < LAST:
            kept.add(path)
        if week not in weeks and len(weeks) < WEEKLY:
            weeks.add(week)
            kept.add(path)
        if month not in months and len(months) < MONTHLY:
            months.add(month)
            kept.add(path)
    for path in set(folder.glob(_PATTERN)) - kept:
        path.unlink()
    return target
