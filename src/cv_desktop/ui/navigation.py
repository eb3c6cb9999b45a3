"""The dark rail: one button per destination, with what waits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.ui import icons, look, theme

if TYPE_CHECKING:
    from cv_desktop.ui.context import Context
    from cv_desktop.ui.screen import Screen

WIDE, NARROW = 184, 56
BUTTON, FIRST_GAP = 38, 10


@dataclass(frozen=True)
class Destination:
    """A place of the window. ``factory`` makes its screen the first time; ``counter`` says what waits there."""

    key: str
    label: str
    icon: str
    factory: Callable[[Context], Screen]
    counter: Callable[[Context], int] | None = None
    nouns: frozenset[str] = frozenset()  # writes on these count again
    bottom: bool = False


class NavigationButton(QAbstractButton):
    """Icon, label and counter; icon and dot when narrow."""

    def __init__(self, destination: Destination, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.destination = destination
        self.narrow = False
        self.count = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(destination.label)
        self.put(0)

    def put(self, count: int) -> None:
        """Shows the counter; zero shows nothing."""
        self.count = count
        self.setAccessibleName(f"{self.destination.label}, {count}" if count else self.destination.label)
        self._tip()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        self.narrow = narrow
        self._tip()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(NARROW if self.narrow else WIDE), look.px(BUTTON))

    minimumSizeHint = sizeHint

    def _tip(self) -> None:
        count = f" ({self.count})" if self.count else ""
        self.setToolTip(f"{self.destination.label}{count}" if self.narrow else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = look.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect()
        on = self.isChecked()
        if on or self.underMouse():
            painter.fillRect(box, QColor(colors.nav_selected))
        if on:
            painter.fillRect(0, 0, 4, box.height(), QColor(colors.nav_mark))
        side, ratio = look.px(18), self.devicePixelRatioF()
        left = (box.width() - side) // 2 if self.narrow else look.px(16)
        pixmap = icons.pixmap(self.destination.icon, "nav_on" if on else "nav_text", side, ratio)
        painter.drawPixmap(left, (box.height() - side) // 2, pixmap)
        if self.narrow:
            self._paint_dot(painter, left + side)
        else:
            self._paint_words(painter, left + side + look.px(11), on)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.nav_mark), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(5, 2, -3, -2), 4, 4)

    def _paint_dot(self, painter: QPainter, right: int) -> None:
        if self.count:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.colors().nav_mark))
            painter.drawEllipse(QRectF(right - 3, self.height() / 2 - look.px(13), 8, 8))

    def _paint_words(self, painter: QPainter, left: int, on: bool) -> None:
        colors = look.colors()
        end = self.width() - look.px(12)
        if self.count:
            font = look.font("meta", 600)
            text = str(self.count)
            width = QFontMetrics(font).horizontalAdvance(text) + look.px(14)
            height = look.px(18)
            pill = QRectF(end - width, (self.height() - height) / 2, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.nav if on else colors.nav_selected))
            painter.drawRoundedRect(pill, height / 2, height / 2)
            painter.setFont(font)
            painter.setPen(QColor(colors.nav_text))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
            end -= width + look.px(6)
        font = look.font("body", 600 if on else 400)
        painter.setFont(font)
        painter.setPen(QColor(colors.nav_on if on else colors.nav_text))
        label = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, int(end - left))
        painter.drawText(QRectF(left, 0, end - left, self.height()), Qt.AlignmentFlag.AlignVCenter, label)


class Navigation(QWidget):
    """The rail. ``chosen(key)`` when a destination is asked for; the arrows move inside it."""

    chosen = Signal(str)

    def __init__(self, destinations: list[Destination], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Navigation")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.narrow = False
        self.buttons: dict[str, NavigationButton] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, FIRST_GAP, 0, FIRST_GAP)
        layout.setSpacing(0)
        for destination in (x for x in destinations if not x.bottom):
            layout.addWidget(self._button(destination))
        layout.addStretch(1)
        for destination in (x for x in destinations if x.bottom):
            layout.addWidget(self._button(destination))
        theme.current().changed.connect(self._fit)
        self._fit()

    def _button(self, destination: Destination) -> NavigationButton:
        button = NavigationButton(destination)
        button.clicked.connect(lambda: self.chosen.emit(destination.key))
        self._group.addButton(button)
        self.buttons[destination.key] = button
        return button

    def select(self, key: str) -> None:
        """Marks the destination shown, without asking for it."""
        self.buttons[key].setChecked(True)

    def put(self, key: str, count: int) -> None:
        self.buttons[key].put(count)

    def set_narrow(self, narrow: bool) -> None:
        self.narrow = narrow
        for button in self.buttons.values():
            button.set_narrow(narrow)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        buttons = list(self.buttons.values())
        here = next((i for i, x in enumerate(buttons) if x.hasFocus()), 0)
        buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def _fit(self) -> None:
        self.setFixedWidth(look.px(NARROW if self.narrow else WIDE))
        for button in self.buttons.values():
            button.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(look.colors().nav))
