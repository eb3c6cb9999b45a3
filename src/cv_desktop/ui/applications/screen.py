"""Dossiers: list and record, full table, import."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import applications as queries
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.ui.applications.bulk import Bulk
from cv_desktop.ui.applications.bulk_request import BulkRequest
from cv_desktop.ui.applications.dossier import load
from cv_desktop.ui.applications.list_panel import ListPanel
from cv_desktop.ui.applications.record import Record
from cv_desktop.ui.context import Context
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.entry.page import EntryPage
from cv_desktop.ui.look import px
from cv_desktop.ui.screen import Command, Screen
from cv_desktop.ui.transfer.page import ImportPage

LIST = 304
FEW = 20  # files read again one by one rather than with the whole campaign
NO_CALL = "Choisissez une campagne en haut à gauche pour voir ses dossiers, ou créez-en une."
NOTHING = "Choisissez un dossier dans la liste."


class ApplicationsScreen(Screen):
    """Three pages over the campaign of the selector; a fourth says how to get one."""

    title = "Dossiers"
    nouns = frozenset({"application", "structure", "rules", "meeting", "lot", "decision", "letter", "import", "call"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._call: str | None = None
        self._touched: set[str] | None = set()  # None: read the whole campaign again
        self._wanted = ""
        memory = context.settings.memory
        self.list = ListPanel(full=False, memory=memory("dossiers.liste"))
        self.full = ListPanel(full=True, memory=memory("dossiers.tableau"))
        self.record = Record(context)
        self.nothing = EmptyState(NOTHING)
        self.import_page = ImportPage(context)
        self.entries: dict[bool, EntryPage] = {}  # by « short »: made when first asked
        self._bulk = Bulk(context)
        self._bulk_request = BulkRequest(context)
        self.right = QStackedWidget()
        self.right.addWidget(self.nothing)
        self.right.addWidget(self.record)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.list)
        self.split.addWidget(self.right)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([px(LIST), 1000])
        self.list.setMinimumSize(QSize(px(240), 0))
        self.no_call = EmptyState(NO_CALL, "Ouvrir les campagnes")
        self.pages = QStackedWidget()
        for page in (self.no_call, self.split, self.full, self.import_page):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.no_call.button_pressed.connect(lambda: context.visit.emit("calls", "", ""))
        for panel in (self.list, self.full):
            panel.import_asked.connect(self.show_import)
            panel.form_asked.connect(self.toggle_form)
            panel.examine_asked.connect(self._examine)
            panel.request_asked.connect(self._request)
        self.list.row_changed.connect(self._row_changed)
        self.list.opened.connect(lambda _row: self.record.enter())
        self.full.opened.connect(lambda row: self.open("application", row.id))
        self.record.step_asked.connect(self._step)
        self.import_page.left.connect(self._import_left)

    def refresh(self) -> None:
        context, touched = self.context, self._touched
        self._touched = set()
        if context.calls.id is None:
            self._call = None
            self.pages.setCurrentWidget(
                self.import_page if self.pages.currentWidget() is self.import_page else self.no_call
            )
            self.import_page.refresh()
            return
        known = {row.id for row in self.list.table.rows.all_rows()}
        few = touched is not None and 0 < len(touched) <= FEW and touched <= known
        if context.calls.id == self._call and few and touched:
            rows = context.read(queries.some, ids=sorted(touched), viewer=context.viewer)
            for panel in (self.list, self.full):
                panel.replace_rows(rows)
        else:
            all_rows = context.read(queries.rows, call_id=context.calls.id, viewer=context.viewer)
            for panel in (self.list, self.full):
                panel.set_rows(all_rows)
        if self._call is None and self.pages.currentWidget() is self.no_call:
            self.pages.setCurrentWidget(self.split)
        self._call = context.calls.id
        self.import_page.refresh()
        self._show_wanted()

    def commands(self) -> dict[str, Command]:
        if self.pages.currentWidget() is self.import_page:
            return {"import_file": self.import_page.choose}
        if self.pages.currentWidget() in self.entries.values():
            return {}
        panel = self.full if self.pages.currentWidget() is self.full else self.list
        return {
            "new": lambda: self.show_entry(short=True),
            "filter": panel.filter.focus_filter,
            "full_table": self.toggle_form,
            "next_record": lambda: self._step(1),
            "previous_record": lambda: self._step(-1),
            "recalculate": self._recalculate,
            "reading_pane": self.record.documents.toggle_preview,
        }

    def regions(self) -> list[QWidget]:
        if self.pages.currentWidget() is self.import_page:
            return self.import_page.regions()
        if isinstance(page := self.pages.currentWidget(), EntryPage):
            return page.regions()
        if self.pages.currentWidget() is self.full:
            return [self.full]
        return [self.list, *self.record.regions()] if self.right.currentWidget() is self.record else [self.list]

    def open(self, noun: str, id: str) -> None:
        """« application » and its key; « import », with the path of a file; « status », its labels."""
        if noun == "import" and id.lower().endswith(".pdf"):
            self.show_form(id)
        elif noun == "import":
            self.show_import(id)
        elif noun in ("new", "entry"):
            self.show_entry(short=noun == "new")
        elif noun == "status":
            self.show_list()
            self.list.table.rows.set_column_filter("status", id.split("|") if id else None)
        elif noun == "application":
            self._wanted = id
            self.show_list()
            if not self.stale:
                self._show_wanted()

    def place(self) -> tuple[str, str] | None:
        if self.pages.currentWidget() not in (self.split, self.full):
            return None
        dossier = self.record.dossier
        return ("application", dossier.id) if dossier and self.right.currentWidget() is self.record else None

    def show_import(self, path: str = "") -> None:
        self.pages.setCurrentWidget(self.import_page)
        self.import_page.refresh()
        self.commands_changed.emit()
        if path:
            self.import_page.read(path)
        else:
            self.import_page.enter()

    def show_entry(self, *, short: bool) -> None:
        """A form to type; without a campaign there is nowhere to write it."""
        if self.context.calls.id is None:
            self.show_list()
            return
        if short not in self.entries:
            page = EntryPage(self.context, short=short)
            page.left.connect(self._entry_left)
            self.entries[short] = page
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(self.entries[short])
        self.commands_changed.emit()
        self.entries[short].enter()

    def show_form(self, path: str) -> None:
        """A filled PDF form, dropped on the window: it is read over on the page of « Saisie rapide »."""
        self.show_entry(short=False)
        if False in self.entries:
            self.entries[False].pdf.take(Path(path))

    def _entry_left(self, id: str) -> None:
        self._wanted = id or self._wanted
        self.show_list()
        if not self.stale:
            self._show_wanted()
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_list(self) -> None:
        self.pages.setCurrentWidget(self.no_call if self.context.calls.id is None else self.split)
        self.commands_changed.emit()

    def _import_left(self) -> None:
        self.show_list()
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_form(self) -> None:
        """Ctrl+Maj+L: every column, or the list with its record."""
        narrow = self.pages.currentWidget() is self.full
        before, after = (self.full, self.list) if narrow else (self.list, self.full)
        after.follow(before)
        self.pages.setCurrentWidget(self.split if narrow else self.full)
        after.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.commands_changed.emit()

    def _changed(self, changes: Changes, origin: QObject | None) -> None:
        files = {id for noun, id in changes.touched if noun == "application"}
        if self.nouns & changes.nouns:
            # A structure's name or a lot is written on files that the change does not name.
            whole = bool(changes.nouns & {"structure", "meeting", "lot", "import", "call"}) or not files
            self._touched = None if whole or self._touched is None else self._touched | files
        super()._changed(changes, origin)

    def _call_changed(self) -> None:
        self._touched = None
        super()._call_changed()

    def _show_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        table = self.list.table
        if wanted and not table.select_identity(wanted):
            table.clear_filters()
            if not table.select_identity(wanted):
                self._other_call(wanted)
                return
        if table.current_row() is None and table.rows.rowCount():
            table.step(0)
        self._row_changed(table.current_row())

    def _other_call(self, id: str) -> None:
        """A file found by the search may belong to another campaign."""
        dossier = self.context.read(load, id, self.context.viewer, self._today())
        if dossier and dossier.record.call_id != self._call:
            self._wanted = id
            self.context.calls.select(dossier.record.call_id)

    def _row_changed(self, row: ApplicationRow | None) -> None:
        dossier = self.context.read(load, row.id, self.context.viewer, self._today()) if row else None
        self.right.setCurrentWidget(self.record if dossier else self.nothing)
        self.right.setVisible(bool(dossier) or self.list.table.rows.total > 0)
        if dossier:
            self.record.show_dossier(dossier)

    def _today(self) -> date:
        return local(self.context.clock()).date()

    def _step(self, step: int) -> None:
        panel = self.full if self.pages.currentWidget() is self.full else self.list
        panel.table.step(step)

    def _recalculate(self) -> None:
        self._touched = None
        self.mark_stale()
        self.context.told.emit("Contrôles refaits.")

    def _request(self, rows: list[ApplicationRow]) -> None:
        if self._call:
            self._bulk_request.preview(rows, self._call)

    def _examine(self, rows: list[ApplicationRow]) -> None:
        if self._call:
            self._bulk.preview(rows, self._call)
