"""Piles of scans read away from the window, a few pages at a time, so that a page asked meanwhile hardly waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import scans
from cv_desktop.services.scans import Filing, Tell
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.progress_panel import ProgressPanel

NAME = "Lecture des scans"
SLICE = 4

Outcome = tuple[Changes, Filing]


@dataclass(slots=True)
class _Told:
    """What the piles of one request became."""

    read: int = 0
    copies: int = 0
    known: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    left: int = 0


class ScanReading(QObject):
    """``read(files)``, ``go_on(pile)``; ``advanced`` after each slice and at the end."""

    advanced = Signal()

    def __init__(self, context: Context, panel: ProgressPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._panel = context, panel
        self._waiting: deque[Path | str] = deque()
        self._touched: frozenset[tuple[str, str]] = frozenset()
        self._told = _Told()
        self._job: Job | None = None
        self._stopping = False
        panel.stop_asked.connect(self._stop)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def read(self, piles: Sequence[Path | str]) -> None:
        """Reads files, or by their key piles whose reading was stopped, one after the other."""
        self._waiting.extend(piles)
        if self._job is None and self._waiting:
            self._told, self._stopping = _Told(), False
            self._panel.start(NAME)
            self._next()

    def _next(self) -> None:
        if self._stopping or not self._waiting:
            self._end()
            return
        pile = self._waiting.popleft()
        self._touched = frozenset()
        store, actor = self._context.store, self._context.actor
        if isinstance(pile, Path):
            self._run(lambda tell: scans.take_pile(store, actor=actor, path=pile, progress=tell))
        else:
            self._run(lambda tell: scans.resume(store, actor=actor, pile_id=pile, progress=tell))

    def _run(self, work: Callable[[Tell], Outcome]) -> None:
        self._job = self._context.jobs.run(
            NAME,
            lambda token: work(_budget(token)),
            on_done=self._sliced,
            on_failed=self._failed,
            on_progress=self._panel.progress,
        )

    def _sliced(self, outcome: Outcome) -> None:
        changes, filing = outcome
        store, actor = self._context.store, self._context.actor
        self._stopping = self._stopping or (self._job is not None and self._job.token.cancelled)
        self._touched |= changes.touched
        self._told.read += filing.read
        self._told.copies += len(filing.copies)
        if filing.back:
            self._told.back.append(filing.filename)
        if filing.known and not self._touched:
            self._told.known.append(filing.filename)
        if filing.done < filing.count and not self._stopping:
            self.advanced.emit()
            self._run(lambda tell: scans.resume(store, actor=actor, pile_id=filing.pile_id, progress=tell))
            return
        self._told.left += filing.count - filing.done
        if self._touched:
            back = Step(scans.withdraw, {"pile_id": filing.pile_id})
            self._context.accept(f"lecture de {quote(filing.filename)}", Changes(self._touched, back))
        self._next()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._context.refuse(error)
        self._stopping = self._stopping or isinstance(error, Stopped)
        self._next()

    def _stop(self) -> None:
        if self._job is not None:
            self._stopping = True
            self._job.cancel()

    def _end(self) -> None:
        self._job = None
        self._waiting.clear()
        self._panel.finish()
        told = self._told
        done = f"{counted(told.read, 'page lue')}{NBSP}: {counted(told.copies, 'copie signée classée')}."
        if told.left:
            say = Message("info", f"Arrêté. {done}", f"Il reste {counted(told.left, 'page')} à lire.")
        elif told.read:
            say = Message("success", done)
        elif told.back:
            filed = counted(told.copies, "copie signée classée")
            say = Message("success", f"{quote(told.back[0])} est de nouveau là{NBSP}: {filed}.")
        elif told.known:
            say = Message("info", f"{quote(told.known[0])} a déjà été lue{NBSP}: rien n’a changé.")
        else:
            self.advanced.emit()
            return
        self._context.messages.show_message(say)
        self.advanced.emit()


def _budget(token: Token) -> Tell:
    """Tells the progress of a slice, and ends it after a few pages or when the person stops."""
    pages = count(1)

    def tell(done: int, total: int, name: str) -> bool:
        token.progress(done, total, name)
        return not token.cancelled and next(pages) <= SLICE

    return tell
