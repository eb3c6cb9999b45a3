"""Typing in a cell: what is refused keeps the cell open, with the reason under it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cv_desktop.domain.errors import UserError
from cv_desktop.ui.look import TypeName, colors, font
from cv_desktop.ui.tables.rows_model import RowsModel

Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = {
    **dict.fromkeys(_ENTER, (1, 0)),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Up: (-1, 0),
}
_NOT_LEAVING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class EditingDelegate(QStyledItemDelegate):
    """Opens a field over the cell, gives its text to the model, and stays when the model refuses.

    ``hold`` is entered while a cell is written, so that the refresh which follows waits for the field to close.
    """

    leaving = Signal(int, int)  # rows and columns to move by, told before the cell is written
    refused = Signal(str)
    pressed = Signal(object, str)  # row, key of the column of the button
    toggled = Signal(object)  # index

    def __init__(
        self, view: QTableView, rows: RowsModel[Any], hold: Callable[[], AbstractContextManager[None]]
    ) -> None:
        super().__init__(view)
        self.view = view
        self.rows = rows
        self.double = False
        self.keyboard = False
        self.walks = False  # Entrée goes right, then to the next line, as one fills a form
        self._hold = hold
        self.editor: QLineEdit | None = None
        self._at = QPersistentModelIndex()
        self._start = ""
        self._reason = QLabel(view.viewport())
        self._reason.setWordWrap(True)
        self._reason.hide()
        self._metrics: dict[tuple[str, int, int], QFontMetrics] = {}

    def metrics(self, name: TypeName, weight: int = 400) -> QFontMetrics:
        """Metrics of a named font, its figures of one width, kept because measuring is asked for every cell."""
        shape = font(name, weight, figures=True)
        key = (name, weight, shape.pixelSize())
        if key not in self._metrics:
            self._metrics[key] = QFontMetrics(shape)
        return self._metrics[key]

    @property
    def refusing(self) -> bool:
        """Whether a cell stays open because of what was typed in it."""
        return self.editor is not None and not self._reason.isHidden()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("cell", True)
        editor.setFont(font("body", figures=True))
        editor.setAccessibleName(self.rows.columns[index.column()].sentence(self.rows.row_at(index.row())))
        if self.rows.columns[index.column()].align == "right":
            editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        editor.textEdited.connect(self._typed)
        self.editor, self._at = editor, QPersistentModelIndex(index)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # Only once: a change elsewhere in the table must not overwrite what is being typed.
        if isinstance(editor, QLineEdit) and not editor.property("filled"):
            editor.setProperty("filled", True)
            self._start = str(index.data(Qt.ItemDataRole.EditRole) or "")
            editor.setText(self._start)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Nothing: ``commit`` has written already, or was refused."""

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))
        self._place_reason()

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        if editor is self.editor:
            self.editor = None
            self._reason.hide()
        super().destroyEditor(editor, index)

    def commit(self) -> bool:
        """Write what is typed. False, and the cell stays open, when it is refused."""
        editor = self.editor
        if editor is None:
            return True
        text = editor.text()
        if text != self._start or editor.property("invalid"):
            try:
                with self._hold():
                    self.rows.write(self._at, text)
            except UserError as refusal:
                self._refuse(refusal.message)
                return False
        self.editor = None
        self._reason.hide()
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _MOVES:
                walking = self.walks and event.key() in _ENTER
                self.leaving.emit(*((0, 1) if walking else _MOVES[Qt.Key(event.key())]))
                self.commit()
                return True
            if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
                if event.reason() not in _NOT_LEAVING:
                    self.commit()
                return False
        return super().eventFilter(watched, event)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on a painted box or on a painted button."""
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        if event.button() != Qt.MouseButton.LeftButton or self.rows.band_at(index.row()):
            return False
        column, row = self.rows.columns[index.column()], self.rows.row_at(index.row())
        if column.checked is not None and column.toggle is not None:
            self.toggled.emit(index)
            return True
        if column.button is not None and (label := column.button(row)):
            if self.button_rect(option.rect.adjusted(8, 0, -8, -1), label).contains(event.position().toPoint()):
                self.pressed.emit(row, column.key)
            return True
        return False

    def button_rect(self, rect: QRect, label: str) -> QRect:
        raise NotImplementedError

    def _typed(self) -> None:
        if self.editor is not None and self.editor.property("invalid"):
            self._reason.hide()

    def _refuse(self, sentence: str) -> None:
        editor = self.editor
        if editor is None:
            return
        editor.setProperty("invalid", True)
        editor.style().unpolish(editor)
        editor.style().polish(editor)
        editor.setAccessibleDescription(sentence)
        tint = colors().danger
        self._reason.setFont(font("secondary", 500))
        self._reason.setStyleSheet(
            f"background: {tint.fill}; color: {tint.text}; border: 1px solid {tint.text}; padding: 4px 6px;"
        )
        self._reason.setText(sentence)
        self._reason.show()
        self._place_reason()
        self.refused.emit(sentence)

    def _place_reason(self) -> None:
        if self.editor is None or self._reason.isHidden():
            return
        width = min(360, self.view.viewport().width())
        height = self._reason.heightForWidth(width)
        cell = self.editor.geometry()
        x = max(0, min(cell.x(), self.view.viewport().width() - width))
        below = cell.bottom() + 1
        y = below if below + height <= self.view.viewport().height() else cell.y() - height
        self._reason.setGeometry(x, y, width, height)
        self._reason.raise_()
