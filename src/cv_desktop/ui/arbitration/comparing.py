"""The table, or in its place the comparison of scenarios."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cv_desktop.services import comparisons
from cv_desktop.services.boards import Board
from cv_desktop.ui.arbitration.band import BACK, COMPARE, EnvelopeBand
from cv_desktop.ui.arbitration.compare_page import ComparePage
from cv_desktop.ui.arbitration.leaving import Leaving
from cv_desktop.ui.context import Context


class Comparing(QStackedWidget):
    """« Comparer » in the band goes there and back, ``toggled(there)``; ``follow(board)`` after each reading."""

    toggled = Signal(bool)

    def __init__(self, context: Context, table: QWidget, band: EnvelopeBand, leaving: Leaving) -> None:
        super().__init__()
        self._context, self._table, self._band, self._leaving = context, table, band, leaving
        self._board: Board | None = None
        self.page = ComparePage()
        for widget in (table, self.page):
            self.addWidget(widget)
        band.compare.clicked.connect(self._toggle)
        self.page.closed.connect(self._toggle)
        self.page.chosen.connect(lambda _keys: self._put())
        self.page.export_wanted.connect(self._export)

    def follow(self, board: Board | None) -> None:
        """What is compared is what the screen shows."""
        self._board = board
        self._put()

    @property
    def there(self) -> bool:
        """Whether the comparison is shown."""
        return self.currentWidget() is self.page

    def _toggle(self) -> None:
        comparing = not self.there
        self.setCurrentWidget(self.page if comparing else self._table)
        self._band.say_compare(BACK if comparing else COMPARE)
        self.toggled.emit(comparing)
        if comparing:
            self._put()
        else:
            self._table.setFocus()

    def _put(self) -> None:
        board = self._board
        if board is None or not self.there:
            return
        self.page.offer(board.scenarios, board.shown.id)
        keys = self.page.keys()
        enough = 2 <= len(keys) <= comparisons.MOST
        read = self._context.read
        self.page.put(read(comparisons.compare, board=board, scenario_ids=keys) if enough else None)

    def _export(self, keys: list[str]) -> None:
        if self._board is not None:
            self._leaving.comparison(self._board, keys)
