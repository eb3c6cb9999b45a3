"""Pictures of the real screens, for the demonstration and the README."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEventLoop, QTimer

from cv_desktop.db.queries import application_records, applications, call_rows, letters, meetings
from cv_desktop.domain import budget
from cv_desktop.ui.context import Context
from cv_desktop.ui.main_window import MainWindow
from cv_desktop.ui.meetings.screen import MeetingsScreen

SIZE = (1440, 900)
# Long enough for a page to be drawn by the worker and shown; what a screen makes once it was seen comes in the first.
PAUSE_MS = 400
PAUSES = 3


class Portrait:
    """Draws screens of a window whose base is open, each at the place where it says most."""

    def __init__(self, window: MainWindow, context: Context) -> None:
        self._window = window
        self._context = context
        self._places: dict[str, Callable[[], None]] = {
            "accueil": lambda: window.visit("home"),
            "dossier": self._file,
            "grille": self._sheet,
            "seance": self._meeting,
            "arbitrage": lambda: window.visit("arbitration"),
            "courriers": self._letter,
        }
        window.resize(*SIZE)
        window.show()
        example = next((row.id for row in context.read(call_rows.rows) if row.applications), None)
        if example:
            context.calls.select(example)

    def draw(self, out: Path, wanted: Sequence[str]) -> list[str]:
        """Saves ``name.png`` for each name; gives the names of the files."""
        files = []
        for name in wanted:
            self._places[name]()
            if shown := self._window.screen_shown:
                shown.regions()[0].setFocus()
            self._settle()
            file = f"{name}.png"
            self._window.grab().save(str(out / file))
            files.append(file)
        return files

    @property
    def _call(self) -> str:
        return self._context.calls.id or ""

    def _settle(self) -> None:
        """Lets the window paint and the work under way end."""
        loop = QEventLoop()
        for pause in count(1):
            QTimer.singleShot(PAUSE_MS, loop.quit)
            loop.exec()
            if pause >= PAUSES and not self._context.jobs.running:
                return

    def _file(self) -> None:
        """The first file whose budget is not balanced, else the first one."""
        rows = self._context.read(applications.rows, call_id=self._call)
        unbalanced = (row for row in rows if self._gap(row.id))
        self._window.visit("applications", "application", next(unbalanced, rows[0]).id)

    def _gap(self, application_id: str) -> int:
        record = self._context.read(application_records.record, application_id=application_id)
        return budget.gap([x.line for x in record.lines]) if record else 0

    def _sheet(self) -> None:
        """The sheet that the first member has begun."""
        self._window.visit("meetings")
        member = self._context.read(meetings.members, call_id=self._call)[0].id
        queue, _hidden = self._context.read(meetings.queue, call_id=self._call, member_id=member)
        begun = next((row for row in queue if row.state == "started"), queue[0])
        cast(MeetingsScreen, self._window.screen_shown).mark_as(member, begun.application_id)

    def _meeting(self) -> None:
        self._window.visit("meetings", "meeting", self._context.read(meetings.rows, call_id=self._call)[0].id)
        screen = cast(MeetingsScreen, self._window.screen_shown)
        screen.leave_sheets()
        screen.record.tabs.setCurrentIndex(screen.record.tabs.count() - 1)

    def _letter(self) -> None:
        """The first award."""
        rows = self._context.read(letters.rows, call_id=self._call)
        first = next((row for row in rows if row.kind in ("ATT", "ATT-P")), rows[0])
        self._window.visit("letters", "letter", first.id)
