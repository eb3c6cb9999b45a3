"""The tab « Identité »: each field checked and written when left."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.services import structures
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.fields.group import FormGroup
from cv_desktop.ui.look import px

WIDTH = 860
GROUPS: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...] = (
    ("Identité", (("name", True), ("siret", False), ("rna", False))),
    ("Adresse", (("address", True), ("postal_code", False), ("commune", False))),
    ("Contact", (("email", False), ("phone", False))),
)
HINTS = {
    "siret": "14 chiffres, avec ou sans espaces.",
    "rna": "W suivi de 9 caractères.",
}


class Identity(QScrollArea):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._record: StructureRecord | None = None
        self.fields: dict[str, Field] = {}
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(12)
        self.alerts = QLabel()
        self.alerts.setWordWrap(True)
        theme.set_type(self.alerts, "body", "warning", 500)
        layout.addWidget(self.alerts)
        for title, members in GROUPS:
            group = FormGroup(title)
            for name, wide in members:
                field = TextField(FIELDS[name].label, required=name == "name", hint=HINTS.get(name, ""))
                field.committed.connect(lambda value, n=name: self._write(n, value))
                self.fields[name] = field
                group.add(field, wide=wide)
            layout.addWidget(group)
        layout.addStretch(1)
        inner.setMaximumWidth(px(WIDTH))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(inner)

    def show_record(self, record: StructureRecord) -> None:
        changed = self._record is None or self._record.id != record.id
        self._record = record
        for name, field in self.fields.items():
            value = getattr(record, name)
            if changed:
                field.accept()
            elif field.wrong:
                continue  # what is typed and refused stays until it is mended or Échap
            field.set_value(display_siret(value) if name == "siret" and value else value)
        self.alerts.setText(" ".join(record.alerts))
        self.alerts.setVisible(bool(record.alerts))

    def _write(self, name: str, value: str) -> None:
        record = self._record
        if record is None:
            return
        label = FIELDS[name].label
        try:
            self._context.attempt(
                f"{label} {value or 'vide'} ({record.name})",
                structures.set_field,
                structure_id=record.id,
                name=name,
                value=value,
            )
        except UserError as refusal:
            self.fields[name].refuse(refusal.message)
            self._context.told.emit(refusal.message)
