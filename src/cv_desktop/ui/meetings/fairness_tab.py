"""Dispersion: after the revelation, how far the sheets agree, how severe each member is, what each criterion tells."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.notes import decimal
from cv_desktop.domain.text import NBSP
from cv_desktop.services import fairness, letters
from cv_desktop.services.fairness import CRITERIA, FILES, MEANING, MEMBERS, CriterionLine, FileLine, MemberLine, Tables
from cv_desktop.services.minutes_files import slug
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_NAMES = {FILES: "Par dossier", MEMBERS: "Par membre", CRITERIA: "Par critère"}
_HIDDEN = "Les notes sont masquées jusqu’à la révélation."


def _tenth(value: float | Fraction | None) -> str:
    return "–" if value is None else decimal(Fraction(value))


def _hundredth(value: float | None) -> str:
    """« 0,73 »; a share has two decimals."""
    return "–" if value is None else f"{value:.2f}".replace(".", ",").replace("-", "−")


_FILES = (
    Column[FileLine]("number", "N°", lambda x: x.number, width=128),
    Column[FileLine]("structure", "Structure", lambda x: x.structure, width=180, stretch=True),
    Column[FileLine]("sheets", "Grilles", lambda x: str(x.found.sheets), sort=lambda x: x.found.sheets, width=72,
                     align="right"),
    Column[FileLine]("mean", "Moyenne", lambda x: _tenth(x.found.mean), sort=lambda x: x.found.mean, width=82,
                     align="right"),
    Column[FileLine]("deviation", "Écart type", lambda x: _tenth(x.found.deviation),
                     sort=lambda x: x.found.deviation, width=88, align="right"),
    Column[FileLine]("range", "De – à", lambda x: f"{decimal(x.found.lowest)} – {decimal(x.found.highest)}",
                     sort=lambda x: x.found.spread, width=112, align="right"),
    Column[FileLine]("agreement", "Accord", lambda x: _hundredth(x.found.agreement),
                     sort=lambda x: x.found.agreement, width=76, align="right"),
)  # fmt: skip
_MEMBERS = (
    Column[MemberLine]("name", "Membre", lambda x: x.name, width=170, weight=500),
    Column[MemberLine]("files", "Dossiers", lambda x: str(x.found.files), sort=lambda x: x.found.files, width=80,
                       align="right"),
    Column[MemberLine]("gap", "Sévérité", lambda x: x.found.sentence, sort=lambda x: x.found.gap, width=330,
                       stretch=True),
    Column[MemberLine]("spread", "Étalement", lambda x: _tenth(x.found.spread), sort=lambda x: x.found.spread,
                       width=88, align="right", tooltip="Écart type de ses notes sur ces dossiers"),
    Column[MemberLine]("others", "Des autres", lambda x: _tenth(x.found.others_spread),
                       sort=lambda x: x.found.others_spread, width=88, align="right",
                       tooltip="Écart type des moyennes des autres sur les mêmes dossiers"),
)  # fmt: skip
_CRITERIA = (
    Column[CriterionLine]("code", "Critère", lambda x: x.code, width=90, weight=500),
    Column[CriterionLine]("label", "Intitulé", lambda x: x.label, width=300, stretch=True),
    Column[CriterionLine]("files", "Dossiers", lambda x: str(x.found.files), sort=lambda x: x.found.files, width=80,
                          align="right"),
    Column[CriterionLine]("correlation", "Corrélation", lambda x: _hundredth(x.found.correlation),
                          sort=lambda x: x.found.correlation, width=100, align="right"),
)  # fmt: skip


class FairnessTab(Tab):
    """Three tables beside the notes and never inside; each says what it means and where it stops."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.said = QLabel()
        self.said.setWordWrap(True)
        theme.set_type(self.said, "body", "secondary")
        self.export_button = QPushButton("E&xporter ce tableau…")
        theme.set_kind(self.export_button, "secondary", small=True)
        icons.dress(self.export_button, "download", "text", 14)
        self.export_button.clicked.connect(self.export)
        self.files = self._table(FILES, RowsModel(_FILES, identity=lambda x: x.application_id))
        self.members = self._table(MEMBERS, RowsModel(_MEMBERS, identity=lambda x: x.name))
        self.criteria = self._table(CRITERIA, RowsModel(_CRITERIA, identity=lambda x: x.code))
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        for name, view in ((FILES, self.files), (MEMBERS, self.members), (CRITERIA, self.criteria)):
            self.pages.addTab(self._page(name, view), _NAMES[name])
        head = QHBoxLayout()
        head.addWidget(self.said, 1)
        head.addWidget(self.export_button)
        self.column.addLayout(head)
        self.column.addWidget(self.pages, 1)

    def refresh(self) -> None:
        revealed = self.meeting is not None and self.meeting.revealed_at is not None
        found = Tables()
        if self.meeting is not None and revealed:
            found = self.context.read(fairness.tables, meeting_id=self.meeting.id, viewer=self.context.viewer)
        self.files.set_rows(found.files)
        self.members.set_rows(found.members)
        self.criteria.set_rows(found.criteria)
        whole = _hundredth(found.agreement)
        self.said.setText(
            f"Accord du comité sur la campagne{NBSP}: {whole}. Ces chiffres sont à côté des notes, jamais dedans."
            if revealed
            else _HIDDEN
        )
        self.export_button.setEnabled(bool(found.files))

    def export(self) -> None:
        if self.meeting is None:
            return
        name = (FILES, MEMBERS, CRITERIA)[self.pages.currentIndex()]
        start = Path.home() / f"{self.meeting.held_on.isoformat()}_{slug(fairness.TITLES[name])}.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(self, fairness.TITLES[name], str(start), "Classeur (*.xlsx)")
        if chosen:
            self.save_to(name, Path(chosen).with_suffix(".xlsx"))

    def save_to(self, name: str, path: Path) -> None:
        """One of the three tables in a workbook; a refusal is told in the message bar."""
        if self.meeting is None:
            return
        try:
            key = {"meeting_id": self.meeting.id, "name": name, "actor": self.context.actor}
            letters.write_file(path, fairness.xlsx(self.context.store, **key))
        except UserError as refusal:
            self.context.messages.show_message(Message("danger", refusal.message))
            return
        self.context.told.emit(f"Tableau écrit{NBSP}: {path.name}")

    def _table(self, name: str, model: RowsModel[Any]) -> TableView:
        return TableView(model, name=fairness.TITLES[name], empty="Aucune grille révélée ne se compare encore.")

    def _page(self, name: str, view: TableView) -> QWidget:
        page, words = QWidget(), QLabel(MEANING[name])
        words.setWordWrap(True)
        theme.set_type(words, "secondary", "secondary")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(words)
        column.addWidget(view, 1)
        return page
