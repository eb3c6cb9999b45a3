"""Brings the window to life on one open base. Imported after the first paint: it loads SQLAlchemy."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from cv_desktop.db.queries import call_rows, institution
from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.backup_keeper import BackupKeeper, Rotate
from cv_desktop.ui.calls_selection import CallChoice, CallsSelection
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Jobs
from cv_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from cv_desktop.ui.beside import Besides

# What the first screen does not show is imported and asked once it has been seen: the phases of the campaigns, what
# Ctrl+K searches, files dropped on the window.

# What a campaign's phase is made of. Counted a little after a write, once for several.
PHASED = frozenset({"application", "import", "meeting", "lot", "decision", "letter", "rules"})
PHASE_DELAY = 200
GROUPS = {"AAP": "Appels à projets"}


class Workspace:
    """The context of a window, and what keeps the frame true to the base."""

    def __init__(self, window: MainWindow, store: Store, settings: LocalSettings, rotate: Rotate) -> None:
        self.window = window
        self.store = store
        jobs = Jobs(window)
        calls = CallsSelection(settings, str(store.path), window)
        self.backups = BackupKeeper(store.path, rotate, jobs, store.clock, window)
        self.context = Context(
            store=store,
            messages=window.messages,
            settings=settings,
            jobs=jobs,
            calls=calls,
            backups=self.backups,
            actor=self._actor(store, settings),
            clock=store.clock,
            parent=window,
        )
        self.besides: Besides | None = None
        self.last_write: datetime | None = None
        self._asked = False  # the copies nobody asked for are silent
        self._phases = QTimer(window)
        self._phases.setSingleShot(True)
        self._phases.setInterval(PHASE_DELAY)
        self._phases.timeout.connect(self._offer_calls)
        self.context.saved.connect(self._wrote)
        self.context.bus.changed.connect(self._changed)
        self.backups.made.connect(self._backed_up)
        window.backup_asked.connect(self._back_up)
        window.filled.connect(self._complete)
        self._offer(dict.fromkeys(self.context.look(call_rows.rows), ""))
        window.start(self.context)
        window.status.put_backup("")

    def close(self) -> None:
        """What the other windows hold is written, then the last copy; then the base is given back."""
        if self.besides is not None:
            self.besides.close_all()
        self._phases.stop()
        self.context.jobs.stop_all()
        try:
            self.backups.make_now()
        finally:
            self.store.close()

    @staticmethod
    def _actor(store: Store, settings: LocalSettings) -> str:
        """The agent named in Réglages, else the person of this computer."""
        with store.look() as reading:
            named = institution.values(reading).get("agent_name")
        return str(named or settings.values.user or getpass.getuser())

    def _complete(self) -> None:
        from cv_desktop.ui.beside import Besides
        from cv_desktop.ui.finder import Finder
        from cv_desktop.ui.transfer.drop import FileDrop

        self.window.search = Finder(self.context, self.window).records
        FileDrop(self.window, self.context)
        self.besides = Besides(self.context, self.window)
        self._offer_calls()

    def _offer_calls(self) -> None:
        from cv_desktop.db.queries import standing

        day, viewer = local(self.context.clock()).date(), self.context.viewer
        found = self.context.read(standing.phases, day=day, viewer=viewer)
        self._offer({row: phase.label for row, phase in found})

    def _offer(self, phases: Mapping[CallRow, str]) -> None:
        # The group a list begins with is the one a new user meets first: the small fund, then the calls.
        rows = sorted(phases, key=lambda row: row.scheme in GROUPS)
        choices = [
            CallChoice(row.id, row.label, GROUPS.get(row.scheme, row.scheme), phases[row], row.example) for row in rows
        ]
        if tuple(choices) != self.context.calls.choices:
            self.context.calls.offer(choices)

    def _changed(self, changes: Changes) -> None:
        if "call" in changes.nouns:
            self._offer_calls()
        elif changes.nouns & PHASED:
            self._phases.start()
        if "settings" in changes.nouns:
            self.context.act_as(self._actor(self.store, self.context.settings))

    def _wrote(self, moment: datetime) -> None:
        self.last_write = moment

    def _back_up(self) -> None:
        self._asked = True
        self.context.told.emit("Sauvegarde en cours…")
        self.backups.make()

    def _backed_up(self, path: Path) -> None:
        self.window.status.put_backup(self.backups.words())
        if self._asked:
            self._asked = False
            self.context.told.emit(f"Sauvegarde écrite : {path.name}")
