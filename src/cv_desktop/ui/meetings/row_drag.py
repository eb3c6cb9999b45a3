"""A line of a table taken with the mouse and put elsewhere; Alt+↑ and Alt+↓ do the same from the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame

from cv_desktop.ui import theme
from cv_desktop.ui.look import color
from cv_desktop.ui.tables.table_view import TableView


class RowDrag(QObject):
    """``moved(row, steps)`` when a line is dropped elsewhere than where it was taken."""

    moved = Signal(int, int)

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view
        self._from = -1
        self._start = QPoint()
        self._dragging = False
        self._mark = QFrame(view.viewport())
        self._mark.setFixedHeight(2)
        self._mark.hide()
        theme.current().changed.connect(self._dress)
        self._dress()
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            kind, place = event.type(), event.position().toPoint()
            if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._from, self._start = self._view.rowAt(place.y()), place
            elif kind == QEvent.Type.MouseMove and self._from >= 0 and event.buttons() & Qt.MouseButton.LeftButton:
                far = (place - self._start).manhattanLength() >= QApplication.startDragDistance()
                self._dragging = self._dragging or far
                if self._dragging:
                    self._show(self._gap(place.y()))
                    return True
            elif kind == QEvent.Type.MouseButtonRelease:
                taken, dragging = self._from, self._dragging
                self._from, self._dragging = -1, False
                self._mark.hide()
                if dragging and taken >= 0:
                    gap = self._gap(place.y())
                    steps = gap - taken - (gap > taken)
                    if steps:
                        self.moved.emit(taken, steps)
                    return True
        return super().eventFilter(watched, event)

    def _gap(self, y: int) -> int:
        """Before which line the point is: 0 above the first one."""
        count = self._view.rows.rowCount()
        for row in range(count):
            if y < self._view.rowViewportPosition(row) + self._view.rowHeight(row) // 2:
                return row
        return count

    def _show(self, gap: int) -> None:
        last = self._view.rows.rowCount() - 1
        y = self._view.rowViewportPosition(min(gap, last)) + (self._view.rowHeight(last) if gap > last else 0)
        self._mark.setGeometry(0, max(0, y - 1), self._view.viewport().width(), 2)
        self._mark.show()
        self._mark.raise_()

    def _dress(self) -> None:
        self._mark.setStyleSheet(f"background: {color('accent').name()};")
