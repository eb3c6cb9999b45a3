"""« Essayer d’autres règles »: the values to try beside the answer. Nothing is written."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from cv_desktop.domain.envelopes import Kind
from cv_desktop.domain.what_if import LIMITS
from cv_desktop.services.what_ifs import TRIED, Levers
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.arbitration.propose_panel import RATE, RULES, RateField
from cv_desktop.ui.arbitration.trial_fields import TrialFields
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.field import Field


class WhatIfPanel(Panel):
    """``wanted(values)`` when the verb is used: what ``what_ifs.ask`` takes."""

    wanted = Signal(dict)

    def __init__(self) -> None:
        super().__init__("Essayer d’autres règles", "Rejouer la campagne")
        self.say(
            "La campagne entière est répartie deux fois, avec son règlement puis avec les valeurs ci-dessous, comme si "
            "rien n’était décidé. Rien n’est écrit."
        )
        self._levers: Levers | None = None
        title = QLabel("Règle, la même avant et après")
        theme.set_type(title, "secondary", "secondary", 500)
        self.body.addWidget(title)
        self.rule = QComboBox()
        title.setBuddy(self.rule)
        self.rule.setAccessibleName("Règle")
        for code, word, _meaning in RULES:
            self.rule.addItem(word, code)
        self.body.addWidget(self.rule)
        meaning = self.say("", "hint")
        self.rule.currentIndexChanged.connect(lambda at: meaning.setText(RULES[at][2]))
        self.rule.setCurrentIndex(1)
        self.envelope = AmountField("Enveloppe", required=True)
        self.rate = RateField("Au plus, en % de chaque demande", hint=RATE)
        self.values = {key: AmountField(label) for key, label in TRIED.items()}
        for field in (self.envelope, self.rate, *self.values.values()):
            field.submits_with(self.verb)
            self.body.addWidget(field)
        self.volets, self.quarters = TrialFields("Plafonds des volets"), TrialFields("Plafonds des quartiers")
        self.weights = TrialFields("Poids des critères")
        for group in (self.volets, self.quarters, self.weights):
            self.body.addWidget(group)
        self.as_is = QPushButton("Revenir aux valeurs en vigueur")
        theme.set_kind(self.as_is, "link", small=True)
        theme.set_flush(self.as_is)
        self.as_is.clicked.connect(lambda: self._levers and self.start(self._levers))
        self.body.addWidget(self.as_is, 0, Qt.AlignmentFlag.AlignLeft)
        self.limits = self.say("\n".join(LIMITS), "hint")
        self.setFocusProxy(self.envelope)

    def start(self, levers: Levers) -> None:
        """The values in force, to change at will."""
        self._levers = levers
        self.envelope.set_value(levers.envelope_cents)
        self.rate.set_value(100)
        for key, field in self.values.items():
            field.setVisible(key in levers.rules)
            field.set_value(levers.rules.cents(key) if key in levers.rules else None)
        self.volets.show_caps([n for n in levers.parts if n.kind is Kind.THEME])
        self.quarters.show_caps([n for n in levers.parts if n.kind is Kind.QUARTER])
        self.weights.show_weights(levers.grid.criteria)

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


def _values(group: TrialFields) -> dict[str, object]:
    return {key: _read(field) for key, field in group.fields.items()}


def _read(field: Field) -> object:
    return field.value()
