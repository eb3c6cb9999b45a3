"""The many fields of a trial: caps of the volets, of the quarters, weights of the criteria, folded at first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from cv_desktop.domain.envelopes import Node
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.ui import icons, theme
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.field import Field, TextField


class WeightField(TextField):
    """Whole points, from 0 to 100."""

    def value(self) -> int:
        text = self.editor.text().strip()
        if not text.isdigit() or int(text) > 100:
            raise UserError(f"{quote(text)} n’est pas un poids. Exemple{NBSP}: 15, de 0 à 100.")
        return int(text)


class TrialFields(QWidget):
    """``put(fields)`` by key, in reading order; the title opens and folds them, and hides when there is none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.toggle = QToolButton()
        self.toggle.setText(title)
        self.toggle.setCheckable(True)
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.set_kind(self.toggle, "tool", small=True)
        self._inner = QWidget()
        self._inner.setProperty("surface", "chrome")
        self._rows = QVBoxLayout(self._inner)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._inner)
        self.toggle.toggled.connect(self._open)
        self._open(False)

    def put(self, fields: dict[str, Field]) -> None:
        for field in self.fields.values():
            self._rows.removeWidget(field)
            field.deleteLater()
        self.fields = fields
        for field in fields.values():
            field.label.setWordWrap(True)  # the names of volets and criteria are longer than the dock
            self._rows.addWidget(field)
        self.setVisible(bool(fields))
        self.toggle.setChecked(False)

    def show_caps(self, parts: Sequence[Node]) -> None:
        """One amount for each part, empty where it has no cap."""
        self.put({n.group: _valued(AmountField(n.label, hint="Sans plafond"), n.limit_cents) for n in parts})

    def show_weights(self, criteria: Sequence[Criterion]) -> None:
        """The points of each criterion that counts in the note."""
        self.put({c.code: _valued(WeightField(c.label), c.weight) for c in criteria if c.counted})

    def _open(self, opened: bool) -> None:
        self._inner.setVisible(opened)
        icons.dress(self.toggle, "chevron-down" if opened else "chevron-right", "text", 14)


def _valued(field: Field, value: object) -> Field:
    field.set_value(value)
    return field
