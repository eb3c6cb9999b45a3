"""The table of every screen: look, keys, clipboard and memory of UX § 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTableView, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.ui import theme
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.arrangement import Arrangement, Memory
from cv_desktop.ui.tables.delegates import CellDelegate
from cv_desktop.ui.tables.exchange import BulkEdit, Exchange
from cv_desktop.ui.tables.header import TableHeader
from cv_desktop.ui.tables.nothing import Nothing
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tokens import ROW_HEIGHTS

Density = Literal["compact", "normal", "airy", "double"]
_Flag = QItemSelectionModel.SelectionFlag
_CTRL = Qt.KeyboardModifier.ControlModifier
_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_MOST_FOLDED = 2000  # rows: beyond, measuring every sentence would be felt


class TableView(QTableView):
    """A view on one RowsModel. ``name`` is its accessible name; ``memory`` keeps widths, order and sort.

    ``empty`` and ``empty_button`` are shown when there is no row at all; ``no_match`` when the filters leave none.
    ``bulk_edit`` writes a pasted block at once; without it each cell goes through Column.edit.
    """

    current_row_changed = Signal(object)  # row or None, only when another row becomes current
    selection_changed = Signal(list)  # selected rows
    opened = Signal(object)  # row: Entrée or double click on what is not edited
    pressed = Signal(object, str)  # row, key of the column whose button was used
    refused = Signal(str)  # the sentence, also shown under the cell; empty once Échap gave the old value back
    pasted = Signal(int, list)  # cells written, Refusals
    empty_pressed = Signal()
    filters_cleared = Signal()

    def __init__(
        self,
        model: RowsModel[Any],
        *,
        name: str,
        density: Density = "normal",
        memory: Memory | None = None,
        empty: str = "Aucune ligne.",
        empty_button: str = "",
        no_match: str = "Aucune ligne ne correspond aux filtres.",
        bulk_edit: BulkEdit | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows = model
        self._held = 0
        self._pending: list[Any] | None = None
        self._target: tuple[object, int] | None = None
        self._current: object = None
        self._quiet = False
        self.setAccessibleName(name)
        self.setModel(model)
        header = TableHeader(model, self)
        self.setHorizontalHeader(header)
        self.cells = CellDelegate(self, model, self.held)
        self.setItemDelegate(self.cells)
        self._frame()
        self.set_density(density)
        self.arrangement = Arrangement(self, header, model, memory if memory is not None else {})
        self.exchange = Exchange(self, model, bulk_edit)
        self.nothing = Nothing(self, model, empty, empty_button, no_match)
        self.nothing.pressed.connect(self.empty_pressed)
        self.nothing.clear_pressed.connect(self.clear_filters)
        self.cells.leaving.connect(self._aim)
        self.cells.refused.connect(self._refusal)
        self.cells.pressed.connect(self.pressed)
        self.cells.toggled.connect(lambda index: self._toggle([index]))
        self.doubleClicked.connect(self._double_clicked)
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell_current())
        self.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        model.modelReset.connect(self._spans)
        header.sectionResized.connect(lambda *_: self._fold())
        theme.current().changed.connect(self._look_changed)

    def set_density(self, density: Density) -> None:
        """Row height: compact 26, normal 30, airy 36, double (two lines) 44."""
        self._density = density
        self.cells.double = density == "double"
        self.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHTS[density]))
        self.horizontalHeader().setFixedHeight(self.horizontalHeader().sizeHint().height())
        self._spans()

    def _look_changed(self) -> None:
        self.set_density(self._density)
        self.arrangement.rescale()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows; selection, current cell and scroll stay. Waits while a cell is being typed in."""
        if self._held or self.cells.editor is not None:
            self._pending = list(rows)
            return
        identity = self.rows.identity
        chosen = {identity(row) for row in self.selected_rows()}
        at = self.currentIndex()
        current = identity(self.rows.row_at(at.row())) if at.isValid() else None
        place, scroll = (at.row(), at.column()), self.verticalScrollBar().value()
        self._quiet = True
        self.rows.set_rows(rows)
        if chosen or current is not None:
            self._select(chosen, current, place)
        self.verticalScrollBar().setValue(scroll)
        self._quiet = False
        self._tell_current()

    def current_row(self) -> Any | None:
        index = self.currentIndex()
        return self.rows.row_at(index.row()) if index.isValid() else None

    def selected_rows(self) -> list[Any]:
        return [self.rows.row_at(index.row()) for index in self.selectionModel().selectedRows(0)]

    def select_identity(self, identity: object, column: str = "") -> bool:
        """Make the row with this identity current and visible; False when it is not shown."""
        position = self.rows.position_of(identity)
        if position < 0:
            return False
        logical = self.rows.column_index(column) if column else max(0, self.currentIndex().column())
        index = self.rows.index(position, logical)
        self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect | _Flag.Rows)
        self.scrollTo(index)
        return True

    def step(self, rows: int) -> None:
        """Ctrl+↓ and Ctrl+↑ of a record: the next or previous row of the filtered list."""
        position = min(max(self.currentIndex().row() + rows, 0), self.rows.rowCount() - 1)
        if position >= 0:
            self.select_identity(self.rows.identity(self.rows.row_at(position)))

    def clear_filters(self) -> None:
        self.rows.set_filter("")
        for key in self.rows.column_filters:
            self.rows.set_column_filter(key, None)
        self.filters_cleared.emit()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Rows set meanwhile wait, so that a block or a cell is written against what the person saw."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self._flush()

    def closeEditor(self, editor: QWidget, hint: Any) -> None:
        if hint == QAbstractItemDelegate.EndEditHint.RevertModelCache and self.cells.refusing:
            self.refused.emit("")  # Échap gave the old value back: nothing is wrong any more
        super().closeEditor(editor, hint)
        self.cells.editor = None
        self._flush()
        target, self._target = self._target, None
        if target is not None and (position := self.rows.position_of(target[0])) >= 0:
            self.setCurrentIndex(self.rows.index(position, target[1]))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.cells.keyboard = event.reason() in _BY_KEYS
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.cells.keyboard = True
        index, key = self.currentIndex(), event.key()
        bare = event.modifiers() & ~_KEYPAD == Qt.KeyboardModifier.NoModifier
        control = event.modifiers() & ~_KEYPAD == _CTRL
        if control and key == Qt.Key.Key_C:
            self.exchange.copy()
        elif control and key == Qt.Key.Key_V:
            self.exchange.paste()
        elif control and key == Qt.Key.Key_D and index.isValid():
            self.exchange.copy_above(index)
        elif control and event.text() == ";" and index.isValid():
            self.exchange.write_today(index)
        elif bare and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._enter(index)
        elif bare and key == Qt.Key.Key_Space and index.isValid() and self._box_column() >= 0:
            self._toggle([self.rows.index(i.row(), self._box_column()) for i in self.selectionModel().selectedRows(0)])
        elif bare and key == Qt.Key.Key_Delete and index.isValid():
            self.exchange.write(index, "")
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.cells.keyboard = False
        # A refused cell stays open: the click goes back to it.
        if self.cells.editor is not None and not self.cells.commit():
            self.cells.editor.setFocus()
            return
        super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrangement.stretch()
        self._fold()

    def _frame(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        # Tab leaves the table: arrows move inside it.
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.AnyKeyPressed | trigger.EditKeyPressed | trigger.DoubleClicked)

    def _select(self, chosen: set[object], current: object, place: tuple[int, int]) -> None:
        rows, last = self.rows, self.rows.columnCount() - 1
        selection = QItemSelection()
        found = -1
        for position, row in enumerate(rows.rows()):
            own = rows.identity(row)
            if own in chosen:
                selection.select(rows.index(position, 0), rows.index(position, last))
            if own == current:
                found = position
        if found < 0 and current is not None and rows.rowCount():
            # The current row is gone: its neighbour takes its place.
            found = min(place[0], rows.rowCount() - 1)
            if selection.isEmpty():
                selection.select(rows.index(found, 0), rows.index(found, last))
        if found >= 0:
            self.selectionModel().setCurrentIndex(rows.index(found, place[1]), _Flag.NoUpdate)
        self.selectionModel().select(selection, _Flag.ClearAndSelect)

    def _flush(self) -> None:
        if self._pending is not None and not self._held and self.cells.editor is None:
            rows, self._pending = self._pending, None
            self.set_rows(rows)

    def _aim(self, rows: int, columns: int) -> None:
        index, header = self.currentIndex(), self.horizontalHeader()
        row = min(max(index.row() + rows, 0), self.rows.rowCount() - 1)
        shown = [i for i in map(header.logicalIndex, range(header.count())) if not header.isSectionHidden(i)]
        place = shown.index(index.column()) + columns if index.column() in shown else 0
        if self.cells.walks and place == len(shown):
            row, place = min(row + 1, self.rows.rowCount() - 1), 0
        place = min(max(place, 0), len(shown) - 1)
        self._target = (self.rows.identity(self.rows.row_at(row)), shown[place])

    def _refusal(self, sentence: str) -> None:
        self._target = None
        self.refused.emit(sentence)

    def _enter(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
            return
        row = self.rows.row_at(index.row())
        key = next((c.key for c in self.rows.columns if c.button is not None and c.button(row)), "")
        if key:
            self.pressed.emit(row, key)
        else:
            self.opened.emit(row)

    def _double_clicked(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.opened.emit(self.rows.row_at(index.row()))

    def _box_column(self) -> int:
        return next((i for i, column in enumerate(self.rows.columns) if column.toggle is not None), -1)

    def _toggle(self, indexes: Sequence[QModelIndex]) -> None:
        try:
            with self.held():
                for index in indexes:
                    self.rows.toggle(index)
        except UserError as refusal:
            self.refused.emit(refusal.message)

    def _tell_current(self) -> None:
        if self._quiet:
            return
        row = self.current_row()
        own = None if row is None else self.rows.identity(row)
        if own != self._current:
            self._current = own
            self.current_row_changed.emit(row)

    def _tell_selection(self) -> None:
        if not self._quiet:
            self.selection_changed.emit(self.selected_rows())

    def _spans(self) -> None:
        if self.rows.has_bands:
            self.clearSpans()
            for position in range(self.rows.rowCount()):
                title = self.rows.band_at(position) is not None
                # A title is never two lines high.
                self.setRowHeight(position, px(ROW_HEIGHTS["normal" if title else self._density]))
                if title:
                    self.setSpan(position, 0, 1, self.rows.columnCount())
        self._fold()

    def _fold(self) -> None:
        """Rows are as high as the columns that wrap ask."""
        header = self.horizontalHeader()
        folded = [
            (column, self.columnWidth(logical))
            for logical, column in enumerate(self.rows.columns)
            if column.wrap and not header.isSectionHidden(logical)
        ]
        if not folded or not 0 < self.rows.rowCount() <= _MOST_FOLDED:
            return
        usual = self.verticalHeader().defaultSectionSize()
        for position, row in enumerate(self.rows.rows()):
            if self.rows.band_at(position) is None:
                asked = max(self.cells.height(column, row, width) for column, width in folded)
                self.setRowHeight(position, max(usual, asked))
