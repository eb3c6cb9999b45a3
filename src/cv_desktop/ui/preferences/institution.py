"""Fields of the institution, written one by one on leaving them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cv_desktop.db.queries import institution
from cv_desktop.services import settings
from cv_desktop.ui import look, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.plain_text import written


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    label: str
    lines: int = 1
    wide: bool = False


SERVICE = (
    Field("authority_kind", "Forme de la collectivité"),
    Field("authority", "Nom de la collectivité"),
    Field("direction", "Direction ou service", wide=True),
    Field("agent_name", "Dossiers suivis par"),
    Field("agent_quality", "Qualité"),
    Field("phone", "Téléphone"),
    Field("email", "Courriel"),
    Field("address", "Adresse postale", wide=True),
    Field("city", "Commune du siège"),
    Field("dpo", "Contact pour la protection des données"),
    Field("act_recipient", "Actes transmis, tel que les courriers le disent", wide=True),
)


class Paragraph(QPlainTextEdit):
    """A few lines, said finished when left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class InstitutionForm(QWidget):
    """Two columns, labels above."""

    def __init__(self, context: Context, fields: tuple[Field, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kept: dict[str, str] = {}
        self.inputs: dict[str, QLineEdit | Paragraph] = {}
        self.setMaximumWidth(look.px(720))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        row = column = 0
        for field in fields:
            if field.wide and column:
                row, column = row + 1, 0
            grid.addWidget(self._labelled(field), row, column, 1, 2 if field.wide else 1)
            column += 2 if field.wide else 1
            if column > 1:
                row, column = row + 1, 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid)
        layout.addStretch(1)

    def refresh(self) -> None:
        """Shows what is kept; a field being typed in is left alone."""
        values = self._context.read(institution.values)
        for key, widget in self.inputs.items():
            self._kept[key] = str(values.get(key) or "")
            if widget.hasFocus() and _text(widget) != self._kept[key]:
                continue
            if isinstance(widget, QLineEdit):
                widget.setText(self._kept[key])
                widget.setCursorPosition(0)
            elif written(widget) != self._kept[key]:
                widget.setPlainText(self._kept[key])

    def _labelled(self, field: Field) -> QWidget:
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        label = QLabel(field.label)
        theme.set_type(label, "secondary", "secondary")
        widget: QLineEdit | Paragraph
        if field.lines == 1:
            widget = QLineEdit()
            widget.setPlaceholderText("Non renseigné")
            widget.editingFinished.connect(lambda: self._write(field))
        else:
            widget = Paragraph()
            widget.setTabChangesFocus(True)
            widget.setFixedHeight(look.px(22 * field.lines + 16))
            widget.left.connect(lambda: self._write(field))
        widget.setAccessibleName(field.label)
        label.setBuddy(widget)
        self.inputs[field.key] = widget
        layout.addWidget(label)
        layout.addWidget(widget)
        return whole

    def _write(self, field: Field) -> None:
        value = _text(self.inputs[field.key])
        if value == self._kept.get(field.key, ""):
            return
        name = field.label.lower()
        before, self._kept[field.key] = self._kept.get(field.key, ""), value
        if self._context.do(f"{name} « {value or 'vide'} »", settings.set_value, key=field.key, value=value) is None:
            self._kept[field.key] = before


def _text(widget: QLineEdit | Paragraph) -> str:
    return (widget.text() if isinstance(widget, QLineEdit) else written(widget)).strip()
