"""All that is SQLite's own about a connection: pragmas, transactions, and where a base may lie."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session

    # What a question written as text is asked to: a session, with what it wrote, or the driver alone.
    Reading = Session | sqlite3.Connection

# SQLAlchemy takes longer to import than the first list to read and to paint: it comes with the first session.

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afpfs", "davfs", "fuse.davfs2")
_REMOTE_DRIVE = 4


def connect(path: Path) -> Engine:
    """An engine on one base file, with foreign keys, a write-ahead log and full synchronisation.

    FULL: what was confirmed must survive a power cut, which NORMAL does not promise under WAL.
    """
    from sqlalchemy import create_engine, event

    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: Any) -> None:
        _prepare(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', '')}")

    return engine


def driver(path: Path) -> sqlite3.Connection:
    """A connection of the driver's own on one base file, as those of ``connect``; for the thread that asks it."""
    connection = sqlite3.connect(path, timeout=10)
    _prepare(connection)
    return connection


def ask(reading: Reading, question: str, **values: object) -> Iterable[tuple[Any, ...]]:
    """The rows of a question written as text, its ``values`` by name; dates and JSON are as SQLite keeps them."""
    if isinstance(reading, sqlite3.Connection):
        return reading.execute(question, values)
    reading.flush()
    return reading.connection().exec_driver_sql(question, values).all()


def _prepare(connection: sqlite3.Connection) -> None:
    # The driver would open transactions late and by itself; BEGIN is said instead.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def on_network(folder: Path) -> bool:
    """Whether a folder lies on a network share, where a write-ahead log would be damaged."""
    if str(folder).startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _REMOTE_DRIVE)
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    best, kind = "", ""
    resolved = folder.resolve()
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _device, point, filesystem, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if len(point) >= len(best) and resolved.is_relative_to(point):
            best, kind = point, filesystem
    return kind in _NETWORK
