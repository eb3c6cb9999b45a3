"""« Garder le montant / Garder le taux », under the cell of the base that was just typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QTableView

from cv_desktop.domain.money import euros
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.lines import Line

KEEP_AMOUNT, KEEP_RATE = "Garder le montant", "Garder le taux"


class BaseQuestion(QFrame):
    """``answered(line, base, amount)``: amount None keeps it. Échap leaves the base as it was."""

    answered = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[Line, int | None, int] | None = None
        self._view: QTableView | None = None
        self.setProperty("surface", "chrome")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.words = QLabel()
        theme.set_type(self.words, "secondary", "text")
        self.amount, self.rate = QPushButton(KEEP_AMOUNT), QPushButton(KEEP_RATE)
        for button in (self.amount, self.rate):
            theme.set_kind(button, "secondary", small=True)
        self.amount.clicked.connect(lambda: self._answer(keep=True))
        self.rate.clicked.connect(lambda: self._answer(keep=False))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.setSpacing(6)
        layout.addWidget(self.words)
        layout.addWidget(self.amount)
        layout.addWidget(self.rate)
        self.hide()

    def over(self, view: QTableView) -> None:
        """Shown from now on inside this table."""
        self._view = view
        self.setParent(view.viewport())

    def ask(self, line: Line, base_cents: int | None, follow_cents: int) -> None:
        """Asks once the cell has closed its editor; ``follow_cents`` is the amount that keeps the rate."""
        self._asked = (line, base_cents, follow_cents)
        self.words.setText("Base changée :")
        self.amount.setText(f"{KEEP_AMOUNT}, {euros(line.amount_cents)}")
        self.rate.setText(f"{KEEP_RATE}, {euros(follow_cents)}")
        self.setAccessibleName("La base a changé : garder le montant ou garder le taux")
        QTimer.singleShot(0, self, self._place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            (self.amount if event.key() == Qt.Key.Key_Left else self.rate).setFocus()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        view = self._view
        if view is None or self._asked is None:
            return
        self.adjustSize()
        cell, room = view.visualRect(view.currentIndex()), view.viewport().rect()
        x = max(0, min(cell.x(), room.width() - self.width()))
        y = cell.bottom() + 1 if cell.bottom() + self.height() < room.height() else cell.y() - self.height()
        self.move(x, y)
        self.show()
        self.raise_()
        self.amount.setFocus()

    def _answer(self, *, keep: bool) -> None:
        asked = self._asked
        self._close()
        if asked is not None:
            self.answered.emit(asked[0], asked[1], None if keep else asked[2])

    def _close(self) -> None:
        self._asked = None
        self.hide()
        if self._view is not None:
            self._view.setFocus()
