"""« À faire »: the grouped table, or the sentence of a day without anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from cv_desktop.db.queries.tasks import Coming, Task
from cv_desktop.domain.dates import long_date
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.home.lines import Line, columns, lines
from cv_desktop.ui.home.wording import several
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

REASON_FROM = 720


class TodoCard(Card):
    """``asked(task)`` by the button of a row, Entrée or a double click; ``scope_changed`` by the list of campaigns."""

    asked = Signal(object)
    scope_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("À faire", flush=True, parent=parent)
        theme.set_type(self.title, "section", weight=600)
        self._dated = False
        self.scope = QComboBox()
        self.scope.setAccessibleName("Campagnes dont les actions sont montrées")
        self.scope.addItem("Toutes les campagnes")
        self.scope.addItem("")
        self.scope.activated.connect(lambda _index: self.scope_changed.emit())
        self.add_action(self.scope)
        self.model = RowsModel(columns(), band=lambda line: line.band)
        self.table = TableView(self.model, name="À faire", density="double", empty="")
        self.table.horizontalHeader().hide()
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.pressed.connect(lambda line, _key: self._ask(line))
        self.table.opened.connect(self._ask)
        self.empty = EmptyState("")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.empty)
        self.add(self.pages, 1)

    def offer_scope(self, label: str) -> None:
        """The campaign of the selector, or all of them; hidden when there is no choice."""
        self.scope.setItemText(1, label)
        self.scope.setVisible(bool(label))

    @property
    def all_calls(self) -> bool:
        return self.scope.currentIndex() == 0 or self.scope.isHidden()

    def set_all_calls(self, everywhere: bool) -> None:
        self.scope.setCurrentIndex(0 if everywhere else 1)

    def put(self, tasks: Sequence[Task], coming: Sequence[Coming], today: date) -> None:
        shown = lines(tasks, today)
        self.set_title("À faire", several(len(tasks), "action") if tasks else "")
        self.table.set_rows(shown)
        self._dated = any(task.due for task in tasks)
        self._fit()
        self.pages.setCurrentWidget(self.table if tasks else self.empty)
        self.empty.set_text(nothing(coming))
        current = self.table.current_row()
        if tasks and (current is None or current.task is None):
            self.table.select_identity(next(line.id for line in shown if line.task is not None), "what")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # What is to be done and its button come first; the reason is also what a screen reader says.
        self.table.setColumnHidden(self.model.column_index("reason"), self.width() < px(REASON_FROM))
        self.table.setColumnHidden(self.model.column_index("due"), not self._dated)
        self.table.arrangement.stretch()

    def _ask(self, line: Line) -> None:
        if line.task is not None:
            self.asked.emit(line)


def nothing(coming: Sequence[Coming]) -> str:
    """« Rien à faire aujourd’hui. La prochaine échéance est le 16 mars 2026. »"""
    if not coming:
        return "Rien à faire aujourd’hui."
    first = coming[0]
    what = {
        "opens": "l’ouverture des dépôts",
        "closes": "la fin des dépôts",
        "meeting": f"« {first.name} »",
        "completion": "la fin d’un délai de complétude",
        "condition": "une réserve à lever",
    }[first.what]
    return f"Rien à faire aujourd’hui. La prochaine échéance est le {long_date(first.day)} : {what}, {first.call}."
