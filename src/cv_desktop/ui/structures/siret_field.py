"""A SIRET checked as soon as its last digit is typed, shown 3-3-3-5."""

from __future__ import annotations

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_siret, parse_siret
from cv_desktop.ui.structures.checked_field import CheckedField

DIGITS = 14


class SiretField(CheckedField):
    """What is not whole yet is never said to be wrong while it is typed."""

    def __init__(self, *, hint: str = "") -> None:
        super().__init__("siret", hint=hint)
        self.editor.textEdited.connect(self._typed)

    def _typed(self, text: str) -> None:
        if sum(sign.isdigit() for sign in text) != DIGITS:
            if self.wrong:
                self.accept()
            return
        try:
            number = parse_siret(text)
        except UserError as refusal:
            self.refuse(refusal.message)
            return
        self.accept()
        if self.editor.cursorPosition() == len(text):
            self.editor.setText(display_siret(number))
