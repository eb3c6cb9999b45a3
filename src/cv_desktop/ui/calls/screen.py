"""Campagnes: the list, the record, and the panel that creates one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from cv_desktop.db.queries import calls, standing
from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.domain import configuration
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.services import configurations
from cv_desktop.services.letters import write_file
from cv_desktop.ui.calls.call_list import WIDTH, CallList, Entry
from cv_desktop.ui.calls.copy_call import CopyCall
from cv_desktop.ui.calls.new_call import NewCall
from cv_desktop.ui.calls.record import CallRecord
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.screen import Command, Screen

FILES = "Paramétrages (*.json)"


class CallsScreen(Screen):
    """Every campaign whatever the selector says; its choice is shown first."""

    title = "Campagnes"
    nouns = frozenset(
        {
            "call",
            "rules",
            "round",
            "grid",
            "application",
            "import",
            "meeting",
            "review",
            "scenario",
            "scenario_line",
            "lot",
            "decision",
            "letter",
        }
    )
    follows_call = False

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wanted = context.calls.id or ""
        self._tab = ""
        self.list, self.record = CallList(), CallRecord(context)
        self.new = NewCall(context, context.read(calls.schemes))
        self.copy = CopyCall(context)
        self._lay_out()
        for panel in (self.new, self.copy):
            panel.created.connect(self._created)
            panel.left.connect(self._give_up)
        self.record.copy_asked.connect(self._duplicate)
        self.record.export_asked.connect(self._export)
        self.record.import_asked.connect(self._import)
        self.list.import_asked.connect(self._import)
        self.list.chosen.connect(self._show)
        self.list.asked.connect(self.prepare)
        self.record.work_asked.connect(context.calls.select)
        context.calls.changed.connect(self._follow)

    def refresh(self) -> None:
        wanted, self._wanted = self._wanted, ""
        found = self.context.read(standing.phases, day=self._today(), viewer=self.context.viewer)
        self.list.show_rows([Entry(row, phase) for row, phase in found], wanted)
        self._show()
        if self._tab:
            tab, self._tab = self._tab, ""
            self.record.show_tab(tab)

    def commands(self) -> dict[str, Command]:
        commands: dict[str, Command] = {
            "new": self.prepare,
            "next_record": lambda: self.list.view.step(1),
            "previous_record": lambda: self.list.view.step(-1),
            "recalculate": self.refresh,
        }
        if self.record.tabs.currentWidget() is self.record.rules:
            commands["filter"] = self.record.rules.filter.focus_filter
        return commands

    def regions(self) -> list[QWidget]:
        return [self.list, self.new, self.copy, self.record.tabs]

    def open(self, noun: str, id: str) -> None:
        """« call », « envelope » or « committee » of a campaign; « new » opens the panel."""
        if noun == "new":
            self.prepare()
            return
        self._wanted, self._tab = id, noun
        if not self.stale:
            self.refresh()

    def place(self) -> tuple[str, str] | None:
        entry = self.list.current
        return ("call", entry.id) if entry else None

    def prepare(self) -> None:
        """Ctrl+N: the panel opens in the screen."""
        self.copy.hide()
        self._form.show()
        self.new.start()

    def _duplicate(self, row: CallRow) -> None:
        self.new.hide()
        self._form.show()
        self.copy.duplicate(row)

    def _export(self, row: CallRow) -> None:
        start = str(Path.home() / f"parametrage-{row.code}.json")
        chosen, _ = QFileDialog.getSaveFileName(self, "Exporter le paramétrage", start, FILES)
        if chosen:
            self.export_to(row, Path(chosen))

    def export_to(self, row: CallRow, path: Path) -> None:
        """Writes the configuration of a campaign, and says where."""
        try:
            raw = configuration.dump(self.context.read(configurations.of_call, call_id=row.id))
            write_file(path, raw)
        except UserError as refusal:
            self.context.refuse(refusal)
            return
        self.context.do(f"paramétrage de {row.code} exporté", configurations.export, call_id=row.id)
        self.context.messages.show_message(Message("success", f"Paramétrage de {row.code} écrit.", str(path)))

    def _import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Importer un paramétrage", str(Path.home()), FILES)
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, path: Path) -> None:
        """Reads a configuration and offers its campaign; a bad file is said and nothing is written."""
        try:
            wanted = configuration.load(configurations.read_file(path), path.name)
        except UserError as refusal:
            self.context.refuse(refusal)
            return
        self.new.hide()
        self._form.show()
        self.copy.import_configuration(wanted)

    def _created(self, key: str) -> None:
        self._form.hide()
        self.context.calls.select(key)
        self._wanted, self._tab = key, "call"
        self.refresh()

    def _give_up(self) -> None:
        self.new.hide()
        self.copy.hide()
        self._form.hide()
        self.list.view.setFocus()

    def _follow(self) -> None:
        """The campaign of the selector becomes the one shown."""
        self._wanted = self.context.calls.id or ""
        self.mark_stale()

    def _show(self) -> None:
        entry = self.list.current
        self.record.setVisible(entry is not None)
        self._blank.setVisible(entry is None)
        if entry is not None:
            self.record.show_entry(entry)
        self.commands_changed.emit()

    def _today(self) -> date:
        return local(self.context.clock()).date()

    def _lay_out(self) -> None:
        self._form = QFrame()
        inside = QVBoxLayout(self._form)
        inside.setContentsMargins(18, 12, 18, 12)
        inside.addWidget(self.new)
        inside.addWidget(self.copy)
        self._form.hide()
        self._blank = QWidget()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._form)
        column.addWidget(self.record, 1)
        column.addWidget(self._blank, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.list)
        self.split.addWidget(right)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([px(WIDTH), 1000])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)
