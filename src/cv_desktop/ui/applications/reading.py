"""A campaign of thousands of files, read part by part between two keystrokes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from cv_desktop.db.queries import applications as queries
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain.uncollected import uncollected
from cv_desktop.ui.context import Context

FIRST, SIZE = 200, 1000  # files of the first page, then of each part: no part holds a keystroke for long


class Reading(QObject):
    """``start`` gives the first files, all of them in most campaigns; the rest comes with ``done``, once."""

    done = Signal(list)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._call = ""
        self._rows: list[ApplicationRow] = []
        self._parts: list[tuple[int, int]] = []
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._next)

    @property
    def under_way(self) -> bool:
        return bool(self._parts)

    def start(self, call_id: str) -> list[ApplicationRow]:
        """Begin again, on this campaign. ``under_way`` says whether the files it gives are only the first ones."""
        self._call, self._rows = call_id, []
        self._parts = self._context.look(queries.slices, call_id=call_id, first=FIRST, size=SIZE)
        self._read()
        if len(self._parts) == 1:
            self._read()
        if self._parts:
            self._turn.start(0)
        else:
            self._turn.stop()
        return self._rows

    def stop(self) -> None:
        self._parts = []
        self._turn.stop()

    def _next(self) -> None:
        self._read()
        if self._parts:
            self._turn.start(0)
        else:
            self.done.emit(self._rows)

    def _read(self) -> None:
        if self._parts:
            ranks = self._parts.pop(0)
            with uncollected():
                self._rows += self._context.look(
                    queries.rows, call_id=self._call, viewer=self._context.viewer, ranks=ranks
                )
