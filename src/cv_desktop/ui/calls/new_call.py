"""Creating a campaign: a scheme, a year, a code, an envelope, without leaving the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries.calls import SchemeRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls
from cv_desktop.ui.context import Context
from cv_desktop.ui.creation_panel import CreationPanel
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


class NewCall(CreationPanel):
    """The code follows scheme and year until it is typed."""

    noun = "call"

    def __init__(self, context: Context, schemes: Sequence[SchemeRow], parent: QWidget | None = None) -> None:
        self.scheme = ChoiceField("Dispositif", [(s.code, f"{s.code} · {s.label}") for s in schemes], required=True)
        self.year = YearField("Année", required=True)
        self.code = TextField("Code", required=True, hint="Début des numéros de dossier")
        self.envelope = AmountField("Enveloppe", required=True)
        super().__init__(
            context,
            "Nouvelle campagne",
            "Règlement et grille du dispositif sont copiés, à valider.",
            {"scheme": self.scheme, "year": self.year, "code": self.code, "envelope": self.envelope},
            make="Créer la campagne",
            parent=parent,
        )
        self._typed = False
        self.scheme.editor.activated.connect(lambda _index: self._propose())
        self.year.editor.textChanged.connect(lambda _text: self._propose())
        self.code.editor.textEdited.connect(lambda _text: self._own_code())
        self.body.addLayout(self.line(4, 2, 2, 2))
        self.body.addLayout(self.buttons())

    @property
    def main(self) -> Field:
        return self.code

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

    def write(self) -> Changes:
        code = str(self.code.value())
        return self.context.attempt(
            f"campagne «\u00a0{code}\u00a0» créée",
            calls.create,
            code=code,
            scheme=self.scheme.value(),
            year=self.year.value(),
            envelope_cents=self.envelope.value(),
        )

    def _own_code(self) -> None:
        self._typed = bool(self.code.text().strip())

    def _propose(self) -> None:
        if not self._typed:
            self.code.editor.setText(f"{self.scheme.value()}-{self.year.text().strip()}")
            self.code.accept()
