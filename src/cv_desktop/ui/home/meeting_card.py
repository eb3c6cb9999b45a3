"""The meeting to come, or under way."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.domain.dates import long_date
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.meetings.meeting_list import state_badge


class MeetingCard(Card):
    """``put(meeting, today)``; ``asked(id)`` by its button."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Séance", parent=parent)
        self._id = ""
        self.state = Chip("", "neutral")
        self.add_action(self.state)
        self.when = QLabel()
        theme.set_type(self.when, "body", "secondary")
        self.when.setWordWrap(True)
        self.figures = KeyFigures(spread=True)
        self.go = QPushButton()
        theme.set_kind(self.go, "secondary")
        self.go.clicked.connect(lambda: self.asked.emit(self._id))
        self.add(self.when)
        self.add(self.figures)
        line = QHBoxLayout()
        line.addWidget(self.go)
        line.addStretch(1)
        self.body.addLayout(line)

    def put(self, meeting: MeetingRow, today: date) -> None:
        self._id = meeting.id
        self.set_title(meeting.label)
        badge = state_badge(meeting)
        self.state.set_badge(badge.word, badge.status, badge.icon)
        day = long_date(meeting.held_on, weekday=True)
        self.when.setText(" · ".join(x for x in (day[0].upper() + day[1:], meeting.place) if x))
        s = "s" if meeting.recusals > 1 else ""
        self.figures.set_figures(
            [
                Figure("dossiers", str(meeting.files)),
                Figure("grilles rendues", f"{meeting.sheets}/{meeting.sheets_expected}"),
                Figure("avis", f"{meeting.opinions}/{meeting.files}"),
                Figure(f"déport{s}", str(meeting.recusals)),
            ]
        )
        self.go.setText("Préparer la séance" if meeting.state == "prepared" else "Reprendre la séance")
