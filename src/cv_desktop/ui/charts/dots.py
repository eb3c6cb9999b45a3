"""The marks of a criterion: one anonymous dot per mark, a triangle at the mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cv_desktop.ui.look import colors
from cv_desktop.ui.tokens import Colors

_PER_LINE = 3


def draw_dots(
    painter: QPainter,
    rect: QRectF,
    marks: Sequence[int],
    mean: float | None,
    maximum: int = 3,
    scale: float = 1.0,
    chosen: Colors | None = None,
) -> None:
    """Paint the axis 0 to ``maximum``, a dot for each mark and the mean, inside ``rect``.

    ``chosen`` None: the colours of the theme in force.
    """
    c = chosen or colors()
    radius, step = 5.0 * scale, 12.5 * scale
    left, right = rect.left() + 2 * step, rect.right() - 2 * step
    y = rect.top() + rect.height() * 0.42

    def x_of(value: float) -> float:
        return left + (right - left) * value / maximum

    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(c.field_border), 1.5 * scale))
    painter.drawLine(QPointF(left, y), QPointF(right, y))
    for level in range(maximum + 1):
        painter.drawLine(QPointF(x_of(level), y - 7 * scale), QPointF(x_of(level), y + 7 * scale))
    painter.setPen(QPen(QColor(c.surface), 1))
    painter.setBrush(QColor(c.accent))
    for level, count in Counter(marks).items():
        lines = [count] if count <= _PER_LINE + 1 else [(count + 1) // 2, count // 2]
        for line, here in enumerate(lines):
            line_y = y + (line - (len(lines) - 1) / 2) * step
            for place in range(here):
                painter.drawEllipse(QPointF(x_of(level) + (place - (here - 1) / 2) * step, line_y), radius, radius)
    if mean is not None:
        x, top = x_of(mean), y + 14 * scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.text))
        base = top + 8 * scale
        painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + 6 * scale, base), QPointF(x - 6 * scale, base)]))


class Dots(QWidget):
    """``Dots(label, marks, mean, maximum=3)``; ``set_marks`` changes them. No name is ever known here."""

    def __init__(
        self,
        label: str,
        marks: Sequence[int] = (),
        mean: float | None = None,
        *,
        maximum: int = 3,
        scale: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label, self._maximum, self._scale = label, maximum, scale
        self.marks: tuple[int, ...] = ()
        self.mean: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_marks(marks, mean)

    def set_marks(self, marks: Sequence[int], mean: float | None) -> None:
        self.marks, self.mean = tuple(marks), mean
        counts = Counter(marks)
        said = ", ".join(f"{counts[level]} fois {level}" for level in sorted(counts)) or "aucune note"
        middle = f"\u00a0; moyenne {mean:.1f}".replace(".", ",") if mean is not None else ""
        self.setAccessibleName(f"{self._label}\u00a0: {said}{middle}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(290 * self._scale), round(48 * self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_dots(painter, QRectF(self.rect()), self.marks, self.mean, self._maximum, self._scale)
        painter.end()
