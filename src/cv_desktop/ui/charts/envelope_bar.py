"""The bar of an envelope: each bucket has its pattern, so that it reads in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from cv_desktop.domain.money import euros
from cv_desktop.ui.look import colors, px
from cv_desktop.ui.tokens import Colors

Pattern = Literal["solid", "dots", "hatch", "second", "empty"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of the envelope: its word, its cents, its pattern."""

    label: str
    cents: int
    pattern: Pattern


def engaged(cents: int) -> Bucket:
    return Bucket("Engagé", cents, "solid")


def submitted(cents: int) -> Bucket:
    return Bucket("Soumis au vote", cents, "dots")


def marked(cents: int) -> Bucket:
    return Bucket("Marqué", cents, "hatch")


def this_file(cents: int) -> Bucket:
    return Bucket("Ce dossier", cents, "second")


def brush(pattern: Pattern, ratio: float = 1.0, chosen: Colors | None = None) -> QBrush:
    """The brush of a bucket for one device pixel ratio; ``chosen`` None: in the colours of the theme in force."""
    c = chosen or colors()
    if pattern == "solid":
        return QBrush(QColor(c.accent))
    if pattern == "second":
        return QBrush(QColor(c.second_fill))
    if pattern == "empty":
        return QBrush(QColor(c.surface))
    side = 6
    tile = QPixmap(round(side * ratio), round(side * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(QColor(c.soft if pattern == "dots" else c.surface))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if pattern == "dots":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent))
        painter.drawEllipse(QRectF(2, 2, 2, 2))
    else:
        painter.setPen(QPen(QColor(c.accent), 1.7))
        for shift in (-side, 0, side):
            painter.drawLine(shift, side, shift + side, 0)
    painter.end()
    return QBrush(tile)


class EnvelopeBar(QWidget):
    """``EnvelopeBar(total, [engaged(c), submitted(c), marked(c)])``, cents; ``set_amounts`` changes them.

    When the buckets exceed the total, the part beyond it is framed in danger.
    """

    def __init__(
        self, total: int = 0, buckets: Sequence[Bucket] = (), *, height: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.total, self.buckets, self._height = total, tuple(buckets), height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_amounts(total, buckets)

    def set_amounts(self, total: int, buckets: Sequence[Bucket]) -> None:
        self.total, self.buckets = total, tuple(buckets)
        self.setAccessibleName(self.sentence())
        self.setToolTip(self.sentence())
        self.update()

    @property
    def free(self) -> int:
        """What is left, negative when overspent."""
        return self.total - sum(bucket.cents for bucket in self.buckets)

    def sentence(self) -> str:
        """« Enveloppe 420 000 € : engagé 96 000 €, marqué 108 300 €, libre 215 700 €. »"""
        parts = [f"{bucket.label.lower()} {euros(bucket.cents)}" for bucket in self.buckets]
        parts.append(f"libre {euros(self.free)}" if self.free >= 0 else f"dépassement {euros(-self.free)}")
        return f"Enveloppe {euros(self.total)}\u00a0: {', '.join(parts)}."

    def rows(self) -> list[tuple[str, int]]:
        """The same as a table."""
        return [(bucket.label, bucket.cents) for bucket in self.buckets] + [("Libre", self.free)]

    def sizeHint(self) -> QSize:
        return QSize(280, px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        scale = max(self.total, self.total - self.free, 1)
        clip = QPainterPath()
        clip.addRoundedRect(frame, 2, 2)
        painter.save()
        painter.setClipPath(clip)
        painter.fillRect(frame, QColor(c.surface))
        x = frame.x()
        for bucket in self.buckets:
            width = frame.width() * max(0, bucket.cents) / scale
            if width <= 0:
                continue
            part = QRectF(x, frame.y(), width, frame.height())
            painter.fillRect(part, brush(bucket.pattern, self.devicePixelRatioF()))
            x += width
            painter.setPen(QPen(QColor(c.accent), 1))
            painter.fillRect(QRectF(round(x) - 1, part.top(), 1, part.height()), QColor(c.accent))
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(c.accent), 1))
        painter.drawRoundedRect(frame, 2, 2)
        if self.free < 0:
            limit = frame.x() + frame.width() * self.total / scale
            painter.setPen(QPen(QColor(c.danger.text), 2))
            painter.drawRect(QRectF(limit, 1, self.width() - limit - 1, self.height() - 2))
        painter.end()


class Swatch(QWidget):
    """The small square of a legend, in the pattern of a bucket."""

    def __init__(self, pattern: Pattern, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pattern: Pattern = pattern
        self.setFixedSize(16, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), brush(self._pattern, self.devicePixelRatioF()))
        painter.setPen(QPen(QColor(colors().accent), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
