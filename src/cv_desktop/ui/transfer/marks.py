"""The four marks of an import: places of the page, not locked steps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from cv_desktop.ui.icons import pixmap
from cv_desktop.ui.look import colors, font, px

DISC = 22


@dataclass(frozen=True, slots=True)
class Mark:
    """``state``: « done », « warning », « now » or « next »."""

    key: str
    label: str
    detail: str = ""
    state: str = "next"


class MarkButton(QAbstractButton):
    """A disc (tick, triangle or number), a word, a detail under it."""

    def __init__(self, number: int, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.mark = mark
        self.short = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.put(mark)

    def put(self, mark: Mark) -> None:
        self.mark = mark
        self.setText(mark.label)
        self.setToolTip(mark.detail)
        self.setAccessibleName(f"{mark.label}, {mark.detail}" if mark.detail else mark.label)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(font("body", 600)).horizontalAdvance(self.mark.label)
        detail = 0 if self.short else QFontMetrics(font("meta")).horizontalAdvance(self.mark.detail)
        return QSize(DISC + 18 + max(words, detail), px(36))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        c, state = colors(), self.mark.state
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - DISC) // 2
        fill = {"done": c.accent, "warning": c.warning.fill}.get(state, c.surface)
        ring = {"done": c.accent, "now": c.accent, "warning": c.warning.fill}.get(state, c.field_border)
        painter.setPen(QPen(QColor(ring), 2))
        painter.setBrush(QColor(fill))
        painter.drawEllipse(2, top + 1, DISC - 2, DISC - 2)
        if state in ("done", "warning"):
            name, role = ("check", "on_accent") if state == "done" else ("triangle-alert", "warning")
            painter.drawPixmap(
                2 + (DISC - 2) // 2 - 6, top + DISC // 2 - 6, pixmap(name, role, 12, self.devicePixelRatioF())
            )
        else:
            painter.setFont(font("secondary", 600))
            painter.setPen(QColor(c.accent if state == "now" else c.secondary))
            painter.drawText(2, top, DISC - 2, DISC, Qt.AlignmentFlag.AlignCenter, str(self._number))
        left, half = DISC + 10, self.height() if self.short else self.height() // 2
        painter.setFont(font("body", 600))
        painter.setPen(QColor(c.accent if state == "now" else c.text))
        low = Qt.AlignmentFlag.AlignVCenter if self.short else Qt.AlignmentFlag.AlignBottom
        high = Qt.AlignmentFlag.AlignTop
        painter.drawText(left, 0, self.width() - left, half, Qt.AlignmentFlag.AlignLeft | low, self.mark.label)
        painter.setFont(font("meta"))
        painter.setPen(QColor(c.secondary))
        if not self.short:
            below = Qt.AlignmentFlag.AlignLeft | high
            painter.drawText(left, half, self.width() - left, half, below, self.mark.detail)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


class Marks(QWidget):
    """``chosen(key)``: go to that part of the page."""

    chosen = Signal(str)

    def __init__(self, marks: tuple[Mark, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(20)
        self.buttons = {mark.key: MarkButton(place, mark) for place, mark in enumerate(marks, 1)}
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, k=key: self.chosen.emit(k))
            layout.addWidget(button)
        layout.addStretch(1)

    def set_short(self, short: bool) -> None:
        for button in self.buttons.values():
            button.short = short
            button.updateGeometry()
            button.update()

    def put(self, marks: tuple[Mark, ...]) -> None:
        for mark in marks:
            self.buttons[mark.key].put(mark)
