"""« Reprendre »: the records last seen or written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.db.queries.recent import RecentRow
from cv_desktop.domain.dates import abridged_date, clock, local
from cv_desktop.ui.card import Card
from cv_desktop.ui.icons import pixmap
from cv_desktop.ui.look import color, font, px

_ICONS = {
    "entry": "pencil",
    "application": "folder-open",
    "structure": "building-complex",
    "meeting": "users",
    "call": "calendar-days",
}


def when(at: datetime | None, now: datetime) -> str:
    """« 14:32 » today, « hier », « 2 mars » before."""
    if at is None:
        return ""
    day, today = local(at).date(), local(now).date()
    if day == today:
        return clock(at)
    return "hier" if (today - day).days == 1 else abridged_date(day, year=day.year != today.year)


class _Place(QWidget):
    """Icon, two lines, hour; a click or Entrée goes there."""

    used = Signal(str, str)

    def __init__(self, row: RecentRow, hour: str) -> None:
        super().__init__()
        self.row, self._hour = row, hour
        self._over = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Reprendre {row.title}, {row.detail}")
        self.setToolTip(f"{row.title}\n{row.detail}")

    def sizeHint(self) -> QSize:
        return QSize(200, px(38))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._over = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.used.emit(self.row.noun, self.row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.used.emit(self.row.noun, self.row.id)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._over or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("soft"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        side, left = px(16), px(6)
        icon = pixmap(_ICONS[self.row.noun], "secondary", side, self.devicePixelRatioF())
        painter.drawPixmap(left, (self.height() - side) // 2, icon)
        painter.setFont(font("secondary"))
        painter.setPen(color("secondary"))
        hour = painter.fontMetrics().horizontalAdvance(self._hour)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(0, 0, -px(6), 0), middle | Qt.AlignmentFlag.AlignRight, self._hour)
        x, room = left + side + px(10), self.width() - left - side - px(10) - hour - px(18)
        half = self.height() // 2
        for top, text, size, tone in (
            (px(3), self.row.title, "body", "text"),
            (half, self.row.detail, "meta", "secondary"),
        ):
            painter.setFont(font("meta" if size == "meta" else "body", 400 if size == "meta" else 500))
            painter.setPen(color(tone))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(x, top, room, half - px(3), middle | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()


class ResumeCard(Card):
    """``put(rows, now)``; ``chosen(noun, id)``."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Reprendre", parent=parent)
        self.places: list[_Place] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.body.addLayout(self._list)
        self.body.addStretch(1)

    def put(self, rows: Sequence[RecentRow], now: datetime) -> None:
        for place in self.places:
            place.hide()
            place.deleteLater()
        self.places = [_Place(row, when(row.at, now)) for row in rows]
        for place in self.places:
            place.used.connect(self.chosen)
            self._list.addWidget(place)
