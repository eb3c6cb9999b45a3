"""Avis du comité: four buttons, the amount, the voices, the reason when it departs from the band, the reserves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.meetings import AgendaRow
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import percent
from cv_desktop.domain.reasons import LENGTH
from cv_desktop.domain.states import Opinion
from cv_desktop.ui import icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.field import LongTextField, TextField, settle
from cv_desktop.ui.meetings.votes_field import VotesField

ICONS = {
    Opinion.FAVORABLE: "thumbs-up",
    Opinion.RESERVED: "triangle-alert",
    Opinion.UNFAVORABLE: "thumbs-down",
    Opinion.ADJOURNED: "clock",
}
KEYS = {"f": Opinion.FAVORABLE, "r": Opinion.RESERVED, "d": Opinion.UNFAVORABLE, "a": Opinion.ADJOURNED}
PAID = (Opinion.FAVORABLE, Opinion.RESERVED)


class OpinionChoice(QWidget):
    """``given(opinion, cents or None, reason, votes)`` once nothing is missing; ``typed(cents)`` as the amount changes.

    ``written(name, text)`` for the reserves and for what is asked, which are kept whatever the opinion becomes.
    """

    given = Signal(str, object, str, object)
    written = Signal(str, str)
    typed = Signal(int)
    withdrawn = Signal()
    asked = Signal(QWidget)  # the field that is waited for

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: Opinion | None = None
        self._written: Opinion | None = None
        self._asked = 0
        self._band = ""
        title = QLabel("Avis du comité")
        theme.set_type(title, "secondary", "secondary", 500)
        self.state = Chip("", "warning", title="Avis")
        self.withdraw = QPushButton("Retirer cet avis")
        theme.set_kind(self.withdraw, "link", small=True)
        self.withdraw.clicked.connect(self.withdrawn)
        self.buttons: dict[Opinion, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, opinion in enumerate(Opinion):
            grid.addWidget(self._button(opinion), *divmod(place, 2))
        self.reason = TextField("Motif de l’écart avec la bande", required=True)
        self.amount = AmountField("Montant proposé")
        theme.set_font(self.amount.editor, "key", 600)
        self.votes = VotesField()
        self.votes.committed.connect(lambda: self.chosen is not None and self._complete())
        self.reserves = LongTextField("Réserves", lines=2)
        self.requested = LongTextField("Ce qui est demandé à l’association", lines=2)
        self.texts = {"reserves": self.reserves, "asked": self.requested}
        for name, field in self.texts.items():
            field.committed.connect(lambda text, name=name: self.written.emit(name, text or ""))
        self.share = QLabel()
        theme.set_type(self.share, "secondary", "secondary")
        self.reason.committed.connect(lambda _text: self._complete())
        self.amount.committed.connect(lambda _cents: self._complete())
        self.amount.editor.textEdited.connect(lambda _text: self._tell_amount())
        head, money = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.withdraw)
        money.setSpacing(10)
        money.addWidget(self.amount, 1)
        money.addWidget(self.share, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.state, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(grid)
        layout.addWidget(self.reason)
        layout.addLayout(money)
        layout.addWidget(self.votes)
        layout.addWidget(self.reserves)
        layout.addWidget(self.requested)

    def show_opinion(self, row: AgendaRow, *, band: str, voices: int, locked: bool) -> None:
        """What is written for the file, the band of its note, and how many members may vote on it."""
        self.chosen = self._written = row.opinion
        self._asked, self._band = row.asked_cents, band
        self.reason.set_value(row.reason)
        self.amount.set_value(row.amount_cents if row.opinion in PAID else None)
        self.votes.show_votes(row.votes, voices, locked=locked)
        self.reserves.set_value(row.reserves)
        self.requested.set_value(row.asked)
        for widget in (*self.buttons.values(), self.reason, self.amount, *self.texts.values()):
            widget.setEnabled(not locked)
        self.withdraw.setVisible(row.opinion is not None and not locked)
        self._fit()
        self._tell_amount()

    def settle(self) -> None:
        """Before another file is shown: what is being typed is written for this one."""
        settle(self.texts.values())

    def choose(self, opinion: Opinion) -> None:
        """Takes the opinion, and asks what it still lacks."""
        if not self.buttons[opinion].isEnabled():
            return
        self.chosen = opinion
        self._fit()
        if self._lacks_reason:
            self.reason.setFocus()
            self.asked.emit(self.reason)
        elif opinion in PAID and self._cents() is None:
            self.amount.editor.clear()
            self.amount.setFocus()
            self.asked.emit(self.amount)
        else:
            self._complete()

    def ask_text(self) -> bool:
        """Goes to the reserves, or to what an adjournment asks of the association; False when there is neither."""
        field = next((field for field in self.texts.values() if not field.isHidden()), None)
        if self.chosen is Opinion.ADJOURNED:
            field = self.requested
        if field is None:
            return False
        field.setFocus()
        self.asked.emit(field)
        return True

    @property
    def lacks_text(self) -> bool:
        """Whether the opinion announces a text that is not written."""
        wanted = {Opinion.RESERVED: self.reserves, Opinion.ADJOURNED: self.requested}
        return self.chosen in wanted and not wanted[self.chosen].text().strip()

    @property
    def departs(self) -> bool:
        return self.chosen is not None and self.chosen.departs_from(self._band)

    @property
    def _lacks_reason(self) -> bool:
        return self.departs and len(self.reason.text().strip()) < LENGTH

    def _complete(self) -> None:
        if self.chosen is None:
            return
        if self._lacks_reason:
            if self.reason.text().strip():
                self.reason.refuse("Dix caractères au moins : ce motif va au relevé.")
            self._fit()
            return
        cents = self._cents() if self.chosen in PAID else None
        if self.chosen in PAID and cents is None:
            self._fit()
            self.amount.setFocus()
            self.asked.emit(self.amount)
            return
        reason = self.reason.text().strip() if self.departs else ""
        self.given.emit(self.chosen.value, cents, reason, self.votes.value())

    def _cents(self) -> int | None:
        try:
            value: int | None = self.amount.value()
        except UserError:
            return None
        return value

    def _tell_amount(self) -> None:
        cents = self._cents() if self.chosen in PAID else None
        self.share.setText(f"{percent(cents, self._asked)} de la demande" if cents else "")
        self.typed.emit(cents or 0)

    def _fit(self) -> None:
        for opinion, button in self.buttons.items():
            on = opinion is self.chosen
            button.setChecked(on)
            icons.dress(button, "check" if on else ICONS[opinion], "accent" if on else "text", 16)
            button.setAccessibleDescription("Choisi" if on else "")
        self.reason.setVisible(self.departs)
        self.amount.setEnabled(self.chosen in (*PAID, None) and self.buttons[Opinion.FAVORABLE].isEnabled())
        self.reserves.setVisible(self.chosen is Opinion.RESERVED or bool(self.reserves.text().strip()))
        self.requested.setVisible(self.chosen is Opinion.ADJOURNED or bool(self.requested.text().strip()))
        lacking = self._lacking()
        self.state.set_badge(lacking, "warning", "triangle-alert")
        self.state.setVisible(bool(lacking))

    def _lacking(self) -> str:
        """What the opinion still waits for: before it is written, then before the meeting may be closed."""
        if self.chosen is not None and self.chosen is not self._written:
            if self._lacks_reason:
                return "Motif attendu"
            lacks_amount = self.chosen in PAID and self._cents() is None
            return "Montant attendu" if lacks_amount else "Pas encore rendu"
        if self.lacks_text:
            return "Réserves à écrire" if self.chosen is Opinion.RESERVED else "Demande à écrire"
        return ""

    def _button(self, opinion: Opinion) -> QPushButton:
        letter = next(key for key, value in KEYS.items() if value is opinion)
        button = QPushButton(f"  {opinion.label}")
        theme.set_kind(button, "secondary")
        button.setProperty("kind", "choice")
        button.setCheckable(True)
        button.setToolTip(f"{opinion.label} (touche {letter.upper()})")
        button.setAccessibleName(f"Avis {opinion.label.lower()}")
        button.clicked.connect(lambda _on=False, x=opinion: self.choose(x))
        self._group.addButton(button)
        self.buttons[opinion] = button
        return button
