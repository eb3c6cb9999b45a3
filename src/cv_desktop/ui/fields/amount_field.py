"""An amount: « 1 234,56 » typed as one likes, cents given back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, figures, parse_amount
from cv_desktop.ui import theme
from cv_desktop.ui.fields.field import Field


class AmountField(Field):
    """``AmountField(label)``: value in cents, None when empty. Negative amounts are refused unless allowed."""

    editor: QLineEdit

    def __init__(
        self, label: str, *, required: bool = False, hint: str = "", negative: bool = False, unit: str = "€"
    ) -> None:
        line = QLineEdit()
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        sign = QLabel(unit)
        theme.set_type(sign, "body", "secondary")
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 9, 0)
        inside.addStretch(1)
        inside.addWidget(sign)
        line.setTextMargins(0, 0, 16, 0)
        self._negative = negative
        super().__init__(label, line, required=required, hint=hint)

    def text(self) -> str:
        return self.editor.text()

    def value(self) -> Any:
        text = self.editor.text().strip()
        if not text:
            return None
        cents = parse_amount(text.replace("−", "-"))
        if cents < 0 and not self._negative:
            raise UserError(f"{euros(cents)} est négatif\u00a0; un montant positif est attendu.")
        return cents

    def _put(self, value: Any) -> None:
        self.editor.setText("" if value is None else figures(value))
