"""Dossiers: list and record, full table, import."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import applications as queries
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.ui.applications.list_panel import ListPanel
from cv_desktop.ui.applications.reading import Reading
from cv_desktop.ui.context import Context
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.look import px
from cv_desktop.ui.screen import Command, Screen

if TYPE_CHECKING:
    from cv_desktop.ui.applications.dossier import Dossier
    from cv_desktop.ui.applications.record import Record
    from cv_desktop.ui.entry.page import EntryPage
    from cv_desktop.ui.transfer.page import ImportPage

# The record and the other pages are imported and made when first shown: the list is seen sooner.

LIST = 334
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
        self._reading = Reading(context, self)
        self._reading.done.connect(self._all_read)
        self._wanted = ""
        self._full: ListPanel | None = None
        self._record: Record | None = None
        self._import: ImportPage | None = None
        self.list = ListPanel(full=False, memory=context.settings.memory("dossiers.liste"))
        self.nothing = EmptyState(NOTHING)
        self.entries: dict[bool, EntryPage] = {}  # by « short »: made when first asked
        self.right = QStackedWidget()
        self.right.addWidget(QWidget())  # until the record is made
        self.right.addWidget(self.nothing)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.list)
        self.split.addWidget(self.right)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([px(LIST), 1000])
        self.list.setMinimumSize(QSize(px(240), 0))
        self.no_call = EmptyState(NO_CALL, "Ouvrir les campagnes")
        self.pages = QStackedWidget()
        for page in (self.no_call, self.split):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.no_call.button_pressed.connect(lambda: context.visit.emit("calls", "", ""))
        self._follow(self.list)
        self.list.row_changed.connect(self._row_changed)
        self.list.opened.connect(lambda _row: self.record.enter())
        self.seen.connect(self._complete)

    @property
    def full(self) -> ListPanel:
        """Every column; made when first asked for."""
        if self._full is None:
            self._full = ListPanel(full=True, memory=self.context.settings.memory("dossiers.tableau"))
            self._follow(self._full)
            self._full.opened.connect(lambda row: self.open("application", row.id))
            self._full.set_rows(self.list.table.rows.all_rows())
            self.pages.addWidget(self._full)
        return self._full

    @property
    def record(self) -> Record:
        """The file of the current row; made once the list was seen, or when first asked for."""
        return self._record or self._make_record()

    @property
    def import_page(self) -> ImportPage:
        """Made when first asked for."""
        if self._import is None:
            from cv_desktop.ui.transfer.page import ImportPage

            self._import = ImportPage(self.context)
            self._import.left.connect(self._import_left)
            self.pages.addWidget(self._import)
        return self._import

    def refresh(self) -> None:
        context, touched = self.context, self._touched
        self._touched = set()
        if self._import is not None:
            self._import.refresh()
        if self._reading.under_way:
            touched = None
        if context.calls.id is None:
            self._reading.stop()
            self._call = None
            if not self._shows(self._import):
                self.pages.setCurrentWidget(self.no_call)
            return
        known = {row.id for row in self.list.table.rows.all_rows()}
        few = touched is not None and 0 < len(touched) <= FEW and touched <= known
        if context.calls.id == self._call and few and touched:
            rows = context.look(queries.some, ids=sorted(touched), viewer=context.viewer)
            for panel in self._panels():
                panel.replace_rows(rows)
        else:
            first = self._reading.start(context.calls.id)
            if not self._reading.under_way:
                self._show_rows(first)
            elif context.calls.id != self._call:
                self._show_first(first, context.look(queries.count, call_id=context.calls.id, viewer=context.viewer))
        if self._call is None and self._shows(self.no_call):
            self.pages.setCurrentWidget(self.split)
        self._call = context.calls.id
        self._show_wanted()

    def _show_rows(self, rows: list[ApplicationRow]) -> None:
        for panel in self._panels():
            panel.set_rows(rows)

    def _show_first(self, rows: list[ApplicationRow], total: int) -> None:
        """The first page of a large campaign, that the others will follow without moving it."""
        for panel in self._panels():
            panel.set_first_rows(rows, total)

    def _all_read(self, rows: list[ApplicationRow]) -> None:
        self._show_rows(rows)
        # The record being shown stays as it is: something may be half typed in it.
        if self._wanted or self.list.table.current_row() is None:
            self._show_wanted()

    def commands(self) -> dict[str, Command]:
        if self._shows(self._import):
            return {"import_file": self.import_page.choose}
        if self._entry():
            return {}
        return {
            "new": lambda: self.show_entry(short=True),
            "filter": self._panel().filter.focus_filter,
            "full_table": self.toggle_form,
            "next_record": lambda: self._step(1),
            "previous_record": lambda: self._step(-1),
            "recalculate": self._recalculate,
            "beside": self._open_beside,
            "reading_pane": lambda: self.record.documents.toggle_preview(),
        }

    def regions(self) -> list[QWidget]:
        if self._shows(self._import):
            return self.import_page.regions()
        if entry := self._entry():
            return entry.regions()
        if self._shows(self._full):
            return [self.full]
        return [self.list, *self.record.regions()] if self._dossier() else [self.list]

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
            focus = QApplication.focusWidget()
            if focus is None or not self.isAncestorOf(focus):
                # The list walks with the arrows; left alone, the keyboard lands on the first small button.
                self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.stale:
                self._show_wanted()

    def home(self) -> None:
        self.show_list()

    def place(self) -> tuple[str, str] | None:
        dossier = self._dossier() if self._shows(self.split) or self._shows(self._full) else None
        return ("application", dossier.id) if dossier else None

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
            from cv_desktop.ui.entry.page import EntryPage

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
        narrow = self._shows(self._full)
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
        # The record is read once, when the row is found.
        with QSignalBlocker(self.list):
            if wanted and not table.select_identity(wanted):
                if self._reading.under_way:
                    self._wanted = wanted  # among those that come
                    return
                table.clear_filters()
                if not table.select_identity(wanted):
                    self._other_call(wanted)
                    return
            if table.current_row() is None and table.rows.rowCount():
                table.step(0)
        self._row_changed(table.current_row())

    def _other_call(self, id: str) -> None:
        """A file found by the search may belong to another campaign."""
        dossier = self._load(id)
        if dossier and dossier.record.call_id != self._call:
            self._wanted = id
            self.context.calls.select(dossier.record.call_id)

    def _complete(self) -> None:
        if self._record is None:
            self._make_record()

    def _make_record(self) -> Record:
        from cv_desktop.ui.applications.record import Record

        self._record = record = Record(self.context)
        record.step_asked.connect(self._step)
        self.right.addWidget(record)
        self._row_changed(self.list.table.current_row())
        return record

    def _row_changed(self, row: ApplicationRow | None) -> None:
        if self._record is None and row is not None:
            self.right.show()  # empty for now: making the record shows the current row
            return
        dossier = self._load(row.id) if row else None
        self.right.setCurrentWidget(self.record if dossier else self.nothing)
        self.right.setVisible(bool(dossier) or self.list.table.rows.total > 0 or self._reading.under_way)
        if dossier:
            self.record.show_dossier(dossier)

    def _load(self, id: str) -> Dossier | None:
        from cv_desktop.ui.applications.dossier import load

        return self.context.read(load, id, self.context.viewer, self._today())

    def _dossier(self) -> Dossier | None:
        """The file on the right, if any."""
        return self._record.dossier if self._record and self.right.currentWidget() is self._record else None

    def _entry(self) -> EntryPage | None:
        """The form being typed, if one is shown."""
        return next((page for page in self.entries.values() if self._shows(page)), None)

    def _shows(self, page: QWidget | None) -> bool:
        return page is not None and self.pages.currentWidget() is page

    def _panel(self) -> ListPanel:
        return self.full if self._shows(self._full) else self.list

    def _panels(self) -> list[ListPanel]:
        return [self.list, self._full] if self._full else [self.list]

    def _follow(self, panel: ListPanel) -> None:
        panel.import_asked.connect(self.show_import)
        panel.form_asked.connect(self.toggle_form)
        panel.examine_asked.connect(self._examine)
        panel.request_asked.connect(self._request)

    def _today(self) -> date:
        return local(self.context.clock()).date()

    def _step(self, step: int) -> None:
        self._panel().table.step(step)

    def _open_beside(self) -> None:
        if dossier := self._dossier():
            self.context.beside_asked.emit("application", dossier.id)

    def _recalculate(self) -> None:
        self._touched = None
        self.mark_stale()
        self.context.told.emit("Contrôles refaits.")

    def _request(self, rows: list[ApplicationRow]) -> None:
        from cv_desktop.ui.applications.bulk_request import BulkRequest

        if self._call:
            BulkRequest(self.context).preview(rows, self._call)

    def _examine(self, rows: list[ApplicationRow]) -> None:
        from cv_desktop.ui.applications.bulk import Bulk

        if self._call:
            Bulk(self.context).preview(rows, self._call)
