"""The files of the campaign on the left: filter, count, states, bulk line, two-line rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.ui import icons, theme
from cv_desktop.ui.applications.bulk_line import BulkLine
from cv_desktop.ui.applications.rows import list_columns, table_columns
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.filter_field import FilterField
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

EMPTY = "Aucun dossier dans cette campagne. Saisissez un dossier (Ctrl+N) ou importez un fichier."
READING = "Lecture des dossiers…"
NO_MATCH = "Aucun dossier ne correspond aux filtres."
SORTS = (
    ("Par numéro", "number", False),
    ("Par structure", "structure", False),
    ("Par montant demandé, décroissant", "asked", True),
    ("Par état", "status", False),
)


class ListPanel(QFrame):
    """``full`` shows every column on one line each; both forms have the same filter, count and bulk line."""

    row_changed = Signal(object)
    opened = Signal(object)
    import_asked = Signal()
    form_asked = Signal()  # the other form: full table or narrow list
    examine_asked = Signal(list)
    request_asked = Signal(list)

    def __init__(self, *, full: bool, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        model: RowsModel[ApplicationRow] = RowsModel(table_columns() if full else list_columns())
        self.table = TableView(
            model,
            name="Dossiers",
            density="normal" if full else "double",
            memory=memory,
            empty=EMPTY,
            empty_button="Importer un fichier…",
            no_match=NO_MATCH,
        )
        self.table.horizontalHeader().setVisible(full)
        if not full:
            self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.empty_pressed.connect(self.import_asked)
        self.table.current_row_changed.connect(self.row_changed)
        self.table.selection_changed.connect(self._selected)
        self.table.opened.connect(self.opened)
        self.filter = FilterField(self.table, counter=False)
        self.bulk = BulkLine()
        self.bulk.examine_asked.connect(lambda: self.examine_asked.emit(self.table.selected_rows()))
        self.bulk.request_asked.connect(lambda: self.request_asked.emit(self.table.selected_rows()))
        self.bulk.clear_asked.connect(self._clear_selection)
        title = QLabel("Dossiers")
        theme.set_type(title, "section", weight=600)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title)
        top.addWidget(self.filter.counter)
        top.addStretch(1)
        self.states = self._tool("list-filter", "Filtrer par état", self._states_menu)
        self.sorts = self._tool("arrow-up-down", "Trier", self._sorts_menu)
        self.form = self._tool(
            "panel-left" if full else "table", "Liste et dossier" if full else "Tableau complet", None
        )
        self.form.clicked.connect(self.form_asked)
        self.form.setToolTip(f"{self.form.toolTip()} (Ctrl+Maj+L)")
        buttons = [self.states, self.sorts, self.form]
        if full:
            buttons.insert(2, self._tool("columns-3", "Colonnes", self.table.arrangement.columns_menu))
        for button in buttons:
            top.addWidget(button)
        head = QVBoxLayout()
        head.setContentsMargins(12, 12, 8 if not full else 12, 8)
        head.setSpacing(8)
        head.addLayout(top)
        head.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.bulk)
        layout.addWidget(self.table, 1)

    def set_first_rows(self, rows: Sequence[ApplicationRow], total: int) -> None:
        """The first ones in the order of their numbers, of ``total``, until ``set_rows`` brings them all.

        Sorted or filtered, the first ones shown are not these: the table then says that it is being read.
        """
        model = self.table.rows
        in_order = not (model.sorts or model.filtered)
        self.filter.expect(total)
        self.table.nothing.expect(READING)
        self._put(rows if in_order else [])

    def set_rows(self, rows: Sequence[ApplicationRow]) -> None:
        self.filter.expect(0)
        self.table.nothing.expect("")
        self._put(rows)

    def _put(self, rows: Sequence[ApplicationRow]) -> None:
        self.table.set_rows(rows)
        # The scroll bar that comes with the first rows takes its place from the columns.
        self.table.arrangement.stretch()
        self._selected(self.table.selected_rows())

    def replace_rows(self, rows: Sequence[ApplicationRow]) -> None:
        """Shows a few rows again where they stand; the others are as they were."""
        changed = {row.id: row for row in rows}
        self.table.set_rows([changed.get(row.id, row) for row in self.table.rows.all_rows()])

    def follow(self, other: ListPanel) -> None:
        """Takes the filters and the current row of the other form."""
        self.filter.set_text(other.filter.line.text())
        for key in ("status",):
            self.table.rows.set_column_filter(key, _kept(other, key))
        row = other.table.current_row()
        if row is not None:
            self.table.select_identity(row.id)

    def _tool(self, icon: str, name: str, menu: object) -> QToolButton:
        button = QToolButton()
        theme.set_kind(button, "tool", small=True)
        icons.dress(button, icon, "text", 16)
        button.setToolTip(name)
        button.setAccessibleName(name)
        if callable(menu):
            button.clicked.connect(lambda: _drop(menu(), button))
        return button

    def _states_menu(self) -> QMenu | None:
        return self.table.arrangement.values_menu(self.table.rows.column_index("status"))

    def _sorts_menu(self) -> QMenu:
        menu = QMenu("Trier", self)
        model = self.table.rows
        for words, key, down in SORTS:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(model.sorts == [(key, down)])
            action.triggered.connect(lambda _on=False, k=key, d=down: model.sort_by([(k, d)]))
        return menu

    def _selected(self, rows: list[ApplicationRow]) -> None:
        self.bulk.show_count(len(rows))

    def _clear_selection(self) -> None:
        row = self.table.current_row()
        self.table.clearSelection()
        if row is not None:
            self.table.select_identity(row.id)


def _kept(panel: ListPanel, key: str) -> list[str] | None:
    kept = panel.table.rows.column_filters.get(key)
    return sorted(kept) if kept is not None else None


def _drop(menu: QMenu | None, button: QToolButton) -> None:
    if menu is not None:
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))
