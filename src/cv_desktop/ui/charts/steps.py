"""The line of a campaign: what is done, where it stands, what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cv_desktop.ui.icons import pixmap
from cv_desktop.ui.look import color, colors, font, px

State = Literal["done", "now", "next", "warning"]
_SAID = {"done": "terminé", "now": "en cours", "next": "à venir", "warning": "à vérifier"}
_DISC = 20


@dataclass(frozen=True, slots=True)
class CampaignStep:
    key: str
    label: str
    detail: str = ""
    state: State = "next"


class Steps(QWidget):
    """``Steps([CampaignStep(…), …])``; ``chosen(key)`` on click, or Entrée after ←/→."""

    chosen = Signal(str)

    def __init__(self, steps: Sequence[CampaignStep] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[CampaignStep, ...] = ()
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[CampaignStep]) -> None:
        self.steps = tuple(steps)
        self._at = next((i for i, step in enumerate(steps) if step.state == "now"), 0 if steps else -1)
        said = [f"{step.label}, {_SAID[step.state]}, {step.detail}".rstrip(", ") for step in steps]
        self.setAccessibleName("Étapes de la campagne\u00a0: " + "\u00a0; ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(110 * max(1, len(self.steps)), px(64))

    def minimumSizeHint(self) -> QSize:
        return QSize(72 * max(1, len(self.steps)), px(64))

    def rect_of(self, place: int) -> QRect:
        """The part of the line that belongs to a step."""
        width = self.width() / max(1, len(self.steps))
        return QRect(round(place * width), 0, round(width), self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = next((i for i in range(len(self.steps)) if self.rect_of(i).contains(event.position().toPoint())), -1)
        if place >= 0:
            self._at = place
            self.chosen.emit(self.steps[place].key)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in moves and self.steps:
            self._at = min(max(self._at + moves[Qt.Key(event.key())], 0), len(self.steps) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at >= 0:
            self.chosen.emit(self.steps[self._at].key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = _DISC // 2 + 2
        for place, step in enumerate(self.steps):
            area = self.rect_of(place)
            if place + 1 < len(self.steps):
                reached = step.state in ("done", "warning")
                painter.setPen(QPen(color("accent" if reached else "field_border", 1.0 if reached else 0.5), 2))
                painter.drawLine(QPoint(area.x() + _DISC + 2, middle), QPoint(area.right() + 3, middle))
        for place, step in enumerate(self.steps):
            self._step(painter, self.rect_of(place), middle, step)
            if self.hasFocus() and place == self._at:
                painter.setPen(QPen(QColor(c.focus), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.rect_of(place).adjusted(-1, 1, -6, -1), 4, 4)
        painter.end()

    def _step(self, painter: QPainter, area: QRect, middle: int, step: CampaignStep) -> None:
        c = colors()
        center = QPointF(area.x() + _DISC / 2 + 2, middle)
        ring = (
            c.accent if step.state in ("done", "now") else c.warning.text if step.state == "warning" else c.field_border
        )
        painter.setPen(QPen(QColor(ring), 2))
        fill = c.accent if step.state == "done" else c.warning.fill if step.state == "warning" else c.surface
        painter.setBrush(QColor(fill))
        painter.drawEllipse(center, _DISC / 2 - 1, _DISC / 2 - 1)
        if step.state == "now":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent))
            painter.drawEllipse(center, 5, 5)
        elif step.state in ("done", "warning"):
            name, role = ("check", "on_accent") if step.state == "done" else ("triangle-alert", "warning")
            icon = pixmap(name, role, 12, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(center.x() - 6, center.y() - 6), icon)
        words = QRect(area.x() + 2, _DISC + 8, area.width() - 10, px(18))
        painter.setFont(font("secondary", 600 if step.state == "now" else 500))
        painter.setPen(QColor(c.accent if step.state == "now" else c.text))
        elide = Qt.TextElideMode.ElideRight
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, align, painter.fontMetrics().elidedText(step.label, elide, words.width()))
        painter.setFont(font("meta"))
        painter.setPen(QColor(c.secondary))
        words.translate(0, px(17))
        painter.drawText(words, align, painter.fontMetrics().elidedText(step.detail, elide, words.width()))
