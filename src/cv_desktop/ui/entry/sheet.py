"""The page of a form, in the order of the Cerfa, and what stands on it as plain texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cv_desktop.db.queries.form import Choices
from cv_desktop.domain import form
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine
from cv_desktop.domain.consortium import Partner
from cv_desktop.domain.entry import Entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.indicators import Planned
from cv_desktop.domain.money import figures
from cv_desktop.ui import theme
from cv_desktop.ui.applications.small_tables import SmallTable, indicators_table, partners_table
from cv_desktop.ui.context import Context
from cv_desktop.ui.entry.budget_rows import BudgetRows, Row
from cv_desktop.ui.entry.structure_part import StructurePart
from cv_desktop.ui.fields import form_fields
from cv_desktop.ui.fields.field import ChoiceField, Field
from cv_desktop.ui.fields.group import FormGroup
from cv_desktop.ui.fields.pick_field import PickField

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
SHORT = ("deposited_at", "title", "asked_cents")
TYPE = "Tapez quelques lettres"
Content = dict[str, Any]


class Sheet(QWidget):
    """``short`` keeps what opens a file: the structure, the day, the title and the amount."""

    edited = Signal()
    block_pasted = Signal(str)

    def __init__(self, context: Context, choices: Choices, accounts: Accounts, *, short: bool) -> None:
        super().__init__()
        self._short, self._measured = short, False
        self.fields: dict[str, Field] = {}
        self.structure = StructurePart(context)
        self.quarters = PickField("Quartiers prioritaires", choices.quarters, placeholder=TYPE)
        self.objectives = PickField("Objectifs du contrat de ville", choices.objectives, placeholder=TYPE)
        self.priorities = PickField("Action dédiée à une priorité", choices.priorities, placeholder=TYPE)
        self.outside = QCheckBox("L’action a aussi lieu hors QPV")
        self.charges = BudgetRows("Charges", lambda: Row(CHARGE, accounts, ()))
        self.produits = BudgetRows("Produits", lambda: Row(PRODUIT, accounts, choices.funders))
        self.partners, self.indicators = partners_table(), indicators_table()
        self.documents: dict[str, QCheckBox] = {}
        self.sections: list[QWidget] = []
        self.totals = QLabel()
        self.notes = QLabel()
        for label in (self.totals, self.notes):
            label.setWordWrap(True)
        theme.set_type(self.totals, "body", weight=600)
        theme.set_type(self.notes, "secondary", "secondary")
        self.renewed_from = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 16, 24, 24)
        self._column.setSpacing(10)
        self._documents = QHBoxLayout()
        self._lay_out()
        self._bind()

    def expect(self, kinds: Sequence[tuple[str, str]]) -> None:
        """The documents to tick, as the campaign asks them."""
        kept = [kind for kind, box in self.documents.items() if box.isChecked()]
        while (item := self._documents.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.documents = {}
        for kind, words in kinds:
            box = QCheckBox(words[:1].upper() + words[1:])
            box.setChecked(kind in kept)
            box.installEventFilter(self)
            box.clicked.connect(self.edited)
            self.documents[kind] = box
            self._documents.addWidget(box)
        self._documents.addStretch(1)

    def content(self) -> Content:
        """Everything that stands on the page, right or wrong."""
        return {
            "structure": self.structure.content(),
            "fields": {n: f.value() if isinstance(f, ChoiceField) else f.text() for n, f in self.fields.items()},
            "quarters": list(self.quarters.value()),
            "outside": self.outside.isChecked(),
            "objectives": list(self.objectives.value()),
            "priorities": list(self.priorities.value()),
            "charges": self.charges.contents(),
            "produits": self.produits.contents(),
            "partners": [[p.name, p.siret, p.role, p.share] for p in self.partners.values()],
            "indicators": [[i.label, i.unit, i.planned] for i in self.indicators.values()],
            "documents": [kind for kind, box in self.documents.items() if box.isChecked()],
            "renewed_from": self.renewed_from,
        }

    def fill(self, content: Content) -> None:
        """The page as it was left; an empty content clears it."""
        self.structure.clear()
        self.structure.fill(content.get("structure", {}))
        written = content.get("fields", {})
        for name, field in self.fields.items():
            field.replace(None if not isinstance(field.editor, QPlainTextEdit) else "")
            if isinstance(field, ChoiceField):
                field.replace(written.get(name))
            elif isinstance(field.editor, QPlainTextEdit):
                field.editor.setPlainText(str(written.get(name, "")))
            else:
                field.editor.setText(str(written.get(name, "")))  # type: ignore[attr-defined]
        for pick, key in (
            (self.quarters, "quarters"),
            (self.objectives, "objectives"),
            (self.priorities, "priorities"),
        ):
            pick.replace(tuple(content.get(key, ())))
        self.outside.setChecked(bool(content.get("outside")))
        self.charges.fill(content.get("charges", []))
        self.produits.fill(content.get("produits", []))
        self.partners.set_values([Partner("", *x) for x in content.get("partners", [])])
        self.indicators.set_values([Planned("", *x) for x in content.get("indicators", [])])
        for kind, box in self.documents.items():
            box.setChecked(kind in content.get("documents", []))
        self.renewed_from = str(content.get("renewed_from", ""))
        self.notes.clear()

    def take(self, entry: Entry) -> None:
        """An earlier file as a new form: its words are put where the page is still empty of them."""
        for name, value in entry.values.items():
            if name in self.fields and value not in (None, ""):
                self.fields[name].replace(value)
        for pick, codes in (
            (self.quarters, entry.quarters),
            (self.objectives, entry.objectives),
            (self.priorities, entry.priorities),
        ):
            pick.replace(codes)
        self.outside.setChecked(entry.outside)
        self.put_budget(entry.budget)
        self.partners.set_values(entry.partners)
        self.indicators.set_values(entry.indicators)
        self.renewed_from = entry.renewed_from

    def put_budget(self, lines: Sequence[BudgetLine]) -> None:
        for rows, side in ((self.charges, CHARGE), (self.produits, PRODUIT)):
            rows.fill(
                [
                    [x.account, x.label, figures(x.amount_cents) if x.amount_cents else "", str(x.state)]
                    for x in lines
                    if x.side == side
                ]
            )

    def budget(self) -> tuple[BudgetLine, ...]:
        return (*self.charges.lines(), *self.produits.lines())

    def values(self) -> dict[str, Any]:
        """The fields that can be read."""
        found = {}
        for name, field in self.fields.items():
            try:
                found[name] = field.value()
            except UserError:
                continue
        return found

    def wrong(self) -> QWidget | None:
        """The first thing that cannot be read, marked; None when all can."""
        for field in self.fields.values():
            try:
                field.value()
            except UserError as refusal:
                field.refuse(refusal.message)
                return field
        for rows in (self.charges, self.produits):
            if found := rows.wrong():
                return found[0].amount
        return None

    def entry(self) -> Entry:
        return Entry(
            structure=self.structure.read(),
            structure_id=self.structure.structure_id,
            told=self.structure.told(),
            values=self.values(),
            quarters=self.quarters.value(),
            outside=self.outside.isChecked(),
            objectives=self.objectives.value(),
            priorities=self.priorities.value(),
            budget=tuple(x for x in self.budget() if x.amount_cents or x.label),
            partners=self.partners.values(),
            indicators=self.indicators.values(),
            documents=tuple(kind for kind, box in self.documents.items() if box.isChecked()),
            approvals=self.structure.approvals.values(),
            renewed_from=self.renewed_from,
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Sizes asked for before the style was put on are those of smaller fields: they are asked for again."""
        if not self._measured:
            self._measured = True
            for child in self.findChildren(QWidget):
                child.ensurePolished()
                child.updateGeometry()
            for layout in self.findChildren(QLayout):
                layout.invalidate()
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Entrée goes to the next field everywhere; Maj+Entrée goes to the line in a long text."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
            bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if bare:
                self.focusNextChild()
            return bare
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self._section(self.structure)
        if self._short:
            group = FormGroup("Action")
            for name in SHORT:
                group.add(self._field(form.ALL[name]), wide=name == "title")
            self._section(group)
            self._column.addStretch(1)
            return
        for section in form.SECTIONS:
            if section.title == "Montants":
                self._section(self._budget())
            group = FormGroup(section.title)
            for field in section.fields:
                group.add(self._field(field), wide=field.wide)
                if field.name == "place":
                    for pick in (self.quarters, self.objectives):
                        group.add(pick, wide=True)
                    group.add_widget(self.outside)
                    group.add(self._field(form.OUTSIDE), wide=True)
            if section.title == "Priorités transversales":
                group.add(self.priorities, wide=True)
            self._section(group)
            if section.title == "Évaluation":
                self._column.addWidget(self.indicators)
        group = FormGroup("Consortium")
        group.add(self._field(form.LEAD_SHARE))
        self._section(group)
        self._column.addWidget(self.partners)
        self._section(self._received())
        self._column.addStretch(1)

    def _section(self, widget: QWidget) -> None:
        self.sections.append(widget)
        self._column.addWidget(widget)

    def _budget(self) -> QWidget:
        whole = FormGroup("Budget de l’action", columns=1)
        blocks = QHBoxLayout()
        blocks.setSpacing(24)
        blocks.addWidget(self.charges, 1)
        blocks.addWidget(self.produits, 1)
        layout = whole.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(blocks)
        layout.addWidget(self.totals)
        layout.addWidget(self.notes)
        return whole

    def _received(self) -> QWidget:
        whole = FormGroup("Pièces reçues avec le dossier", columns=1)
        layout = whole.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(self._documents)
        return whole

    def _field(self, field: form.FormField) -> Field:
        made = form_fields.make(field, lines=2, required=False)
        self.fields[field.name] = made
        if isinstance(made.editor, (QComboBox, QPlainTextEdit)):
            made.editor.installEventFilter(self)
        return made

    def _bind(self) -> None:
        for field in self.fields.values():
            editor = field.editor
            if isinstance(editor, QComboBox):
                editor.activated.connect(lambda _i: self.edited.emit())
            else:
                editor.textChanged.connect(lambda *_: self.edited.emit())  # type: ignore[attr-defined]
        self.structure.edited.connect(self.edited)
        self.outside.clicked.connect(self.edited)
        self.outside.toggled.connect(self._outside)
        self._outside(False)
        self.outside.installEventFilter(self)
        for pick in (self.quarters, self.objectives, self.priorities):
            pick.committed.connect(lambda _v: self.edited.emit())
        for rows in (self.charges, self.produits):
            rows.edited.connect(self.edited)
            rows.pasted.connect(self.block_pasted)
        self.charges.ended.connect(self.produits.enter)
        if not self._short:
            self.produits.ended.connect(self.fields["asked_cents"].setFocus)
        self._follow(self.partners)
        self._follow(self.indicators)
        self._follow(self.structure.approvals)
        self.structure.unfold.installEventFilter(self)

    def place(self) -> int:
        """Which of the parts has the focus; the first when none has."""
        at = self.focusWidget()
        return next((i for i, part in enumerate(self.sections) if at is not None and part.isAncestorOf(at)), 0)

    def _outside(self, on: bool) -> None:
        """Its justification is asked only then."""
        if field := self.fields.get("outside_reason"):
            field.setVisible(on)
            if on and self.outside.hasFocus():
                field.setFocus()

    def _follow(self, table: SmallTable) -> None:
        table.walk()
        table.set_values([])
        table.written.connect(table.set_values)
        table.written.connect(lambda _values: self.edited.emit())
