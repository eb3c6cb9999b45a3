"""Calendrier: the days of the règlement in the year of the campaign, typed in place."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLabel, QWidget

from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import rounds as round_queries
from cv_desktop.domain import milestones
from cv_desktop.domain.dates import local, long_date, short_date
from cv_desktop.domain.milestones import Milestone
from cv_desktop.services import rules
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


class CalendarTab(Tab):
    """A date typed with its year is kept as a day of each year, so that the next campaign has it too."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.words = QLabel()
        self.words.setWordWrap(True)
        theme.set_type(self.words, "secondary", "secondary")
        self.model: RowsModel[Milestone] = RowsModel(self._columns())
        self.table = TableView(
            self.model,
            name="Calendrier",
            memory=context.settings.memory("campagnes.calendrier"),
            empty="Le règlement de cette campagne ne fixe aucune date.",
        )
        self.table.refused.connect(context.told)
        self.column.addWidget(self.words)
        self.column.addWidget(self.table, 1)

    def refresh(self) -> None:
        if self.row is None:
            return
        rows = self.context.read(queries.parameters, self.row.id)
        self.table.set_rows(milestones.milestones(((r.id, r.parameter) for r in rows), self.row.year))
        rounds = self.context.read(round_queries.dates, self.row.id)
        self.words.setText(
            "Les dates de chaque étape. Le dépôt suit les sessions : la dernière le ferme le "
            f"{long_date(rounds[-1].deposit_closes)}."
            if rounds
            else "Les dates de chaque étape. Tapez un jour (31/03) ou une date entière (31/03/2026) ; vide, l’étape "
            "n’a pas de date."
        )

    @property
    def _today(self) -> date:
        return local(self.context.clock()).date()

    def _columns(self) -> list[Column[Milestone]]:
        return [
            Column(
                "day",
                "Date",
                lambda m: short_date(m.day) or "–",
                sort=lambda m: m.day,
                width=130,
                weight=600,
                edit=self._write,
                edit_text=lambda m: short_date(m.day),
                tooltip="Tapez pour changer la date",
            ),
            Column("label", "Étape", lambda m: m.label, width=260, weight=500),
            Column("article", "Article", lambda m: m.article, width=96, tone="secondary"),
            Column("when", "", self._when, width=120, tone="secondary", filterable=False),
            Column("hint", "Ce que dit le règlement", lambda m: m.hint, width=360, stretch=True, tone="secondary"),
            Column(
                "to_validate",
                "Défaut",
                lambda m: "à valider" if m.to_validate else "validé",
                width=110,
                badge=lambda m: Badge("à valider", "warning") if m.to_validate else Badge("validé", "success"),
            ),
        ]

    def _when(self, milestone: Milestone) -> str:
        if milestone.day is None:
            return "sans date"
        days = (milestone.day - self._today).days
        if not days:
            return "aujourd’hui"
        return f"dans {days} j" if days > 0 else "passée"

    def _write(self, milestone: Milestone, text: str) -> None:
        assert self.row is not None
        found = {r.id: r.parameter for r in self.context.read(queries.parameters, self.row.id)}
        wanted = milestones.typed(text, found[milestone.id], self.row.year)
        label = f"{milestone.label}, {text.strip() or 'sans date'}"
        self.context.attempt(label, rules.set_parameter, parameter_id=milestone.id, text=wanted)
