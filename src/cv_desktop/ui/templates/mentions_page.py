"""The sentences that several letters print: recourse, personal data, payment; a letter takes the one of its day."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import catalogues as queries
from cv_desktop.db.queries.catalogues import CatalogueRow
from cv_desktop.domain.catalogue import CATALOGUES, MENTION
from cv_desktop.domain.errors import UserError
from cv_desktop.services import catalogues
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import LongTextField, settle
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


class MentionsPage(QWidget):
    """The list above, the text chosen below, written on leaving it."""

    back_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._row: CatalogueRow | None = None
        self.back = QPushButton("Modèles")
        theme.set_kind(self.back, "link", small=True)
        icons.dress(self.back, "arrow-left", "accent", 14)
        self.validate = QPushButton("Valider")
        theme.set_kind(self.validate, "secondary", small=True)
        icons.dress(self.validate, "check", "text", 14)
        self.table = TableView(
            RowsModel(_columns()), name="Mentions légales", memory=context.settings.memory("reglages.mentions"),
            empty="Aucune mention dans cette base.",
        )  # fmt: skip
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.text = LongTextField("Texte de la mention", required=True, lines=6)
        title, words = QLabel("Mentions légales"), QLabel(CATALOGUES[MENTION].sentence)
        words.setWordWrap(True)
        theme.set_type(title, "section", weight=600)
        theme.set_type(words, "secondary", "secondary")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(title, 1)
        head.addWidget(self.validate)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(words)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.text)
        self.text.setMaximumHeight(px(210))
        self.back.clicked.connect(self._leave)
        self.validate.clicked.connect(self._validate)
        self.table.selection_changed.connect(lambda _rows: self._chosen())
        self.text.committed.connect(self._write)

    def refresh(self) -> None:
        rows = self._context.read(queries.rows, MENTION)
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.select_identity(rows[0].id)
        self._chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def _leave(self) -> None:
        settle([self.text])
        self.back_wanted.emit()

    def _chosen(self) -> None:
        row = self.table.current_row()
        if self._row is not None and row is not None and row.id != self._row.id:
            settle([self.text])
            self._row = row
            self.text.replace(row.values["text"])
        elif row is not None:
            self._row = row
            self.text.set_value(row.values["text"])
        self.text.setEnabled(row is not None)
        self.validate.setEnabled(row is not None and bool(row.to_validate))

    def _write(self, text: str) -> None:
        row = self._row
        if row is None:
            return
        try:
            self._context.attempt(
                f"mention, {row.group.lower()}", catalogues.set_field, kind=row.kind, key=row.key, name="text",
                text=text,
            )  # fmt: skip
        except UserError as refusal:
            self.text.refuse(refusal.message)

    def _validate(self) -> None:
        if self._row is not None:
            self._context.do("mention validée", catalogues.validate, kind=MENTION, key=self._row.key)


def _columns() -> list[Column[CatalogueRow]]:
    return [
        Column("group", "Mention", lambda r: r.group, width=250, weight=500),
        Column("text", "Texte en vigueur", lambda r: r.values["text"], width=320, stretch=True, tone="secondary"),
        Column("state", "État", lambda r: _state(r).word, width=110, badge=_state),
    ]


def _state(row: CatalogueRow) -> Badge:
    return Badge("à valider", "warning") if row.to_validate else Badge("en vigueur", "success")
