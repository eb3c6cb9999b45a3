"""The documents themselves: joined, seen, opened by the system's viewer, never executed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from cv_desktop.db.queries import attachments as queries
from cv_desktop.db.queries.attachments import AttachmentRow
from cv_desktop.domain import media
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import group
from cv_desktop.domain.text import NBSP
from cv_desktop.services import attachments
from cv_desktop.ui import theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.document_preview import DocumentPreview
from cv_desktop.ui.dropped import Drop
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NOTHING = "Aucune pièce jointe. Déposez un fichier sur une ligne, ou joignez-le."
ALL_FILES = "Pièces (*.pdf *.png *.jpg *.jpeg *.docx *.xlsx *.odt *.ods);;Tous les fichiers (*)"


class Attachments(Card):
    """``target()`` names the expected document that « Joindre » answers, empty for none."""

    def __init__(self, context: Context, target: Callable[[], tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__("Pièces jointes", flush=True, parent=parent)
        self._context, self._target = context, target
        self._dossier: Dossier | None = None
        model: RowsModel[AttachmentRow] = RowsModel(
            [
                Column("filename", "Fichier", lambda r: r.filename, width=180, stretch=True, weight=500),
                Column("type", "Type", lambda r: media.of_type(r.media_type).words, width=96, filterable=False),
                Column("size", "Taille", _size, sort=lambda r: r.size, width=76, align="right", filterable=False),
                Column("fault", "Contenu", lambda r: _badge(r).word, width=96, badge=_badge, filterable=False),
            ]
        )
        self.table = TableView(model, name="Pièces jointes", density="compact", empty=NOTHING)
        self.table.setMinimumHeight(px(120))
        self.table.current_row_changed.connect(lambda _row: self._preview())
        self.table.opened.connect(self.open_row)
        self.join, self.open, self.save, self.remove = (
            QPushButton(words) for words in ("&Joindre…", "&Ouvrir", "&Enregistrer une copie…", "Re&tirer")
        )
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 6, 12, 6)
        buttons.setSpacing(6)
        for button, run in (
            (self.join, self.choose),
            (self.open, lambda: self._on_current(self.open_row)),
            (self.save, lambda: self._on_current(self._save)),
            (self.remove, lambda: self._on_current(self._remove)),
        ):
            theme.set_kind(button, "secondary", small=True)
            button.clicked.connect(lambda _on=False, act=run: act())
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.pane = DocumentPreview(context)
        self.body.setSpacing(0)
        self.add(self.table, 1)
        self.body.addLayout(buttons)
        self.add(self.pane, 2)
        Drop(self, lambda _at: "", self.add_files)

    def show_dossier(self, dossier: Dossier) -> None:
        other = self._dossier is None or self._dossier.id != dossier.id
        self._dossier = dossier
        rows = self._context.read(queries.rows, application_id=dossier.id)
        self.table.set_rows(rows)
        for row in rows:
            if other and (row.missing or row.altered):
                self._context.messages.show_message(
                    Message("danger", queries.sentence(f"«{NBSP}{row.filename}{NBSP}»", row.altered))
                )
        if rows and self.table.current_row() is None:
            self.table.step(0)
        self._preview()

    def choose(self) -> None:
        """« Joindre… »: files chosen for the expected document selected."""
        _kind, words = self._target()
        title = f"Joindre{NBSP}: {words}" if words else "Joindre une pièce"
        chosen, _filter = QFileDialog.getOpenFileNames(self, title, "", ALL_FILES)
        self.add_files([Path(x) for x in chosen], self._target()[0])

    def add_files(self, paths: Sequence[Path], kind: str) -> None:
        """Each file is joined by itself; one that is refused does not keep the others out."""
        dossier = self._dossier
        if dossier is None:
            return
        for path in paths:
            self._context.do(
                f"pièce jointe {path.name} ({dossier.record.row.number})",
                attachments.add,
                application_id=dossier.id,
                kind=kind,
                path=path,
            )

    def open_row(self, row: AttachmentRow) -> None:
        """A copy, in the viewer of the system."""
        try:
            copy = self._context.read(attachments.openable, attachment_id=row.id)
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))
        self._context.told.emit(f"Pièce ouverte{NBSP}: {row.filename}")

    def _on_current(self, act: Callable[[AttachmentRow], None]) -> None:
        row = self.table.current_row()
        if row is not None:
            act(row)

    def _save(self, row: AttachmentRow) -> None:
        target, _filter = QFileDialog.getSaveFileName(self, "Enregistrer une copie", row.filename)
        if target:
            try:
                self._context.read(attachments.save_copy, attachment_id=row.id, target=Path(target))
            except UserError as refusal:
                self._context.refuse(refusal)

    def _remove(self, row: AttachmentRow) -> None:
        self._context.do(f"pièce {row.filename} retirée", attachments.remove, attachment_id=row.id)

    def _preview(self) -> None:
        row = self.table.current_row()
        for button in (self.open, self.save, self.remove):
            button.setEnabled(row is not None)
        self.pane.show_content(row)


def _size(row: AttachmentRow) -> str:
    if row.size >= 1_000_000:
        return f"{row.size / 1_000_000:.1f}".replace(".", ",") + f"{NBSP}Mo"
    return f"{group(max(1, row.size // 1000))}{NBSP}ko"


def _badge(row: AttachmentRow) -> Badge:
    if row.missing:
        return Badge("Absente", "danger", "x")
    return Badge("Modifiée", "danger", "triangle-alert") if row.altered else Badge("Intacte", "success", "check")
