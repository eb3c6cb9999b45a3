"""The files of a lot: a digit starts typing what one receives, wherever the keyboard is on its line."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent

from cv_desktop.db.queries.lot_lines import LotLineRow
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


class LotTable(TableView):
    """``start`` puts the keyboard on the amount of the first file."""

    def __init__(self, columns: list[Column[LotLineRow]], memory: Memory) -> None:
        super().__init__(RowsModel(columns), name="Dossiers du lot", memory=memory, empty="Ce lot n’a plus de dossier.")

    def start(self) -> None:
        if self.current_row() is None and self.rows.rowCount():
            self.select_identity(self.rows.identity(self.rows.row_at(0)), "amount")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.currentIndex()
        amount = self.rows.index(here.row(), self.rows.column_index("amount"))
        if event.text().isdigit() and not _taking(here) and _taking(amount):
            self.setCurrentIndex(amount)
        super().keyPressEvent(event)


def _taking(index: QModelIndex) -> bool:
    return bool(index.flags() & Qt.ItemFlag.ItemIsEditable)
