"""Under the decision of a file granted under a condition: where it stands, « Lever la réserve… »."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cv_desktop.domain.dates import long_date
from cv_desktop.services import conditions, hand_letters
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.form_line import FormLine
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.message_bar import Message

NBSP = "\u00a0"
KIND = "LEV"


class ConditionLine(FormLine):
    """Hidden when the decision in force has no condition."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Réserve", parent)
        self._dossier: Dossier | None = None
        self.lift = self.button("Lever la réserve…", self._ask)
        self.letter = self.button("Préparer le courrier", self._tell)
        self.back = self.button("Remettre la réserve", self._put_back)
        self.lifted_on = DateField("Levée le", required=True, today=self.today)
        self.proof = TextField("Ce qui la lève", required=True, hint="la pièce reçue, qui l’a vérifiée")
        self.form((self.lifted_on, self.proof), "Lever la réserve", self._lift)

    def show_dossier(self, dossier: Dossier) -> None:
        self.about(dossier.id)
        self._dossier = dossier
        current = dossier.outcomes.current
        reserve = current.reserve if current else None
        self.setVisible(reserve is not None)
        if reserve is None:
            return
        open_ = reserve.lifted_on is None
        self.lift.setVisible(open_)
        self.letter.setVisible(not open_)
        self.letter.setText("Voir le courrier" if _told(dossier) else "Préparer le courrier")
        self.back.setVisible(not open_)
        late = reserve.late(dossier.today)
        if not open_:
            detail = f"{reserve.text.rstrip('.')}{NBSP}: {reserve.proof.rstrip('.')}."
            self.chip.set_badge("levée", "success", "check")
        else:
            way = "Levez-la, ou retirez la décision (conditions non respectées)" if late else "Rien n’est versé avant"
            detail = f"{reserve.text.rstrip('.')}. {way}."
            self.chip.set_badge("échue" if late else "à lever", "danger" if late else "warning", "circle-alert")
        self.say(f"{reserve.standing(dossier.today)}.", detail)

    def _ask(self) -> None:
        self.lifted_on.replace(self.today())
        self.proof.replace("")
        self.open(0, self.proof)

    def _lift(self) -> None:
        if self._dossier is None:
            return
        number = self._dossier.record.row.number
        fields = {"lifted_on": self.lifted_on, "proof": self.proof}
        given = {"lifted_on": self.lifted_on.value(), "proof": self.proof.text()}
        if self.write(f"réserve de {number} levée", conditions.lift, fields, application_id=self._dossier.id, **given):
            day = long_date(given["lifted_on"])
            text = "La subvention peut être appelée au paiement."
            ways = (("Préparer le courrier", self._tell), ("Annuler", self.context.undo_last))
            self.context.messages.show_message(Message("success", f"Réserve levée le {day}.", text, ways))

    def _tell(self) -> None:
        """The letter that says the lifting: prepared once for the decision, then shown."""
        dossier = self._dossier
        if dossier is None:
            return
        letter = _told(dossier)
        if not letter:
            number, given = dossier.record.row.number, {"application_id": dossier.id, "kind": KIND, "answers": {}}
            made = self.context.do(f"courrier de levée de {number}", hand_letters.prepare, **given)
            letter = next((key for noun, key in made.touched if noun == "letter"), "") if made else ""
        if letter:
            self.context.visit.emit("letters", "letter", letter)

    def _put_back(self) -> None:
        if self._dossier is not None:
            words = f"réserve de {self._dossier.record.row.number} remise"
            self.context.do(words, conditions.put_back, application_id=self._dossier.id)


def _told(dossier: Dossier) -> str:
    """The key of the last letter that tells the lifting of the decision in force; empty when none does."""
    current = dossier.outcomes.current
    lifted = current.reserve.lifted_on if current and current.reserve else None
    found = [x.id for x in dossier.outcomes.letters if x.kind == KIND] if lifted else []
    return found[-1] if found else ""
