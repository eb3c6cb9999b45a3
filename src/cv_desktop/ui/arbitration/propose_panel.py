"""« Proposer une répartition »: a share of each request, in the order of the notes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton

from cv_desktop.domain.allocation import SKIP, STOP, Rule
from cv_desktop.domain.errors import UserError
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.panel import Panel, paragraph
from cv_desktop.ui.fields.field import TextField

USUAL = 80
RULES: tuple[tuple[Rule, str, str], ...] = (
    (SKIP, "Passer au suivant", "Les dossiers suivants sont essayés un par un."),
    (STOP, "S’arrêter là", "Aucun dossier n’en dépasse un mieux noté."),
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
        super().__init__("Proposer une répartition", "Proposer une répartition")
        self.say(
            "Chaque dossier reçoit une part de sa demande, arrondie, dans l’ordre des notes et dans la limite "
            "de ce qui est libre. Les montants verrouillés sont gardés."
        )
        self.rate = RateField("Part de la demande, en %")
        self.rate.set_value(USUAL)
        self.body.addWidget(self.rate)
        title = QLabel("Quand un dossier ne tient plus")
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
        self._rules.button(0).setChecked(True)
        self.setFocusProxy(self.rate)

    @property
    def rule(self) -> Rule:
        return RULES[max(0, self._rules.checkedId())][0]

    def run(self) -> None:
        if self.rate.commit():
            self.wanted.emit(self.rate.value(), self.rule)
        else:
            self.rate.setFocus()
