"""Amounts by year: three bars each, asked, granted, paid, told apart by their pattern and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cv_desktop.domain.money import euros
from cv_desktop.ui.look import colors, font, px

WORDS = ("Demandé", "Accordé", "Versé")
_BAR, _MOST_YEARS = 16, 10


@dataclass(frozen=True, slots=True)
class YearBar:
    """Cents of one year."""

    year: int
    asked: int
    granted: int
    paid: int

    @property
    def cents(self) -> tuple[int, int, int]:
        return self.asked, self.granted, self.paid


class YearBars(QWidget):
    """``set_years`` shows the last ten; the accessible name tells every figure, as the table beside does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.years: tuple[YearBar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_years(())

    def set_years(self, years: Sequence[YearBar]) -> None:
        self.years = tuple(years)[-_MOST_YEARS:]
        told = [
            f"{bar.year}, " + ", ".join(f"{word.lower()} {euros(c)}" for word, c in zip(WORDS, bar.cents, strict=True))
            for bar in self.years
        ]
        self.setAccessibleName(f"Montants par année\u00a0: {' ; '.join(told) or 'aucun'}")
        self.setVisible(bool(self.years))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(420), px(170))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("meta"))
        line = painter.fontMetrics().height()
        self._legend(painter, line)
        top, base = 2 * line + 10, self.height() - line - 6
        most = max((max(bar.cents) for bar in self.years), default=0) or 1
        painter.setPen(QPen(QColor(colors().line), 1))
        painter.drawLine(0, base, self.width(), base)
        step = min(px(110), self.width() // max(1, len(self.years)))
        bar_width = min(px(_BAR), max(4, step // 5))
        for place, bar in enumerate(self.years):
            left = place * step + (step - 3 * bar_width - 6) // 2
            for kind, cents in enumerate(bar.cents):
                if not cents:
                    continue
                height = max(2.0, (base - top) * cents / most)
                rect = QRectF(left + kind * (bar_width + 3), base - height, bar_width, height)
                self._bar(painter, rect, kind)
            painter.setPen(QColor(colors().text))
            text = QRectF(place * step, base + 2, step, line + 2)
            painter.drawText(text, Qt.AlignmentFlag.AlignCenter, str(bar.year))
            if bar.granted:
                painter.setPen(QColor(colors().secondary))
                over = QRectF(place * step, base - (base - top) * max(bar.cents) / most - line - 1, step, line)
                painter.drawText(over, Qt.AlignmentFlag.AlignCenter, euros(bar.granted))
        painter.end()

    def _legend(self, painter: QPainter, line: int) -> None:
        x = 0
        for kind, word in enumerate(WORDS):
            self._bar(painter, QRectF(x, 2, line, line - 2), kind)
            painter.setPen(QColor(colors().secondary))
            width = painter.fontMetrics().horizontalAdvance(word)
            painter.drawText(QRectF(x + line + 5, 0, width + 2, line + 2), Qt.AlignmentFlag.AlignVCenter, word)
            x += line + width + 24

    def _bar(self, painter: QPainter, rect: QRectF, kind: int) -> None:
        """Empty for asked, solid for granted, hatched for paid: readable in grey."""
        accent = QColor(colors().accent)
        pattern = (Qt.BrushStyle.NoBrush, Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern)[kind]
        painter.setPen(QPen(accent, 1))
        painter.setBrush(QBrush(accent, pattern))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
