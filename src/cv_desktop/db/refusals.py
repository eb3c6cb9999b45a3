"""What SQLite and the system refuse, said to a person."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cv_desktop.domain.errors import Unavailable
from cv_desktop.domain.text import NBSP, quote

_FULL = "Le disque est plein : la dernière modification n’est pas enregistrée. Libérez de la place, puis réessayez."
# A log or an index of it that cannot grow is a full disk (or a quota) too.
_NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHMSIZE")
_READ_ONLY = "Le dossier « {folder} » ne peut pas être modifié. Choisissez un autre dossier ou demandez les droits."
_DAMAGED = "Le fichier « {name} » n’est pas une base de CV Desktop, ou il est abîmé. Restaurez la dernière sauvegarde."


def _sentence(code: str, path: Path, damaged: str) -> str | None:
    name = path.name
    if code.startswith(_NO_ROOM):
        return _FULL
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return _READ_ONLY.format(folder=path.parent)
    if code.startswith("SQLITE_CANTOPEN"):
        return f"La base « {name} » ne peut pas être ouverte : dossier absent ou sans droits ({path.parent})."
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "La base est occupée par un autre programme. Fermez-le, puis réessayez."
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return damaged.format(name=name)
    return None


@contextmanager
def explained(path: Path, damaged: str = _DAMAGED) -> Iterator[None]:
    """Turn the refusals of SQLite and of the file system into ``Unavailable``; let bugs through.

    ``damaged`` is the sentence for a file that SQLite cannot read, with its ``{name}``.
    """
    try:
        yield
    except _database_errors() as error:
        code = getattr(getattr(error, "orig", error), "sqlite_errorname", "")
        if sentence := _sentence(code, path, damaged):
            raise Unavailable(sentence) from error
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Unavailable(_FULL) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Unavailable(_READ_ONLY.format(folder=path.parent)) from error
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise Unavailable(f"Le dossier « {path.parent} » n’existe pas.") from error
        raise


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Turn what is met on opening a file that a person chose into ``Unavailable``, with the name of the file."""
    try:
        yield
    except FileNotFoundError as error:
        raise Unavailable(
            f"Le fichier {quote(path.name)} n’est pas dans {path.parent}{NBSP}: vérifiez son nom."
        ) from error
    except IsADirectoryError as error:
        raise Unavailable(f"{quote(path.name)} est un dossier{NBSP}: choisissez un fichier.") from error
    except OSError as error:
        raise Unavailable(f"Le fichier {quote(path.name)} ne se lit pas{NBSP}: vérifiez vos droits.") from error


def _database_errors() -> tuple[type[Exception], ...]:
    """The driver's, and those of SQLAlchemy around them once it is loaded: before that it raised none."""
    loaded = sys.modules.get("sqlalchemy.exc")
    return (sqlite3.DatabaseError, loaded.DatabaseError) if loaded else (sqlite3.DatabaseError,)
