"""The tab « Pièces »: what the règlement expects, what was received."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.dates import short_date
from cv_desktop.services import documents
from cv_desktop.ui import theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


@dataclass(frozen=True, slots=True)
class Document:
    """``id`` is the kind; ``expected`` says that the règlement asks it."""

    id: str
    label: str
    filename: str
    expected: bool
    open: bool


class Documents(QWidget):
    """The name of the file is typed in place; the button marks received or missing."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dossier: Dossier | None = None
        model: RowsModel[Document] = RowsModel(
            [
                Column("label", "Pièce", lambda d: d.label[:1].upper() + d.label[1:], width=220, weight=500),
                Column("state", "État", lambda d: _badge(d).word, width=110, badge=_badge),
                Column(
                    "filename",
                    "Nom du fichier",
                    lambda d: d.filename,
                    width=300,
                    stretch=True,
                    edit=self._write,
                    editable=lambda d: d.open,
                ),
                Column("mark", "", lambda d: "", width=150, button=_button, filterable=False),
            ]
        )
        self.table = TableView(
            model,
            name="Pièces du dossier",
            density="airy",
            memory=context.settings.memory("dossier.pieces"),
            empty="Le règlement de cette campagne ne demande aucune pièce.",
        )
        self.table.pressed.connect(lambda row, _key: self._mark(row))
        self.table.refused.connect(context.told)
        self.words = QLabel()
        theme.set_type(self.words, "body", "secondary")
        card = Card("Pièces attendues", "le règlement en fixe la liste", flush=True)
        card.add(self.table, 1)
        card.add_action(self.words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(card, 1)

    def show_dossier(self, dossier: Dossier) -> None:
        self._dossier = dossier
        received = dossier.record.documents
        self.table.set_rows(
            [
                Document(kind, words, received.get(kind, ""), kind in dossier.documents, dossier.open)
                for kind, words in dossier.expected()
            ]
        )
        self.words.setText("" if dossier.open else "Rouvrez le dossier pour modifier ses pièces")

    def _mark(self, document: Document) -> None:
        if self._dossier:
            day = short_date(self._dossier.today)
            self._put(document, "" if document.filename else f"reçue le {day}")

    def _write(self, document: Document, text: str) -> None:
        if text.strip() != document.filename:
            self._put(document, text)

    def _put(self, document: Document, filename: str) -> None:
        if self._dossier:
            self._context.attempt(
                f"pièce « {document.label} » {'reçue' if filename.strip() else 'manquante'}",
                documents.set_filename,
                application_id=self._dossier.id,
                kind=document.id,
                text=filename,
            )


def tab_title(dossier: Dossier) -> str:
    """« Pièces 1/2 »."""
    received = sum(kind in dossier.record.documents for kind in dossier.documents)
    return f"Pièces {received}/{len(dossier.documents)}" if dossier.documents else "Pièces"


def _badge(document: Document) -> Badge:
    if document.filename:
        return Badge("Reçue", "success", "check")
    return Badge("Manquante", "warning", "triangle-alert") if document.expected else Badge("Non reçue", "neutral")


def _button(document: Document) -> str:
    if not document.open:
        return ""
    return "Marquer manquante" if document.filename else "Marquer reçue"
