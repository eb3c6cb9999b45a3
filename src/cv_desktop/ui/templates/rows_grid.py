"""Rows of texts with fields, added and taken away one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from cv_desktop.domain.letter_template import Vocabulary
from cv_desktop.ui import icons, theme
from cv_desktop.ui.look import px
from cv_desktop.ui.templates.token_edit import NO_WORDS, TokenEdit

Cell = QLineEdit | TokenEdit


class RowsGrid(QWidget):
    """``heads`` columns hold plain titles, narrower; the others texts with fields."""

    edited = Signal()
    left = Signal()

    def __init__(self, columns: Sequence[str], add: str, *, heads: int) -> None:
        super().__init__()
        self._columns, self._heads, self._words = list(columns), heads, NO_WORDS
        self.cells: list[list[Cell]] = []
        self._removers: list[QToolButton] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self.add = QPushButton(add)
        theme.set_kind(self.add, "link", small=True)
        icons.dress(self.add, "plus", "accent", 14)
        self.add.clicked.connect(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._grid)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def put(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows; one that says the same keeps its cells, its cursor and its own undo."""
        while len(self.cells) > len(rows):
            self._drop(len(self.cells) - 1)
        while len(self.cells) < len(rows):
            self._append()
        for cells, texts in zip(self.cells, rows, strict=True):
            for cell, text in zip(cells, texts, strict=True):
                if isinstance(cell, TokenEdit):
                    cell.put(text)
                elif cell.text() != text:
                    cell.setText(text)
        self._name()

    def rows(self) -> list[list[str]]:
        return [[x.written() if isinstance(x, TokenEdit) else x.text().strip() for x in row] for row in self.cells]

    def set_columns(self, columns: Sequence[str]) -> None:
        """Other columns: the cells of those that go are lost with them, new ones are empty."""
        if len(columns) != len(self._columns):
            kept = [[*row, *[""] * len(columns)][: len(columns)] for row in self.rows()]
            while self.cells:
                self._drop(0)
            self._columns = list(columns)
            self.put(kept)
        self._columns = list(columns)
        self._name()

    def set_words(self, words: Vocabulary) -> None:
        self._words = words
        for row in self.cells:
            for cell in row:
                if isinstance(cell, TokenEdit):
                    cell.set_words(words)

    def _add(self) -> None:
        self._append()
        self._name()
        self.cells[-1][0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _append(self) -> None:
        row = self._grid.rowCount()
        cells: list[Cell] = []
        for column in range(len(self._columns)):
            cell = self._head() if column < self._heads else self._text()
            self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(column, 0 if column < self._heads else 1)
            cells.append(cell)
        remove = QToolButton()
        theme.set_kind(remove, "tool", small=True)
        icons.dress(remove, "x", "secondary", 14)
        remove.setToolTip("Retirer cette ligne")
        remove.setAccessibleName("Retirer cette ligne")
        remove.clicked.connect(lambda: self._remove(remove))
        self._grid.addWidget(remove, row, len(self._columns), Qt.AlignmentFlag.AlignTop)
        self.cells.append(cells)
        self._removers.append(remove)

    def _remove(self, button: QToolButton) -> None:
        place = self._removers.index(button)
        self._drop(place)
        if self.cells:
            self.cells[min(place, len(self.cells) - 1)][0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _drop(self, place: int) -> None:
        for widget in (*self.cells.pop(place), self._removers.pop(place)):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _head(self) -> QLineEdit:
        made = QLineEdit()
        made.setFixedWidth(px(118))
        made.textEdited.connect(lambda _text: self.edited.emit())
        made.editingFinished.connect(self.left)
        return made

    def _text(self) -> TokenEdit:
        made = TokenEdit("")
        made.set_words(self._words)
        made.edited.connect(self.edited)
        made.left.connect(self.left)
        return made

    def _name(self) -> None:
        for number, row in enumerate(self.cells, 1):
            for title, cell in zip(self._columns, row, strict=True):
                cell.setAccessibleName(f"{title or 'Cellule'}, ligne {number}")
        self.setFocusProxy(self.cells[0][0] if self.cells else self.add)
