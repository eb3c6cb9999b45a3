"""What may still be done of a decision: reopened by another act, given up, withdrawn, challenged."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from cv_desktop.db.queries import usual_reasons
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.db.queries.outcomes import RecourseRow
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.money import euros
from cv_desktop.domain.recourses import Ending, Kind
from cv_desktop.domain.text import quote
from cv_desktop.services import endings, versions
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.form_line import FormLine
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.fitted_table import FittedTable
from cv_desktop.ui.tables.rows_model import RowsModel

NBSP = "\u00a0"
# The places of two forms among those of the line.
REOPENING, ANSWERING = 0, 2
# The list of usual reasons of each: the letter of a withdrawal prints the one chosen.
REASONS = {
    Ending.RENOUNCED: "decision_renoncee",
    Ending.ILLEGAL: "decision_illegale",
    Ending.UNMET: "decision_non_respectee",
}
# What a recourse is answered, and how its verb says it.
ANSWERS = (("accepted", "recours accueilli"), ("rejected", "recours rejeté"))


class DecisionActions(FormLine):
    """Under the decisions of a file. ``buttons`` go in the head of their card; a form opens below when one asks it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Suites de la décision", parent)
        self._dossier: Dossier | None = None
        self.reopen, self.end, self.challenge = QPushButton("Rouvrir…"), QPushButton("Retirer"), QPushButton("Recours")
        self.buttons = (self.reopen, self.end, self.challenge)
        self.ends, self.kinds = QMenu(self), QMenu(self)
        for ending in Ending:
            self.ends.addAction(f"{ending.label}…", partial(self._end, ending))
        for kind in Kind:
            self.kinds.addAction(f"{kind.label}…", partial(self._ask_recourse, kind))
        for button, menu in ((self.end, self.ends), (self.challenge, self.kinds)):
            button.setMenu(menu)
            icons.dress(button, "chevron-down", "text", 14)
        for button in self.buttons:
            theme.set_kind(button, "secondary", small=True)
        self.reopen.clicked.connect(self._ask_amount)
        self.amount = AmountField("Nouveau montant", required=True, hint="0 pour refuser")
        self.reason = TextField("Motif de la réouverture", required=True)
        self.filed = DateField("Recours reçu le", required=True, today=self.today)
        self.notified = DateField("Décision notifiée le", today=self.today)
        self.answered = DateField("Réponse du", required=True, today=self.today)
        self.form((self.amount, self.reason), "Mettre au vote", self._reopen)
        self.filing = self.form((self.filed, self.notified), "Enregistrer le recours", self._file)
        self.answering = self.form((self.answered,), "Enregistrer la réponse", self._answer)
        self.table = FittedTable(
            RowsModel(self._columns()),
            name="Recours",
            memory=context.settings.memory("dossier.recours"),
            empty="Aucun recours.",
        )
        self.table.pressed.connect(lambda row, _key: self._answers(row))
        for label in (self.lead, self.detail, self.chip):
            label.hide()
        self.whole.setContentsMargins(12, 0, 12, 0)
        self.whole.addWidget(self.table)

    def show_dossier(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self.about(dossier.id)
        current = dossier.outcomes.current
        self.reopen.setVisible(current is not None)
        self.end.setVisible(current is not None)
        self.challenge.setVisible(bool(dossier.outcomes.decisions))
        if not self.forms.isHidden() and self.forms.currentIndex() == REOPENING:
            self._explain()  # left open for another file, it said what that one's reason answers for
        self.table.set_rows(dossier.outcomes.recourses)
        self.table.setVisible(bool(dossier.outcomes.recourses))
        if self.forms.currentIndex() == ANSWERING and self._answered_row() is None:
            self.forms.hide()

    def named(self) -> None:
        self.filing.setText(f"Enregistrer le {list(Kind)[self.asked % len(Kind)].label.lower()}")
        outcome = ANSWERS[self.asked % len(ANSWERS)]
        self.answering.setText(f"Enregistrer{NBSP}: {outcome[1]}")

    def _ask_amount(self) -> None:
        current = self._dossier.outcomes.current if self._dossier else None
        if current is not None:
            self.amount.replace(current.amount_cents)
            self.reason.replace("")
            self._explain()
            self.open(REOPENING, self.amount)

    def _explain(self) -> None:
        """Whoever gives a reason knows what it answers for."""
        if self._dossier is not None:
            self.reason.explain(self.context.read(versions.answered_for, application_id=self._dossier.id))

    def _ask_recourse(self, kind: Kind) -> None:
        self.asked = list(Kind).index(kind)
        self.named()
        decided = self._dossier.outcomes.decisions if self._dossier else ()
        self.filed.replace(None)
        self.notified.replace(decided[-1].notified_on if decided else None)
        self.open(1, self.filed)

    def _reopen(self) -> None:
        if self._dossier is None or not self.amount.commit() or not self.reason.commit():
            return
        given = {"amount_cents": self.amount.value() or 0, "reason": str(self.reason.value() or "")}
        fields = {"amount": self.amount, "reason": self.reason}
        if self.write("", versions.reopen, fields, application_id=self._dossier.id, **given):
            text = f"La décision en vigueur le reste jusqu’à son acte, dans Arbitrage, {quote('Lots')}."
            file = self._dossier.id
            way = (("Voir l’arbitrage", lambda: self.context.visit.emit("arbitration", "application", file)),)
            self.context.messages.show_message(Message("success", "Réouverture mise au vote.", text, way))

    def _file(self) -> None:
        current = self._dossier.outcomes.decisions[-1] if self._dossier and self._dossier.outcomes.decisions else None
        if current is None or not self.filed.commit() or not self.notified.commit():
            return
        kind = list(Kind)[self.asked]
        days = {"filed_on": self.filed.value(), "notified_on": self.notified.value()}
        fields = {"filed_on": self.filed, "notified_on": self.notified}
        words = f"{kind.label.lower()} enregistré"
        self.write(words, endings.file_recourse, fields, decision_id=current.id, kind=kind.value, **days)

    def _end(self, ending: Ending) -> None:
        current = self._dossier.outcomes.current if self._dossier else None
        if self._dossier is None or current is None:
            return
        number = self._dossier.record.row.number
        effects = [
            f"{euros(current.amount_cents)} redeviennent libres ; l’acte n° {current.act_number} reste lisible.",
            "Cela ne s’annule pas : seul un autre acte redonnerait un montant.",
        ]
        reason = dialogs.ask_reason(
            self,
            f"{ending.label} : {number} ?",
            effects,
            "Enregistrer la renonciation" if ending is Ending.RENOUNCED else "Retirer la décision",
            reasons=self.context.read(usual_reasons.of_gesture, REASONS[ending]),
        )
        if reason and self.context.do(
            "", endings.end, application_id=self._dossier.id, kind=ending.value, reason=reason
        ):
            self._say_ended(ending, self._dossier.record.row)

    def _say_ended(self, ending: Ending, row: ApplicationRow) -> None:
        """The money that is free again may serve the waiting list; a withdrawal is told to the association."""
        told = "renonciation enregistrée" if ending is Ending.RENOUNCED else "décision retirée"
        ways = [("Voir l’arbitrage", lambda: self.context.visit.emit("arbitration", "application", row.id))]
        if ending is not Ending.RENOUNCED:
            ways.insert(0, ("Préparer le courrier…", partial(self._write_letter, "RETRAIT", row)))
        text = "Ce qui n’est pas versé redevient libre pour la liste d’attente."
        self.context.messages.show_message(Message("success", f"{row.number}{NBSP}: {told}.", text, tuple(ways)))

    def _answers(self, row: RecourseRow) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, (_outcome, words) in enumerate(ANSWERS):
            menu.addAction(f"{words[:1].upper()}{words[1:]}…", partial(self._ask_answer, row, place))
        if row.recourse.kind is Kind.GRACIOUS and self._dossier is not None:
            file = self._dossier.record.row
            menu.addAction("Préparer le courrier de réponse…", partial(self._write_letter, "REC", file))
        menu.addSeparator()
        if row.recourse.outcome:
            menu.addAction("Effacer la réponse", partial(self._forget_answer, row))
        menu.addAction("Effacer ce recours", partial(self._remove, row))
        menu.popup(QCursor.pos() + QPoint(0, 4))

    def _ask_answer(self, row: RecourseRow, place: int) -> None:
        self.asked, self.target = place, row.id
        self.named()
        self.answered.replace(self.today())
        self.open(ANSWERING, self.answered)

    def _answer(self) -> None:
        row = self._answered_row()
        if row is None or not self.answered.commit():
            return
        words = f"{row.recourse.kind.label.lower()}, réponse"
        outcome = ANSWERS[self.asked][0]
        given = {"outcome": outcome, "answered_on": self.answered.value()}
        fields = {"answered_on": self.answered}
        if self.write(words, endings.answer_recourse, fields, recourse_id=row.id, **given):
            assert self._dossier is not None
            self._say_answered(row.recourse.kind, outcome, self._dossier.record.row)

    def _say_answered(self, kind: Kind, outcome: str, row: ApplicationRow) -> None:
        """What an answer leaves to do: its letter, and another vote when the association is right."""
        right = outcome == "accepted"
        text = "La décision reste en vigueur jusqu’au prochain acte\u00a0: rouvrez-la pour la changer." if right else ""
        ways = (("Préparer le courrier…", partial(self._write_letter, "REC", row)),) if kind is Kind.GRACIOUS else ()
        self.context.messages.show_message(Message("success", f"{kind.label}{NBSP}: réponse enregistrée.", text, ways))

    def _write_letter(self, kind: str, row: ApplicationRow) -> None:
        """Asks what only the officer knows of a letter about the decision of a file, and opens it."""
        # The form of letters loads with the first one.
        from cv_desktop.ui.letters.hand_letter_dialog import FileChoice, HandLetterDialog

        file = FileChoice(row.id, f"{row.number} · {row.structure}")
        dialog = HandLetterDialog(self.window(), self.context, [file], kind=kind)
        if dialog.exec() == dialog.DialogCode.Accepted:
            self.context.visit.emit("letters", "letter", dialog.letter_id)

    def _answered_row(self) -> RecourseRow | None:
        """The recourse that the form of the answer is about, None once it was erased."""
        rows = self._dossier.outcomes.recourses if self._dossier else ()
        return next((row for row in rows if row.id == self.target), None)

    def _forget_answer(self, row: RecourseRow) -> None:
        given = {"recourse_id": row.id, "outcome": "", "answered_on": None}
        self.context.do("réponse au recours effacée", endings.answer_recourse, **given)

    def _remove(self, row: RecourseRow) -> None:
        self.context.do("recours effacé", endings.remove_recourse, recourse_id=row.id)

    def _columns(self) -> list[Column[RecourseRow]]:
        return [
            Column("kind", "Recours", lambda r: r.recourse.kind.label, width=160),
            Column("filed", "Reçu le", lambda r: short_date(r.recourse.filed_on), width=96),
            Column(
                "standing",
                "Où il en est",
                lambda r: r.recourse.standing(self.today()),
                width=300,
                stretch=True,
                wrap=True,
            ),
            Column("answer", "", lambda r: "", width=110, button=_answer_words, filterable=False),
        ]


def _answer_words(row: RecourseRow) -> str:
    return "Répondre" if row.recourse.kind is Kind.GRACIOUS else "Jugement"
