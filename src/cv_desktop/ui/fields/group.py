"""A group of a form: a title, a line, fields on one or two columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.ui import theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.fields.field import Field


class FormGroup(QWidget):
    """``FormGroup(title, columns=2)``; ``add(field, wide=False)`` in reading order."""

    def __init__(self, title: str, *, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: list[Field] = []
        self._columns, self._place = columns, 0
        heading = QLabel(title)
        theme.set_type(heading, "section")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(12)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(rule())
        layout.addLayout(self._grid)
        self.setAccessibleName(title)

    def add(self, field: Field, *, wide: bool = False) -> None:
        """The next place; a wide one takes the whole line."""
        if wide and self._place % self._columns:
            self._place += self._columns - self._place % self._columns
        row, column = divmod(self._place, self._columns)
        span = self._columns if wide else 1
        self._grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        self._place += span
        self.fields.append(field)

    def add_widget(self, widget: QWidget) -> None:
        """What is no field, a tick for instance, on a line of its own."""
        self._place += -self._place % self._columns
        self._grid.addWidget(widget, self._place // self._columns, 0, 1, self._columns)
        self._place += self._columns

    def commit(self) -> bool:
        """Commit every field; the focus goes to the first that refuses."""
        wrong = [field for field in self.fields if not field.commit()]
        if wrong:
            wrong[0].setFocus()
        return not wrong
