"""Séances: the list, the meeting, and the sheets of the member one marks as."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import meetings
from cv_desktop.domain.changes import Changes
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.look import px
from cv_desktop.ui.meetings.meeting_list import MeetingList
from cv_desktop.ui.meetings.new_meeting import NewMeeting
from cv_desktop.ui.meetings.record import MeetingRecord
from cv_desktop.ui.scoring.page import ScoringPage
from cv_desktop.ui.screen import Command, Screen

BESIDE_LIST = 1150


class MeetingsScreen(Screen):
    """Two faces: the meetings for the officer, « Grille » for the member acted for."""

    title = "Séances"
    nouns = frozenset(
        {"meeting", "recusal", "review", "application", "grid", "rules", "scenario", "scenario_line", "lot"}
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.list, self.record, self.new = MeetingList(), MeetingRecord(context), NewMeeting(context)
        self.scoring = ScoringPage(context)
        self.nothing = EmptyState("Choisissez une campagne : les séances sont celles d’une campagne.")
        self.faces = QStackedWidget()
        self.desk = self._desk()
        for face in (self.desk, self.scoring, self.nothing):
            self.faces.addWidget(face)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.faces)
        self.list.chosen.connect(self._show_record)
        self.list.asked.connect(self.prepare)
        self.record.new_asked.connect(self.prepare)
        self.record.marking_asked.connect(self.mark_as)
        self.new.created.connect(self._prepared)
        self.new.left.connect(self._give_up)
        self.scoring.left.connect(self.leave_sheets)
        self.record.tabs.currentChanged.connect(lambda _i: self._fit())

    def refresh(self) -> None:
        call = self.context.calls.id
        if call is None:
            self.faces.setCurrentWidget(self.nothing)
            return
        if self.faces.currentWidget() is self.nothing:
            self.faces.setCurrentWidget(self.desk)
        if self.faces.currentWidget() is self.scoring:
            self.scoring.refresh()
            return
        self.list.show_rows(self.context.read(meetings.rows, call_id=call, viewer=self.context.viewer))
        self._show_record()

    def commands(self) -> dict[str, Command]:
        if self.faces.currentWidget() is self.scoring:
            return {
                "next_record": lambda: self.scoring.step(1),
                "previous_record": lambda: self.scoring.step(-1),
                "reading_pane": self.scoring.toggle_pane,
            }
        return {
            "new": self.prepare,
            "next_record": lambda: self.list.view.step(1),
            "previous_record": lambda: self.list.view.step(-1),
            "recalculate": self.refresh,
            "project": self.record.projection.open,
            "full_screen": self._full_screen,
        }

    def regions(self) -> list[QWidget]:
        if self.faces.currentWidget() is self.scoring:
            return [self.scoring.sheet, self.scoring.queue, self.scoring.pane, self.scoring.handing]
        tabs = self.record.tabs
        return [self.list, self.new, tabs.tabBar(), tabs.currentWidget()]

    def open(self, noun: str, id: str) -> None:
        if noun == "meeting":
            self.leave_sheets()
            self.list.view.select_identity(id)

    def place(self) -> tuple[str, str] | None:
        row = self.list.current
        return ("meeting", row.id) if row and self.faces.currentWidget() is self.desk else None

    def prepare(self) -> None:
        """Ctrl+N: the form opens in the screen."""
        self._form.show()
        self.record.hide()  # the files to choose take its place
        self.new.start(self.list.model.total)

    def mark_as(self, member: str, application: str) -> None:
        """« Noter en tant que »."""
        if member:
            self.faces.setCurrentWidget(self.scoring)
            self.scoring.enter(member, application)
            self.commands_changed.emit()

    def _full_screen(self) -> None:
        """F11 projects a meeting that is held, and is full screen otherwise."""
        meeting = self.record.meeting
        if meeting is not None and meeting.state == "open":
            self.record.projection.open()
        else:
            window = self.window()
            window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def leave_sheets(self) -> None:
        """The officer is back in his or her place."""
        self.scoring.leave()
        if self.faces.currentWidget() is self.scoring:
            self.faces.setCurrentWidget(self.desk)
            self.refresh()
            self.commands_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # The opinions need the width; the list is one tab away.
        wide = self.width() >= px(BESIDE_LIST)
        self.list.setVisible(wide or self.record.tabs.currentWidget() is not self.record.opinions)

    def _changed(self, changes: Changes, origin: QObject | None) -> None:
        # The page repaints what it wrote itself; to read all again at each mark would be felt.
        if origin is not self.scoring:
            super()._changed(changes, origin)

    def _call_changed(self) -> None:
        self.leave_sheets()
        super()._call_changed()

    def _show_record(self) -> None:
        call = self.context.calls.id
        if call is not None:
            self.record.show_meeting(call, self.list.current)

    def _prepared(self, key: str) -> None:
        self._form.hide()
        self.record.show()
        self.refresh()
        self.list.view.select_identity(key)
        self.list.view.setFocus()

    def _give_up(self) -> None:
        self.new.hide()
        self._form.hide()
        self.record.show()
        self._show_record()
        self.list.view.setFocus()

    def _desk(self) -> QWidget:
        right = QVBoxLayout()
        right.setSpacing(0)
        self._form = QFrame()
        inside = QVBoxLayout(self._form)
        inside.setContentsMargins(18, 12, 18, 12)
        inside.addWidget(self.new)
        self._form.hide()
        right.addWidget(self._form)
        right.addWidget(self.record, 1)
        desk = QWidget()
        layout = QHBoxLayout(desk)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addWidget(rule(vertical=True))
        layout.addLayout(right, 1)
        return desk
