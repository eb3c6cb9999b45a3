"""The tab « Compte bancaire »: the IBAN is masked; showing it is written in the journal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_iban, masked_iban
from cv_desktop.services import structures
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.look import px

NONE = "Aucun compte bancaire n’est connu."


class Account(QWidget):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._record: StructureRecord | None = None
        self.iban = QLabel()
        theme.set_type(self.iban, "key", weight=600)
        self.iban.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_button = QPushButton("Afficher")
        theme.set_kind(self.show_button, "secondary")
        icons.dress(self.show_button, "eye", "text", 16)
        self.show_button.setToolTip("La lecture d’un IBAN entier est écrite au journal")
        self.show_button.clicked.connect(self._show)
        self.note = QLabel("La lecture d’un IBAN entier est écrite au journal.")
        theme.set_type(self.note, "secondary", "secondary")
        self.field = TextField("Saisir l’IBAN", hint="27 caractères en France, avec ou sans espaces.")
        self.field.setMaximumWidth(px(420))
        self.field.committed.connect(self._write)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.iban)
        line.addWidget(self.show_button)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 24)
        layout.setSpacing(10)
        layout.addLayout(line)
        layout.addWidget(self.note)
        layout.addSpacing(12)
        layout.addWidget(self.field)
        layout.addStretch(1)

    def show_record(self, record: StructureRecord) -> None:
        before, self._record = self._record, record
        if before is not None and before.id == record.id and before.iban == record.iban and self.iban.text():
            return  # what was shown stays shown while the same account is looked at
        self.iban.setText(masked_iban(record.iban) if record.iban else NONE)
        self.iban.setAccessibleName(f"IBAN finissant par {record.iban[-4:]}" if record.iban else NONE)
        self.show_button.setVisible(bool(record.iban))
        self.note.setVisible(bool(record.iban))
        if before is None or before.id != record.id:
            self.field.accept()
        self.field.set_value("")

    def _show(self) -> None:
        record = self._record
        if record and self._context.do("lecture d’un IBAN", structures.show_iban, structure_id=record.id) is not None:
            self.iban.setText(display_iban(record.iban))
            self.show_button.hide()

    def _write(self, value: str) -> None:
        record = self._record
        if record is None or not value:
            return
        try:
            self._context.attempt(
                f"IBAN ({record.name})", structures.set_field, structure_id=record.id, name="iban", value=value
            )
        except UserError as refusal:
            self.field.refuse(refusal.message)
            self._context.told.emit(refusal.message)
            return
        self.field.set_value("")
        self._context.told.emit(f"Compte bancaire de {record.name} enregistré.")
