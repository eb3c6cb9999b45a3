"""A state on its tint: icon, word, colour."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cv_desktop.ui.badges import Badge, draw_badge
from cv_desktop.ui.look import font, px
from cv_desktop.ui.tokens import ICON_CHIP


class Chip(QWidget):
    """``Chip(word, status, icon="", title="État")``; ``set_badge`` changes it."""

    def __init__(
        self, word: str, status: str = "neutral", icon: str = "", title: str = "État", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self.badge = Badge(word, status, icon, tinted=True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_badge(word, status, icon)

    def set_badge(self, word: str, status: str = "neutral", icon: str = "") -> None:
        if word != self.badge.word:
            self.updateGeometry()
        self.badge = Badge(word, status, icon, tinted=True)
        self.setAccessibleName(f"{self._title}\u00a0: {word}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(font("secondary", 600)).horizontalAdvance(self.badge.word) + ICON_CHIP + 18, px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_badge(painter, self.rect(), self.badge, ratio=self.devicePixelRatioF())
        painter.end()
