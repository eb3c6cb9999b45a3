"""The tab « Identité »: alerts first, then each field checked and written when left."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import legal_forms
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.services import structures
from cv_desktop.ui import dialogs, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, Field, TextField, settle
from cv_desktop.ui.fields.group import FormGroup
from cv_desktop.ui.look import px
from cv_desktop.ui.structures.flags_card import FlagsCard
from cv_desktop.ui.structures.siret_field import SiretField

WIDTH = 860
GROUPS: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...] = (
    ("Identité", (("name", True), ("acronym", False), ("legal_form", False), ("siret", False), ("rna", False))),
    ("Siège", (("address", True), ("postal_code", False), ("commune", False), ("delegated_commune", False),
               ("mail_address", True))),
    ("Contact", (("email", False), ("phone", False), ("website", True))),
    ("Objet", (("purpose", True), ("created_on", False), ("dissolved_on", False))),
    ("Moyens humains", (("volunteers", False), ("service_volunteers", False), ("employees", False),
                        ("aided_jobs", False), ("full_time", False), ("seconded", False), ("members", True),
                        ("member_women", False), ("member_men", False))),
    ("Budget de la structure", (("exercise_starts_on", False), ("exercise_ends_on", False), ("budget_cents", False),
                                ("income_cents", False))),
    ("Relations avec l’administration", (("public_utility", False), ("public_utility_on", False), ("taxed", True))),
    ("Relations avec d’autres associations", (("networks", True), ("member_bodies", True))),
    ("Registre d’Alsace-Moselle", (("local_court", False), ("local_registered_on", False), ("local_volume", False),
                                   ("local_folio", False))),
)  # fmt: skip
HINTS = {
    "siret": "14 chiffres, avec ou sans espaces.",
    "rna": "W suivi de 9 caractères.",
    "budget_cents": "Charges, en euros, dernier exercice clos.",
    "employees": "Au 31 décembre de l’an dernier.",
    "created_on": "jj/mm/aaaa",
}
SMALL = {True: "Petite association au sens du règlement.", False: "Au-dessus des plafonds des petites associations."}


class Identity(QScrollArea):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._record: StructureRecord | None = None
        self.fields: dict[str, Field] = {}
        self.flags = FlagsCard(context)
        self.alerts = self.flags.alerts
        self.small, self.unnumbered = QLabel(), QLabel()
        for label in (self.small, self.unnumbered):
            label.setWordWrap(True)
            theme.set_type(label, "secondary", "secondary")
        self.no_number = QPushButton()
        theme.set_kind(self.no_number, "secondary", small=True)
        self.no_number.clicked.connect(self._declare)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(12)
        layout.addWidget(self.flags)
        for title, members in GROUPS:
            group = FormGroup(title)
            for name, wide in members:
                field = self._field(name)
                field.committed.connect(lambda value, n=name: self._write(n, value))
                self.fields[name] = field
                group.add(field, wide=wide)
            layout.addWidget(group)
            if title == "Identité":
                line = QHBoxLayout()
                line.setSpacing(12)
                line.addWidget(self.no_number)
                line.addWidget(self.unnumbered, 1)
                layout.addLayout(line)
        layout.addWidget(self.small)
        layout.addStretch(1)
        inner.setMaximumWidth(px(WIDTH))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(inner)

    def show_record(self, record: StructureRecord) -> None:
        changed = self._record is None or self._record.id != record.id
        if changed:
            settle(self.fields.values())
        self._record = record
        for name, field in self.fields.items():
            if field.wrong and not changed:
                continue  # what is typed and refused stays until it is mended or Échap
            value: Any = getattr(record, name)
            shown = value if name == "legal_form" else FIELDS[name].shown(value)
            if changed:
                field.replace(shown)
            else:
                field.set_value(shown)
        self.flags.show_record(record)
        self.small.setText("" if record.small is None else SMALL[record.small])
        self.small.setVisible(record.small is not None)
        numbered = bool(record.siret or record.rna)
        self.no_number.setVisible(not numbered)
        self.unnumbered.setVisible(not numbered)
        if record.no_number_reason:
            since = f" depuis le {long_date(record.no_number_on)}" if record.no_number_on else ""
            self.unnumbered.setText(f"Sans numéro{since} : {record.no_number_reason}")
            self.no_number.setText("Attendre de nouveau les numéros")
        else:
            self.unnumbered.setText("")
            self.no_number.setText("Structure sans numéro…")

    def _field(self, name: str) -> Field:
        label = FIELDS[name].label
        if name == "legal_form":
            forms = self._context.read(legal_forms.labels)
            ended = self._context.read(legal_forms.closed)
            words = {code: f"{text} ({code}{', close' if code in ended else ''})" for code, text in forms.items()}
            return ChoiceField(label, [("", "Non renseignée"), *words.items()])
        if FIELDS[name].answer:
            return ChoiceField(label, [("", "Non renseigné"), ("oui", "Oui"), ("non", "Non")])
        if name == "siret":
            return SiretField(hint=HINTS[name])
        return TextField(label, required=name == "name", hint=HINTS.get(name, ""))

    def _declare(self) -> None:
        record = self._record
        if record is None:
            return
        reason: str | None = ""
        if not record.no_number_reason:
            effects = ["Le SIRET et le RNA ne seront plus signalés comme manquants. Le motif reste sur la fiche."]
            title = f"{record.name} n’a pas de numéro"
            reason = dialogs.ask_reason(self, title, effects, "Noter l’absence de numéro")
        if reason is not None:
            self._context.do(
                "structure sans numéro", structures.declare_without_number, structure_id=record.id, reason=reason
            )

    def _write(self, name: str, value: Any) -> None:
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
                value=str(value or ""),
            )
        except UserError as refusal:
            self.fields[name].refuse(refusal.message)
            self._context.told.emit(refusal.message)
