"""The tab « Pièces »: the statutory documents, what was received and until when it holds, what is awaited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QWidget

from cv_desktop.db.queries import attachments as contents
from cv_desktop.db.queries import structure_documents
from cv_desktop.db.queries.structure_documents import StructureDocumentRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.structure_lines import DOCUMENT
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import structure_documents as files
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.document_preview import DocumentPreview
from cv_desktop.ui.dropped import Drop
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.structures.lines_tab import LinesTab
from cv_desktop.ui.tables.columns import Column

STATES = {
    "valid": Badge("Valable", "success"),
    "soon": Badge("Expire bientôt", "warning"),
    "expired": Badge("Expirée", "danger"),
    "replaced": Badge("Remplacée", "neutral"),
    "awaited": Badge("Attendue", "info"),
}
FILES = "Pièces (*.pdf *.png *.jpg *.jpeg *.docx *.xlsx *.odt *.ods);;Tous les fichiers (*)"
CHOOSE = "Choisissez d’abord une pièce dans le tableau, ou ajoutez-la ci-dessous."


class DocumentsTab(LinesTab):
    kind = DOCUMENT
    title = "Pièces de la structure"
    empty = "Aucune pièce. Ajoutez ci-dessous celles que la structure a remises."
    add_words = "Ajouter une pièce"
    form = (("kind", 3), ("dated_on", 2), ("valid_until", 2), ("received_on", 2), ("filename", 3), ("note", 3))

    def __init__(self, context: Context, memory: str, parent: QWidget | None = None) -> None:
        super().__init__(context, memory, parent)
        self.preview = DocumentPreview(context)
        self.join = self._button("&Joindre un fichier…", "paperclip", self.choose)
        self.open = self._button("&Ouvrir", "eye", lambda: self._on_file(self.open_row))
        self.save = self._button("&Enregistrer une copie…", "download", lambda: self._on_file(self._save))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.join, self.open, self.save):
            buttons.addWidget(button)
        buttons.addStretch(1)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.addWidget(self.table)
        beside.addWidget(self.preview)
        beside.setStretchFactor(0, 3)
        beside.setStretchFactor(1, 2)
        beside.setChildrenCollapsible(False)
        self.column.insertWidget(0, beside, 1)
        self.column.insertLayout(1, buttons)
        self.table.current_row_changed.connect(lambda _row: self._show())
        Drop(self.table.viewport(), self._dropped_on, self.add_files)

    def prepare(self) -> None:
        self.choices["kind"] = [(k.code, k.label) for k in self.context.read(structure_documents.kinds) if not k.closed]

    def columns(self) -> Sequence[Column[StructureDocumentRow]]:
        return (
            Column("kind", "Pièce", lambda row: row.label, width=190, stretch=True, weight=500),
            Column(
                "state",
                "État",
                lambda row: _state(row).word,
                width=112,
                badge=_state,
            ),
            self.cell("dated_on", width=100),
            self.cell("valid_until", width=112, title="Valable jusqu’au"),
            self.cell("received_on", width=100),
            self.cell("filename", width=96),
            self.cell("note", width=80),
        )

    def rows(self, record: StructureRecord) -> Sequence[StructureDocumentRow]:
        return self.context.read(structure_documents.rows, structure_id=record.id)

    def editable(self, row: Any) -> bool:
        return bool(row.state != "awaited")

    def start(self) -> None:
        self.fields["received_on"].set_value(short_date(local(self.context.clock()).date()))

    def show_record(self, record: StructureRecord) -> None:
        other = self.record is None or self.record.id != record.id
        super().show_record(record)
        for row in self.table.rows.all_rows():
            if other and (row.missing or row.altered):
                words = f"{record.name}, {quote(row.filename)}"
                self.context.messages.show_message(Message("danger", contents.sentence(words, row.altered)))
        self._show()

    def choose(self) -> None:
        """« Joindre un fichier… » to the document in the table, received today when it was awaited."""
        row = self.table.current_row()
        if row is None:
            self.context.told.emit(CHOOSE)
            return
        chosen, _filter = QFileDialog.getOpenFileName(self, f"Joindre{NBSP}: {row.label}", "", FILES)
        if chosen:
            self.attach(row, Path(chosen))

    def attach(self, row: StructureDocumentRow, path: Path) -> None:
        words = f"fichier {path.name} joint ({row.label})"
        if row.state == "awaited" and self.record is not None:
            self.context.do(words, files.receive, structure_id=self.record.id, kind=row.kind, path=path)
        else:
            self.context.do(words, files.join, document_id=row.id, path=path)

    def add_files(self, paths: Sequence[Path], document_id: str) -> None:
        """What was dropped on a line; several files make several documents of its kind."""
        row = next((row for row in self.table.rows.all_rows() if row.id == document_id), None)
        if row is None or self.record is None:
            self.context.told.emit(CHOOSE)
            return
        self.attach(row, paths[0])
        for path in paths[1:]:
            self.context.do(
                f"pièce {path.name} reçue", files.receive, structure_id=self.record.id, kind=row.kind, path=path
            )

    def open_row(self, row: StructureDocumentRow) -> None:
        """A copy, in the viewer of the system."""
        try:
            copy = self.context.read(files.openable, document_id=row.id)
        except UserError as refusal:
            self.context.refuse(refusal)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))
        self.context.told.emit(f"Pièce ouverte{NBSP}: {row.filename}")

    def await_kind(self, kind: str) -> None:
        """Ready to type the document of one kind."""
        self.fields["kind"].set_value(kind)
        self.fields["dated_on"].setFocus()

    def _show(self) -> None:
        row = self.table.current_row()
        joined = row if row is not None and row.sha256 else None
        self.preview.setVisible(joined is not None)
        self.preview.show_content(joined)
        self.join.setEnabled(row is not None)
        for button in (self.open, self.save):
            button.setEnabled(joined is not None)

    def _on_file(self, act: Callable[[StructureDocumentRow], None]) -> None:
        row = self.table.current_row()
        if row is not None and row.sha256:
            act(row)

    def _save(self, row: StructureDocumentRow) -> None:
        target, _filter = QFileDialog.getSaveFileName(self, "Enregistrer une copie", row.filename)
        if target:
            try:
                self.context.read(files.save_copy, document_id=row.id, target=Path(target))
            except UserError as refusal:
                self.context.refuse(refusal)

    def _dropped_on(self, event: QDropEvent) -> str:
        index = self.table.indexAt(event.position().toPoint())
        return str(self.table.rows.row_at(index.row()).id) if index.isValid() else ""


def _state(row: StructureDocumentRow) -> Badge:
    if row.missing:
        return Badge("Fichier absent", "danger", "x")
    return Badge("Fichier modifié", "danger", "triangle-alert") if row.altered else STATES[row.state]
