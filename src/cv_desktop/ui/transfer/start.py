"""Before a file is chosen: where to drop it, and what was imported already."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.imports import ImportRow
from cv_desktop.db.queries.pending_lines import PendingRow
from cv_desktop.domain.dates import clock, local, short_date
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

DROP = "Déposez ici l’export de la démarche en ligne, ou n’importe où dans la fenêtre."
KINDS = "Tableur xlsx, xls ou ods, fichier csv ou json, Cerfa 12156 rempli (PDF). Rien n’est écrit avant votre accord."
CONTENTS = {"applications": "Dossiers", "history": "Historique", "directory": "Annuaire"}


class Start(QWidget):
    """``choose_asked``; ``undo_asked(row)`` for an import that nobody has built on yet.

    ``resume_asked(row)`` and ``dismiss_asked(row)`` for a line that an import left out.
    """

    choose_asked = Signal()
    undo_asked = Signal(object)
    resume_asked = Signal(object)
    dismiss_asked = Signal(object)

    def __init__(self, memory: Memory, pending: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence, self.detail = QLabel(DROP), QLabel(KINDS)
        theme.set_type(self.sentence, "section", weight=600)
        theme.set_type(self.detail, "body", "secondary")
        for label in (self.sentence, self.detail):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self.choose = QPushButton("Choisir un fichier…")
        theme.set_kind(self.choose, "primary")
        icons.dress(self.choose, "folder-open", "on_accent", 16)
        self.choose.clicked.connect(self.choose_asked)
        model: RowsModel[ImportRow] = RowsModel(
            [
                Column("filename", "Fichier", lambda r: r.filename, width=180, stretch=True, weight=500),
                Column("at", "Importé le", _moment, sort=lambda r: r.imported_at, width=150),
                Column("kind", "Contenu", lambda r: CONTENTS[r.kind], width=110),
                Column("files", "Repris", lambda r: str(r.records), sort=lambda r: r.records, width=70,
                       align="right", filterable=False),
                Column("sha", "Empreinte", lambda r: f"{r.sha256[:12]}…", width=130, tone="secondary", hidden=True,
                       accessible=lambda r: f"Empreinte SHA-256\u00a0: {r.sha256}", filterable=False),
                Column("undo", "", lambda r: "", width=140, button=lambda r: "Défaire cet import", filterable=False),
            ]
        )  # fmt: skip
        self.past = TableView(
            model,
            name="Imports de cette campagne",
            memory=memory,
            empty="Aucun import dans cette campagne.",
        )
        self.past.pressed.connect(lambda row, _key: self.undo_asked.emit(row))
        card = Card("Imports de cette campagne", flush=True)
        card.add(self.past, 1)
        waiting: RowsModel[PendingRow] = RowsModel(
            [
                Column("line", "Ligne", lambda r: str(r.line), sort=lambda r: r.line, width=52, align="right",
                       filterable=False),
                Column("label", "Structure", lambda r: r.label or r.number, width=150, weight=500),
                Column("why", "Motif", lambda r: " ".join(r.problems), width=180, stretch=True),
                Column("file", "Fichier", lambda r: r.filename, width=120, tone="secondary", hidden=True),
                Column("resume", "", lambda r: "Reprendre", width=98, button=lambda r: "Reprendre", filterable=False),
                Column("dismiss", "", lambda r: "Écarter", width=84, button=lambda r: "Écarter", filterable=False),
            ]
        )  # fmt: skip
        self.pending = TableView(
            waiting,
            name="Import à reprendre",
            memory=pending,
            empty="Aucune ligne ne reste à reprendre.",
        )
        self.pending.pressed.connect(
            lambda row, key: (self.resume_asked if key == "resume" else self.dismiss_asked).emit(row)
        )
        self.pending_card = Card("Import à reprendre", "lignes laissées par les imports", flush=True)
        self.pending_card.add(self.pending, 1)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        cards.addWidget(card, 1)
        cards.addWidget(self.pending_card, 1)
        zone = QVBoxLayout()
        zone.setSpacing(10)
        zone.addStretch(1)
        zone.addWidget(self.sentence)
        zone.addWidget(self.detail)
        zone.addSpacing(6)
        zone.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)
        zone.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(zone, 1)
        layout.addLayout(cards, 1)


def _moment(row: ImportRow) -> str:
    return f"{short_date(local(row.imported_at).date())}, {clock(row.imported_at)}"
