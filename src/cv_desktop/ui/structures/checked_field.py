"""A field of a structure's record: what it cannot hold is said when it is left, and under it."""

from __future__ import annotations

from typing import Any

from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.ui.fields.field import TextField


class CheckedField(TextField):
    """``CheckedField("phone")``: value the text as typed, once it can be read."""

    def __init__(self, name: str, *, hint: str = "") -> None:
        self._field = FIELDS[name]
        super().__init__(self._field.label, hint=hint)

    def value(self) -> Any:
        text = super().value()
        self._field.read(text)
        return text
