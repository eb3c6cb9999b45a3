"""What may still be done of a decision: reopened by another act, given up, withdrawn, challenged."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import usual_reasons
from cv_desktop.db.queries.outcomes import RecourseRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.recourses import Ending, Kind
from cv_desktop.services import endings, versions
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

TABLE = 74


class DecisionActions(QWidget):
    """Under the decisions of a file. ``buttons`` go in the head of their card; a form opens below when one asks it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dossier: Dossier | None = None
        self._kind = Kind.GRACIOUS
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
        self.filed = DateField("Recours reçu le", required=True, today=self._today)
        self.notified = DateField("Décision notifiée le", today=self._today)
        self.forms = QStackedWidget()
        self.forms.addWidget(self._form((self.amount, self.reason), "Mettre au vote", self._reopen))
        self.forms.addWidget(self._form((self.filed, self.notified), "Enregistrer le recours", self._file))
        self.forms.hide()
        self.table = TableView(
            RowsModel(self._columns()),
            name="Recours",
            memory=context.settings.memory("dossier.recours"),
            empty="Aucun recours.",
        )
        self.table.setMinimumHeight(px(TABLE))
        self.table.pressed.connect(lambda row, _key: self._answers(row))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.forms)
        layout.addWidget(self.table)

    def show_dossier(self, dossier: Dossier) -> None:
        if self._dossier is None or self._dossier.id != dossier.id:
            self.forms.hide()
        self._dossier = dossier
        current = dossier.outcomes.current
        self.reopen.setVisible(current is not None)
        self.end.setVisible(current is not None)
        self.challenge.setVisible(bool(dossier.outcomes.decisions))
        self.table.set_rows(dossier.outcomes.recourses)
        self.table.setVisible(bool(dossier.outcomes.recourses))

    def _ask_amount(self) -> None:
        current = self._dossier.outcomes.current if self._dossier else None
        if current is not None:
            self.amount.set_value(current.amount_cents)
            self.reason.set_value("")
            self._open(0, self.amount)

    def _ask_recourse(self, kind: Kind) -> None:
        self._kind = kind
        decided = self._dossier.outcomes.decisions if self._dossier else ()
        self.filed.set_value(None)
        self.notified.set_value(decided[-1].notified_on if decided else None)
        self._open(1, self.filed)

    def _open(self, place: int, field: QWidget) -> None:
        self.forms.setCurrentIndex(place)
        self.forms.show()
        field.setFocus()

    def _reopen(self) -> None:
        if self._dossier is None or not self.amount.commit() or not self.reason.commit():
            return
        key = {"application_id": self._dossier.id, "amount_cents": self.amount.value() or 0}
        if self._write("", versions.reopen, {"amount": self.amount}, **key, reason=str(self.reason.value())):
            text = "La décision en vigueur le reste jusqu’à son acte, dans Arbitrage, « Lots »."
            self._context.messages.show_message(Message("success", "Réouverture mise au vote.", text))

    def _file(self) -> None:
        current = self._dossier.outcomes.decisions[-1] if self._dossier and self._dossier.outcomes.decisions else None
        if current is None or not self.filed.commit() or not self.notified.commit():
            return
        words = f"{self._kind.label.lower()} enregistré"
        days = {"filed_on": self.filed.value(), "notified_on": self.notified.value()}
        fields: dict[str, Field] = {"filed_on": self.filed, "notified_on": self.notified}
        self._write(words, endings.file_recourse, fields, decision_id=current.id, kind=self._kind.value, **days)

    def _write(self, words: str, verb: object, fields: dict[str, Field], **given: object) -> bool:
        """One write whose refusal stands under the field that it is about."""
        try:
            self._context.attempt(words, verb, **given)  # type: ignore[arg-type]
        except UserError as refusal:
            field = fields.get(refusal.field)
            if field is None:
                self._context.refuse(refusal)
            else:
                field.refuse(refusal.message)
                field.setFocus()
            return False
        self.forms.hide()
        return True

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
            reasons=self._context.read(usual_reasons.of_gesture, "decision_retiree"),
        )
        if reason:
            self._context.do("", endings.end, application_id=self._dossier.id, kind=ending.value, reason=reason)

    def _answers(self, row: RecourseRow) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for outcome, words in (("accepted", "Accueilli aujourd’hui"), ("rejected", "Rejeté aujourd’hui")):
            menu.addAction(words, partial(self._answer, row, outcome))
        menu.addAction("Effacer ce recours", partial(self._remove, row))
        menu.popup(QCursor.pos() + QPoint(0, 4))

    def _answer(self, row: RecourseRow, outcome: str) -> None:
        words = f"{row.recourse.kind.label.lower()}, réponse"
        given = {"recourse_id": row.id, "outcome": outcome, "answered_on": self._today()}
        self._context.do(words, endings.answer_recourse, **given)

    def _remove(self, row: RecourseRow) -> None:
        self._context.do("recours effacé", endings.remove_recourse, recourse_id=row.id)

    def _today(self) -> date:
        return local(self._context.clock()).date()

    def _form(self, fields: tuple[Field, ...], words: str, verb: object) -> QWidget:
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(8)
        for field in fields:
            line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        done, back = QPushButton(words), QPushButton("Fermer")
        theme.set_kind(done, "primary", small=True)
        theme.set_kind(back, "secondary", small=True)
        done.clicked.connect(verb)
        back.clicked.connect(self.forms.hide)
        for button in (done, back):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return whole

    def _columns(self) -> list[Column[RecourseRow]]:
        return [
            Column("kind", "Recours", lambda r: r.recourse.kind.label, width=160),
            Column("filed", "Reçu le", lambda r: short_date(r.recourse.filed_on), width=96),
            Column("standing", "Où il en est", lambda r: r.recourse.standing(self._today()), width=300, stretch=True),
            Column("answer", "", lambda r: "", width=110, button=lambda r: "Répondre", filterable=False),
        ]
