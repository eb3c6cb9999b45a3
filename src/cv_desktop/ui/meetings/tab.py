"""What every tab of a meeting has in common."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px


class Tab(QWidget):
    """``show_meeting`` when its meeting changes or was written; None is the committee of a campaign without meeting."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.call = ""
        self.meeting: MeetingRow | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 12, 18, 14)
        self.column.setSpacing(10)

    def show_meeting(self, call: str, meeting: MeetingRow | None) -> None:
        self.call, self.meeting = call, meeting
        self.refresh()

    def refresh(self) -> None:
        """Asks its queries again."""

    @property
    def closed(self) -> bool:
        return self.meeting is not None and self.meeting.state == "closed"


def beside_fields(button: QPushButton) -> QVBoxLayout:
    """A button on the line of the fields, under the height of their labels, where no refusal moves it."""
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addSpacing(px(20))
    column.addWidget(button)
    column.addStretch(1)
    return column
