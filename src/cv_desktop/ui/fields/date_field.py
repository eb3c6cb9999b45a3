"""A day: 3/3/26, 03.03.2026 or 2026-03-03; Ctrl+; writes today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from cv_desktop.domain.dates import short_date, typed_date
from cv_desktop.ui.fields.field import Field


class DateField(Field):
    """``DateField(label, today=...)``: value a date, None when empty."""

    editor: QLineEdit

    def __init__(
        self, label: str, *, required: bool = False, hint: str = "", today: Callable[[], date] = date.today
    ) -> None:
        line = QLineEdit()
        line.setPlaceholderText("jj/mm/aaaa")
        self._today = today
        super().__init__(label, line, required=required, hint=hint)

    def text(self) -> str:
        return self.editor.text()

    def value(self) -> Any:
        text = self.editor.text().strip()
        return typed_date(text) if text else None

    def _put(self, value: Any) -> None:
        self.editor.setText(short_date(value))

    def _key(self, event: QKeyEvent) -> bool:
        control = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.ControlModifier
        if control and (event.text() == ";" or event.key() == Qt.Key.Key_Semicolon):
            self._put(self._today())
            return True
        return super()._key(event)
