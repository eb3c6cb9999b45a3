"""Structures: list and record, whatever the campaign."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries import structures as queries
from cv_desktop.db.queries.structures import FileRow, StructureRecord, StructureRow
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.money import euros, figures
from cv_desktop.ui import theme
from cv_desktop.ui.applications.rows import badge
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.journal_list import JournalList
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.look import px
from cv_desktop.ui.screen import Command, Screen
from cv_desktop.ui.structures.accounts import Accounts
from cv_desktop.ui.structures.identity import Identity
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.filter_field import FilterField
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

EMPTY = "Aucune structure. Importez un fichier de dossiers : ses structures sont créées avec lui."
TABS = ("identity", "account", "files", "journal")


class StructuresScreen(Screen):
    """« structure » opens a record; « iban » opens it on its account, ready to type."""

    title = "Structures"
    nouns = frozenset({"structure", "application", "decision", "import"})
    follows_call = False

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wanted = ""
        self.record: StructureRecord | None = None
        memory = context.settings.memory
        self.table = TableView(
            RowsModel(_columns()),
            name="Structures",
            memory=memory("structures.liste"),
            empty=EMPTY,
            empty_button="Importer un fichier…",
            no_match="Aucune structure ne correspond aux filtres.",
        )
        self.table.empty_pressed.connect(lambda: context.visit.emit("applications", "import", ""))
        self.table.current_row_changed.connect(self._row_changed)
        self.filter = FilterField(self.table, counter=False)
        self.name, self.where = ElidedLabel(), ElidedLabel()
        theme.set_type(self.name, "title", weight=600)
        theme.set_type(self.where, "body", "secondary")
        self.chip = Chip("", "warning", title="Alertes")
        self.figures = KeyFigures()
        self.identity, self.account = Identity(context), Accounts(context)
        self.files = TableView(
            RowsModel(_file_columns()),
            name="Dossiers de la structure",
            memory=memory("structures.dossiers"),
            empty="Aucun dossier pour cette structure.",
        )
        self.files.opened.connect(lambda row: context.visit.emit("applications", "application", row.id))
        self.journal = JournalList(context, "structure")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Parties de la fiche")
        for page, words in (
            (self.identity, "Identité"),
            (self.account, "Comptes bancaires"),
            (self.files, "Dossiers"),
            (self.journal, "Journal"),
        ):
            self.tabs.addTab(page, words)
        self.tabs.currentChanged.connect(lambda _: self._show_tab())
        self._lay_out()

    def refresh(self) -> None:
        self.table.set_rows(self.context.read(queries.rows, viewer=self.context.viewer))
        self._show_wanted()

    def commands(self) -> dict[str, Command]:
        return {
            "filter": self.filter.focus_filter,
            "next_record": lambda: self.table.step(1),
            "previous_record": lambda: self.table.step(-1),
        }

    def regions(self) -> list[QWidget]:
        return [self.left, self.tabs]

    def open(self, noun: str, id: str) -> None:
        if noun not in ("structure", "iban"):
            return
        self._wanted = id
        if not self.stale:
            self._show_wanted()
        if noun == "iban":
            self.tabs.setCurrentIndex(TABS.index("account"))
            self.account.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> tuple[str, str] | None:
        return ("structure", self.record.id) if self.record else None

    def _show_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted and not self.table.select_identity(wanted):
            self.table.clear_filters()
            self.table.select_identity(wanted)
        if self.table.current_row() is None and self.table.rows.rowCount():
            self.table.step(0)
        self._row_changed(self.table.current_row())

    def _row_changed(self, row: StructureRow | None) -> None:
        record = self.context.read(queries.record, structure_id=row.id) if row else None
        self.record = record
        self.right.setCurrentIndex(1 if record else 0)
        if record is None or row is None:
            return
        self.name.setText(record.name)
        parts = [display_siret(record.siret) if record.siret else "", record.rna, record.commune]
        self.where.setText(" · ".join(part for part in parts if part) or "Numéros non renseignés")
        self.chip.set_badge(_alerts(row), "warning")
        self.chip.setVisible(bool(row.alerts))
        self.figures.set_figures(
            [Figure("Dossiers", str(row.applications)), Figure("Accordé en 3 ans", euros(row.granted_cents))]
        )
        self._show_tab()

    def _show_tab(self) -> None:
        record, page = self.record, self.tabs.currentWidget()
        if record is None:
            return
        if page is self.files:
            rows = self.context.read(queries.files, structure_id=record.id, viewer=self.context.viewer)
            self.files.set_rows(rows)
        elif page is self.journal:
            self.journal.show_entries(record.id)
        elif isinstance(page, (Identity, Accounts)):
            page.show_record(record)

    def _lay_out(self) -> None:
        title = QLabel(self.title)
        theme.set_type(title, "section", weight=600)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title)
        top.addWidget(self.filter.counter)
        top.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(12, 12, 12, 8)
        head.setSpacing(8)
        head.addLayout(top)
        head.addWidget(self.filter)
        self.left = QFrame()
        self.left.setProperty("surface", "surface")
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.name)
        names.addWidget(self.where)
        line = QHBoxLayout()
        line.addLayout(names, 1)
        line.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        band = QVBoxLayout()
        band.setContentsMargins(20, 12, 16, 4)
        band.setSpacing(8)
        band.addLayout(line)
        band.addWidget(self.figures)
        whole = QWidget()
        inside = QVBoxLayout(whole)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addLayout(band)
        inside.addWidget(self.tabs, 1)
        self.right = QStackedWidget()
        self.right.addWidget(EmptyState("Choisissez une structure dans la liste."))
        self.right.addWidget(whole)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.left)
        split.addWidget(self.right)
        split.setChildrenCollapsible(False)
        split.setSizes([px(620), px(640)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)


def _columns() -> list[Column[StructureRow]]:
    return [
        Column("name", "Nom", lambda r: r.name, width=180, stretch=True, weight=600),
        Column("commune", "Commune", lambda r: r.commune, width=112),
        Column("siret", "SIRET", lambda r: display_siret(r.siret) if r.siret else "", width=156),
        Column("rna", "RNA", lambda r: r.rna, width=96, hidden=True),
        Column("files", "Dossiers", lambda r: str(r.applications), sort=lambda r: r.applications, width=72,
               align="right", filterable=False),
        Column("granted", "Accordé (€)", lambda r: figures(r.granted_cents) if r.granted_cents else "",
               sort=lambda r: r.granted_cents, width=90, align="right", hidden=True, filterable=False),
        Column("alerts", "Alertes", _alerts, width=92, badge=_badge, accessible=_alert_sentence),
    ]  # fmt: skip


def _file_columns() -> list[Column[FileRow]]:
    return [
        Column("number", "N°", lambda r: r.row.number, width=120, weight=600),
        Column("title", "Action", lambda r: r.row.title, width=200, stretch=True),
        Column("call", "Campagne", lambda r: r.call, width=170),
        Column("asked", "Demandé", lambda r: euros(r.row.asked_cents), sort=lambda r: r.row.asked_cents, width=90,
               align="right", filterable=False),
        Column("granted", "Accordé", lambda r: "" if r.row.granted_cents is None else euros(r.row.granted_cents),
               sort=lambda r: r.row.granted_cents, width=90, align="right", filterable=False),
        Column("status", "État", lambda r: r.row.status.label, width=130, badge=lambda r: badge(r.row)),
    ]  # fmt: skip


def _alerts(row: StructureRow) -> str:
    count = len(row.alerts)
    return f"{count} alerte{'s' if count > 1 else ''}" if count else ""


def _badge(row: StructureRow) -> Badge | None:
    return Badge(_alerts(row), "warning") if row.alerts else None


def _alert_sentence(row: StructureRow) -> str:
    return f"Alertes\u00a0: {' '.join(row.alerts) or 'aucune'}"
