"""Courriers: the outbox on the left, the page on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from cv_desktop.db.queries import letters as queries
from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_forms import FORMS
from cv_desktop.domain.letters import Missing
from cv_desktop.ui import icons
from cv_desktop.ui.context import Context
from cv_desktop.ui.letters.batch import Batch
from cv_desktop.ui.letters.by_hand import ByHand
from cv_desktop.ui.letters.dispatch import Dispatch
from cv_desktop.ui.letters.empty_fields import EmptyFields
from cv_desktop.ui.letters.entries import ALL, TO_READ, Entry, choices
from cv_desktop.ui.letters.file_watch import FileWatch
from cv_desktop.ui.letters.issued_gestures import IssuedGestures, Other
from cv_desktop.ui.letters.outbox import Outbox
from cv_desktop.ui.letters.preview import Preview
from cv_desktop.ui.letters.scans_tab import KEY, WORD, ScansTab
from cv_desktop.ui.letters.text_page import LetterTextPage
from cv_desktop.ui.screen import Command, Screen

SIDES = (716, 540)


class LettersScreen(Screen):
    """Nothing leaves unread: only a letter marked re-read may be issued from here."""

    title = "Courriers"
    nouns = frozenset(
        {"letter", "application", "structure", "settings", "decision", "lot", "meeting", "call", "rules", "scan"}
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._rows: list[LetterRow] = []
        self._ticked: set[str] = set()
        self._memory = context.settings.memory("letters")
        self.outbox = Outbox(self._toggle, self._memory)
        self.preview = Preview(context)
        self.batch = Batch(context, self.outbox.work, self._put)
        self.dispatch = Dispatch(context, self, self.batch)
        self.by_hand = ByHand(context, self)
        self.issued = IssuedGestures(
            context,
            self,
            self.batch,
            ticked=self.outbox.ticked,
            entry=self._entry,
            rows=lambda: self._rows,
            shown=lambda key: self.open("letter", key),
        )
        self.watch = FileWatch(context, self._put)
        self.empty = EmptyFields(context, self._put)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.outbox)
        self.scans = ScansTab(context, context.settings.memory("scans"))
        self.side = QStackedWidget()
        self.side.addWidget(self.preview)
        self.side.addWidget(self.scans.side)
        self.split.addWidget(self.side)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes(self._memory.get("split", list(SIDES)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.text = LetterTextPage(context)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.split)
        self.pages.addWidget(self.text)
        layout.addWidget(self.pages)
        self._wire()
        self.outbox.add_tab(KEY, WORD, self.scans)
        self._seen = False

    def showEvent(self, event: QShowEvent) -> None:
        self.watch.forget()
        super().showEvent(event)
        self.watch.look(self._rows)
        if not self._seen:
            # The first time the keyboard lands in the list; afterwards it comes back where it was.
            self._seen = True
            QTimer.singleShot(0, self.outbox.table.setFocus)

    def refresh(self) -> None:
        if self.pages.currentWidget() is self.text:
            self.text.refresh()
        call_id = self.context.calls.id
        read = self.context.read
        self._rows = read(queries.rows, call_id=call_id, viewer=self.context.viewer) if call_id else []
        known = {row.id for row in self._rows}
        self._ticked &= known
        self.outbox.prepare.setEnabled(call_id is not None)
        self.outbox.by_hand.setEnabled(call_id is not None)
        self._put()
        self.empty.look(self._rows)
        self.watch.look(self._rows)
        self.scans.refresh()

    def _changed(self, changes: Changes, origin: QObject | None) -> None:
        self.empty.wrote(changes)
        super()._changed(changes, origin)

    def commands(self) -> dict[str, Command]:
        if self.pages.currentWidget() is self.text:
            return {}
        offered: dict[str, Command] = {
            "filter": self.outbox.filter.focus_filter,
            "next_record": lambda: self._step(1),
            "previous_record": lambda: self._step(-1),
            "prepare_letters": self._prepare,
            "prepare_by_hand": self._prepare_by_hand,
            "issue_letters": self._issue,
            "sign_letters": self.issued.sign,
            **{key: act for key, _words, _icon, act in self._others() if key},
            "print": self._print,
            "mark_sent": self.issued.send,
        }
        entry = self._entry()
        if entry is not None and entry.row.state == TO_READ:
            offered["mark_read"] = self._mark_read
        elif entry is not None and not entry.row.issued:
            offered["mark_unread"] = self._mark_unread
        if entry is not None and not entry.row.issued:
            offered["edit_letter"] = self._edit_text
            if entry.row.kind in FORMS:
                offered["complete_letter"] = lambda: self._of_hand(self.by_hand.complete)
                offered["remove_letter"] = lambda: self._of_hand(self.by_hand.remove)
        return offered

    def home(self) -> None:
        self._list()

    def regions(self) -> list[QWidget]:
        if self.pages.currentWidget() is self.text:
            return [self.text.blocks, self.text.trial.pages]
        if self.outbox.tab == KEY:
            return [self.scans.table, self.scans.side.area, self.outbox.tabs]
        return [self.outbox.table, self.preview.pages, self.outbox.tabs]

    def open(self, noun: str, id: str) -> None:
        """A letter, the first one of a file, or what waits in a tab (``outbox``)."""
        self._list()
        self.mark_stale()
        if noun == "outbox":
            self.outbox.open(id)
            return
        for entry in self.outbox.entries:
            if id in (entry.id, entry.row.application_id):
                self.outbox.choice.setCurrentIndex(0)
                self.outbox.select_tab(ALL)
                self.outbox.table.select_identity(entry.id)
                return

    def place(self) -> tuple[str, str] | None:
        entry = self._entry()
        return ("letter", entry.id) if entry else None

    def _entry(self) -> Entry | None:
        found = self.outbox.table.current_row()
        return found if isinstance(found, Entry) else None

    def _put(self) -> None:
        """The rows as they are known now: boxes, empty fields, work under way."""
        busy = self.batch.busy
        today = local(self.context.clock()).date()
        entries = [
            Entry(
                row=row,
                ticked=row.id in self._ticked,
                missing=() if row.issued else self.empty.found.get(row.id, ()),
                busy=row.id in busy,
                damage=self.watch.found.get(row.id),
                overdue=row.sent is not None and row.sent.reminder_on is not None and row.sent.reminder_on <= today,
            )
            for row in self._rows
        ]
        self.outbox.put(entries, choices(self._rows))
        for button in (self.outbox.issue, self.outbox.sign):
            button.setEnabled(not busy)
        if self._entry() is None and self.outbox.shown():
            self.outbox.table.step(0)
        self.preview.show_entry(self._entry())
        self.commands_changed.emit()

    def _toggle(self, entry: Entry, on: bool) -> None:
        if entry.busy:
            raise UserError(f"Le courrier {entry.short} est en cours de traitement.")
        (self._ticked.add if on else self._ticked.discard)(entry.id)
        self._retick()

    def _tick_all(self, on: bool) -> None:
        for entry in self.outbox.shown():
            (self._ticked.add if on else self._ticked.discard)(entry.id)
        self._retick()

    def _retick(self) -> None:
        self.outbox.entries = [replace(entry, ticked=entry.id in self._ticked) for entry in self.outbox.entries]
        self.outbox.table.set_rows([replace(e, ticked=e.id in self._ticked) for e in self.outbox.model.all_rows()])
        self.outbox.tell_ticked()

    def _current_changed(self, _row: object) -> None:
        self.preview.show_entry(self._entry())
        self.commands_changed.emit()

    def _step(self, rows: int) -> None:
        (self.scans if self.outbox.tab == KEY else self.outbox).table.step(rows)

    def _mark_read(self) -> None:
        """Re-read, then the next one: in « À relire » the next letter takes the place of this one."""
        entry = self._entry()
        if entry is None or entry.row.state != TO_READ:
            return
        shown = [x.id for x in self.outbox.shown()]
        at = shown.index(entry.id)
        following = next((x for x in shown[at + 1 :]), None)
        if self.dispatch.mark_read(entry):
            if following:
                self.outbox.table.select_identity(following)
            self.context.told.emit(f"Courrier {entry.short} relu.")

    def _mark_unread(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.dispatch.mark_unread(entry)

    def _edit_text(self) -> None:
        """Ctrl+E: the blocks of this letter, in place of the list."""
        entry = self._entry()
        if entry is None or entry.row.issued:
            return
        if entry.busy:
            self.context.told.emit(f"Le courrier {entry.short} est en cours de production.")
            return
        self.pages.setCurrentWidget(self.text)
        if not self.text.show_letter(entry):
            self._list()
        self.commands_changed.emit()

    def _list(self) -> None:
        if self.pages.currentWidget() is self.text:
            self.pages.setCurrentWidget(self.split)
            self.outbox.table.setFocus()
            self.preview.show_entry(self._entry())
            self.commands_changed.emit()

    def _prepare(self) -> None:
        if self.context.calls.id:
            self.dispatch.prepare(self.context.calls.id)

    def _prepare_by_hand(self) -> None:
        entry, call_id = self._entry(), self.context.calls.id
        made = self.by_hand.prepare(call_id, entry.row.application_id if entry else "") if call_id else ""
        if made:
            self.open("letter", made)

    def _remind(self) -> None:
        if self.context.calls.id:
            self.by_hand.remind(self.context.calls.id)

    def _of_hand(self, act: Callable[[Entry], None]) -> None:
        entry = self._entry()
        if entry is not None and not entry.busy and not entry.row.issued and entry.row.kind in FORMS:
            act(entry)

    def _issue(self) -> None:
        self.dispatch.issue(self.outbox.ticked())

    def _others(self) -> list[Other]:
        """The gestures of the button « Autres »."""
        return [
            ("remind_reports", "Préparer les rappels de bilan dus", "clock", self._remind),
            ("", "Fichier d’impression…", "printer", self._print),
            *self.issued.others(),
        ]

    def _print(self) -> None:
        self.dispatch.print(self.outbox.ticked())

    def _mend(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.watch.forget()
            self.dispatch.mend(entry)

    def _go_to_source(self, missing: Missing) -> None:
        entry = self._entry()
        if entry is None:
            return
        row = entry.row
        if missing.source == "letter":
            self._of_hand(self.by_hand.complete)
            return
        places = {
            "structure": ("structures", "structure", row.structure_id),
            "application": ("applications", "application", row.application_id),
            "act": ("arbitration", "lot", row.lot_id),
            "call": ("calls", "call", self.context.calls.id or ""),
            "template": ("preferences", "letter_template", row.kind),
        }
        self.context.visit.emit(*places.get(missing.source, ("preferences", "settings", missing.name)))

    def _keep_split(self) -> None:
        self._memory["split"] = self.split.sizes()

    def _wire(self) -> None:
        box, page = self.outbox, self.preview
        box.table.current_row_changed.connect(self._current_changed)
        box.table.refused.connect(self.context.told)
        box.table.opened.connect(lambda entry: page.pages.setFocus())
        box.table.empty_pressed.connect(self._prepare)
        box.changed.connect(self._tab_changed)
        box.all_box.toggled.connect(self._tick_all)
        box.prepare.clicked.connect(self._prepare)
        box.by_hand.clicked.connect(self._prepare_by_hand)
        box.mark.clicked.connect(lambda: self.dispatch.offer_marking(box.ticked()))
        box.issue.clicked.connect(self._issue)
        box.sign.clicked.connect(self.issued.sign)
        box.send.clicked.connect(self.issued.send)
        for _key, words, icon, act in self._others():
            icons.dress(box.others.addAction(words, act), icon)
        box.folder.clicked.connect(self.dispatch.open_folder)
        self.scans.told.connect(lambda count: box.count_tab(KEY, count))
        page.edit_wanted.connect(self._edit_text)
        self.text.back_wanted.connect(self._list)
        self.text.source_wanted.connect(self._go_to_source)
        page.read_wanted.connect(self._mark_read)
        page.unread_wanted.connect(self._mark_unread)
        page.step_wanted.connect(self._step)
        page.source_wanted.connect(self._go_to_source)
        page.mend_wanted.connect(self._mend)
        self.split.splitterMoved.connect(lambda *_: self._keep_split())

    def _tab_changed(self) -> None:
        """Another tab or lot: the first letter shown, unless the current one is still there."""
        self.side.setCurrentWidget(self.scans.side if self.outbox.tab == KEY else self.preview)
        self.outbox.tell_ticked()
        if self._entry() is None and self.outbox.shown():
            with QSignalBlocker(self.outbox):
                self.outbox.table.step(0)
        self.preview.show_entry(self._entry())
        self.commands_changed.emit()
