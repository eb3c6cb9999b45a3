"""A tab of lines of the record: a table edited in place, and under it the form that adds one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.structure_lines import LINES
from cv_desktop.services import structure_lines
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, Field, TextField
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


class LinesTab(QWidget):
    """``kind`` is that of ``domain.structure_lines``. A subclass gives its columns, the fields of its form, its rows.

    ``choices`` are the lists of some fields: (value, words).
    """

    kind = ""
    title = ""
    empty = ""
    add_words = ""
    form: tuple[tuple[str, int], ...] = ()  # field, share of the line

    def __init__(self, context: Context, memory: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.record: StructureRecord | None = None
        self.choices: dict[str, list[tuple[str, str]]] = {}
        self._blank: dict[str, str] = {}
        self._drafts: dict[str, dict[str, str]] = {}  # the lines begun and not added, by record
        self.prepare()
        self.table = TableView(
            RowsModel(self.columns()),
            name=self.title,
            memory=context.settings.memory(memory),
            empty=self.empty,
        )
        self.table.installEventFilter(self)
        self.table.refused.connect(context.told)
        self.fields: dict[str, Field] = {name: self._field(name) for name, _share in self.form}
        self.add_button = self._button(self.add_words, "plus", self.add)
        self.remove_button = self._button("Retirer la ligne", "minus", self.remove)
        self.remove_button.setEnabled(False)
        self.table.selection_changed.connect(lambda rows: self.remove_button.setEnabled(self.removable(rows)))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 12, 18, 14)
        self.column.setSpacing(10)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self._add_card())

    # What a subclass says.

    def prepare(self) -> None:
        """Reads the lists of choices."""

    def columns(self) -> Sequence[Column[Any]]:
        raise NotImplementedError

    def rows(self, record: StructureRecord) -> Sequence[Any]:
        raise NotImplementedError

    def editable(self, row: Any) -> bool:
        return True

    def removable(self, rows: Sequence[Any]) -> bool:
        return len(rows) == 1 and self.editable(rows[0])

    def start(self) -> None:
        """Fills the form for a new line."""

    # What it does.

    def show_record(self, record: StructureRecord) -> None:
        changed = self.record is None or self.record.id != record.id
        if changed and self.record is not None:
            self._keep(self.record.id)
        self.record = record
        self.table.set_rows(self.rows(record))
        if changed:
            self.clear()
            for name, text in self._drafts.pop(record.id, {}).items():
                self._put(self.fields[name], text)

    def add(self) -> None:
        record = self.record
        wrong = [field for field in self.fields.values() if not field.commit()]
        if record is None or wrong:
            if wrong:
                wrong[0].setFocus()
            return
        typed = {name: str(field.value() or "") for name, field in self.fields.items()}
        word = LINES[self.kind][0]
        try:
            self.context.attempt(
                f"ajout d’une ligne, {word} ({record.name})",
                structure_lines.add,
                kind=self.kind,
                structure_id=record.id,
                values=typed,
            )
        except UserError as refusal:
            field = self.fields.get(refusal.field, next(iter(self.fields.values())))
            field.refuse(refusal.message)
            field.setFocus()
            self.context.told.emit(refusal.message)
            return
        self.clear()
        next(iter(self.fields.values())).setFocus()

    def _keep(self, record_id: str) -> None:
        """A line begun for a record waits for it, as it was typed."""
        typed = self._typed()
        if typed != self._blank:
            self._drafts[record_id] = typed

    def _typed(self) -> dict[str, str]:
        return {
            name: str(field.value() or "") if isinstance(field, ChoiceField) else field.text()
            for name, field in self.fields.items()
        }

    @staticmethod
    def _put(field: Field, text: str) -> None:
        if isinstance(field, ChoiceField):
            field.replace(text)
        elif isinstance(field.editor, QLineEdit):
            field.editor.setText(text)

    def remove(self) -> None:
        rows = self.table.selected_rows()
        if self.removable(rows):
            words = f"retrait d’une ligne, {LINES[self.kind][0]}"
            self.context.do(words, structure_lines.remove, kind=self.kind, line_id=rows[0].id)

    def clear(self) -> None:
        for field in self.fields.values():
            field.replace("" if not isinstance(field, ChoiceField) else field.editor.itemData(0))
        self.start()
        self._blank = self._typed()

    def cell(self, name: str, **options: Any) -> Column[Any]:
        """The column of a field, edited in place as it is typed."""
        field = LINES[self.kind][1][name]
        return Column(
            name,
            options.pop("title", field.label),
            lambda row: field.shown(getattr(row, name)),
            sort=options.pop("sort", lambda row: getattr(row, name) or None),
            edit=lambda row, text: self._write(row, name, text),
            editable=self.editable,
            **options,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.table
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Delete
            and self.remove_button.isEnabled()
        ):
            self.remove()
            return True
        return super().eventFilter(watched, event)

    def _write(self, row: Any, name: str, text: str) -> None:
        label = LINES[self.kind][1][name].label
        self.context.attempt(
            f"{label} {text.strip() or 'vide'}",
            structure_lines.set_field,
            kind=self.kind,
            line_id=row.id,
            name=name,
            text=text,
        )

    def _field(self, name: str) -> Field:
        field = LINES[self.kind][1][name]
        if name in self.choices:
            return ChoiceField(field.label, list(self.choices[name]), required=field.required)
        return TextField(field.label, required=field.required)

    def _button(self, text: str, icon: str, pressed: Any) -> QPushButton:
        button = QPushButton(text)
        theme.set_kind(button, "secondary")
        icons.dress(button, icon, "text", 16)
        button.clicked.connect(pressed)
        return button

    def _add_card(self) -> Card:
        card = Card(self.add_words)
        grid, buttons = QGridLayout(), QHBoxLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for place, (name, share) in enumerate(self.form):
            row, column = divmod(place, 4)
            grid.addWidget(self.fields[name], row, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, max(share, grid.columnStretch(column)))
        buttons.setSpacing(8)
        buttons.addWidget(self.add_button)
        buttons.addStretch(1)
        buttons.addWidget(self.remove_button)
        card.body.addLayout(grid)
        card.body.addLayout(buttons)
        return card
