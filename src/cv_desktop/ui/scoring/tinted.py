"""A line on the tint of a status, with its icon: « 1 dossier masqué (déport) »."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from cv_desktop.ui import icons, theme
from cv_desktop.ui.look import colors


class Tinted(QFrame):
    """``Tinted(status, icon)``; ``put`` says something, or hides it when there is nothing to say."""

    def __init__(self, status: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self.text = QLabel()
        self.text.setWordWrap(True)
        theme.set_type(self.text, "body", status, 600)
        picture = QLabel()
        icons.dress(picture, icon, status, 15)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 12, 7)
        layout.setSpacing(8)
        layout.addWidget(picture)
        layout.addWidget(self.text, 1)
        self.hide()

    def put(self, sentence: str) -> None:
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def paintEvent(self, event: QPaintEvent) -> None:
        tint = colors().tint(self._status)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tint.fill))
        painter.fillRect(0, 0, 3, self.height(), QColor(tint.text))
        painter.end()
