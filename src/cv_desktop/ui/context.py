"""What every screen receives: one way to read, one way to write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.backup_keeper import BackupKeeper
from cv_desktop.ui.bus import Bus
from cv_desktop.ui.calls_selection import CallsSelection
from cv_desktop.ui.history import History
from cv_desktop.ui.jobs import Jobs
from cv_desktop.ui.message_bar import Message, MessageBar
from cv_desktop.ui.undo import Undo

if TYPE_CHECKING:
    # SQLAlchemy comes with the store; the window is painted before it is loaded.
    from cv_desktop.db.store import Store

T = TypeVar("T")


def now() -> datetime:
    return datetime.now(UTC)


class Context(QObject):
    """Made once per window, when its base is open."""

    saved = Signal(object)  # the moment (UTC) of the last write
    actor_changed = Signal(str)
    told = Signal(str)  # a sentence for the status bar: what the last key did
    viewer_changed = Signal()
    visit = Signal(str, str, str)  # destination key, noun, id: show this record
    beside_asked = Signal(str, str)  # noun, id: show this record in a window of its own

    def __init__(
        self,
        *,
        store: Store,
        messages: MessageBar,
        settings: LocalSettings,
        jobs: Jobs,
        calls: CallsSelection,
        backups: BackupKeeper,
        actor: str,
        clock: Callable[[], datetime] = now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.store = store
        self.bus = Bus(self)
        self.jobs = jobs
        self.undo = Undo(self._execute, self)
        self.history = History()
        self.settings = settings
        self.messages = messages
        self.calls = calls
        self.backups = backups
        self.clock = clock
        self._actor = actor
        self._viewer: str | None = None

    @property
    def viewer(self) -> str | None:
        """The member whose sheets are being marked, who finds no trace of the files of a déport; None for the officer.

        Every query that has a ``viewer`` receives it.
        """
        return self._viewer

    def beside(self, messages: MessageBar, parent: QObject) -> Context:
        """For another window on the same base: one way back, one bus, messages of its own."""
        made = Context(
            store=self.store,
            messages=messages,
            settings=self.settings,
            jobs=self.jobs,
            calls=self.calls,
            backups=self.backups,
            actor=self._actor,
            clock=self.clock,
            parent=parent,
        )
        made.bus, made.undo, made._viewer = self.bus, self.undo, self._viewer
        made.saved.connect(self.saved)
        made.told.connect(self.told)
        made.visit.connect(self.visit)
        made.beside_asked.connect(self.beside_asked)
        self.actor_changed.connect(made.act_as)
        self.viewer_changed.connect(lambda: made.view_as(self.viewer))
        return made

    def view_as(self, member_id: str | None) -> None:
        """What was said and done from another seat could name a hidden file: it is not for this one."""
        if member_id != self._viewer:
            self._viewer = member_id
            self.undo.sit(member_id)
            self.messages.sit(member_id)
            self.told.emit("")
            self.viewer_changed.emit()

    @property
    def actor(self) -> str:
        """The person at the keyboard, as the journal names them."""
        return self._actor

    def act_as(self, name: str) -> None:
        if name != self._actor:
            self._actor = name
            self.actor_changed.emit(name)

    def read(self, query: Callable[..., T], *args: Any, **kw: Any) -> T:
        """``query(session, *args, **kw)`` in a read session of its own."""
        with self.store.read() as session:
            return query(session, *args, **kw)

    def look(self, query: Callable[..., T], *args: Any, **kw: Any) -> T:
        """As ``read``, for a query written as text: the first list does not wait for SQLAlchemy."""
        with self.store.look() as reading:
            return query(reading, *args, **kw)

    def do(self, label: str, verb: Callable[..., Any], /, **kw: Any) -> Changes | None:
        """One write. ``label`` names it in « Annuler : … ». None when it was refused, and the message bar says why."""
        return self.do_from(None, label, verb, **kw)

    def attempt(self, label: str, verb: Callable[..., Any], /, **kw: Any) -> Changes:
        """As ``do``, for a field or a cell that shows the refusal itself. Raises the UserError of the verb."""
        changes = self._execute(Step(verb, kw))
        self.accept(label, changes)
        return changes

    def do_from(self, origin: QObject | None, label: str, verb: Callable[..., Any], /, **kw: Any) -> Changes | None:
        """As ``do``, telling the bus which widget asked, so that it may repaint less."""
        result = self._try(Step(verb, kw))
        if result is None:
            return None
        self.accept(label, result, origin)
        return result

    def accept(self, label: str, changes: Changes, origin: QObject | None = None) -> None:
        """What follows a write, also one made by a job with ``store.write`` of its own: undo, screens, hour."""
        if changes.undo:
            self.undo.push(label, changes.undo)
            self.messages.close_offers()
        self.told.emit(f"{label[:1].upper()}{label[1:]}")
        self._tell(changes, origin)

    def undo_last(self) -> None:
        self._move(self.undo.undo_label, self.undo.undo, "Annulé")

    def redo_last(self) -> None:
        self._move(self.undo.redo_label, self.undo.redo, "Rétabli")

    def refuse(self, refusal: UserError) -> None:
        """Shows why something was not done."""
        lead, stop, rest = refusal.message.partition(". ")
        sentence = Message("danger" if isinstance(refusal, Unavailable) else "warning", lead + stop.strip(), rest)
        self.messages.show_message(sentence)
        self.told.emit(refusal.message)

    def _execute(self, step: Step) -> Changes:
        with self.store.write(actor=self._actor) as session:
            return step(session)

    def _try(self, step: Step) -> Changes | None:
        try:
            return self._execute(step)
        except UserError as refusal:
            self.refuse(refusal)
            return None

    def _move(self, label: str, move: Callable[[], Changes | None], done: str) -> None:
        try:
            changes = move()
        except UserError as refusal:
            self.refuse(refusal)
            return
        if changes:
            self.messages.close_success()
            self._tell(changes, None)
            self.told.emit(f"{done} : {label}")

    def _tell(self, changes: Changes, origin: QObject | None) -> None:
        self.saved.emit(self.clock())
        self.bus.changed.emit(changes, origin)
