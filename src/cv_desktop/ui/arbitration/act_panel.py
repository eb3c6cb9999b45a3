"""The act that votes a lot, and the days that make it binding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from cv_desktop.db.queries.envelopes import LotRow
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import quote
from cv_desktop.domain.votes import Votes
from cv_desktop.services.opinion_guards import Guard
from cv_desktop.ui.arbitration.ballot_panel import files
from cv_desktop.ui.arbitration.guard_rows import GuardRows
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.message_bar import announce

BODY, ALONE = "Bureau communautaire", "Président"
WHAT = {False: "le vote", True: "la décision"}  # by delegation or not


class ActPanel(Panel):
    """« Enregistrer le vote » of a lot submitted, « Compléter l’acte » of a lot voted.

    ``wanted(lot id, values)`` when every field is read; ``refuse`` puts a refusal under its field.
    """

    wanted = Signal(str, dict)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Enregistrer le vote", "Enregistrer le vote…")
        self._lot: LotRow | None = None
        self.about = self.say("")
        self.changed = GuardRows()
        self.body.addWidget(self.changed)
        self.body_field = TextField("Organe délibérant", required=True)
        self.number = TextField("Numéro de l’acte", required=True)
        self.act_on = DateField("Date de l’acte", required=True, today=today)
        self.sent = DateField("Transmission au préfet", today=today)
        self.published = DateField("Publication", today=today)
        self.fields: dict[str, Field] = {
            "body": self.body_field,
            "number": self.number,
            "act_on": self.act_on,
            "sent_to_prefect_on": self.sent,
            "published_on": self.published,
        }
        self.voices = {
            "favour": TextField("Pour"),
            "against": TextField("Contre"),
            "abstention": TextField("Abstentions"),
        }
        self.delegated = QCheckBox("Décision par délégation, sans séance")
        self.delegated.toggled.connect(self._delegate)
        for name, field in self.fields.items():
            self.body.addWidget(field)
            if name == "act_on":
                self.votes = QWidget()
                line = QHBoxLayout(self.votes)
                line.setContentsMargins(0, 0, 0, 0)
                line.setSpacing(8)
                for voice in self.voices.values():
                    line.addWidget(voice)
                self.body.addWidget(self.votes)
                # Of the three voices together: under one of them it would hold in no width.
                self.votes_told = self.say("", "danger")
                self.body.addWidget(self.delegated)
                self.ceiling, self.above = self.say("", "hint"), self.say("", "danger")
        self.published.submits_with(self.verb)
        self.say("Les courriers citent la transmission et la publication. Elles peuvent être complétées plus tard.")

    @property
    def lot(self) -> LotRow | None:
        return self._lot

    @property
    def voted(self) -> bool:
        return self._lot is not None and self._lot.state == "voted"

    def judge(self, since: Sequence[Guard]) -> None:
        """What forbids the act, that the lot had not when it was submitted; the verb says it too."""
        self.changed.put(since)

    def put(self, lot: LotRow, ceiling_cents: int | None) -> None:
        """The lot to vote, or whose act is to be completed.

        The president decides alone up to ``ceiling_cents`` per file, None where the règlement has no delegation.
        """
        self._lot = lot
        about = f"{lot.label} : {files(lot.files)}, {euros(lot.total_cents)}."
        if self.voted and lot.act_on:
            about += f" {lot.body}, acte n° {lot.act_number} du {long_date(lot.act_on)}."
        self.about.setText(about)
        for field in (self.body_field, self.number, self.act_on):
            field.setVisible(not self.voted)
        self.body_field.set_value(lot.body or BODY)
        self.number.set_value(lot.act_number)
        self.act_on.set_value(lot.act_on)
        self.ceiling.setText(
            "Le règlement ne prévoit pas de délégation."
            if ceiling_cents is None
            else f"Le président décide seul jusqu’à {euros(ceiling_cents)} par dossier."
        )
        self.delegated.setEnabled(ceiling_cents is not None)
        for widget in (self.delegated, self.ceiling):
            widget.setVisible(not self.voted)
        self.delegated.setChecked(False)
        self._name()
        for voice in self.voices.values():
            voice.set_value("")
        self._offer_votes()
        self.sent.set_value(lot.sent_to_prefect_on)
        self.published.set_value(lot.published_on)

    def shown_fields(self) -> dict[str, Field]:
        return {
            key: field for key, field in self.fields.items() if not self.voted or field in (self.sent, self.published)
        }

    def start(self) -> None:
        (self.sent if self.voted else self.number).setFocus()

    def run(self) -> None:
        fields = self.shown_fields()
        self.votes_told.hide()
        self.above.hide()
        wrong = [field for field in fields.values() if not field.commit()]
        if wrong:
            wrong[0].setFocus()
        elif self._lot is not None:
            values: dict[str, object] = {key: field.value() for key, field in fields.items()}
            if not self.voted and not self._count(values):
                return
            self.wanted.emit(self._lot.id, values)

    def _count(self, values: dict[str, object]) -> bool:
        """Adds the votes and the delegation to what is written. False when a voice is no number."""
        counts = []
        for field in self.voices.values():
            text = field.text().strip()
            if text and not text.isdecimal():
                self._refuse_votes(field, f"{quote(text)} n’est pas un nombre de voix. Exemple\u00a0: 12.")
                return False
            counts.append(int(text or 0))
        values["delegated"] = self.delegated.isChecked()
        values["votes"] = Votes(*counts) if any(counts) and not self.delegated.isChecked() else None
        return True

    def _refuse_votes(self, field: TextField, sentence: str) -> None:
        self.votes_told.setText(sentence)
        self.votes_told.show()
        announce(field.editor, sentence)
        field.setFocus()

    def _delegate(self, alone: bool) -> None:
        """Letters say who decided: the name given at first follows the box, one that was typed stays."""
        self.body_field.rename("Autorité qui décide" if alone else "Organe délibérant")
        if self.body_field.text().strip() == (BODY if alone else ALONE):
            self.body_field.replace(ALONE if alone else BODY)
        self._name()
        self._offer_votes()

    def _name(self) -> None:
        """The panel and its verb say what is recorded."""
        what = "Compléter l’acte" if self.voted else f"Enregistrer {WHAT[self.delegated.isChecked()]}"
        self.heading.setText(what)
        self.setAccessibleName(what)
        self.verb.setText(what if self.voted else f"{what}…")

    def _offer_votes(self) -> None:
        self.votes_told.hide()
        self.above.hide()
        self.votes.setVisible(not self.voted and not self.delegated.isChecked())

    def refuse(self, refusal: UserError) -> bool:
        """Under the field it is about. False when it is about none of them."""
        if refusal.field == "votes_for":
            self._refuse_votes(self.voices["favour"], refusal.message)
            return True
        if refusal.field == "delegated":
            self.above.setText(refusal.message)
            self.above.show()
            announce(self.delegated, refusal.message)
            self.delegated.setFocus()
            return True
        field = self.shown_fields().get(refusal.field)
        if field is not None:
            field.refuse(refusal.message)
            field.setFocus()
        return field is not None
