"""The tab « Agréments »: what administrations recognised of the structure, by whom, since when."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.db.queries import approvals
from cv_desktop.db.queries.approvals import ApprovalRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.structure_lines import APPROVAL
from cv_desktop.ui.structures.lines_tab import LinesTab
from cv_desktop.ui.tables.columns import Column


class ApprovalsTab(LinesTab):
    kind = APPROVAL
    title = "Agréments"
    empty = "Aucun agrément connu. Ajoutez ci-dessous ceux que la structure déclare (Cerfa 12156, partie 2)."
    add_words = "Ajouter un agrément"
    form = (("label", 3), ("authority", 3), ("granted_on", 2), ("ends_on", 2))

    def columns(self) -> Sequence[Column[ApprovalRow]]:
        return (
            self.cell("label", width=260, stretch=True, weight=500),
            self.cell("authority", width=240),
            self.cell("granted_on", width=110),
            self.cell("ends_on", width=110),
        )

    def rows(self, record: StructureRecord) -> Sequence[ApprovalRow]:
        return self.context.read(approvals.rows, structure_id=record.id)
