"""Writing in a table otherwise than by typing in a cell: copy, paste, clear, repeat, today."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView

from cv_desktop.domain.dates import short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.ui.tables.clipboard import CellEdit, Refusal, block, mime
from cv_desktop.ui.tables.rows_model import RowsModel

# Writes a block in one go; answers the reason of each cell it left as it was, by its place in the list.
BulkEdit = Callable[[list[CellEdit]], dict[int, str]]


class Table(Protocol):
    """What is asked of the view."""

    pasted: SignalInstance
    refused: SignalInstance

    def currentIndex(self) -> QModelIndex: ...
    def horizontalHeader(self) -> QHeaderView: ...
    def held(self) -> AbstractContextManager[None]: ...
    def selected_rows(self) -> list[Any]: ...


class Exchange:
    """Belongs to one view; every write goes through Column.edit, or through ``bulk_edit`` for a block."""

    def __init__(self, view: Table, rows: RowsModel[Any], bulk_edit: BulkEdit | None) -> None:
        self._view, self._rows, self._bulk_edit = view, rows, bulk_edit
        self.today: Callable[[], date] = date.today

    def copy(self) -> None:
        """The selected rows as they are seen, headers included."""
        columns = [self._rows.columns[logical] for logical in self._shown() if self._rows.columns[logical].title]
        chosen = {self._rows.identity(row) for row in self._view.selected_rows()}
        lines = [
            [column.text(row) for column in columns] for row in self._rows.rows() if self._rows.identity(row) in chosen
        ]
        titles, right = [column.title for column in columns], [column.align == "right" for column in columns]
        QGuiApplication.clipboard().setMimeData(mime(titles, lines, right))

    def paste(self) -> None:
        """A block from a spreadsheet, from the current cell to the right and down."""
        start = self._view.currentIndex()
        if not start.isValid():
            return
        shown = self._shown()
        first = shown.index(start.column()) if start.column() in shown else 0
        titles = [self._rows.columns[logical].title for logical in shown[first:]]
        edits: list[tuple[int, CellEdit]] = []
        refusals: list[Refusal] = []
        rows = self._rows.rows()
        # A title between two rows takes no line of the block.
        places = [at for at in range(start.row(), len(rows)) if self._rows.band_at(at) is None]
        for down, cells in enumerate(block(QGuiApplication.clipboard().text(), titles)):
            line = places[down] if down < len(places) else len(rows)
            for across, text in enumerate(cells):
                title = titles[across] if across < len(titles) else ""
                reason = ""
                if line >= len(rows):
                    reason = "le tableau n’a plus de ligne."
                elif across >= len(titles):
                    reason = "le tableau n’a plus de colonne."
                else:
                    column = self._rows.columns[shown[first + across]]
                    if column.can_edit(rows[line]):
                        edits.append((line + 1, CellEdit(rows[line], column.key, column.title, text.strip())))
                    elif text.strip() != column.text(rows[line]).strip():
                        reason = "cette colonne ne se modifie pas."
                if reason:
                    refusals.append(Refusal(line + 1, title, text, reason))
        with self._view.held():
            reasons = self._write_all([edit for _line, edit in edits])
        for place, reason in reasons.items():
            line, edit = edits[place]
            refusals.append(Refusal(line, edit.title, edit.text, reason))
        refusals.sort(key=lambda refusal: refusal.line)
        self._view.pasted.emit(len(edits) - len(reasons), refusals)

    def copy_above(self, index: QModelIndex) -> None:
        above = next((at for at in range(index.row() - 1, -1, -1) if self._rows.band_at(at) is None), -1)
        if above >= 0:
            column = self._rows.columns[index.column()]
            row = self._rows.row_at(above)
            self.write(index, column.edit_text(row) if column.edit_text else column.text(row))

    def write_today(self, index: QModelIndex) -> None:
        self.write(index, short_date(self.today()))

    def write(self, index: QModelIndex, text: str) -> None:
        """Give a text to the cell, if it can be edited; the reason goes to ``refused``."""
        if not self._rows.columns[index.column()].can_edit(self._rows.row_at(index.row())):
            return
        try:
            with self._view.held():
                self._rows.write(index, text)
        except UserError as refusal:
            self._view.refused.emit(refusal.message)

    def _write_all(self, edits: list[CellEdit]) -> dict[int, str]:
        if self._bulk_edit is not None:
            return self._bulk_edit(edits) if edits else {}
        reasons: dict[int, str] = {}
        for place, edit in enumerate(edits):
            column = self._rows.columns[self._rows.column_index(edit.column)]
            try:
                if column.edit is not None:
                    column.edit(edit.row, edit.text)
            except UserError as refusal:
                reasons[place] = refusal.message
        return reasons

    def _shown(self) -> list[int]:
        header = self._view.horizontalHeader()
        sections = (header.logicalIndex(visual) for visual in range(header.count()))
        return [logical for logical in sections if not header.isSectionHidden(logical)]
