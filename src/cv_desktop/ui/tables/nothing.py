"""What a table says when it has no row to show."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QTableView

from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.tables.rows_model import RowsModel

_CLEAR = "Effacer les filtres"


class Nothing(EmptyState):
    """Covers the viewport: the sentence of an empty list, or that of filters that leave nothing."""

    clear_pressed = Signal()

    def __init__(self, view: QTableView, rows: RowsModel[Any], empty: str, button: str, no_match: str) -> None:
        super().__init__(empty, button, parent=view.viewport())
        self._rows = rows
        self._empty, self._button, self._no_match = empty, button, no_match
        self._expected = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.viewport().installEventFilter(self)
        self.button_pressed.connect(self._button_used)
        rows.counted.connect(self._look)
        self._look()

    pressed = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._cover()
        return super().eventFilter(watched, event)

    def expect(self, sentence: str) -> None:
        """While rows are being read, no emptiness is said yet; an empty sentence when they are all there."""
        self._expected = sentence
        self._look()

    def _look(self) -> None:
        if self._expected:
            self.set_text(self._expected, "")
            self.setVisible(self._rows.rowCount() == 0)
            self._cover()
            return
        filtered = self._rows.filtered and self._rows.total > 0
        self.set_text(self._no_match if filtered else self._empty, _CLEAR if filtered else self._button)
        self.setVisible(self._rows.rowCount() == 0)
        self._cover()

    def _cover(self) -> None:
        # Asked each time: PySide may drop a Python hold on the viewport, which Qt made, while the viewport lives.
        viewport = self.parentWidget()
        if viewport is not None:
            self.setGeometry(viewport.rect())

    def _button_used(self) -> None:
        if self._rows.filtered and self._rows.total > 0:
            self.clear_pressed.emit()
        else:
            self.pressed.emit()
