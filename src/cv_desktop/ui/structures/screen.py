"""Structures: the list, the record, the form of a new one and the duplicates, whatever the campaign."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import structures as queries
from cv_desktop.db.queries.structures import StructureRecord, StructureRow
from cv_desktop.ui.context import Context
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.look import px
from cv_desktop.ui.screen import Command, Screen
from cv_desktop.ui.structures.creation import NewStructure
from cv_desktop.ui.structures.duplicates_page import DuplicatesPage
from cv_desktop.ui.structures.list_panel import ListPanel
from cv_desktop.ui.structures.record import StructureRecordView

LIST = 380


class StructuresScreen(Screen):
    """« structure » opens a record; « iban » opens it on its account, ready to type; « reports » on its reports;
    « duplicates », the finder."""

    title = "Structures"
    nouns = frozenset({"structure", "application", "decision", "import"})
    follows_call = False

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wanted = ""
        memory = context.settings.memory
        self.list = ListPanel(full=False, memory=memory("structures.liste"))
        self.full = ListPanel(full=True, memory=memory("structures.tableau"))
        self.view = StructureRecordView(context)
        self.new = NewStructure(context)
        self.duplicates = DuplicatesPage(context)
        self.table, self.filter = self.list.table, self.list.filter
        self.tabs, self.identity, self.account = self.view.tabs, self.view.identity, self.view.account
        self.files, self.name = self.view.links.files, self.view.name
        self.table.current_row_changed.connect(self._row_changed)
        self.full.table.opened.connect(lambda row: self.open("structure", row.id))
        for panel in (self.list, self.full):
            panel.import_asked.connect(lambda: context.visit.emit("applications", "import", ""))
            panel.new_asked.connect(self.prepare)
            panel.duplicates_asked.connect(self.show_duplicates)
            panel.form_asked.connect(self.toggle_form)
        self.new.created.connect(self._created)
        self.new.chosen.connect(self._created)
        self.new.left.connect(self._give_up)
        self.duplicates.left.connect(self._duplicates_left)
        self._lay_out()

    @property
    def record(self) -> StructureRecord | None:
        return self.view.record if self.right.currentWidget() is self.view else None

    def refresh(self) -> None:
        rows = self.context.read(queries.rows, viewer=self.context.viewer)
        for panel in (self.list, self.full):
            panel.table.set_rows(rows)
        self._show_wanted()
        if self.pages.currentWidget() is self.duplicates:
            self.duplicates.refresh()

    def commands(self) -> dict[str, Command]:
        commands: dict[str, Command] = {"new": self.prepare, "duplicates": self.show_duplicates}
        if self.pages.currentWidget() is self.duplicates:
            table = self.duplicates.table
            commands |= {"recalculate": self.duplicates.search}
        else:
            panel = self.full if self.pages.currentWidget() is self.full else self.list
            table = panel.table
            commands |= {"filter": panel.filter.focus_filter, "full_table": self.toggle_form}
            commands["beside"] = self._open_beside
        return commands | {"next_record": lambda: table.step(1), "previous_record": lambda: table.step(-1)}

    def regions(self) -> list[QWidget]:
        if self.pages.currentWidget() is self.duplicates:
            return self.duplicates.regions()
        if self.pages.currentWidget() is self.full:
            return [self.full]
        return [self.list, self.new if self.new.isVisible() else self.tabs]

    def open(self, noun: str, id: str) -> None:
        if noun == "duplicates":
            self.show_duplicates()
            return
        if noun == "new":
            self.prepare(id)
            return
        if noun not in ("structure", "iban", "reports"):
            return
        self._wanted = id
        self.show_list()
        if not self.stale:
            self._show_wanted()
        if noun == "reports":
            self.view.open_tab("reports")
        if noun == "iban":
            self.view.open_tab("account")
            self.account.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> tuple[str, str] | None:
        if self.pages.currentWidget() is self.duplicates:
            return ("duplicates", "")
        return ("structure", self.record.id) if self.record else None

    def _open_beside(self) -> None:
        if self.record:
            self.context.beside_asked.emit("structure", self.record.id)

    def prepare(self, name: str = "") -> None:
        """Ctrl+N: the form opens in the place of the record, with the name that a search did not find."""
        self.show_list()
        self.right.hide()
        self.blank.show()
        self.new.start(name)

    def show_list(self) -> None:
        self.pages.setCurrentWidget(self.split)
        self.commands_changed.emit()

    def show_duplicates(self) -> None:
        self.pages.setCurrentWidget(self.duplicates)
        self.commands_changed.emit()
        self.duplicates.enter()

    def toggle_form(self) -> None:
        """Ctrl+Maj+L: every column, or the list with its record."""
        narrow = self.pages.currentWidget() is self.full
        before, after = (self.full, self.list) if narrow else (self.list, self.full)
        after.follow(before)
        self.pages.setCurrentWidget(self.split if narrow else self.full)
        after.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.commands_changed.emit()

    def _duplicates_left(self) -> None:
        self.show_list()
        (self.new.name if self.new.isVisible() else self.table).setFocus()

    def _close_form(self) -> None:
        self.new.hide()
        self.blank.hide()
        self.right.show()

    def _created(self, key: str) -> None:
        self._close_form()
        self.open("structure", key)
        self.identity.fields["address"].setFocus()

    def _give_up(self) -> None:
        self._close_form()
        self.table.setFocus()

    def _show_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted:
            # A record merged since is that which took its place.
            found = self.context.read(queries.record, structure_id=wanted)
            wanted = found.id if found else wanted
        if wanted and not self.table.select_identity(wanted):
            self.table.clear_filters()
            self.table.select_identity(wanted)
        if self.table.current_row() is None and self.table.rows.rowCount():
            self.table.step(0)
        self._row_changed(self.table.current_row())

    def _row_changed(self, row: StructureRow | None) -> None:
        record = self.context.read(queries.record, structure_id=row.id) if row else None
        self.right.setCurrentWidget(self.view if record else self.nothing)
        if record is not None and row is not None:
            self.view.show_record(record, row)

    def _lay_out(self) -> None:
        self.nothing = EmptyState("Choisissez une structure dans la liste.")
        self.right = QStackedWidget()
        self.right.addWidget(self.nothing)
        self.right.addWidget(self.view)
        beside, self.blank = QWidget(), QWidget()
        self.blank.hide()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.new)
        column.addWidget(self.blank, 1)
        column.addWidget(self.right, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.list)
        self.split.addWidget(beside)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([px(LIST), 1000])
        self.pages = QStackedWidget()
        for page in (self.split, self.full, self.duplicates):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
