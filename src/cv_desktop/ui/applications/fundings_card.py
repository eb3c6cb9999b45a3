"""What each funder gives to a file, and the years that follow in its agreement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from cv_desktop.db.queries import form
from cv_desktop.db.queries.fundings import FundingRow, TrancheRow
from cv_desktop.domain.money import euros
from cv_desktop.services import fundings
from cv_desktop.ui import icons, theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

TABLE = 130
_TITLES = {"asked_cents": "Demandé", "proposed_cents": "Proposé", "voted_cents": "Voté", "paid_cents": "Payé"}


class FundingsCard(Card):
    """The amounts of the other funders are typed in their cells; those of this campaign come from its acts."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            "Financeurs", "Les montants des autres financeurs se saisissent ici\u00a0; ils les décident.",
            flush=True, parent=parent,
        )  # fmt: skip
        self._context = context
        self._dossier: Dossier | None = None
        self.add_funder, self.add_year = QPushButton("Ajouter un financeur"), QPushButton("Ajouter une année")
        self.add_year.setToolTip("Ce qu’une convention pluriannuelle donnera l’année suivante")
        self.funders = QMenu(self.add_funder)
        self.add_funder.setMenu(self.funders)
        self.funders.aboutToShow.connect(self._offer)
        self.add_year.clicked.connect(self._add_year)
        for button, icon in ((self.add_funder, "chevron-down"), (self.add_year, "plus")):
            icons.dress(button, icon, "text", 14)
            theme.set_kind(button, "secondary", small=True)
            self.add_action(button)
        memory = context.settings.memory
        self.table = TableView(
            RowsModel(self._columns()),
            name="Financeurs du dossier",
            memory=memory("dossier.financeurs"),
            empty="Aucun financeur.",
        )
        self.years = TableView(
            RowsModel(self._year_columns()),
            name="Années suivantes de la convention",
            memory=memory("dossier.annees"),
            empty="Aucune année suivante.",
        )
        for table in (self.table, self.years):
            table.refused.connect(context.told)
        self.table.setMinimumHeight(px(TABLE))
        self.years.setMinimumHeight(px(TABLE // 2 + 10))
        self.add(self.table, 2)
        self.add(self.years, 1)

    def show_dossier(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self.table.set_rows(dossier.fundings)
        self.years.set_rows(dossier.tranches)
        self.years.setVisible(bool(dossier.tranches))

    def _offer(self) -> None:
        """The funders that the file does not show yet."""
        self.funders.clear()
        known = {row.code for row in self._dossier.fundings} if self._dossier else set()
        for choice in self._context.read(form.choices).funders:
            if choice.code not in known and not choice.closed:
                self.funders.addAction(
                    choice.label.replace("&", "&&"), partial(self._write, choice.code, "asked_cents", "0")
                )

    def _add_year(self) -> None:
        if self._dossier is None:
            return
        first = self._dossier.record.year + 1
        year = max([first - 1, *(row.year for row in self._dossier.tranches)]) + 1
        given = (
            sum(row.amount_cents for row in self._dossier.outcomes.decisions) or self._dossier.record.row.asked_cents
        )
        self._context.do(
            f"année {year} de la convention, {euros(given)}",
            fundings.set_tranche,
            application_id=self._dossier.id,
            year=year,
            text=euros(given),
        )
        self._tell_missing(year)

    def _tell_missing(self, year: int) -> None:
        """A year that its envelope does not hold is written, and told: the vote will engage it, or has."""
        assert self._dossier is not None
        missing = self._context.read(fundings.missing, application_id=self._dossier.id, year=year)
        if missing:
            self._context.messages.show_message(Message("warning", missing, ""))

    def _write(self, funder: str, name: str, text: str) -> None:
        if self._dossier is not None:
            self._context.attempt(
                f"{fundings.AMOUNTS[name]} {text.strip() or 'effacé'}",
                fundings.set_amount,
                application_id=self._dossier.id,
                funder=funder,
                name=name,
                text=text,
            )

    def _write_year(self, row: TrancheRow, text: str) -> None:
        if self._dossier is not None:
            self._context.attempt(
                f"année {row.year} {text.strip() or 'retirée'}",
                fundings.set_tranche,
                application_id=self._dossier.id,
                year=row.year,
                text=text,
            )
            self._tell_missing(row.year)

    def _columns(self) -> list[Column[FundingRow]]:
        def amount(name: str) -> Column[FundingRow]:
            shown: Callable[[FundingRow], str] = lambda r: _euros(getattr(r, name))  # noqa: E731
            return Column(
                name,
                _TITLES[name],
                shown,
                sort=lambda r: getattr(r, name),
                width=104,
                align="right",
                edit=lambda r, text: self._write(r.code, name, text),
                edit_text=shown,
                editable=lambda r: bool(r.code),
                weight=600 if name == "voted_cents" else 400,
            )

        return [
            Column("label", "Financeur", lambda r: r.label, width=260, stretch=True),
            *(amount(name) for name in _TITLES),
        ]

    def _year_columns(self) -> list[Column[TrancheRow]]:
        return [
            Column("year", "Année", lambda r: str(r.year), width=90),
            Column(
                "amount",
                "Montant",
                lambda r: euros(r.cents),
                width=120,
                align="right",
                edit=self._write_year,
                edit_text=lambda r: euros(r.cents),
            ),
            Column("call", "Enveloppe", self._borne, width=300, stretch=True),
        ]

    def _borne(self, row: TrancheRow) -> str:
        decided = self._dossier is not None and any(d.amount_cents for d in self._dossier.outcomes.decisions)
        if not row.call:
            return f"La campagne {row.year} n’existe pas encore\u00a0: engagé à sa création"
        return (
            f"Engagé sur «\u00a0{row.call}\u00a0»"
            if decided
            else f"Sera engagé sur «\u00a0{row.call}\u00a0» après le vote"
        )


def _euros(cents: int | None) -> str:
    return "" if cents is None else euros(cents)
