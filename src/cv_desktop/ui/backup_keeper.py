"""Copies of the base: at opening, every two hours of work, at closing, and when asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from cv_desktop.domain.dates import clock as hour
from cv_desktop.domain.dates import local, long_date
from cv_desktop.ui.jobs import Jobs

EVERY = 2 * 60 * 60 * 1000  # ms
FOLDER = "sauvegardes"
Rotate = Callable[[Path, Path, datetime], Path]


class BackupKeeper(QObject):
    """``rotate(base, folder, moment)`` writes one dated copy and drops the old ones."""

    made = Signal(object)  # the file written

    def __init__(
        self, base: Path, rotate: Rotate, jobs: Jobs, clock: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = base.parent / FOLDER
        self._base = base
        self._rotate = rotate
        self._jobs = jobs
        self._clock = clock
        self.last: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.make)

    def files(self) -> list[Path]:
        """The copies kept, the newest first."""
        return sorted(self.folder.glob("sauvegarde-*.sqlite"), reverse=True)

    def start(self) -> None:
        """One copy now, then one every two hours."""
        self._timer.start()
        self.make()

    def make(self) -> None:
        """One copy in the background."""
        moment = self._clock()
        self._jobs.run(
            "Sauvegarde",
            lambda _token: self._rotate(self._base, self.folder, moment),
            on_done=lambda path: self._kept(path, moment),
            quiet=True,
        )

    def make_now(self) -> None:
        """One copy before going on: the window is closing."""
        self._timer.stop()
        self._rotate(self._base, self.folder, self._clock())

    def words(self) -> str:
        """« à 12:00 » today, « le 3 mars 2026 » before; empty when there is none."""
        if self.last is None:
            return ""
        if local(self.last).date() == local(self._clock()).date():
            return f"à {hour(self.last)}"
        return f"le {long_date(local(self.last).date())}"

    def _kept(self, path: Path, moment: datetime) -> None:
        self.last = moment
        self.made.emit(path)
