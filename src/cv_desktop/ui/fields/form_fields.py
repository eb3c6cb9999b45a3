"""The editor of each field of the form, by its kind."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit

from cv_desktop.domain import form
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.form import FormField
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import ChoiceField, Field, LongTextField

NOT_SAID = "Non renseigné"


class TypedField(Field):
    """One line read and shown as the form says: names, numbers of people, full-time equivalents."""

    editor: QLineEdit

    def __init__(self, field: FormField) -> None:
        self._name = field.name
        super().__init__(field.label, QLineEdit(), required=field.required, hint=field.hint)

    def text(self) -> str:
        return self.editor.text()

    def value(self) -> Any:
        return form.read(self._name, self.editor.text()) if self.editor.text().strip() else self._empty()

    def _empty(self) -> Any:
        return "" if form.ALL[self._name].kind == "line" else None

    def _put(self, value: Any) -> None:
        self.editor.setText(form.shown(self._name, value))


class ReceivedField(DateField):
    """The day a file came in; value a moment."""

    def value(self) -> Any:
        day = super().value()
        return form.read("deposited_at", short_date(day)) if day else None

    def _put(self, value: Any) -> None:
        super()._put(local(value).date() if hasattr(value, "hour") else value)

    @property
    def dirty(self) -> bool:
        """A deposit keeps its hour as long as its day is not changed."""
        return self.editor.text().strip() != form.shown("deposited_at", self._known)


def make(field: FormField, *, lines: int = 3, required: bool | None = None) -> Field:
    """An editor for a field; ``required`` differs from the form's in a draft, where all may be missing."""
    must = field.required if required is None else required
    made: Field
    if field.kind == "long":
        made = LongTextField(field.label, lines=lines, hint=field.hint)
        made.editor.setFixedHeight(made.editor.fontMetrics().lineSpacing() * lines + 18)
    elif field.kind == "amount":
        made = AmountField(field.label, required=must, hint=field.hint)
    elif field.kind == "day":
        made = DateField(field.label, required=must, hint=field.hint)
    elif field.kind == "received":
        made = ReceivedField(field.label, required=must, hint=field.hint)
    elif field.kind == "answer":
        made = ChoiceField(field.label, [(None, NOT_SAID), (True, field.yes), (False, field.no)], hint=field.hint)
    elif field.kind == "choice":
        made = ChoiceField(field.label, [(None, NOT_SAID), *field.choices], hint=field.hint)
    else:
        made = TypedField(field)
        made.required = must
    return made
