"""The operator's line on the desk: what is projected, the next file, the timer, the black screen."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.ui import icons, theme
from cv_desktop.ui.meetings.projection.projection import Projection


class DeskLine(QFrame):
    """Follows a projection; before it begins there is only « Projeter »."""

    def __init__(self, projection: Projection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._projection = projection
        self.project = QPushButton("&Projeter (F11)")
        self.next, self.exits = QPushButton("Dossier suivant"), QPushButton("Noter les sorties")
        self.timer, self.black = QPushButton("Arrêter le temps"), QPushButton("Écran noir")
        self.stop = QPushButton("Fermer la projection")
        self.state = QLabel()
        theme.set_type(self.state, "secondary", "secondary", 500)
        for button, icon in (
            (self.project, "presentation"),
            (self.next, "chevron-right"),
            (self.exits, "door-open"),
            (self.timer, "timer"),
            (self.black, "moon"),
            (self.stop, "x"),
        ):
            theme.set_kind(button, "secondary", small=True)
            icons.dress(button, icon, "text", 14)
        self.project.clicked.connect(projection.open)
        self.next.clicked.connect(projection.call_next)
        self.exits.clicked.connect(projection.write_exits)
        self.timer.clicked.connect(projection.toggle_time)
        self.black.clicked.connect(projection.toggle_black)
        self.stop.clicked.connect(projection.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 6, 18, 6)
        layout.setSpacing(8)
        layout.addWidget(self.project)
        for widget in (self.next, self.exits, self.timer, self.black, self.stop):
            layout.addWidget(widget)
        layout.addWidget(self.state)
        layout.addStretch(1)
        projection.changed.connect(self.refresh)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tell)
        self.refresh()

    def refresh(self) -> None:
        projection = self._projection
        on = projection.on
        self.project.setVisible(not on)
        for button in (self.next, self.timer, self.black, self.stop):
            button.setVisible(on)
        self.exits.setVisible(on and projection.waiting is not None)
        running = projection.countdown.since is not None
        self.timer.setText("Arrêter le temps" if running else "Reprendre le temps")
        meeting = projection.meeting
        self.setVisible(meeting is not None and meeting.state != "closed")
        self._clock.start() if on else self._clock.stop()
        self._tell()

    def _tell(self) -> None:
        projection = self._projection
        waiting = projection.waiting
        if not projection.on:
            self.state.setText("")
        elif waiting is not None:
            self.state.setText(f"Appel des déports avant {waiting.number}")
        elif projection.file:
            self.state.setText(projection.countdown.words(monotonic()).capitalize())
        else:
            self.state.setText("Projeté\u00a0: page d’attente")
