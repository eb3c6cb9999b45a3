"""The bottom line: what the last key did, and the state of this computer."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from cv_desktop.domain.dates import NBSP, local, long_date
from cv_desktop.ui import icons, look, theme
from cv_desktop.ui.jobs import Job, Jobs

HEIGHT = 26


class Elided(QLabel):
    """One line that gives way when the window is narrow; the whole of it in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def put(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class StatusBar(QFrame):
    """Put what is known; an empty piece is hidden with its line."""

    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Barre d’état")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 14, 0)
        layout.setSpacing(8)
        self._said = Elided()
        theme.set_type(self._said, "meta", "secondary")
        layout.addWidget(self._said, 1)
        self._stop = QPushButton("Arrêter")
        theme.set_kind(self._stop, "link", small=True)
        self._stop.clicked.connect(self.stop_asked)
        self._stop.hide()
        layout.addWidget(self._stop)
        self._pieces: dict[str, tuple[QLabel, list[QWidget]]] = {}
        for key, icon in (("date", ""), ("station", "wifi-off"), ("backup", "save"), ("zoom", "")):
            self._piece(layout, key, icon)
        theme.current().changed.connect(self._fit)
        self._fit()

    def say(self, text: str) -> None:
        """What the last key did."""
        self._said.put(text)

    def put_date(self, moment: datetime) -> None:
        text = long_date(local(moment).date(), weekday=True)
        self._put("date", text[0].upper() + text[1:])

    def put_station(self, name: str) -> None:
        self._put("station", f"Poste {name} · base locale" if name else "")
        self._pieces["station"][0].setToolTip("La base est sur ce poste ; rien ne passe par le réseau.")

    def put_backup(self, text: str) -> None:
        """« à 12:00 », « le 3 mars »; empty when there is none yet."""
        self._put("backup", f"Sauvegarde {text}" if text else "Aucune sauvegarde")

    def put_zoom(self, percent: int) -> None:
        self._put("zoom", f"{percent}{NBSP}%")

    def follow(self, jobs: Jobs) -> None:
        """Shows the work under way, with its stop."""
        jobs.started.connect(lambda job: self._work(job, (0, 0, "")))
        jobs.progressed.connect(self._work)
        jobs.ended.connect(lambda _job: self._work_ended(jobs))
        self.stop_asked.connect(jobs.cancel_all)

    def _work(self, job: Job, step: tuple[int, int, str]) -> None:
        done, total, _label = step
        self.say(f"{job.name} : {done} sur {total}" if total else f"{job.name}…")
        self._stop.show()

    def _work_ended(self, jobs: Jobs) -> None:
        if not jobs.running:
            self._stop.hide()
            self.say("")

    def _piece(self, layout: QHBoxLayout, key: str, icon: str) -> None:
        widgets: list[QWidget] = []
        if self._pieces:
            line = QFrame()
            line.setProperty("rule", True)
            line.setFixedSize(1, 14)
            widgets.append(line)
        if icon:
            picture = QLabel()
            icons.dress(picture, icon, "secondary", 13)
            widgets.append(picture)
        label = QLabel()
        theme.set_type(label, "meta", "secondary")
        widgets.append(label)
        for widget in widgets:
            layout.addWidget(widget)
            widget.hide()
        self._pieces[key] = (label, widgets)

    def _put(self, key: str, text: str) -> None:
        label, widgets = self._pieces[key]
        label.setText(text)
        for widget in widgets:
            widget.setVisible(bool(text))

    def _fit(self) -> None:
        self.setFixedHeight(look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(look.colors().chrome))
        painter.fillRect(0, 0, self.width(), 1, QColor(look.colors().line))
