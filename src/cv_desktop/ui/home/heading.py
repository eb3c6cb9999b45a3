"""The day, one sentence on the campaign, and the way in for files."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.standing import Standing
from cv_desktop.domain.states import Phase
from cv_desktop.ui import icons, theme
from cv_desktop.ui.home.wording import several

NO_CALL = "Aucune campagne : créez-en une pour recevoir des dossiers."
ALL_CALLS = "Toutes les campagnes. Choisissez-en une en haut à gauche pour voir ses étapes."


class Heading(QWidget):
    """``put(today, sentence, has_call=…)``; its buttons begin a file or import some, or create the first campaign."""

    new_asked = Signal()
    import_asked = Signal()
    call_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day, self.sentence = QLabel(), QLabel()
        theme.set_type(self.day, "title", weight=600)
        theme.set_type(self.sentence, "body", "secondary")
        self.sentence.setWordWrap(True)
        self.new = QPushButton("&Nouveau dossier")
        self.bring, self.begin = QPushButton("&Importer un fichier"), QPushButton("&Créer une campagne")
        for button, icon, tip, signal in (
            (self.new, "plus", "Saisir un dossier (Ctrl+N)", self.new_asked),
            (self.bring, "upload", "Importer un fichier de dossiers (Ctrl+I)", self.import_asked),
            (self.begin, "plus", "Créer la première campagne", self.call_asked),
        ):
            first = button is not self.bring
            theme.set_kind(button, "primary" if first else "secondary")
            icons.dress(button, icon, "on_accent" if first else "text", 16)
            button.setToolTip(tip)
            button.clicked.connect(signal)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(self.day)
        text.addWidget(self.sentence)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(text, 1)
        layout.addWidget(self.new)
        layout.addWidget(self.bring)
        layout.addWidget(self.begin)

    def put(self, today: date, sentence: str, *, has_call: bool = True) -> None:
        day = long_date(today, weekday=True)
        self.day.setText(day[0].upper() + day[1:])
        self.sentence.setText(sentence)
        self.new.setVisible(has_call)
        self.bring.setVisible(has_call)
        self.begin.setVisible(not has_call)


def sentence(label: str, stand: Standing, meeting: MeetingRow | None, today: date) -> str:
    """What matters most in the campaign today."""
    return f"{label} : {_state(stand, meeting, today)}"


def _state(stand: Standing, meeting: MeetingRow | None, today: date) -> str:
    if meeting is not None:
        days = (meeting.held_on - today).days
        name = f"la séance « {meeting.label} »"
        if days < 0:
            return f"{name} du {long_date(meeting.held_on)} n’est pas close."
        when = f"dans {several(days, 'jour')}" if days else "aujourd’hui"
        return f"{name} est {when}."
    if stand.opens is not None and today < stand.opens:
        return f"les dépôts ouvrent le {long_date(stand.opens)}."
    match stand.phase(today):
        case Phase.PREPARATION | Phase.DEPOSIT:
            if stand.closes is not None and today <= stand.closes:
                left = (stand.closes - today).days
                end = f"dans {several(left, 'jour')}" if left else "ce soir"
                return f"les dépôts se terminent {end}, le {long_date(stand.closes)}."
            return "aucun dossier reçu."
        case Phase.INSTRUCTION:
            if stand.deposited:
                return f"{several(stand.deposited, 'dossier')} à examiner."
            return f"{several(stand.unscheduled, 'dossier recevable', 'dossiers recevables')} à présenter au comité."
        case Phase.ARBITRATION:
            one, many = "dossier instruit attend sa décision", "dossiers instruits attendent leur décision"
            return f"{several(stand.to_decide, one, many)}."
        case Phase.NOTIFICATION:
            return f"{several(stand.untold, 'décision reste', 'décisions restent')} à notifier."
    return f"{several(stand.decided, 'dossier décidé et notifié', 'dossiers décidés et notifiés')}."
