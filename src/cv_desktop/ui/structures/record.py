"""The record of a structure: its name and numbers, the key figures, and its tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import conventions
from cv_desktop.db.queries.structures import StructureRecord, StructureRow
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.money import euros
from cv_desktop.ui import theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.journal_list import JournalList
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.structures.accounts import Accounts
from cv_desktop.ui.structures.approvals_tab import ApprovalsTab
from cv_desktop.ui.structures.documents_tab import DocumentsTab
from cv_desktop.ui.structures.history_tab import HistoryTab
from cv_desktop.ui.structures.identity import Identity
from cv_desktop.ui.structures.links_tab import LinksTab
from cv_desktop.ui.structures.list_panel import alert_words
from cv_desktop.ui.structures.mandates_tab import MandatesTab
from cv_desktop.ui.structures.reports_tab import ReportsTab
from cv_desktop.ui.structures.support_tab import SupportTab

TABS = ("identity", "persons", "approvals", "documents", "account", "history", "reports", "support", "links", "journal")


class StructureRecordView(QWidget):
    """``show_record`` shows the head and the current tab; a tab is read when it is looked at."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.record: StructureRecord | None = None
        self.name, self.where = ElidedLabel(), ElidedLabel()
        theme.set_type(self.name, "title", weight=600)
        theme.set_type(self.where, "body", "secondary")
        self.chip = Chip("", "warning", title="Alertes")
        self.figures = KeyFigures()
        self.convention = QLabel()
        self.convention.setWordWrap(True)
        theme.set_type(self.convention, "secondary", "warning", 600)
        self.identity, self.account = Identity(context), Accounts(context)
        self.persons = MandatesTab(context, "structures.personnes")
        self.approvals = ApprovalsTab(context, "structures.agrements")
        self.documents = DocumentsTab(context, "structures.pieces")
        self.history = HistoryTab(context, "structures.historique")
        self.reports = ReportsTab(context)
        self.support = SupportTab(context, "structures.accompagnement")
        self.links = LinksTab(context)
        self.journal = JournalList(context, "structure")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Parties de la fiche")
        # Ten of them: closer to one another, and arrows where they still have no room.
        self.tabs.tabBar().setProperty("dense", True)
        for page, words in (
            (self.identity, "Identité"),
            (self.persons, "Personnes"),
            (self.approvals, "Agréments"),
            (self.documents, "Pièces"),
            (self.account, "Comptes"),
            (self.history, "Historique"),
            (self.reports, "Bilans"),
            (self.support, "Accompagnement"),
            (self.links, "Liens"),
            (self.journal, "Journal"),
        ):
            self.tabs.addTab(page, words)
        self.tabs.currentChanged.connect(lambda _: self.show_tab())
        self._lay_out()

    def show_record(self, record: StructureRecord, row: StructureRow) -> None:
        self.record = record
        self.name.setText(f"{record.name} ({record.acronym})" if record.acronym else record.name)
        parts = [display_siret(record.siret) if record.siret else "", record.rna, record.commune]
        self.where.setText(" · ".join(part for part in parts if part) or "Numéros non renseignés")
        self.chip.set_badge(alert_words(row), "warning")
        self.chip.setVisible(bool(row.alerts))
        figures = [Figure("Dossiers", str(row.applications)), Figure("Accordé en 3 ans", euros(row.granted_cents))]
        if row.last_report:
            figures.append(Figure("Dernier bilan", str(row.last_report)))
        self.figures.set_figures(figures)
        due = self._context.read(conventions.of_structure, structure_id=record.id)
        self.convention.setText("\n".join(f"{one.sentence}." for one in due))
        self.convention.setVisible(bool(due))
        self.show_tab()

    def show_tab(self) -> None:
        record, page = self.record, self.tabs.currentWidget()
        if record is None:
            return
        if page is self.journal:
            self.journal.show_entries(record.id)
        elif isinstance(
            page,
            Identity
            | MandatesTab
            | ApprovalsTab
            | DocumentsTab
            | Accounts
            | HistoryTab
            | ReportsTab
            | SupportTab
            | LinksTab,
        ):
            page.show_record(record)

    def open_tab(self, key: str) -> None:
        self.tabs.setCurrentIndex(TABS.index(key))

    def _lay_out(self) -> None:
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
        band.addWidget(self.convention)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addLayout(band)
        inside.addWidget(self.tabs, 1)
