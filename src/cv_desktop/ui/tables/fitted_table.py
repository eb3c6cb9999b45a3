"""A table of the few rows that a record has: as high as them, so that what follows is not pushed below the edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QResizeEvent

from cv_desktop.ui.look import px
from cv_desktop.ui.tables.table_view import TableView

MOST, EMPTY = 5, 64


class FittedTable(TableView):
    """Beyond five rows it scrolls; without any it has room for the sentence that says so."""

    def set_rows(self, rows: Sequence[Any]) -> None:
        super().set_rows(rows)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        count = min(self.rows.rowCount(), MOST)
        rows = sum(self.rowHeight(at) for at in range(count)) if count else px(EMPTY)
        bar = self.horizontalScrollBar()
        aside = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self.setFixedHeight(self.horizontalHeader().height() + rows + aside + 2 * self.frameWidth() + 1)
