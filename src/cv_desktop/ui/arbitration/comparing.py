"""The table, or in its place the comparison of scenarios or the answer of other rules."""

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
    """« Comparer » in the band goes there and back, ``toggled(there)``; ``follow(board)`` after each reading.

    ``show_under(page)`` puts another page in the place of the table until ``show_under(None)``.
    """

    toggled = Signal(bool)

    def __init__(self, context: Context, table: QWidget, band: EnvelopeBand, leaving: Leaving) -> None:
        super().__init__()
        self._context, self._table, self._band, self._leaving = context, table, band, leaving
        self._board: Board | None = None
        self._under = table
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

    def show_under(self, page: QWidget | None) -> None:
        """What the comparison is left for: a page, or the table."""
        self._under = page or self._table
        if self.indexOf(self._under) < 0:
            self.addWidget(self._under)
        if self.there:
            self._toggle()
        else:
            self.setCurrentWidget(self._under)

    def _toggle(self) -> None:
        comparing = not self.there
        self.setCurrentWidget(self.page if comparing else self._under)
        self._band.say_compare(BACK if comparing else COMPARE)
        self.toggled.emit(comparing)
        if comparing:
            self._put()
        else:
            self._under.setFocus()

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
