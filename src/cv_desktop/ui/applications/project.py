"""The tab « Projet »: what the association says of its action, field by field."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.services import applications
from cv_desktop.ui import theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import ChoiceField, Field, LongTextField, TextField
from cv_desktop.ui.fields.group import FormGroup
from cv_desktop.ui.look import px

WIDTH = 860
CONTRACT = [("", "Non renseigné"), ("oui", "Souscrit"), ("non", "Non souscrit")]
GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Action", (("title", "wide"), ("description", "wide"), ("starts_on", ""), ("ends_on", ""))),
    ("Public", (("beneficiaries", ""), ("quarter_residents", ""), ("women", ""))),
    ("Montants", (("asked_cents", ""), ("cost_cents", ""))),
    ("Priorités transversales", (("equality", "wide"), ("participation", "wide"), ("ecology", "wide"))),
    ("Engagement", (("republican_contract", ""),)),
)


class Project(QScrollArea):
    """Each field is written when left; what the verb refuses is said under the field."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dossier: Dossier | None = None
        self.fields: dict[str, Field] = {}
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(12)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_type(self.facts, "body", "secondary")
        layout.addWidget(self.facts)
        for title, members in GROUPS:
            group = FormGroup(title)
            for name, wide in members:
                field = self._field(name)
                group.add(field, wide=bool(wide))
            layout.addWidget(group)
        layout.addStretch(1)
        inner.setMaximumWidth(px(WIDTH))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)

    def show_dossier(self, dossier: Dossier) -> None:
        changed = self._dossier is None or self._dossier.id != dossier.id
        self._dossier = dossier
        record = dossier.record
        for name, field in self.fields.items():
            if changed:
                field.accept()
            field.set_value(self._value(name, record))
            field.editor.setEnabled(dossier.open)
        row = record.row
        received = f"reçu le {short_date(local(row.deposited_at).date())}" if row.deposited_at else "sans date de dépôt"
        origin = f"{row.source}, n°\u00a0{row.external_id}" if row.external_id else row.source
        self.facts.setText(
            f"{row.theme or 'Thématique non renseignée'} · {row.quarters or 'Quartiers non renseignés'} · "
            f"{received} · {origin}" + ("" if dossier.open else "\nRouvrez le dossier pour modifier ces champs.")
        )

    def _field(self, name: str) -> Field:
        label = applications.FIELDS[name]
        field: Field
        if name in applications.TEXTS:
            lines = 5 if name == "description" else 3
            field = LongTextField(label, lines=lines)
            field.editor.setFixedHeight(field.editor.fontMetrics().lineSpacing() * lines + 18)
        elif name.endswith("_cents"):
            field = AmountField(label, required=True)
        elif name.endswith("_on"):
            field = DateField(label)
        elif name == "republican_contract":
            field = ChoiceField(label, list(CONTRACT))
        else:
            field = TextField(label, required=name == "title")
        self.fields[name] = field
        field.committed.connect(lambda value, n=name: self._write(n, value))
        return field

    @staticmethod
    def _value(name: str, record: Any) -> Any:
        if name == "title":
            return record.row.title
        if name.endswith("_cents"):
            return getattr(record.row, name)
        if name == "republican_contract":
            return {True: "oui", False: "non"}.get(record.republican_contract, "")
        value = getattr(record, name)
        if name.endswith("_on"):
            return value
        return "" if value is None else str(value)

    def _write(self, name: str, value: Any) -> None:
        dossier = self._dossier
        if dossier is None:
            return
        text = applications.shown(name, value) if name.endswith(("_cents", "_on")) else str(value)
        label = applications.FIELDS[name].lower()
        words = label if name in applications.TEXTS else f"{label} {text or 'vide'}"
        try:
            self._context.attempt(
                f"{words} ({dossier.record.row.number})",
                applications.set_field,
                application_id=dossier.id,
                name=name,
                text=text,
            )
        except UserError as refusal:
            self.fields[name].refuse(refusal.message)
            self._context.told.emit(refusal.message)
