"""The red bar over the page: which field is empty, and the way to its source."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from cv_desktop.domain.letters import Missing, told
from cv_desktop.services.letter_files import Damage
from cv_desktop.ui import icons, theme
from cv_desktop.ui.look import colors

WAYS = {
    "structure": "Compléter la structure",
    "application": "Compléter le dossier",
    "act": "Compléter l’acte",
    "call": "Compléter la campagne",
    "settings": "Compléter le service",
    "letter": "Compléter ce courrier",
    "signatories": "Compléter le signataire",
    "template": "Modifier le modèle",
}

UNTIL = "Ni relecture ni émission avant qu’il soit rempli."
DAMAGED = {
    Damage.ABSENT: ("Le PDF de ce courrier a été effacé du disque.", "La base garde de quoi le refaire à l’identique."),
    Damage.ALTERED: (
        "Le PDF de ce courrier a été modifié sur le disque.",
        "Ce n’est plus ce qui a été émis ou signé. Le fichier modifié sera gardé à côté.",
    ),
}


class AlertBar(QFrame):
    """``put(missing)`` or ``put_damage``; ``source_wanted(field)`` or ``mend_wanted`` when the button is used."""

    source_wanted = Signal(object)
    mend_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._missing: Sequence[Missing] = ()
        mark, self.lead, self.detail = QLabel(), QLabel(), QLabel(UNTIL)
        icons.dress(mark, "circle-alert", "danger", 18)
        theme.set_type(self.lead, "body", "text", 600)
        theme.set_type(self.detail, "secondary", "danger")
        for label in (self.lead, self.detail):
            label.setWordWrap(True)
        self.button = QPushButton()
        theme.set_kind(self.button, "secondary", small=True)
        self.button.clicked.connect(self._go)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.lead)
        words.addWidget(self.detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 6, 12, 6)
        layout.setSpacing(12)
        layout.addWidget(mark)
        layout.addLayout(words, 1)
        layout.addWidget(self.button)
        self.hide()

    def put(self, missing: Sequence[Missing]) -> None:
        self._missing = missing
        self.setVisible(bool(missing))
        if missing:
            self._say(told(missing), UNTIL, way(missing[0]))

    def put_damage(self, damage: Damage) -> None:
        self._missing = ()
        self.show()
        self._say(*DAMAGED[damage], "Remettre le PDF en place")

    def _say(self, lead: str, detail: str, button: str) -> None:
        self.lead.setText(lead)
        self.detail.setText(detail)
        self.setAccessibleName(f"{lead} {detail}")
        self.button.setText(button)

    def _go(self) -> None:
        if self._missing:
            self.source_wanted.emit(self._missing[0])
        else:
            self.mend_wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        tint = colors().danger
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tint.fill))
        painter.fillRect(0, 0, 4, self.height(), QColor(tint.text))
        painter.end()


def way(missing: Missing) -> str:
    """The words of the button that goes where the field is filled."""
    return "Saisir l’IBAN" if missing.name == "compte_fin" else WAYS.get(missing.source, WAYS["settings"])
