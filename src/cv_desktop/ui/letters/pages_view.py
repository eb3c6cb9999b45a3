"""The pages one under the other on their grey ground; the paper stays white in the dark theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.ui.letters.rendering import Page
from cv_desktop.ui.look import color

A4_POINTS = 595.28
MARGIN = 18


class Sheet(QWidget):
    """One page."""

    def __init__(self, pixmap: QPixmap, number: int, count: int) -> None:
        super().__init__()
        self._pixmap = pixmap
        self.setAccessibleName(f"Page {number} sur {count}")
        self.setFixedSize(pixmap.deviceIndependentSize().toSize())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._pixmap)
        painter.setPen(color("field_border"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class PagesView(QScrollArea):
    """``put(pages, ratio)``; ``moved`` when another page comes under the eye, ``resized`` when the width changes."""

    moved = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Page du courrier")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._ground = QWidget()
        self._ground.setProperty("surface", "sunken")
        self._ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._ground.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._column = QVBoxLayout(self._ground)
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._column.setSpacing(MARGIN)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._ground)
        self.setWidgetResizable(True)
        self.sheets: list[Sheet] = []
        self.verticalScrollBar().valueChanged.connect(self.moved)

    @property
    def room(self) -> int:
        """Width a page may take, in logical pixels."""
        # One dot less: a page rounded up would not fit.
        return max(200, self.viewport().width() - 2 * MARGIN - 1)

    @property
    def page(self) -> int:
        """The page under the eye, from 1; 0 without any."""
        top = self.verticalScrollBar().value() + self.viewport().height() // 3
        return max((number for number, sheet in enumerate(self.sheets, 1) if sheet.y() <= top), default=0)

    def put(self, pages: Sequence[Page], ratio: float, *, top: bool) -> None:
        """Shows these pages; ``top`` goes back to the first line."""
        for sheet in self.sheets:
            sheet.hide()
            sheet.deleteLater()
        self.sheets = []
        for number, page in enumerate(pages, 1):
            image = QImage(page.data, page.width, page.height, 4 * page.width, QImage.Format.Format_RGBA8888)
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(ratio)
            self.sheets.append(Sheet(pixmap, number, len(pages)))
            self._column.addWidget(self.sheets[-1])
        if top:
            self.verticalScrollBar().setValue(0)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.resized.emit()
