"""The tab « Pièces »: the statutory documents, what was received and until when it holds, what is awaited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cv_desktop.db.queries import structure_documents
from cv_desktop.db.queries.structure_documents import StructureDocumentRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.structure_lines import DOCUMENT
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.structures.lines_tab import LinesTab
from cv_desktop.ui.tables.columns import Column

STATES = {
    "valid": Badge("Valable", "success"),
    "soon": Badge("Expire bientôt", "warning"),
    "expired": Badge("Expirée", "danger"),
    "replaced": Badge("Remplacée", "neutral"),
    "awaited": Badge("Attendue", "info"),
}


class DocumentsTab(LinesTab):
    kind = DOCUMENT
    title = "Pièces de la structure"
    empty = "Aucune pièce. Ajoutez ci-dessous celles que la structure a remises."
    add_words = "Ajouter une pièce"
    form = (("kind", 3), ("dated_on", 2), ("valid_until", 2), ("received_on", 2), ("filename", 3), ("note", 3))

    def prepare(self) -> None:
        self.choices["kind"] = [(k.code, k.label) for k in self.context.read(structure_documents.kinds)]

    def columns(self) -> Sequence[Column[StructureDocumentRow]]:
        return (
            Column("kind", "Pièce", lambda row: row.label, width=190, stretch=True, weight=500),
            Column(
                "state",
                "État",
                lambda row: STATES[row.state].word,
                width=112,
                badge=lambda row: STATES[row.state],
            ),
            self.cell("dated_on", width=88),
            self.cell("valid_until", width=108, title="Valable jusqu’au"),
            self.cell("received_on", width=88),
            self.cell("filename", width=96),
            self.cell("note", width=96),
        )

    def rows(self, record: StructureRecord) -> Sequence[StructureDocumentRow]:
        return self.context.read(structure_documents.rows, structure_id=record.id)

    def editable(self, row: Any) -> bool:
        return bool(row.state != "awaited")

    def start(self) -> None:
        self.fields["received_on"].set_value(short_date(local(self.context.clock()).date()))

    def await_kind(self, kind: str) -> None:
        """Ready to type the document of one kind."""
        self.fields["kind"].set_value(kind)
        self.fields["dated_on"].setFocus()
