"""What every tab of a campaign has in common."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.ui.context import Context


class Tab(QWidget):
    """``show_call`` when its campaign changes or was written."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.row: CallRow | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 12, 18, 14)
        self.column.setSpacing(10)

    def show_call(self, row: CallRow) -> None:
        self.row = row
        self.refresh()

    def refresh(self) -> None:
        """Asks its queries again."""
