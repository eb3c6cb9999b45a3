"""Long work under way: its name, the current item, how far, and « Arrêter »."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cv_desktop.ui import theme
from cv_desktop.ui.elided_label import ElidedLabel

SHOWN_AFTER = 0.4


class ProgressPanel(QFrame):
    """``start(name)``, ``progress(done, total, item)``, ``finish()``; ``stop_asked`` when « Arrêter » is used.

    It only appears when the work lasts more than 0.4 second.
    """

    stop_asked = Signal()

    def __init__(self, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self._started, self._done, self._total = 0.0, 0, 0
        self._name, self._state, self._note = QLabel(), QLabel(), QLabel(note)
        # The name of a file is long: it must push neither its neighbours nor the side of the screen.
        self._item = ElidedLabel()
        theme.set_type(self._name, "body", weight=600)
        theme.set_type(self._item, "body", "secondary")
        theme.set_type(self._state, "body", "secondary")
        theme.set_type(self._note, "meta", "secondary")
        if not note:
            self._note.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement")
        self.stop = QPushButton("Arrêter")
        theme.set_kind(self.stop, "secondary", small=True)
        self.stop.clicked.connect(self._stop)
        top, middle = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(8)
        middle.setSpacing(12)
        top.addWidget(self._name)
        top.addWidget(self._item, 1)
        top.addWidget(self._state)
        middle.addWidget(self.bar, 1)
        middle.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 10, 18, 12)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addLayout(middle)
        layout.addWidget(self._note)
        self._appear = QTimer(self)
        self._appear.setSingleShot(True)
        self._appear.setInterval(int(SHOWN_AFTER * 1000))
        self._appear.timeout.connect(self.show)
        self.hide()

    def start(self, name: str) -> None:
        self._started, self._done, self._total = monotonic(), 0, 0
        self._name.setText(name)
        self._item.clear()
        self._state.clear()
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.stop.setText("Arrêter")
        self.setAccessibleName(name)
        self._appear.start()

    def progress(self, done: int, total: int, item: str = "") -> None:
        self._done, self._total = done, total
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._item.setText(item)
        self._state.setText(state(done, total, monotonic() - self._started))

    def finish(self) -> None:
        self._appear.stop()
        self.hide()

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText("Arrêt…")
        self.stop_asked.emit()


def state(done: int, total: int, elapsed: float) -> str:
    """« 5 sur 8, environ 2 secondes »: the time is left out until it can be guessed."""
    text = f"{done} sur {total}"
    if done == 0 or done >= total or elapsed < 0.5:
        return text
    left = max(1, round(elapsed / done * (total - done)))
    if left < 90:
        return f"{text}, environ {left}\u00a0seconde{'s' if left > 1 else ''}"
    return f"{text}, environ {round(left / 60)}\u00a0minutes"
