"""One base, opened by one program: sessions to read, units of work to write."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from cv_desktop.db import schema
from cv_desktop.db.engine import connect, driver, on_network
from cv_desktop.db.migrations import HEAD
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import Clock, NewId, Work, random_id, system_clock
from cv_desktop.domain.dates import clock as hours
from cv_desktop.domain.errors import Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

NAME = "cv-desktop.sqlite"


class Unjournaled(AssertionError):
    """A verb wrote without saying so in the journal: a fault of the program."""


class Store:
    """Opened with ``Store.open``, closed with ``close`` or as a context manager."""

    def __init__(
        self, path: Path, own: sqlite3.Connection, lock: FileLock, clock: Clock, new_id: NewId, station: str
    ) -> None:
        self.path = path
        self.clock = clock
        self.station = station
        self._own = own
        self._lock = lock
        self._new_id = new_id

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = False,
        clock: Clock = system_clock,
        new_id: NewId = random_id,
        station: str = "",
        actor: str = "",
    ) -> Store:
        """Open a base, or make it when ``create`` is set; migrate an older one after copying it aside.

        Raises Unavailable when the folder is on a network share or cannot be written, when the
        base is absent, already open, damaged, or written by a later version.
        """
        folder = path.parent
        if on_network(folder):
            raise Unavailable(
                "Ce dossier est sur un partage réseau. La base doit être sur ce poste pour ne pas être abîmée ; "
                "les sauvegardes peuvent aller sur le partage."
            )
        if not create and not path.exists():
            raise Unavailable(f"Aucune base dans « {folder} ». Créez-la, ou choisissez un autre dossier.")
        with explained(path):
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(13, "read-only", str(folder))
            lock = _lock(path)
            try:
                # Looked at before anything of ours touches it: not even the kind of its journal may change.
                revision = schema.examine(path) if path.exists() else None
                if revision is None and not create:
                    raise Unavailable(f"Le fichier « {path.name} » n’est pas une base de CV Desktop.")
                if revision not in (None, HEAD):
                    from cv_desktop.db import backup

                    aside = path.with_name(f"{path.stem}-avant-{HEAD}-depuis-{revision}.sqlite")
                    backup.copy(path, aside, attachments=False)
                if revision != HEAD:
                    engine = connect(path)
                    try:
                        schema.upgrade(engine)
                    finally:
                        engine.dispose()
                own = driver(path)
                try:
                    owner = {"actor": actor, "since": hours(clock())}
                    _owner_file(path).write_text(json.dumps(owner), encoding="utf-8")
                except BaseException:
                    own.close()
                    raise
            except BaseException:
                lock.release()
                raise
        return cls(path, own, lock, clock, new_id, station or platform.node())

    @property
    def folder(self) -> Path:
        return self.path.parent

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """One state of the base, for questions written as text: the first list is read without SQLAlchemy.

        Only in the thread that opened the base.
        """
        with explained(self.path):
            self._own.execute("BEGIN")
            try:
                yield self._own
            finally:
                self._own.rollback()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the base and writes nothing."""
        from sqlalchemy.orm import Session

        with explained(self.path), Session(self._engine, autoflush=False, expire_on_commit=False) as session:
            # What is read may depend on the day: the deadline of a letter not issued yet.
            session.info["work"] = Work("", self.station, self.clock, self._new_id)
            yield session
            session.rollback()

    @contextmanager
    def write(self, actor: str, *, rehearsal: bool = False) -> Iterator[Session]:
        """One unit of work: all of it is kept and journaled, or nothing.

        With ``rehearsal`` everything runs, then nothing is kept (dry run).
        Raises Unavailable when the disk or the rights refuse, Unjournaled when a verb forgot its entry, UserError when
        the actor is an officer kept out of a file that the work touches.
        """
        from sqlalchemy import event
        from sqlalchemy.orm import Session

        # The rows of a flush are put in the order of the references between tables: all of them must be known.
        # So does the rule on officers, which asks a few of them.
        from cv_desktop.db import journal, officers
        from cv_desktop.db.models import every  # noqa: F401

        work = Work(actor, self.station, self.clock, self._new_id)
        with explained(self.path), Session(self._writing, expire_on_commit=False) as session:
            session.info["work"] = work
            event.listen(session, "after_flush", _remember_flush)
            event.listen(session, "do_orm_execute", _remember_statement)
            try:
                yield session
                session.flush()
                officers.refuse_linked(session, work)
                wrote = session.info.get("wrote", False)
                if not journal.seal(session, work) and wrote:
                    raise Unjournaled("a unit of work wrote without a journal entry")
                if rehearsal:
                    session.rollback()
                else:
                    session.commit()
            except BaseException:
                session.rollback()
                raise

    @cached_property
    def _engine(self) -> Engine:
        return connect(self.path)

    @cached_property
    def _writing(self) -> Engine:
        return self._engine.execution_options(begin="IMMEDIATE")

    def close(self) -> None:
        self._own.close()
        if "_engine" in self.__dict__:
            self._engine.dispose()
        _owner_file(self.path).unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _remember_flush(session: Session, _context: UOWTransaction) -> None:
    session.info["wrote"] = True


def _remember_statement(state: ORMExecuteState) -> None:
    """Large inserts and deletes go round the flush."""
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["wrote"] = True


def _owner_file(path: Path) -> Path:
    return path.with_suffix(".owner")


def _lock(path: Path) -> FileLock:
    lock = FileLock(path.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Unavailable(_who(path)) from None
    return lock


def require_closed(path: Path) -> None:
    """Raises Unavailable, with who opened it, when a program has the base open."""
    _lock(path).release()


def _who(path: Path) -> str:
    try:
        owner = json.loads(_owner_file(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        owner = {}
    if owner.get("actor"):
        return (
            f"La base est déjà ouverte sur ce poste par {owner['actor']} depuis {owner['since'].replace(':', ' h ')}."
        )
    return "La base est déjà ouverte sur ce poste."
