"""« Marquer envoyés… » and « Accusés de réception… »: the two questions about letters that leave and arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.domain import dispatches
from cv_desktop.domain.dispatches import CHANNELS, Fault, Pasted
from cv_desktop.domain.text import NBSP
from cv_desktop.ui import icons, theme
from cv_desktop.ui.dialogs import Question
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.letters.entries import Entry
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.arrangement import Memory

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Sending:
    """``registered`` by key of letter."""

    channel: str
    sent_on: date
    registered: dict[str, str]
    proof: Path | None


class SendDialog(Question):
    """Channel, day, numbers of registered mail as a list to complete, proof; what becomes of the letters."""

    def __init__(self, parent: QWidget | None, entries: Sequence[Entry], today: date, memory: Memory) -> None:
        count = len(entries)
        unsigned = [entry for entry in entries if entry.row.signed is None]
        locked = "seront verrouillés" if count > 1 else "sera verrouillé"
        effects = [
            f"{counted(count)} {locked}{NBSP}: une faute se corrigera par un courrier qui l’annule et le remplace."
        ]
        if unsigned:
            which = ", ".join(entry.row.number for entry in unsigned[:6])
            effects.append(f"Sans signature enregistrée{NBSP}: {which}{' et d’autres' if len(unsigned) > 6 else ''}.")
        title = f"Marquer {counted(count)} envoyé{'s' if count > 1 else ''}\u00a0?"
        super().__init__(parent, title, effects, "Marquer envoyé" + ("s" if count > 1 else ""), "Ne rien marquer")
        self._entries, self._memory = entries, memory
        self.channel = QComboBox()
        for key, words in CHANNELS.items():
            self.channel.addItem(words, key)
        self.day = DateField("Envoyés le" if count > 1 else "Envoyé le", required=True, today=lambda: today)
        self.day.set_value(today)
        self.numbers = QPlainTextEdit("\n".join(f"{entry.row.number}\t" for entry in entries))
        self.proof = QLineEdit()
        self.fault = QLabel()
        self._lay_out()
        kept = memory.get("channel", dispatches.POST)
        self.channel.setCurrentIndex(max(0, self.channel.findData(kept)))
        self.channel.currentIndexChanged.connect(self._allow)
        self.numbers.textChanged.connect(self._allow)
        self.day.committed.connect(lambda _day: self._allow())
        self._allow()
        self.channel.setFocus()

    def sending(self) -> Sending:
        """Once accepted."""
        channel = str(self.channel.currentData())
        self._memory["channel"] = channel
        found, _faults = self._registered()
        keys = {entry.row.number: entry.id for entry in self._entries}
        proof = self.proof.text().strip()
        day = self.day.value()
        assert isinstance(day, date)
        return Sending(
            channel, day, {keys[number]: mail for number, mail in found.items()}, Path(proof) if proof else None
        )

    def _registered(self) -> tuple[dict[str, str], tuple[Fault, ...]]:
        if self.channel.currentData() != dispatches.REGISTERED:
            return {}, ()
        return dispatches.registered_numbers(self.numbers.toPlainText(), [entry.row.number for entry in self._entries])

    def _allow(self) -> None:
        self._list.setVisible(self.channel.currentData() == dispatches.REGISTERED)
        _found, faults = self._registered()
        self.fault.setText(_told(faults))
        self.fault.setVisible(bool(faults))
        self.verb_button.setEnabled(not faults and self.day.value() is not None)
        self.adjustSize()

    def _lay_out(self) -> None:
        self.setMinimumWidth(px(520))
        self.numbers.setFixedHeight(px(110))
        self.numbers.setTabChangesFocus(False)
        self.numbers.setAccessibleName("Numéros de recommandé")
        theme.set_type(self.fault, "secondary", "danger")
        self.fault.setWordWrap(True)
        self.proof.setPlaceholderText("Facultatif\u00a0: bordereau de la poste, courriel, récépissé")
        choose = QPushButton("Choisir…")
        theme.set_kind(choose, "secondary", small=True)
        icons.dress(choose, "folder-open", "text", 14)
        choose.clicked.connect(self._choose)
        self._add("&Mode d’envoi", self.channel)
        self.body.addWidget(self.day)
        self._list = QWidget()
        self._list.setLayout(_column(
            _label("&Numéros de recommandé, à compléter ou à coller (numéro du courrier, tabulation, recommandé)",
                   self.numbers),
            self.numbers,
        ))  # fmt: skip
        self.body.addWidget(self._list)
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.proof, 1)
        row.addWidget(choose)
        self.body.addWidget(_label("&Preuve d’envoi", self.proof))
        self.body.addWidget(beside)
        self.body.addWidget(self.fault)

    def _add(self, words: str, widget: QWidget) -> None:
        self.body.addWidget(_label(words, widget))
        self.body.addWidget(widget)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Preuve d’envoi", str(Path.home()))
        if chosen:
            self.proof.setText(chosen)


class ReceiptsDialog(Question):
    """Days of receipt typed or pasted, one letter a line; each line that is not taken is told."""

    def __init__(self, parent: QWidget | None, sent: Mapping[str, tuple[date, str]], today: date) -> None:
        sentences = (
            "Le délai de recours court à compter de cette date.",
            "Une ligne par courrier\u00a0: numéro du courrier ou du recommandé, tabulation, date. Une liste se colle "
            "depuis un tableur.",
        )
        super().__init__(parent, "Accusés de réception", sentences, "Enregistrer", "Ne rien enregistrer")
        self._sent, self._today = sent, today
        self.setMinimumWidth(px(520))
        self.text = QPlainTextEdit()
        self.text.setFixedHeight(px(180))
        self.text.setPlaceholderText("CO-2026-0064\t17/04/2026")
        self.fault = QLabel()
        self.fault.setWordWrap(True)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_type(self.fault, "secondary", "danger")
        self.body.addWidget(_label("&Dates de réception", self.text))
        self.body.addWidget(self.text)
        self.body.addWidget(self.fault)
        self.pasted = Pasted({}, ())
        self.text.textChanged.connect(self._read)
        self._read()
        self.text.setFocus()

    def offer(self, numbers: Sequence[str]) -> None:
        """The letters ticked, to complete with their days."""
        self.text.setPlainText("\n".join(f"{number}\t" for number in numbers))

    def _read(self) -> None:
        written = "\n".join(
            line if line.strip() not in self._sent else "" for line in self.text.toPlainText().split("\n")
        )
        self.pasted = dispatches.receipts(written, self._sent, self._today)
        count = len(self.pasted.dates)
        self.fault.setText(_told(self.pasted.faults))
        self.fault.setVisible(bool(self.pasted.faults))
        self.adjustSize()
        self.verb_button.setText(f"Enregistrer {counted(count, 'date')}" if count else "Aucune date à enregistrer")
        self.verb_button.setEnabled(bool(count))


def _told(faults: Sequence[Fault]) -> str:
    lines = [f"Ligne {fault.line}{NBSP}: {fault.sentence}" for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(f"{len(faults) - SHOWN} autres lignes ne sont pas prises.")
    return "\n".join(lines)


def _label(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setBuddy(buddy)
    label.setWordWrap(True)
    theme.set_type(label, "secondary", "secondary", 500)
    return label


def _column(*widgets: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
