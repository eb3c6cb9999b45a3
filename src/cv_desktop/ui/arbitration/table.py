"""The table of the amounts: a digit starts typing, one key does one thing."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from cv_desktop.ui.arbitration.columns import ALONE, TIED, Write, columns
from cv_desktop.ui.arbitration.lines import Line
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.exchange import BulkEdit
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NONE_YET = "Aucun dossier instruit. L’arbitrage commence quand une séance a rendu ses avis."
_KEYS = {"+": "up", "-": "down", "−": "down", "t": "full", "x": "exclude", "l": "lock"}


class AmountTable(TableView):
    """``asked(line, gesture)``: up, down, full, exclude or lock, on the current file."""

    asked = Signal(object, str)

    def __init__(self, write_amount: Write, write_motive: Write, paste: BulkEdit, memory: Memory) -> None:
        model: RowsModel[Line] = RowsModel(
            columns(write_amount, write_motive), identity=lambda line: line.id, band=lambda line: line.band
        )
        self.lines = model
        super().__init__(
            model,
            name="Dossiers par rang, avec leur montant proposé",
            memory=memory,
            empty=NONE_YET,
            empty_button="Aller aux séances",
            bulk_edit=paste,
        )

    def line(self) -> Line | None:
        """The file the keyboard is on."""
        found = self.current_row()
        return found if isinstance(found, Line) and found.ranked else None

    def put(self, lines: list[Line]) -> None:
        """Show these lines; the rank takes more room only when some are tied."""
        self.set_rows(lines)
        rank = self.lines.column_index("rank")
        tied = any(line.ranked and line.ranked.tied for line in lines)
        known = [px(ALONE), px(TIED)]
        if self.columnWidth(rank) in known:
            self.setColumnWidth(rank, known[tied])
            self.arrangement.stretch()

    def start(self) -> None:
        """Puts the keyboard on the amount of the first file, when it is nowhere yet."""
        if not self.currentIndex().isValid():
            first = next((line for line in self.lines.rows() if line.ranked), None)
            if first is not None:
                self.select_identity(first.id, "amount")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line, index = self.line(), self.currentIndex()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        text = event.text().casefold()
        if line is None or not plain or index.column() == self.lines.column_index("motive"):
            super().keyPressEvent(event)
        elif text in _KEYS:
            self.asked.emit(line, _KEYS[text])
        elif text.isdigit():
            amount = self.lines.column_index("amount")
            if index.column() != amount:
                self.setCurrentIndex(self.lines.index(index.row(), amount))
            super().keyPressEvent(event)
        elif text.isprintable() and text.strip():
            # A letter that means nothing here must not open the amount.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        return self._off_band(super().moveCursor(action, modifiers), self.currentIndex().row())

    def _aim(self, rows: int, columns: int) -> None:
        aimed = self.currentIndex().row() + rows
        on_band = 0 <= aimed < self.lines.rowCount() and self.lines.band_at(aimed) is not None
        super()._aim(rows * 2 if on_band else rows, columns)

    def _off_band(self, index: QModelIndex, origin: int) -> QModelIndex:
        """The keyboard steps over the dark line."""
        if not index.isValid() or self.lines.band_at(index.row()) is None:
            return index
        step = 1 if index.row() > origin else -1
        beyond = index.row() + step
        if not 0 <= beyond < self.lines.rowCount():
            beyond = index.row() - step
        return self.lines.index(beyond, self.currentIndex().column())
