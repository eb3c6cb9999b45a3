"""Text, icons and blocks on a projected picture, in the coordinates of its 900 lines."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from cv_desktop.ui import icons
from cv_desktop.ui.look import sized


class Pen:
    """``text`` and ``text_right`` answer where they end; ``most`` shortens what would be wider, with an ellipsis."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter

    def width(self, words: str, size: float, weight: int = 400) -> float:
        return QFontMetricsF(_font(words, size, weight)).horizontalAdvance(words)

    def text(
        self, x: float, top: float, words: str, size: float, colour: str, weight: int = 400, most: float = 0.0
    ) -> float:
        font = _font(words, size, weight)
        metrics = QFontMetricsF(font)
        if most and metrics.horizontalAdvance(words) > most:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, most)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(x, top + metrics.ascent()), words)
        return x + metrics.horizontalAdvance(words)

    def lines(self, x: float, middle: float, words: str, size: float, colour: str, most: float) -> None:
        """One line around ``middle``, or two when one is not enough."""
        metrics = QFontMetricsF(_font(words, size))
        first, rest = words, ""
        if metrics.horizontalAdvance(words) > most:
            kept = words.split(" ")
            while len(kept) > 1 and metrics.horizontalAdvance(" ".join(kept)) > most:
                kept.pop()
            first = " ".join(kept)
            rest = words[len(first) :].strip()
        high = metrics.height()
        self.text(x, middle - (high if rest else high / 2), first, size, colour, most=most)
        if rest:
            self.text(x, middle, rest, size, colour, most=most)

    def text_right(self, right: float, top: float, words: str, size: float, colour: str, weight: int = 400) -> float:
        left = right - self.width(words, size, weight)
        self.text(left, top, words, size, colour, weight)
        return left

    def text_middle(
        self, middle: float, top: float, words: str, size: float, colour: str, weight: int = 400, most: float = 0.0
    ) -> None:
        wide = self.width(words, size, weight)
        self.text(middle - (min(wide, most) if most else wide) / 2, top, words, size, colour, weight, most)

    def icon(self, x: float, y: float, side: float, name: str, colour: str) -> None:
        ratio = self.painter.transform().m22()
        pixmap = icons.pixmap_of(name, colour, round(side), ratio)
        self.painter.drawPixmap(QRectF(x, y, side, side), pixmap, QRectF(pixmap.rect()))

    def fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.painter.fillRect(QRectF(x, y, width, height), QColor(colour))

    def pattern(self, x: float, y: float, width: float, height: float, brush: QBrush) -> None:
        self.painter.fillRect(QRectF(x, y, width, height), brush)

    def frame(self, rect: QRectF, colour: str, thickness: float, inside: str = "") -> None:
        self.painter.setPen(QPen(QColor(colour), thickness))
        self.painter.setBrush(QBrush(QColor(inside)) if inside else QBrush(Qt.BrushStyle.NoBrush))
        self.painter.drawRoundedRect(rect, 6, 6)

    def swatch(self, rect: QRectF, brush: QBrush, colour: str) -> None:
        self.painter.fillRect(rect, brush)
        self.painter.setPen(QPen(QColor(colour), 1))
        self.painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        self.painter.drawRect(rect)


def _font(words: str, size: float, weight: int = 400) -> QFont:
    """Figures of one width, the timer moves by one each second; but not for words with a hyphen, see ``look.font``."""
    return sized(size, weight, figures="-" not in words)
