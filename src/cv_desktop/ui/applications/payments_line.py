"""Under the decision of a file that receives money: what is engaged, called, paid; a call, a payment, a rejection."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries.movements import MovementRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.money import euros
from cv_desktop.domain.movements import Bucket
from cv_desktop.services import movements
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.form_line import FormLine
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

TABLE, ROW = 64, 30
# Each verb with where its money comes from, its words, and what the journal and the undo say of it.
_VERBS = (
    (movements.call_payment, Bucket.ENGAGED, "Appeler au paiement", "appel au paiement"),
    (movements.pay, Bucket.CALLED, "Déclarer payé", "paiement"),
    (movements.reject_payment, Bucket.CALLED, "Rejet du comptable", "rejet"),
    (movements.take_back_payment, Bucket.PAID, "Somme revenue", "somme revenue"),
)
_SAID = {
    (Bucket.ENGAGED, Bucket.CALLED): "Appelé au paiement",
    (Bucket.CALLED, Bucket.PAID): "Payé",
    (Bucket.CALLED, Bucket.ENGAGED): "Rejeté, ou appel annulé",
    (Bucket.PAID, Bucket.CALLED): "Revenu, ou paiement annulé",
}


class PaymentsLine(FormLine):
    """Hidden while nothing is decided for the file."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Versements", parent)
        self._dossier: Dossier | None = None
        self.verbs = [
            self.button(f"{words}…", lambda _checked=False, place=place: self._ask(place))
            for place, (_verb, _source, words, _said) in enumerate(_VERBS)
        ]
        self.amount = AmountField("Montant", required=True)
        self.day = DateField("Le", required=True, today=self.today)
        self.piece = TextField("Pièce", hint="n° de mandat, bordereau, liste")
        self.done = self.form((self.amount, self.day, self.piece), "Enregistrer", self._write)
        self.table = TableView(
            RowsModel(_columns(), identity=lambda r: (r.at, r.source, r.target, r.cents)),
            name="Versements",
            memory=context.settings.memory("dossier.versements"),
            empty="Rien n’est encore appelé ni payé.",
        )
        self.whole.addWidget(self.table)

    def show_dossier(self, dossier: Dossier) -> None:
        self.about(dossier.id)
        self._dossier = dossier
        money, current = dossier.money, dossier.outcomes.current
        decided = current.amount_cents if current else 0
        self.setVisible(bool(decided or dossier.payments))
        if self.isHidden():
            return
        paid, called = money.get(Bucket.PAID, 0), money.get(Bucket.CALLED, 0)
        left = money.get(Bucket.ENGAGED, 0)
        self.say(f"Payé {euros(paid)}, appelé {euros(called)}, reste engagé {euros(left)}.", "")
        whole = bool(paid) and not called and not left
        self.chip.setVisible(whole)
        self.chip.set_badge("tout est payé", "success", "check")
        for button, (_verb, source, _words, _said) in zip(self.verbs, _VERBS, strict=True):
            button.setVisible(money.get(source, 0) > 0)
        self.table.set_rows(dossier.payments)
        self.table.setVisible(bool(dossier.payments))
        self.table.setFixedHeight(px(TABLE + ROW * min(4, max(0, len(dossier.payments) - 1))))

    def _ask(self, place: int) -> None:
        if self._dossier is None:
            return
        self.asked = place
        source = _VERBS[place][1]
        self.amount.replace(self._dossier.money.get(source, 0))
        self.day.replace(self.today())
        self.piece.replace("")
        self.named()
        self.open(0, self.amount)

    def named(self) -> None:
        self.done.setText(_VERBS[self.asked][2])

    def _write(self) -> None:
        if self._dossier is None:
            return
        verb, _source, _words, said = _VERBS[self.asked]
        fields = {"amount": self.amount, "dated_on": self.day, "piece": self.piece}
        if not all(field.commit() for field in fields.values()):
            return
        given = {"cents": self.amount.value(), "dated_on": self.day.value(), "piece": self.piece.text()}
        words = f"{said} de {euros(given['cents'])}, {self._dossier.record.row.number}"
        if self.write(words, verb, fields, application_id=self._dossier.id, **given):
            self.context.told.emit(f"{words[:1].upper()}{words[1:]}.")


def _columns() -> list[Column[MovementRow]]:
    return [
        Column("day", "Le", lambda r: short_date(r.dated_on or local(r.at).date()), sort=lambda r: r.at, width=96),
        Column("what", "Versement", lambda r: _SAID[r.source, r.target], width=200),
        Column("amount", "Montant", lambda r: euros(r.cents), sort=lambda r: r.cents, width=110, align="right",
               weight=600),
        Column("piece", "Pièce", lambda r: r.piece, width=180),
        Column("reason", "Motif", lambda r: r.reason, width=180, stretch=True),
    ]  # fmt: skip
