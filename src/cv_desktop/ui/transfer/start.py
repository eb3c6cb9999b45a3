"""Before a file is chosen: where to drop it, and what was imported already."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.imports import ImportRow
from cv_desktop.domain.dates import clock, local, long_date
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

DROP = "Déposez ici l’export de la démarche en ligne, ou n’importe où dans la fenêtre."
KINDS = "Tableur xlsx, xls ou ods, ou fichier csv. Rien n’est écrit avant votre accord."


class Start(QWidget):
    """``choose_asked``; ``undo_asked(row)`` for an import that nobody has built on yet."""

    choose_asked = Signal()
    undo_asked = Signal(object)

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
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
                Column("filename", "Fichier", lambda r: r.filename, width=300, stretch=True, weight=500),
                Column("at", "Importé le", _moment, sort=lambda r: r.imported_at, width=180),
                Column("files", "Dossiers", lambda r: str(r.applications), sort=lambda r: r.applications, width=90,
                       align="right", filterable=False),
                Column("sha", "Empreinte", lambda r: f"{r.sha256[:12]}…", width=130, tone="secondary",
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
        layout.addWidget(card, 1)


def _moment(row: ImportRow) -> str:
    return f"{long_date(local(row.imported_at).date())}, {clock(row.imported_at)}"
