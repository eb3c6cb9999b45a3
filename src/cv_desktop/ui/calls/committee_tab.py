"""Comité: who marks the files of the campaign."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from cv_desktop.ui import theme
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.meetings.members_tab import MembersTab


class CommitteeTab(Tab):
    """The list of Séances, without the presence."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.members = MembersTab(context)
        self.members.column.setContentsMargins(0, 0, 0, 0)
        words = QLabel("Les membres notent les dossiers recevables. La présence se coche dans Séances.")
        words.setWordWrap(True)
        theme.set_type(words, "secondary", "secondary")
        self.column.addWidget(words)
        self.column.addWidget(self.members, 1)

    def refresh(self) -> None:
        if self.row is not None:
            self.members.show_meeting(self.row.id, None)
