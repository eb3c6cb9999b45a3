"""« Proposer une répartition »: the rule is chosen, its answer becomes a new scenario."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton

from cv_desktop.domain.allocation_instance import Rule
from cv_desktop.domain.errors import UserError
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.panel import Panel, paragraph
from cv_desktop.ui.fields.field import TextField

USUAL = 100
RATE = "Aucun dossier ne passe sous son minimum."
RULES: tuple[tuple[Rule, str, str], ...] = (
    ("stop", "S’arrêter", "Dans l’ordre strict des notes, jusqu’au premier dossier qui ne tient pas."),
    ("skip", "Passer au suivant", "Dans l’ordre strict des notes ; un dossier qui ne tient pas est sauté."),
    (
        "best",
        "Servir au mieux",
        "La plus grande somme des notes des dossiers servis, puis le plus d’argent, chacun entre son minimum viable "
        "et sa demande.",
    ),
)


class RateField(TextField):
    """A whole percentage, from 1 to 100."""

    def value(self) -> int:
        text = self.editor.text().replace("%", "").strip()
        if not text.isdigit() or not 0 < int(text) <= 100:
            raise UserError(f"« {self.editor.text().strip()} » n’est pas un taux. Exemple : 80.")
        return int(text)


class ProposePanel(Panel):
    """``wanted(rate, rule)`` when the verb is used."""

    wanted = Signal(int, str)

    def __init__(self) -> None:
        super().__init__("Proposer une répartition", "Proposer dans un nouveau scénario")
        self.say(
            "Un nouveau scénario est créé, à côté de celui-ci. Il garde les montants verrouillés et respecte les "
            "plafonds, les planchers, l’arrondi et la réserve."
        )
        title = QLabel("Règle")
        theme.set_type(title, "secondary", "secondary", 500)
        self.body.addWidget(title)
        self._rules = QButtonGroup(self)
        for number, (_rule, word, meaning) in enumerate(RULES):
            button = QRadioButton(word)
            button.setAccessibleDescription(meaning)
            self._rules.addButton(button, number)
            self.body.addWidget(button)
            detail = paragraph(meaning, "hint", "secondary")
            detail.setContentsMargins(22, 0, 0, 0)
            self.body.addWidget(detail)
        self._rules.button(1).setChecked(True)
        self.rate = RateField("Au plus, en % de chaque demande", hint=RATE)
        self.rate.set_value(USUAL)
        self.rate.submits_with(self.verb)
        self.body.addWidget(self.rate)
        self.say("La règle est gardée avec le scénario, et écrite au journal et sur le tableau de programmation.")
        self.setFocusProxy(self._rules.button(1))

    @property
    def rule(self) -> Rule:
        return RULES[max(0, self._rules.checkedId())][0]

    def choose(self, rule: Rule) -> None:
        """Ticks one of the rules."""
        self._rules.button([code for code, _word, _meaning in RULES].index(rule)).setChecked(True)

    def run(self) -> None:
        if self.rate.commit():
            self.wanted.emit(self.rate.value(), self.rule)
        else:
            self.rate.setFocus()
