"""« Essayer d’autres règles »: who would enter, who would leave. Nothing is written."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QScrollArea

from cv_desktop.domain.envelopes import Kind
from cv_desktop.domain.money import figures
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.domain.what_if import LIMITS, Moved, WhatIf
from cv_desktop.services.what_ifs import TRIED, Levers, Pair, doubts, told
from cv_desktop.ui import icons, theme
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.arbitration.propose_panel import RULES, RateField
from cv_desktop.ui.arbitration.trial_fields import TrialFields
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.field import Field
from cv_desktop.ui.progress_panel import ProgressPanel

MOST = 8


class WhatIfPanel(Panel):
    """``wanted(values)`` when the verb is used: what ``what_ifs.ask`` takes; ``put`` shows the answer."""

    wanted = Signal(dict)
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Essayer d’autres règles", "Rejouer la campagne")
        self.say(
            "La campagne entière est répartie deux fois, avec son règlement puis avec les valeurs ci-dessous, comme si "
            "rien n’était décidé. Rien n’est écrit."
        )
        self.rule = QComboBox()
        self.rule.setAccessibleName("Règle")
        for code, word, _meaning in RULES:
            self.rule.addItem(word, code)
        self.rule.setCurrentIndex(1)
        self.body.addWidget(self.rule)
        self.envelope = AmountField("Enveloppe", required=True)
        self.rate = RateField("Au plus, en % de chaque demande")
        self.values = {key: AmountField(label) for key, label in TRIED.items()}
        for field in (self.envelope, self.rate, *self.values.values()):
            field.submits_with(self.verb)
            self.body.addWidget(field)
        self.volets, self.quarters = TrialFields("Plafonds des volets"), TrialFields("Plafonds des quartiers")
        self.weights = TrialFields("Poids des critères")
        for group in (self.volets, self.quarters, self.weights):
            self.body.addWidget(group)
        self.work = ProgressPanel()
        self.body.addWidget(self.work)
        self.found = QLabel()
        self.found.setWordWrap(True)
        theme.set_type(self.found, "body", "text")
        self.export = QPushButton("Exporter cet essai…")
        theme.set_kind(self.export, "secondary", small=True)
        icons.dress(self.export, "download")
        self.export.clicked.connect(self.export_wanted)
        self.body.addWidget(self.found)
        self.body.addWidget(self.export)
        self.limits = self.say("\n".join(LIMITS), "hint")
        self._show_answer(False)
        self.setFocusProxy(self.envelope)

    def start(self, levers: Levers) -> None:
        """The values in force, to change at will."""
        self.envelope.set_value(levers.envelope_cents)
        self.rate.set_value(100)
        for key, field in self.values.items():
            field.setVisible(key in levers.rules)
            field.set_value(levers.rules.cents(key) if key in levers.rules else None)
        self.volets.show_caps([n for n in levers.parts if n.kind is Kind.THEME])
        self.quarters.show_caps([n for n in levers.parts if n.kind is Kind.QUARTER])
        self.weights.show_weights(levers.grid.criteria)
        self._show_answer(False)

    def forget(self) -> None:
        """Nothing is left of the last answer."""
        self.found.clear()
        self._show_answer(False)

    def busy(self, running: bool) -> None:
        self.verb.setEnabled(not running)
        if running:
            self._show_answer(False)
            self.work.start("Répartition")
        else:
            self.work.finish()

    def run(self) -> None:
        groups = (self.volets, self.quarters, self.weights)
        wrong = [f for f in (self.envelope, self.rate, *self.values.values()) if not f.commit()]
        for group in groups:
            refused = [field for field in group.fields.values() if not field.commit()]
            if refused:
                group.toggle.setChecked(True)
            wrong += refused
        if wrong:
            wrong[0].setFocus()
            return
        self.wanted.emit(
            {
                "rule": self.rule.currentData(),
                "envelope_cents": self.envelope.value(),
                "rate": self.rate.value(),
                "values": {key: field.value() for key, field in self.values.items() if not field.isHidden()},
                "caps": _values(self.volets) | _values(self.quarters),
                "weights": _values(self.weights),
            }
        )

    def put(self, pair: Pair, answer: WhatIf) -> None:
        self.found.setText("\n\n".join(["\n".join(told(pair)), *sentences(answer), *doubts(pair, answer)]))
        self._show_answer(True)
        # Below the fields, the answer would be out of sight.
        QTimer.singleShot(0, self, self._reveal)

    def _show_answer(self, shown: bool) -> None:
        for widget in (self.found, self.export, self.limits):
            widget.setVisible(shown)

    def _reveal(self) -> None:
        area = self.findChild(QScrollArea)
        if area is not None:
            bar = area.verticalScrollBar()
            bar.setValue(min(bar.maximum(), self.found.y()))


def _values(group: TrialFields) -> dict[str, object]:
    return {key: _read(field) for key, field in group.fields.items()}


def _read(field: Field) -> object:
    return field.value()


def sentences(answer: WhatIf) -> list[str]:
    """« 2 dossiers entrent : … », « 1 dossier sort : … », then what changes by volet, quartier, size…"""
    if not answer.moved:
        return ["Ces règles ne changent aucun montant."]
    lines = []
    for moved, one, many in (
        (answer.entering, "entre", "entrent"),
        (answer.leaving, "sort", "sortent"),
        (answer.changed, "change de montant", "changent de montant"),
    ):
        if moved:
            lines.append(f"{counted(len(moved), 'dossier')} {many if len(moved) > 1 else one}{NBSP}: {_listed(moved)}.")
    lines.append(f"Reste{NBSP}: {figures(answer.left_cents[0])} → {figures(answer.left_cents[1])}.")
    by: dict[str, list[str]] = {}
    for shift in answer.shifts:
        same = shift.before.served == shift.after.served
        served = f"{shift.after.served} servis" if same else f"{shift.before.served} → {shift.after.served} servis"
        cents = f"{figures(shift.before.given_cents)} → {figures(shift.after.given_cents)}"
        by.setdefault(shift.dimension, []).append(f"{shift.after.label}{NBSP}: {cents}, {served}")
    return lines + ["\n".join([f"Par {name.lower()}", *own]) for name, own in by.items()]


def _listed(moved: tuple[Moved, ...]) -> str:
    shown = [f"{m.structure} ({figures(m.before_cents)} → {figures(m.after_cents)})" for m in moved[:MOST]]
    more = f" et {counted(len(moved) - MOST, 'autre')}" if len(moved) > MOST else ""
    return f"{f'{NBSP}; '.join(shown)}{more}"
