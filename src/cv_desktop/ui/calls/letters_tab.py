"""Courriers: the text of each kind of letter, and the way to where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import letter_templates as templates
from cv_desktop.db.queries.calls import TextRow
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.letter_template_comparison import words
from cv_desktop.services.letter_values import FLAGS
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
WIDTH = 300

COLUMNS = (
    Column[TextRow](
        "label",
        "Courrier",
        lambda t: t.label,
        stretch=True,
        weight=500,
        second=lambda t: t.kind,
    ),
    Column[TextRow](
        "state",
        "Texte",
        lambda t: f"version {t.version}",
        width=100,
        align="right",
        accessible=lambda t: f"version {t.version}, {'texte à valider' if t.to_validate else 'texte validé'}",
        badge=lambda t: Badge("à valider", "warning") if t.to_validate else Badge("validé", "success"),
    ),
)


def paragraphs(content: dict[str, Any]) -> Iterator[str]:
    """The template as one reads it, a conditional block said so."""
    yield f"Objet{NBSP}: {content.get('object', '')}"
    if detail := content.get("detail"):
        yield detail
    yield content.get("salutation", "")
    for block in content.get("blocks", ()):
        yield from words(block, FLAGS).split("\n")
    yield content.get("closing", "")


def shown(text: str) -> str:
    """« {structure.nom} » as « [structure.nom] »: what the file fills in."""
    return text.replace("{", "[").replace("}", "]")


class LettersTab(Tab):
    """The texts that the campaign uses: the general ones, or those written for it alone."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = RowsModel(COLUMNS)
        self.table = TableView(self.model, name="Courriers", density="double", empty="Aucun texte de courrier.")
        self.table.horizontalHeader().hide()
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.setFixedWidth(px(WIDTH))
        self.table.current_row_changed.connect(self._show)
        self.heading = QLabel()
        self.heading.setWordWrap(True)
        theme.set_type(self.heading, "secondary", "secondary")
        self.edit = QPushButton("Modifier le texte")
        theme.set_kind(self.edit, "secondary", small=True)
        icons.dress(self.edit, "pencil", "text", 14)
        self.edit.clicked.connect(self._edit)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Texte du courrier")
        self.text.setOpenLinks(False)
        right = QVBoxLayout()
        right.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading, 1)
        head.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)
        right.addLayout(head)
        right.addWidget(self.text, 1)
        line = QHBoxLayout()
        line.setSpacing(14)
        line.addWidget(self.table, 0, Qt.AlignmentFlag(0))
        line.addLayout(right, 1)
        self.column.addLayout(line, 1)

    def refresh(self) -> None:
        today = local(self.context.clock()).date()
        own = {x.kind: x for x in self._own(today)}
        general = self.context.read(queries.letter_texts, day=today)
        rows = [own.get(row.kind, row) for row in general]
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.select_identity(rows[0].id)
        self._show(self.table.current_row())

    def _own(self, today: date) -> list[TextRow]:
        """The texts that this campaign has in place of the general ones."""
        call_id = self.row.id if self.row else ""
        return [
            TextRow(x.id, x.kind, x.label, x.version, x.effective_from, x.to_validate, x.content)
            for x in self.context.read(templates.rows, day=today)
            if call_id and x.call_id == call_id
        ]

    def _edit(self) -> None:
        row: TextRow | None = self.table.current_row()
        if row is not None:
            self.context.visit.emit("preferences", "letter_template", row.kind)

    def _show(self, row: TextRow | None) -> None:
        self.edit.setEnabled(row is not None)
        if row is None:
            self.heading.clear()
            self.text.clear()
            return
        self.heading.setText(
            f"{row.label}, version {row.version} depuis le {long_date(row.effective_from)}. "
            "Entre crochets, ce que le dossier remplit."
        )
        self.text.setPlainText("\n\n".join(shown(part) for part in paragraphs(row.content) if part))
