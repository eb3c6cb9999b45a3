"""The tab « Historique »: what was asked, granted and paid, as bars by year and as a table by funder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries import past_grants
from cv_desktop.db.queries.past_grants import GrantRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.structure_lines import GRANT, GRANT_FORMS
from cv_desktop.ui.charts.year_bars import YearBar, YearBars
from cv_desktop.ui.context import Context
from cv_desktop.ui.structures.lines_tab import LinesTab
from cv_desktop.ui.tables.columns import Column


class HistoryTab(LinesTab):
    """The files of this base are lines that their own screen changes; the grants of before are typed here."""

    kind = GRANT
    title = "Historique des subventions"
    empty = "Aucune subvention connue. Ajoutez celles des années passées, ou importez un historique."
    add_words = "Ajouter une subvention d’avant"
    form = (("year", 1), ("funder", 3), ("scheme", 2), ("title", 3), ("asked_cents", 2), ("granted_cents", 2),
            ("paid_cents", 2), ("in_kind", 2))  # fmt: skip

    def __init__(self, context: Context, memory: str, parent: QWidget | None = None) -> None:
        super().__init__(context, memory, parent)
        self.bars = YearBars()
        self.column.insertWidget(0, self.bars)
        self.table.opened.connect(self._open)

    def prepare(self) -> None:
        self.choices["in_kind"] = [(form, form) for form in GRANT_FORMS]

    def columns(self) -> Sequence[Column[GrantRow]]:
        return (
            self.cell("year", width=64),
            self.cell("funder", width=180),
            self.cell("scheme", width=84),
            self.cell("in_kind", width=90),
            self.cell("title", width=190, stretch=True),
            self.cell("asked_cents", title="Demandé (€)", width=100, align="right", filterable=False),
            self.cell("granted_cents", title="Accordé (€)", width=100, align="right", filterable=False),
            self.cell("paid_cents", title="Versé (€)", width=90, align="right", filterable=False),
        )

    def rows(self, record: StructureRecord) -> Sequence[GrantRow]:
        rows = self.context.read(past_grants.rows, structure_id=record.id, viewer=self.context.viewer)
        years = past_grants.by_year(rows)
        self.bars.set_years([YearBar(y.year, y.asked_cents, y.granted_cents, y.paid_cents) for y in years])
        return rows

    def editable(self, row: Any) -> bool:
        return not row.own

    def _open(self, row: GrantRow) -> None:
        if row.own:
            self.context.visit.emit("applications", "application", row.id)
