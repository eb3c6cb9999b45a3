"""The tab « Projet »: what the association says of its action, field by field, in the order of the Cerfa."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import form as queries
from cv_desktop.db.queries.form import FormRecord
from cv_desktop.domain import form
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.quarter_split import read_split, said_split, typed_split
from cv_desktop.domain.text import NBSP
from cv_desktop.services import form as fields
from cv_desktop.services import indicators, objectives, partners
from cv_desktop.ui import theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.rows import not_said
from cv_desktop.ui.applications.small_tables import indicators_table, partners_table, shares
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields import form_fields
from cv_desktop.ui.fields.field import Field, TextField, settle
from cv_desktop.ui.fields.group import FormGroup
from cv_desktop.ui.fields.pick_field import PickField
from cv_desktop.ui.look import px

WIDTH = 860
TYPE = "Tapez quelques lettres"


class Project(QScrollArea):
    """Each field is written when left; what the verb refuses is said under the field."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dossier: Dossier | None = None
        self._form: FormRecord | None = None
        self.fields: dict[str, Field] = {}
        choices = self._choices = context.read(queries.choices)
        self.quarters = PickField("Quartiers prioritaires", choices.quarters, placeholder=TYPE)
        self.split = TextField("Part de chaque quartier", hint=" ")
        self.outside = QCheckBox("L’action a aussi lieu hors QPV")
        self.objectives = PickField(
            "Objectifs du contrat de ville", choices.objectives, placeholder=TYPE, hint="Le premier donne le volet."
        )
        self.priorities = PickField("Action dédiée à une priorité", choices.priorities, placeholder=TYPE)
        self.indicators = indicators_table()
        self.partners = partners_table()
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(24, 16, 24, 24)
        self._column.setSpacing(12)
        self.facts, self.doubts = QLabel(), QLabel()
        for label, tone in ((self.facts, "secondary"), (self.doubts, "danger")):
            label.setWordWrap(True)
            theme.set_type(label, "body", tone)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.origin = QPushButton()
        theme.set_kind(self.origin, "link", small=True)
        self.origin.clicked.connect(self._open_origin)
        self._lay_out()
        self._bind()
        self._inner.setMaximumWidth(px(WIDTH))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._inner)

    def show_dossier(self, dossier: Dossier) -> None:
        found = self._context.read(queries.record, application_id=dossier.id)
        if found is None:
            return
        changed = self._dossier is None or self._dossier.id != dossier.id
        if changed:
            settle(self.fields.values())
        self._dossier, self._form = dossier, found
        picked = (
            (self.quarters, found.quarters),
            (self.objectives, found.objectives),
            (self.priorities, found.priorities),
        )
        shown: list[tuple[Field, Any]] = [*((self.fields[n], found.values[n]) for n in self.fields), *picked]
        for name in ("asked_cents", "cost_cents"):
            if not_said(dossier.record.row, found.values[name] or 0):
                shown.append((self.fields[name], None))
        for field, value in shown:
            if changed:
                field.replace(value)
            else:
                field.set_value(value)
            field.editor.setEnabled(dossier.open or field is self.fields["minimum_cents"])
        self._show_split(found, changed)
        self.outside.setChecked(found.outside)
        self.outside.setEnabled(dossier.open)
        self.fields["outside_reason"].setVisible(found.outside or bool(found.values["outside_reason"]))
        self.indicators.set_values(found.indicators, open=dossier.open)
        self.partners.set_values(found.partners, open=dossier.open)
        self.partners.say(shares(found.values["lead_share"], found.partners))
        self._say(dossier, found)

    def _show_split(self, found: FormRecord, changed: bool) -> None:
        """Asked of several quarters only, and open once the file is judged: it is the officer's."""
        names = self._names(found)
        text = typed_split(found.weights)
        self.split.setVisible(len(names) > 1)
        self.split.explain(
            f"{said_split(names, found.weights)} Écrivez « 60 % / 40 % » ou des habitants, "
            f"« 120 / 80 », dans l’ordre{NBSP}: {', '.join(names)}."
        )
        if changed:
            self.split.replace(text)
        else:
            self.split.set_value(text)

    def _names(self, found: FormRecord) -> list[str]:
        known = {choice.code: choice.label for choice in self._choices.quarters}
        return [known.get(code, code) for code in found.quarters]

    def _declare(self, text: str) -> None:
        found = self._form
        if found is None:
            return
        try:
            weights = read_split(text, self._names(found))
        except UserError as refusal:
            self.split.refuse(refusal.message)
            return
        given = dict(zip(found.quarters, weights, strict=True)) if weights else {}
        self._do(self.split, "parts des quartiers", objectives.set_split, weights=given)

    def _say(self, dossier: Dossier, found: FormRecord) -> None:
        row, values = dossier.record.row, found.values
        source = f"{row.source}, n°\u00a0{row.external_id}" if row.external_id else row.source
        facts = f"{row.theme or 'Thématique non renseignée'} · {row.quarters or 'Quartiers non renseignés'} · {source}"
        self.facts.setText(facts + ("" if dossier.open else "\nRouvrez le dossier pour modifier ces champs."))
        doubts = form.doubts(values)
        self.doubts.setText("\n".join(doubts))
        self.doubts.setVisible(bool(doubts))
        self.origin.setVisible(found.renewed_from is not None)
        if found.renewed_from:
            self.origin.setText(f"Renouvellement du dossier {found.renewed_from[1]}")

    def _lay_out(self) -> None:
        for widget in (self.facts, self.origin, self.doubts):
            self._column.addWidget(
                widget, 0, Qt.AlignmentFlag.AlignLeft if widget is self.origin else Qt.AlignmentFlag(0)
            )
        for section in form.SECTIONS:
            group = FormGroup(section.title)
            for field in section.fields:
                group.add(self._field(field), wide=field.wide)
            self._column.addWidget(group)
            if section.title == "Action":
                self._column.addWidget(self._places())
            elif section.title == "Évaluation":
                self._titled(self.indicators, "Indicateurs propres", "Une ligne vide attend toujours le suivant.")
            elif section.title == "Priorités transversales":
                group.add(self.priorities, wide=True)
        group = FormGroup("Consortium")
        group.add(self._field(form.LEAD_SHARE))
        self._column.addWidget(group)
        self._column.addWidget(self.partners)
        self._column.addStretch(1)

    def _places(self) -> QWidget:
        group = FormGroup("Territoire et contrat de ville")
        group.add(self.quarters, wide=True)
        group.add(self.split, wide=True)
        group.add(self._field(form.OUTSIDE), wide=True)
        group.add(self.objectives, wide=True)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(group)
        layout.addWidget(self.outside)
        return whole

    def _titled(self, widget: QWidget, title: str, hint: str) -> None:
        label = QLabel(f"{title}. {hint}")
        label.setBuddy(widget)
        theme.set_type(label, "secondary", "secondary", 500)
        self._column.addWidget(label)
        self._column.addWidget(widget)

    def _field(self, field: form.FormField) -> Field:
        made = form_fields.make(field, lines=5 if field.name == "description" else 3)
        self.fields[field.name] = made
        made.committed.connect(lambda value, name=field.name: self._write(name, value))
        return made

    def _bind(self) -> None:
        self.quarters.committed.connect(
            lambda codes: self._do(
                self.quarters, "quartiers", objectives.set_quarters, codes=codes, outside=self.outside.isChecked()
            )
        )
        self.split.committed.connect(self._declare)
        self.outside.clicked.connect(
            lambda on: self._do(
                self.quarters, "quartiers", objectives.set_quarters, codes=self.quarters.value(), outside=on
            )
        )
        self.objectives.committed.connect(
            lambda codes: self._do(self.objectives, "objectifs", objectives.set_objectives, codes=codes)
        )
        self.priorities.committed.connect(
            lambda codes: self._do(self.priorities, "action dédiée", objectives.set_priorities, codes=codes)
        )
        self.indicators.written.connect(lambda x: self._do(None, "indicateurs", indicators.put, indicators=x))
        self.partners.written.connect(lambda x: self._do(None, "consortium", partners.put, partners=x))
        for table in (self.indicators.table, self.partners.table):
            table.refused.connect(self._context.told)

    def _write(self, name: str, value: Any) -> None:
        label = form.ALL[name].label.lower()
        words = label if name in form.TEXTS else f"{label} {form.shown(name, value) or 'vide'}"
        self._do(self.fields[name], words, fields.put, name=name, value=value)

    def _do(self, field: Field | None, words: str, verb: Callable[..., Any], **arguments: Any) -> None:
        """Write, and say the refusal under the field; in a table the cell says it."""
        dossier = self._dossier
        if dossier is None:
            return
        label = f"{words} ({dossier.record.row.number})"
        try:
            self._context.attempt(label, verb, application_id=dossier.id, **arguments)
        except UserError as refusal:
            if field is None:
                raise
            field.refuse(refusal.message)
            self._context.told.emit(refusal.message)

    def _open_origin(self) -> None:
        if self._form and self._form.renewed_from:
            self._context.visit.emit("applications", "application", self._form.renewed_from[0])
