"""What is being typed: judged at once, written after a pause, kept aside on this computer while it is faulty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cv_desktop.domain import letter_template
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_template import Fault
from cv_desktop.ui.context import Context

PAUSE = 1000  # after the last key
Content = dict[str, Any]


class TypingKeeper(QObject):
    """``begin`` with what is on screen, ``typed`` at each change, ``settle`` on leaving; ``judged`` with the faults."""

    judged = Signal(object)

    def __init__(
        self,
        context: Context,
        content: Callable[[], Content],
        judge: Callable[[Content], Sequence[Fault]],
        write: Callable[[Content], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._content, self._judge, self._write = context, content, judge, write
        self._memory = context.settings.memory("modeles.brouillons")
        self._key = ""
        self._shown: Content = {}
        self.faults: tuple[Fault, ...] = ()
        self.writing = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self._try)

    @property
    def waiting(self) -> bool:
        """Whether something typed is not in the base yet."""
        return self._later.isActive() or bool(self.faults)

    def draft(self, key: str) -> tuple[Content, str] | None:
        """What was left under a key, and the sentence that gives it back: « Brouillon repris du 2 mars 2026… »."""
        kept = self._memory.get(f"{self._context.store.path}|{key}") or {}
        try:
            moment = local(datetime.fromisoformat(kept["at"]))
            return (
                letter_template.read(kept["content"]),
                f"Brouillon repris du {long_date(moment.date())}, {moment.hour}\u00a0h\u00a0{moment.minute:02d}.",
            )
        except (TypeError, KeyError, ValueError, UserError):
            return None

    def begin(self, key: str, written: Content) -> None:
        """Another text is on screen; ``written`` is what the base holds of it."""
        self._later.stop()
        self._key, self._shown = f"{self._context.store.path}|{key}", written
        self.judge()

    def typed(self) -> None:
        """Something was changed by a person."""
        self.judge()
        self._later.start()

    def judge(self) -> None:
        self.faults = tuple(self._judge(self._content()))
        self.judged.emit(self.faults)

    def settle(self) -> None:
        """Writes now what is still to be written, or keeps it aside."""
        if self._later.isActive():
            self._later.stop()
            self._try()

    def forget(self) -> None:
        """Gives up what is typed and not written."""
        self._later.stop()
        self._memory.pop(self._key, None)
        self.faults = ()

    def _try(self) -> None:
        content = self._content()
        if content == self._shown:
            self._memory.pop(self._key, None)
            self.judged.emit(self.faults)
            return
        if not self.faults:
            self.writing = True
            try:
                self._write(content)
            except UserError as refusal:
                self._context.refuse(refusal)
            else:
                self._shown = content
                self._memory.pop(self._key, None)
                return
            finally:
                self.writing = False
        self._memory[self._key] = {"content": content, "at": self._context.clock().isoformat()}
        self._context.settings.flush()
        self.judged.emit(self.faults)
