"""The table of the amounts: a digit starts typing, one key does one thing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu

from cv_desktop.ui.arbitration.columns import ALONE, TIED, Writers, columns
from cv_desktop.ui.arbitration.folding import ABOVE, BELOW, folded
from cv_desktop.ui.arbitration.lines import Line
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.exchange import BulkEdit
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

MOST_CHANGED = 400  # beyond, painting all of them at once is sooner done
NONE_YET = "Aucun dossier instruit. L’arbitrage commence quand une séance a rendu ses avis."
_KEYS = {"+": "up", "-": "down", "−": "down", "t": "full", "p": "minimum", "x": "exclude", "l": "lock"}
# What the keys do, for who does not know them: gesture, words, key.
_SAID = (
    ("up", "Un pas de plus", "+"),
    ("down", "Un pas de moins", "−"),
    ("full", "Toute la demande", "T"),
    ("minimum", "Minimum viable", "P"),
    ("exclude", "Écarter ou reprendre", "X"),
    ("lock", "Verrouiller ou déverrouiller", "L"),
)
_NUMBERS = ("amount", "rate", "base", "base_rate", "minimum")


class AmountTable(TableView):
    """``asked(lines, gesture)``: up, down, full, minimum, exclude or lock, on the files selected."""

    asked = Signal(list, str)
    unfold_wanted = Signal()

    def __init__(self, write: Writers, paste: BulkEdit, memory: Memory) -> None:
        model: RowsModel[Line] = RowsModel(columns(write), identity=lambda line: line.id, band=lambda line: line.band)
        self.lines = model
        self.all_lines: list[Line] = []
        self.folding = False
        super().__init__(
            model,
            name="Dossiers par rang, avec leur montant proposé",
            memory=memory,
            empty=NONE_YET,
            empty_button="Aller aux séances",
            bulk_edit=paste,
        )

    def line(self) -> Line | None:
        """The file the keyboard is on, as it was last read: the rows themselves wait while a cell is written."""
        found = self.current_row()
        if not isinstance(found, Line) or found.ranked is None:
            return None
        return next((line for line in self.all_lines if line.id == found.id), found)

    def chosen(self) -> list[Line]:
        """The files selected, as they were last read, in the order of the table."""
        wanted = {row.id for row in self.selected_rows()}
        return [line for line in self.all_lines if line.id in wanted and line.ranked is not None]

    def put(self, lines: list[Line]) -> None:
        """Show these lines, far ranks folded when asked; the rank takes more room only when some are tied.

        Where no line came, went or moved, only those that changed are painted again.
        """
        self.all_lines = lines
        shown, before = (folded(lines) if self.folding else lines), self.lines.all_rows()
        # Most lines are the very ones shown until now.
        other = [pair for pair in zip(shown, before, strict=False) if pair[0] is not pair[1]]
        if len(shown) == len(before) and all(new.id == old.id for new, old in other):
            changed = [new for new, old in other if new != old]
            if changed and len(changed) <= MOST_CHANGED and self.cells.editor is None:
                self.lines.change_rows(changed)
            elif changed:
                self.set_rows(shown)
            return
        self.set_rows(shown)
        rank = self.lines.column_index("rank")
        tied = any(line.ranked and line.ranked.tied for line in lines)
        known = [px(ALONE), px(TIED)]
        if self.columnWidth(rank) in known:
            self.setColumnWidth(rank, known[tied])
            self.arrangement.stretch()

    def fold(self, folding: bool) -> None:
        """Fold the ranks far from the end of the envelope, or show them all."""
        if folding != self.folding:
            self.folding = folding
            self.put(self.all_lines)

    def go_to(self, key: str) -> bool:
        """Puts the keyboard on a file, unfolding what hides it; False when it is not of the ranking."""
        if any(line.id == key for line in self.all_lines) and self.lines.position_of(key) < 0:
            self.unfold_wanted.emit()
        return self.select_identity(key, "amount")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.lines.row_at(index.row()).id in (ABOVE, BELOW):
            self.unfold_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The gestures of the keys, on the file under the mouse or on all those selected."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid() or self.lines.band_at(index.row()) is not None:
            return
        if not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.setCurrentIndex(index)
        menu = self.gestures_menu()
        place = event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def gestures_menu(self) -> QMenu:
        """What may be done of the files selected, each with its key."""
        menu = QMenu(self)
        lines = self.chosen()
        for gesture, words, key in _SAID:
            # The key is only told: as a shortcut it would be pressed twice.
            action = menu.addAction(f"{words}\t{key}", partial(self._ask, gesture))
            action.setEnabled(any(line.open for line in lines))
        menu.addSeparator()
        menu.addAction("Ouvrir le dossier", lambda: self.opened.emit(self.line())).setEnabled(len(lines) == 1)
        return menu

    def _ask(self, gesture: str) -> None:
        self.asked.emit(self.chosen(), gesture)

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
            self.asked.emit(self.chosen() or [line], _KEYS[text])
        elif text.isdigit():
            if self.lines.columns[index.column()].key not in _NUMBERS:
                self.setCurrentIndex(self.lines.index(index.row(), self.lines.column_index("amount")))
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
