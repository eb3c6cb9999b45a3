"""The tab « Personnes et mandats »: who does what in the structure, from when to when, and who signs for it."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.db.queries import mandates
from cv_desktop.db.queries.mandates import MandateRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.structure_lines import MANDATE
from cv_desktop.services import structure_lines
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.structures.lines_tab import LinesTab
from cv_desktop.ui.tables.columns import Column


class MandatesTab(LinesTab):
    kind = MANDATE
    title = "Personnes et mandats"
    empty = "Aucune personne connue. Ajoutez ci-dessous celle qui représente la structure."
    add_words = "Ajouter une personne"
    form = (("person_name", 3), ("role", 2), ("email", 3), ("phone", 2), ("starts_on", 2), ("ends_on", 2))

    def columns(self) -> Sequence[Column[MandateRow]]:
        return (
            self.cell("person_name", width=170, stretch=True, weight=500),
            self.cell("role", width=110),
            Column(
                "represents",
                "Signe",
                lambda _row: "",
                width=60,
                checked=lambda row: row.represents,
                toggle=self._sign,
                tooltip="Représentation légale : la civilité des courriers vient de sa fonction",
            ),
            self.cell("email", width=120),
            self.cell("phone", width=116),
            self.cell("starts_on", width=100),
            self.cell("ends_on", width=100),
            Column(
                "state",
                "Mandat",
                lambda row: "En cours" if row.current else "Terminé",
                width=96,
                badge=lambda row: Badge("En cours", "success") if row.current else Badge("Terminé", "neutral"),
            ),
        )

    def rows(self, record: StructureRecord) -> Sequence[MandateRow]:
        return self.context.read(mandates.rows, structure_id=record.id)

    def _sign(self, row: MandateRow, represents: bool) -> None:
        words = f"représentation légale, {row.person_name}"
        self.context.do(words, structure_lines.set_representative, mandate_id=row.id, represents=represents)
