"""« Essayer d’autres règles »: who would enter, who would leave. Nothing is written."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QScrollArea

from cv_desktop.domain.money import figures
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.text import counted
from cv_desktop.domain.what_if import Moved, WhatIf
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.arbitration.propose_panel import RULES, RateField
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.progress_panel import ProgressPanel

LABELS = {
    "amount_max": "Maximum par dossier",
    "amount_min": "Minimum par dossier",
    "rounding_step": "Arrondi",
    "structure_amount_max": "Maximum par structure et par an",
}
MOST = 8


class WhatIfPanel(Panel):
    """``wanted(rule, envelope, rate, values)`` when the verb is used; ``put`` shows the answer."""

    wanted = Signal(str, object, int, dict)

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
        self.rate = RateField("Au plus, en % de chaque demande")
        self.values = {key: AmountField(label) for key, label in LABELS.items()}
        for field in (self.envelope, self.rate, *self.values.values()):
            self.body.addWidget(field)
        self.work = ProgressPanel()
        self.body.addWidget(self.work)
        self.found = QLabel()
        self.found.setWordWrap(True)
        self.found.hide()
        theme.set_type(self.found, "body", "text")
        self.body.addWidget(self.found)
        self.setFocusProxy(self.envelope)

    def start(self, rules: Rules, envelope_cents: int) -> None:
        """The values in force, to change at will."""
        self.envelope.set_value(envelope_cents)
        self.rate.set_value(100)
        for key, field in self.values.items():
            field.setVisible(key in rules)
            field.set_value(rules.cents(key) if key in rules else None)
        self.found.hide()

    def busy(self, running: bool) -> None:
        self.verb.setEnabled(not running)
        if running:
            self.work.start("Répartition")
        else:
            self.work.finish()

    def run(self) -> None:
        fields = (self.envelope, self.rate, *self.values.values())
        wrong = [field for field in fields if not field.commit()]
        if wrong:
            wrong[0].setFocus()
            return
        values = {key: field.value() for key, field in self.values.items() if not field.isHidden()}
        self.wanted.emit(self.rule.currentData(), self.envelope.value(), self.rate.value(), values)

    def put(self, answer: WhatIf) -> None:
        self.found.setText("\n\n".join(sentences(answer)))
        self.found.show()
        # Below the fields, the answer would be out of sight.
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        area = self.findChild(QScrollArea)
        if area is not None:
            bar = area.verticalScrollBar()
            bar.setValue(min(bar.maximum(), self.found.y()))


def sentences(answer: WhatIf) -> list[str]:
    """« 2 dossiers entrent : … », « 1 dossier sort : … », then what changes by volet, quartier, size…"""
    if not answer.moved:
        return ["Ces règles ne changent aucun montant."]
    told = []
    for moved, one, many in (
        (answer.entering, "entre", "entrent"),
        (answer.leaving, "sort", "sortent"),
        (answer.changed, "change de montant", "changent de montant"),
    ):
        if moved:
            told.append(f"{counted(len(moved), 'dossier')} {many if len(moved) > 1 else one} : {_listed(moved)}.")
    told.append(f"Reste : {figures(answer.left_cents[0])} → {figures(answer.left_cents[1])}.")
    by: dict[str, list[str]] = {}
    for shift in answer.shifts:
        served = f"{shift.before.served} → {shift.after.served} servis"
        cents = f"{figures(shift.before.given_cents)} → {figures(shift.after.given_cents)}"
        by.setdefault(shift.dimension, []).append(f"{shift.after.label} : {cents}, {served}")
    told += ["\n".join([f"Par {name.lower()}", *lines]) for name, lines in by.items()]
    return told


def _listed(moved: tuple[Moved, ...]) -> str:
    shown = [f"{m.structure} ({figures(m.before_cents)} → {figures(m.after_cents)})" for m in moved[:MOST]]
    more = f" et {len(moved) - MOST} autres" if len(moved) > MOST else ""
    return f"{' ; '.join(shown)}{more}"
