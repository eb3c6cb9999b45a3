"""Creating a campaign: a scheme, a year, a code, an envelope, without leaving the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from cv_desktop.db.queries.calls import SchemeRow
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.field import ChoiceField, Field, TextField

NBSP = "\u00a0"


class YearField(TextField):
    """Four figures; value an int."""

    def value(self) -> Any:
        text = self.editor.text().strip()
        if not text:
            return None
        if not (text.isdecimal() and len(text) == 4):
            raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas une année. Exemple{NBSP}: 2026.")
        return int(text)


class NewCall(Card):
    """``created(id)`` once written, ``left`` when given up. The code follows scheme and year until it is typed."""

    created = Signal(str)
    left = Signal()

    def __init__(self, context: Context, schemes: Sequence[SchemeRow], parent: QWidget | None = None) -> None:
        super().__init__(
            "Nouvelle campagne", "Règlement et grille du dispositif sont copiés, à valider.", parent=parent
        )
        self.context = context
        self.scheme = ChoiceField("Dispositif", [(s.code, f"{s.code} · {s.label}") for s in schemes], required=True)
        self.year = YearField("Année", required=True)
        self.code = TextField("Code", required=True, hint="Début des numéros de dossier")
        self.envelope = AmountField("Enveloppe", required=True)
        self.fields: dict[str, Field] = {
            "scheme": self.scheme,
            "year": self.year,
            "code": self.code,
            "envelope": self.envelope,
        }
        self._typed = False
        self.make, self.give_up = QPushButton("Créer la campagne"), QPushButton("Ne pas créer")
        theme.set_kind(self.make, "primary")
        theme.set_kind(self.give_up, "secondary")
        self.make.clicked.connect(self.submit)
        self.give_up.clicked.connect(self.left)
        self.scheme.editor.activated.connect(lambda _index: self._propose())
        self.year.editor.textChanged.connect(lambda _text: self._propose())
        self.code.editor.textEdited.connect(lambda _text: self._own_code())
        grid, buttons = QGridLayout(), QHBoxLayout()
        grid.setHorizontalSpacing(12)
        for place, (field, stretch) in enumerate(
            ((self.scheme, 4), (self.year, 2), (self.code, 2), (self.envelope, 2))
        ):
            grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, stretch)
        buttons.setSpacing(8)
        buttons.addWidget(self.make)
        buttons.addWidget(self.give_up)
        buttons.addStretch(1)
        self.body.addLayout(grid)
        self.body.addLayout(buttons)
        self.hide()

    def start(self) -> None:
        if self.isHidden():
            self._typed = False
            self.scheme.set_value(self.scheme.editor.itemData(0))
            self.year.set_value(local(self.context.clock()).year)
            self.envelope.set_value(None)
            for field in self.fields.values():
                field.accept()
            self._propose()
            self.show()
        self.scheme.setFocus()

    def submit(self) -> None:
        wrong = [field for field in self.fields.values() if not field.commit()]
        if wrong:
            wrong[0].setFocus()
            return
        code = str(self.code.value())
        try:
            changes = self.context.attempt(
                f"campagne « {code} » créée",
                calls.create,
                code=code,
                scheme=self.scheme.value(),
                year=self.year.value(),
                envelope_cents=self.envelope.value(),
            )
        except UserError as refusal:
            field = self.fields.get(refusal.field or "", self.code)
            field.refuse(refusal.message)
            field.setFocus()
            return
        self.hide()
        self.created.emit(next(key for noun, key in changes.touched if noun == "call"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)

    def _own_code(self) -> None:
        self._typed = bool(self.code.text().strip())

    def _propose(self) -> None:
        if not self._typed:
            self.code.editor.setText(f"{self.scheme.value()}-{self.year.text().strip()}")
            self.code.accept()
