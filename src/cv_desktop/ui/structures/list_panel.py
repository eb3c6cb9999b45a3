"""The structures as a list beside the record, or as the full table with every column."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.structures import StructureRow
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.money import figures
from cv_desktop.domain.text import counted
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.filter_field import FilterField
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

EMPTY = "Aucune structure. Créez-en une (Ctrl+N) ou importez un fichier."
SIZES = {True: "oui", False: "non", None: ""}


class ListPanel(QFrame):
    """``full`` shows every column of the registry; both forms filter and sort alike."""

    import_asked = Signal()
    new_asked = Signal()
    duplicates_asked = Signal()
    form_asked = Signal()

    def __init__(self, *, full: bool, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.table = TableView(
            RowsModel(columns(full)),
            name="Structures",
            density="normal" if full else "double",
            memory=memory,
            empty=EMPTY,
            empty_button="Importer un fichier…",
            no_match="Aucune structure ne correspond aux filtres.",
        )
        self.table.empty_pressed.connect(self.import_asked)
        self.filter = FilterField(self.table, counter=False)
        title = QLabel("Structures")
        theme.set_type(title, "section", weight=600)
        self.new = QPushButton("Nouvelle")
        theme.set_kind(self.new, "secondary", small=True)
        icons.dress(self.new, "plus", "text", 16)
        self.new.setToolTip("Nouvelle structure (Ctrl+N)")
        self.new.clicked.connect(self.new_asked)
        self.duplicates = self._tool("copy", "Chercher les doublons")
        self.duplicates.clicked.connect(self.duplicates_asked)
        self.form = self._tool("panel-left" if full else "table", "Liste et fiche" if full else "Tableau complet")
        self.form.setToolTip(f"{self.form.toolTip()} (Ctrl+Maj+L)")
        self.form.clicked.connect(self.form_asked)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title)
        top.addWidget(self.filter.counter)
        top.addStretch(1)
        for button in (self.new, self.duplicates, self.form):
            top.addWidget(button)
        head = QVBoxLayout()
        head.setContentsMargins(12, 12, 12, 8)
        head.setSpacing(8)
        head.addLayout(top)
        head.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def follow(self, other: ListPanel) -> None:
        """Takes the filter and the current row of the other form."""
        self.filter.set_text(other.filter.line.text())
        row = other.table.current_row()
        if row is not None:
            self.table.select_identity(row.id)

    def _tool(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        theme.set_kind(button, "tool", small=True)
        icons.dress(button, icon, "text", 16)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button


def columns(full: bool) -> list[Column[StructureRow]]:
    """Those of the registry; beside the record, what tells one structure from another."""
    if not full:
        return [
            Column("name", "Nom", lambda r: r.name, second=_second, width=190, stretch=True, weight=600),
            Column("files", "Dossiers", lambda r: counted(r.applications, "dossier"), sort=lambda r: r.applications,
                   width=104, align="right", badge=_badge, filterable=False,
                   accessible=lambda r: f"{counted(r.applications, 'dossier')}. {_alert_sentence(r)}"),
        ]  # fmt: skip
    return [
        Column("name", "Nom", lambda r: r.name, width=220, stretch=True, weight=600),
        Column("acronym", "Sigle", lambda r: r.acronym, width=70),
        Column("commune", "Commune", lambda r: r.commune, width=130),
        Column("siret", "SIRET", lambda r: display_siret(r.siret) if r.siret else "", width=156),
        Column("rna", "RNA", lambda r: r.rna, width=104),
        Column("form", "Forme", lambda r: r.legal_form, width=140),
        Column("small", "Petite association", lambda r: SIZES[r.small], width=124,
               tooltip="Petite association au sens du règlement"),
        Column("files", "Dossiers", lambda r: str(r.applications), sort=lambda r: r.applications, width=72,
               align="right", filterable=False),
        Column("granted", "Accordé 3 ans (€)", lambda r: figures(r.granted_cents) if r.granted_cents else "",
               sort=lambda r: r.granted_cents, width=128, align="right", filterable=False),
        Column("report", "Dernier bilan", lambda r: str(r.last_report or ""), sort=lambda r: r.last_report or None,
               width=100),
        Column("alerts", "Alertes", alert_words, sort=lambda r: len(r.alerts), width=92, badge=_badge,
               accessible=_alert_sentence),
    ]  # fmt: skip


def _second(row: StructureRow) -> str:
    return " · ".join(x for x in (row.acronym, row.commune, display_siret(row.siret) if row.siret else "") if x)


def alert_words(row: StructureRow) -> str:
    """« 2 alertes », empty when there is none."""
    count = len(row.alerts)
    return f"{count} alerte{'s' if count > 1 else ''}" if count else ""


def _badge(row: StructureRow) -> Badge | None:
    return Badge(alert_words(row), "warning") if row.alerts else None


def _alert_sentence(row: StructureRow) -> str:
    return f"Alertes\u00a0: {' '.join(row.alerts) or 'aucune'}"
