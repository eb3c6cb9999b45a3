"""The way back of this window: every step is a verb, run through the store like any other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import Unavailable, UserError

DEPTH = 200
Entry = tuple[str, Step, str | None]  # what is said of it, the step, and the member who was marking, if any


class Undo(QObject):
    """Two piles of steps. ``execute`` runs a step and gives its Changes, whose ``undo`` is the way forward.

    A member who marks reaches only what was done from his or her own seat: the rest could name a file that a déport
    hides, or take back the marks of somebody else. The officer, None, reaches everything.
    """

    changed = Signal()

    def __init__(self, execute: Callable[[Step], Changes], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._execute = execute
        self._back: list[Entry] = []
        self._forward: list[Entry] = []
        self._seat: str | None = None

    @property
    def undo_label(self) -> str:
        """Label of the step « Annuler » would take back, empty when there is none."""
        return self._back[-1][0] if self._reaches(self._back) else ""

    @property
    def redo_label(self) -> str:
        return self._forward[-1][0] if self._reaches(self._forward) else ""

    def sit(self, member_id: str | None) -> None:
        """Whose seat it is now: a member's, or the officer's."""
        self._seat = member_id
        self.changed.emit()

    def push(self, label: str, step: Step) -> None:
        """Remembers how to take back what has just been done; what was undone before is forgotten."""
        self._back = [*self._back, (label, step, self._seat)][-DEPTH:]
        self._forward.clear()
        self.changed.emit()

    def clear(self) -> None:
        self._back.clear()
        self._forward.clear()
        self.changed.emit()

    def undo(self) -> Changes | None:
        """Takes back the last step. Raises the UserError of the verb."""
        return self._move(self._back, self._forward)

    def redo(self) -> Changes | None:
        return self._move(self._forward, self._back)

    def _move(self, source: list[Entry], target: list[Entry]) -> Changes | None:
        if not self._reaches(source):
            return None
        label, step, seat = source[-1]
        try:
            changes = self._execute(step)
        except Unavailable:
            raise  # the disk may come back: the step stays
        except UserError:
            source.pop()  # this step can never be taken back any more; leaving it would block those before it
            self.changed.emit()
            raise
        source.pop()
        if changes.undo:
            target.append((label, changes.undo, seat))
        self.changed.emit()
        return changes

    def _reaches(self, pile: list[Entry]) -> bool:
        return bool(pile) and self._seat in (None, pile[-1][2])
