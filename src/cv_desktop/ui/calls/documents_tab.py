"""Pièces: what the règlement asks, from whom, until when it is good and before what."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import expected_documents as queries
from cv_desktop.db.queries.expected_documents import DocumentRow
from cv_desktop.domain.errors import UserError
from cv_desktop.services import expected_documents
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

HELP = (
    "La condition s’écrit : toujours, si première demande, si renouvellement, ou si plus de 23\u00a0000\u00a0€. "
    "La validité se compte en mois depuis la date de la pièce."
)


class DocumentsTab(Tab):
    """Typed in place, like the règlement of which it is a part."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        words = QLabel(HELP)
        words.setWordWrap(True)
        theme.set_type(words, "secondary", "secondary")
        self.name = TextField("Pièce à demander")
        self.name.setMaximumWidth(px(340))
        self.add, self.remove = QPushButton("Ajouter la pièce"), QPushButton("Ne plus la demander")
        icons.dress(self.add, "plus", "text", 14)
        for button in (self.add, self.remove):
            theme.set_kind(button, "secondary", small=True)
        self.add.clicked.connect(self._add)
        self.name.submits_with(self.add)
        self.remove.clicked.connect(self._remove)
        self.model: RowsModel[DocumentRow] = RowsModel(self._columns())
        self.table = TableView(
            self.model,
            name="Pièces demandées",
            memory=context.settings.memory("campagnes.pieces"),
            empty="Le règlement de cette campagne ne demande aucune pièce.",
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.refused.connect(context.told)
        self.table.current_row_changed.connect(self._selected)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.name, 1)
        line.addWidget(self.add, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        line.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addWidget(words)
        self.column.addLayout(line)
        self.column.addWidget(self.table, 1)

    def refresh(self) -> None:
        if self.row is None:
            return
        rows = self.context.read(queries.rows, self.row.id)
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.select_identity(rows[0].id)
        self._selected(self.table.current_row())

    def _selected(self, row: DocumentRow | None) -> None:
        self.remove.setEnabled(row is not None)
        self.remove.setToolTip("" if row else "Choisissez une pièce dans la liste.")

    def _add(self) -> None:
        if self.row is None:
            return
        try:
            self.context.attempt(
                f"pièce « {self.name.text().strip()} » demandée",
                expected_documents.add,
                call_id=self.row.id,
                label=self.name.text(),
            )
        except UserError as refusal:
            self.name.refuse(refusal.message)
            self.name.setFocus()
            return
        self.name.editor.clear()
        self.name.set_value("")

    def _remove(self) -> None:
        row: DocumentRow | None = self.table.current_row()
        if row is not None:
            label = f"pièce « {row.document.label} » retirée de la liste"
            self.context.do(label, expected_documents.remove, document_id=row.id)

    def _columns(self) -> list[Column[DocumentRow]]:
        def written(key: str, title: str, text: str, width: int, **more: object) -> Column[DocumentRow]:
            return Column(
                key,
                title,
                lambda r: str(getattr(r.document, text)),
                width=width,
                edit=lambda r, typed: self._write(r, key, typed),
                **more,  # type: ignore[arg-type]
            )

        return [
            written("label", "Pièce", "label", 260, stretch=True, weight=500),
            written("condition", "Condition", "condition_words", 210),
            written("validity", "Validité", "validity_words", 110),
            written("due", "Obligatoire", "due_words", 150),
            written("severity", "Gravité", "severity_words", 100),
            Column(
                "to_validate",
                "Défaut",
                lambda r: "à valider" if r.document.to_validate else "validé",
                width=110,
                badge=lambda r: Badge("à valider", "warning") if r.document.to_validate else Badge("validé", "success"),
            ),
        ]

    def _write(self, row: DocumentRow, name: str, text: str) -> None:
        label = f"{row.document.label}, {expected_documents.FIELDS[name]} {text.strip() or 'vide'}"
        self.context.attempt(label, expected_documents.set_field, document_id=row.id, name=name, text=text)
