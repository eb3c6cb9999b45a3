"""A level of the open criterion: its digit, its short name, what deserves it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from cv_desktop.domain.grid import Level
from cv_desktop.ui import icons
from cv_desktop.ui.look import colors, font, px
from cv_desktop.ui.tokens import RADIUS_FIELD

PAD, DIGIT = 11, 22
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_TALL = 4000


class LevelCard(QAbstractButton):
    """Clickable, never in the way of the focus: the digits choose it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = Level(0, "", "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def put(self, level: Level, chosen: bool) -> None:
        if (level, chosen) == (self.level, self.isChecked()):
            return
        self.level = level
        self.setChecked(chosen)
        self.setAccessibleName(f"Niveau {level.value}, {level.name} : {level.text}")
        self.setAccessibleDescription("Niveau donné" if chosen else "")
        self.update()

    def nextCheckState(self) -> None:
        """Only ``put`` checks it: the mark may be refused."""

    def height_for(self, width: int) -> int:
        """Height at which nothing is clipped."""
        return self._text_top(width) + self._rect("secondary", self.level.text, width - 2 * px(PAD)) + px(PAD)

    def sizeHint(self) -> QSize:
        return QSize(px(130), px(120))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(90), px(60))

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        edge = 2 if chosen else 1
        ring = c.accent if chosen else c.text if self.underMouse() else c.field_border
        painter.setPen(QPen(QColor(ring), edge))
        painter.setBrush(QColor(c.soft if chosen else c.surface))
        half = edge / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), RADIUS_FIELD, RADIUS_FIELD)
        digit = QRectF(px(PAD), px(PAD), px(DIGIT), px(DIGIT) + px(2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent if chosen else c.sunken))
        painter.drawRoundedRect(digit, 3, 3)
        painter.setFont(font("body", 600))
        painter.setPen(QColor(c.on_accent if chosen else c.text))
        painter.drawText(digit, Qt.AlignmentFlag.AlignCenter, str(self.level.value))
        left = px(PAD) + px(DIGIT) + px(8)
        if chosen:
            side = px(16)
            place = self.width() - px(PAD) - side + 2
            painter.drawPixmap(place, px(PAD) + px(3), icons.pixmap("check", "accent", side, self.devicePixelRatioF()))
        painter.setPen(QColor(c.text))
        painter.drawText(QRect(left, px(PAD) + px(2), self._name_width(self.width()), _TALL), _WRAP, self.level.name)
        painter.setFont(font("secondary"))
        painter.setPen(QColor(c.secondary))
        top = self._text_top(self.width())
        painter.drawText(QRect(px(PAD), top, self.width() - 2 * px(PAD), _TALL), _WRAP, self.level.text)
        painter.end()

    def _name_width(self, width: int) -> int:
        # Room is kept for the tick, so that choosing a level moves nothing.
        return width - 2 * px(PAD) - px(DIGIT) - px(8) - px(16)

    def _text_top(self, width: int) -> int:
        name = self._rect("body", self.level.name, self._name_width(width), 600)
        return px(PAD) + max(px(DIGIT) + px(2), name + px(2)) + px(6)

    @staticmethod
    def _rect(size: str, text: str, width: int, weight: int = 0) -> int:
        metrics = QFontMetrics(font("secondary" if size == "secondary" else "body", weight))
        return metrics.boundingRect(QRect(0, 0, max(1, width), _TALL), int(_WRAP), text).height()
