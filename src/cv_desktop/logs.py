"""The technical log: what happened and where in the code, never a value nor a name."""

from __future__ import annotations

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

_LOG = logging.getLogger("cv_desktop")
_SIZE, _FILES = 500_000, 3


def frames(trace: TracebackType | None) -> str:
    """« cv_desktop.db.store:82 < cv_desktop.desk:40 »: the lines gone through, the deepest first."""
    lines = [
        f"{frame.f_globals.get('__name__', '?')}:{number}" for frame, number in reversed(list(traceback.walk_tb(trace)))
    ]
    return " < ".join(lines)


class _Discreet(logging.Formatter):
    """Keeps the type of an exception and its lines: the message of an exception may hold a name or an amount."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return f"{ei[0].__name__} {frames(ei[2])}" if ei[0] else ""


def start(folder: Path) -> None:
    """Writes from now on to ``folder``; a folder that refuses is only told on the standard error."""
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "cv-desktop.log", maxBytes=_SIZE, backupCount=_FILES, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(message)s"))
    stop()
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


def stop() -> None:
    """Closes the file."""
    for handler in list(_LOG.handlers):
        _LOG.removeHandler(handler)
        handler.close()


def event(name: str, **counts: int) -> None:
    """Notes a fact of the program: a fixed name, and numbers only."""
    _LOG.info("%s", " ".join([name, *(f"{key}={value:d}" for key, value in counts.items())]))


def failure(name: str, error: BaseException) -> None:
    """Notes an exception: its type and lines, not its message."""
    _LOG.error("%s", name, exc_info=(type(error), error, error.__traceback__))
