"""Comité: who marks the files of the campaign, with their voices, substitutes, perimeters and declarations."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from cv_desktop.db.queries import call_rows, links
from cv_desktop.domain.text import counted
from cv_desktop.services import members
from cv_desktop.ui import icons, theme
from cv_desktop.ui.calls.people_table import PeopleTable
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context


class CommitteeTab(Tab):
    """The one place where the members are edited; presence is ticked in Séances."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.members = PeopleTable(context)
        self.awaited = QLabel()
        self.awaited.setWordWrap(True)
        theme.set_type(self.awaited, "secondary", "secondary")
        self.take_up = QPushButton("Re&prendre les membres de")
        theme.set_kind(self.take_up, "secondary", small=True)
        icons.dress(self.take_up, "chevron-down", "text", 14)
        self._others = QMenu(self.take_up)
        self.take_up.setMenu(self._others)
        top = QHBoxLayout()
        top.addWidget(self.awaited, 1)
        top.addWidget(self.take_up)
        self.column.addLayout(top)
        self.column.addWidget(self.members, 1)

    def refresh(self) -> None:
        if self.row is None:
            return
        self.members.show_call(self.row.id)
        said = self.context.read(links.declarations, call_id=self.row.id)
        waiting = sum(not state for state, _day in said.values())
        words = "Les membres notent les dossiers recevables. La présence se coche dans Séances."
        if waiting:
            words = f"{counted(waiting, 'déclaration')} d’intérêts attendue{'s' if waiting > 1 else ''}. {words}"
        self.awaited.setText(words)
        own = self.row.id
        others = [row for row in self.context.read(call_rows.rows) if row.id != own]
        self._others.clear()
        for other in others:
            self._others.addAction(other.label, partial(self.bring, other.id))
        self.take_up.setVisible(bool(others))

    def bring(self, from_call: str) -> None:
        """The members of another campaign, in one gesture that one undoes."""
        if self.row is not None:
            self.context.do("reprise des membres", members.take_up, call_id=self.row.id, from_call_id=from_call)
