"""The tab « Bilans »: the financial reports received, what was foreseen and done account by account, what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from cv_desktop.db.queries import reports as queries
from cv_desktop.db.queries.reports import ReportRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.budget import CHARGE, PRODUIT
from cv_desktop.domain.dates import long_date, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, figures
from cv_desktop.domain.report import ANSWERS, ReportLine, gap, gap_text, subsidy_sentence, totals
from cv_desktop.domain.text import NBSP
from cv_desktop.services import contents, reports
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

EMPTY = "Aucun bilan. Importez le Cerfa 15059 rempli par la structure (Fichier › Importer)."


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table as it is shown; a total stands for its side."""

    place: int
    account: str
    label: str
    planned_cents: int | None
    realised_cents: int | None
    total: bool = False


class ReportsTab(QWidget):
    """Read only, but for a report brought in by mistake, which may be taken away."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.record: StructureRecord | None = None
        self.table = TableView(
            RowsModel(_columns()), name="Bilans reçus", memory=context.settings.memory("structures.bilans"), empty=EMPTY
        )
        self.table.current_row_changed.connect(lambda _row: self._show())
        self.table.opened.connect(lambda _row: self.open_file())
        self.lines = TableView(
            RowsModel(_line_columns(), identity=lambda line: line.place),
            name="Budget prévu et réalisé",
            density="compact",
            memory=context.settings.memory("structures.bilan"),
            empty="Ce bilan n’a pas de tableau.",
        )
        self.lines.horizontalHeader().setSectionsClickable(False)
        self.said = QTextBrowser()
        self.said.setAccessibleName("Ce que dit le bilan")
        self.said.setOpenLinks(False)
        self.open_button = self._button("&Ouvrir le PDF", "eye", self.open_file)
        self.file_button = self._button("Ouvrir le &dossier", "folder", self._open_application)
        self.remove_button = self._button("&Retirer le bilan", "minus", self.remove)
        self._lay_out()

    def show_record(self, record: StructureRecord) -> None:
        self.record = record
        found = self._context.read(queries.rows, structure_id=record.id, viewer=self._context.viewer)
        self.table.set_rows(found)
        if found and self.table.current_row() is None:
            self.table.select_identity(found[0].id)
        self._show()

    def open_file(self) -> None:
        """A copy of the PDF, in the viewer of the system."""
        row = self._current()
        if row is None:
            return
        try:
            copy = self._context.read(contents.openable, sha256=row.sha256, filename=row.filename)
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))
        self._context.told.emit(f"Bilan ouvert{NBSP}: {row.filename}")

    def remove(self) -> None:
        if (row := self._current()) is not None:
            self._context.do(f"retrait du bilan {row.year}", reports.remove, report_id=row.id)

    def _open_application(self) -> None:
        row = self._current()
        if row is not None and row.application_id:
            self._context.visit.emit("applications", "application", row.application_id)

    def _current(self) -> ReportRow | None:
        row = self.table.current_row()
        return row if isinstance(row, ReportRow) else None

    def _show(self) -> None:
        row = self._current()
        self.lines.set_rows(_shown(row.lines) if row else [])
        self.said.setHtml(_texts(row) if row else "")
        self.below.setVisible(row is not None)
        self.open_button.setEnabled(row is not None)
        self.remove_button.setEnabled(row is not None)
        self.file_button.setEnabled(row is not None and bool(row.application_id))

    def _button(self, text: str, icon: str, pressed: object) -> QPushButton:
        button = QPushButton(text)
        theme.set_kind(button, "secondary")
        icons.dress(button, icon, "text", 16)
        button.clicked.connect(pressed)
        return button

    def _lay_out(self) -> None:
        budget, texts = Card("Prévu et réalisé", flush=True), Card("Bilan qualitatif", flush=True)
        budget.add(self.lines, 1)
        texts.add(self.said, 1)
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.addWidget(budget)
        self.below.addWidget(texts)
        self.below.setStretchFactor(0, 1)
        self.below.setSizes([px(450), px(200)])
        texts.setMinimumWidth(px(180))
        self.below.setChildrenCollapsible(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.open_button, self.file_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.remove_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.table, 2)
        layout.addLayout(buttons)
        layout.addWidget(self.below, 5)


def _columns() -> list[Column[ReportRow]]:
    def done(row: ReportRow) -> tuple[int | None, int | None]:
        return totals(row.lines, CHARGE)

    return [
        Column("year", "Exercice", lambda r: str(r.year), sort=lambda r: r.year, width=72, weight=600),
        Column("title", "Action", lambda r: r.title, width=110, stretch=True),
        Column("number", "Dossier", lambda r: r.number, width=118),
        Column("planned", "Prévu (€)", lambda r: _figures(done(r)[0]), sort=lambda r: done(r)[0], width=88,
               align="right", filterable=False),
        Column("realised", "Réalisé (€)", lambda r: _figures(done(r)[1]), sort=lambda r: done(r)[1], width=88,
               align="right", filterable=False),
        Column("gap", "Écart", lambda r: gap_text(*done(r)), sort=lambda r: gap(*done(r)), width=76, align="right",
               filterable=False),
        Column("received", "Reçu le", lambda r: short_date(r.received_on), sort=lambda r: r.received_on, width=104),
    ]  # fmt: skip


def _line_columns() -> list[Column[_Line]]:
    def column(key: str, title: str, text: Callable[[_Line], str], width: int, **more: Any) -> Column[_Line]:
        return Column(key, title, text, width=width, filterable=False, strong=lambda x: x.total, **more)

    return [
        column("account", "N°", lambda x: x.account, 46),
        column("label", "Intitulé", lambda x: x.label, 110, stretch=True),
        column("planned", "Prévu (€)", lambda x: _figures(x.planned_cents), 78, align="right"),
        column("realised", "Réalisé (€)", lambda x: _figures(x.realised_cents), 86, align="right"),
        # In the menu of the columns: a share says enough where there is little room.
        column(
            "difference",
            "Écart (€)",
            lambda x: _difference(x.planned_cents, x.realised_cents),
            80,
            align="right",
            hidden=True,
        ),
        column("gap", "Écart", lambda x: gap_text(x.planned_cents, x.realised_cents), 70, align="right"),
    ]


def _shown(lines: Sequence[ReportLine]) -> list[_Line]:
    """The charges then the produits, each with its total; the help in kind after its own."""
    shown: list[_Line] = []
    for side, words in ((CHARGE, "Total des charges"), (PRODUIT, "Total des produits")):
        mine = [x for x in lines if x.side == side]
        kind = [x for x in mine if x.account.startswith(("86", "87"))]
        for line in (x for x in mine if x not in kind):
            shown.append(_Line(len(shown), line.account, line.label, line.planned_cents, line.realised_cents))
        if len(mine) > len(kind):
            shown.append(_Line(len(shown), "", words, *totals(lines, side), total=True))
        for line in kind:
            shown.append(_Line(len(shown), line.account, line.label, line.planned_cents, line.realised_cents))
    return shown


def _texts(row: ReportRow) -> str:
    parts = []
    if row.subsidy_cents is not None:
        parts.append(f"<p>{escape(subsidy_sentence(euros(row.subsidy_cents), row.subsidy_cents, row.lines))}</p>")
    for key, label in ANSWERS.items():
        if text := row.answers.get(key):
            parts.append(f"<p><b>{escape(label)}</b><br>{escape(text).replace(chr(10), '<br>')}</p>")
    signed = f", le {long_date(row.signed_on)}" if row.signed_on else ""
    if row.signatory_name or signed:
        parts.append(f"<p>Signé{NBSP}: {escape(row.signatory_name or 'sans nom')}{signed}.</p>")
    return "".join(parts) or "<p>Ce bilan n’a pas de texte.</p>"


def _figures(cents: int | None) -> str:
    return "" if cents is None else figures(cents)


def _difference(planned: int | None, realised: int | None) -> str:
    if planned is None or realised is None:
        return ""
    return f"{'+' if realised > planned else ''}{figures(realised - planned)}"
