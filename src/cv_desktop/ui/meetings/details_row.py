"""When, where and under whom the meeting is held: what its convocation and its minutes will say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.services import meetings
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.fields.hour_field import HourField


class DetailsRow(QWidget):
    """Each field is written as it is left."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._meeting: MeetingRow | None = None
        self.fields: dict[str, Field] = {
            "label": TextField(meetings.DETAILS["label"]),
            "held_on": DateField(meetings.DETAILS["held_on"], today=lambda: local(context.clock()).date()),
            "starts_at": HourField(meetings.DETAILS["starts_at"]),
            "place": TextField(meetings.DETAILS["place"]),
            "president": TextField(meetings.DETAILS["president"]),
            "secretary": TextField(meetings.DETAILS["secretary"]),
        }
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        widths = {"label": 3, "held_on": 2, "starts_at": 1, "place": 3, "president": 3, "secretary": 3}
        for name, stretch in widths.items():
            self.fields[name].committed.connect(self._writer(name))
            layout.addWidget(self.fields[name], stretch, Qt.AlignmentFlag.AlignTop)

    def show_meeting(self, meeting: MeetingRow) -> None:
        other = self._meeting is None or self._meeting.id != meeting.id
        self._meeting = meeting
        for name, field in self.fields.items():
            (field.replace if other else field.set_value)(getattr(meeting, name))
            field.setEnabled(meeting.state != "closed")

    def _writer(self, name: str) -> Callable[[Any], None]:
        def write(value: Any) -> None:
            if self._meeting is None:
                return
            words = meetings.DETAILS[name].lower()
            key = {"meeting_id": self._meeting.id, "name": name}
            empty = None if name == "starts_at" else ""
            try:
                self._context.attempt(words, meetings.set_detail, **key, value=value or empty)
            except UserError as refusal:
                self.fields[name].refuse(refusal.message)

        return write
