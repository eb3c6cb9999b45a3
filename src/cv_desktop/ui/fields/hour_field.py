"""An hour of the day: 14h30, 14:30 or 1430."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit

from cv_desktop.domain.hours import parse_hour, spoken
from cv_desktop.ui.fields.field import Field


class HourField(Field):
    """``HourField(label)``: value a time, None when empty."""

    editor: QLineEdit

    def __init__(self, label: str, *, required: bool = False, hint: str = "") -> None:
        line = QLineEdit()
        line.setPlaceholderText("14\u00a0h\u00a030")
        super().__init__(label, line, required=required, hint=hint)

    def text(self) -> str:
        return self.editor.text()

    def value(self) -> Any:
        text = self.editor.text().strip()
        return parse_hour(text) if text else None

    def _put(self, value: Any) -> None:
        self.editor.setText(spoken(value) if value else "")
