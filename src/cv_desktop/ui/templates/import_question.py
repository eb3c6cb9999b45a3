"""For which campaign the texts of a file are taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from cv_desktop.domain.text import quote
from cv_desktop.ui.calls_selection import CallChoice
from cv_desktop.ui.dialogs import Question

EVERY = "Toutes les campagnes"


class ImportQuestion(Question):
    """``call_id`` is the campaign chosen, empty for all of them."""

    def __init__(self, parent: QWidget | None, name: str, calls: Sequence[CallChoice], current: str) -> None:
        effects = (
            f"Chaque texte de {quote(name)} qui diffère du vôtre en devient une nouvelle version\u00a0; les textes "
            "identiques restent, les courriers émis gardent le leur.",
            "Un texte propre à une campagne ne sert qu’à ses courriers.",
        )
        super().__init__(parent, "Importer des modèles de courrier", effects, "Importer les modèles", "Ne pas importer")
        self.choice = QComboBox()
        self.choice.addItem(EVERY, "")
        for call in calls:
            self.choice.addItem(call.label, call.id)
        self.choice.setCurrentIndex(max(0, self.choice.findData(current)))
        label = QLabel("&Campagne")
        label.setBuddy(self.choice)
        self.body.addWidget(label)
        self.body.addWidget(self.choice)
        self.choice.setFocus()

    @property
    def call_id(self) -> str:
        return str(self.choice.currentData() or "")
