"""The campaigns on the left: name, phase, files, envelope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.domain.money import euros, group
from cv_desktop.domain.states import Phase
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

WIDTH = 304
NBSP = "\u00a0"
CREATE = "Créer une campagne"
_ICONS = {"preparation": "pencil", "execution": "check", "closed": "lock"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A campaign and where it stands."""

    row: CallRow
    phase: Phase

    @property
    def id(self) -> str:
        return self.row.id


def phase_badge(phase: Phase) -> Badge:
    tint = "success" if phase is Phase.EXECUTION else phase.tint
    return Badge(phase.label, tint, _ICONS.get(phase.value, "circle-dot-dashed"), tinted=True)


def files_words(count: int) -> str:
    return f"{group(count)}{NBSP}dossier{'s' if count > 1 else ''}"


COLUMNS = (
    Column[Entry](
        "label",
        "Campagne",
        lambda e: e.row.label,
        stretch=True,
        weight=600,
        second=lambda e: f"{e.row.code} · {files_words(e.row.applications)}",
        accessible=lambda e: f"{e.row.label}, {e.phase.label}, {files_words(e.row.applications)}",
    ),
    Column[Entry](
        "envelope",
        "Enveloppe",
        lambda e: euros(e.row.envelope_cents),
        width=118,
        align="right",
        badge=lambda e: phase_badge(e.phase),
        accessible=lambda e: f"Enveloppe{NBSP}: {euros(e.row.envelope_cents)}",
    ),
)


class CallList(QFrame):
    """``chosen`` when another campaign becomes current; ``asked`` to create one, ``import_asked`` from a file."""

    chosen = Signal()
    asked = Signal()
    import_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        title, self.count = QLabel("Campagnes"), QLabel()
        theme.set_type(title, "section", weight=600)
        theme.set_type(self.count, "secondary", "secondary")
        self.new = QPushButton(f"&{CREATE}")
        theme.set_kind(self.new, "secondary")
        icons.dress(self.new, "plus", "text", 16)
        self.new.setToolTip(f"{CREATE} (Ctrl+N)")
        self.new.clicked.connect(self.asked)
        self.bring = QPushButton("&Importer un paramétrage…")
        theme.set_kind(self.bring, "link", small=True)
        self.bring.clicked.connect(self.import_asked)
        self.model = RowsModel(COLUMNS)
        self.view = TableView(
            self.model,
            name="Campagnes",
            density="double",
            empty="Aucune campagne. Créez la première : dispositif, année, enveloppe.",
            empty_button=CREATE,
        )
        self.view.horizontalHeader().hide()
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.current_row_changed.connect(lambda _row: self.chosen.emit())
        self.view.empty_pressed.connect(self.asked)
        head = QHBoxLayout()
        head.setContentsMargins(12, 12, 12, 6)
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(self.count)
        head.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 12)
        foot.setSpacing(4)
        foot.addWidget(self.new)
        foot.addWidget(self.bring)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)
        self.setMinimumWidth(px(240))

    def show_rows(self, entries: Sequence[Entry], wanted: str = "") -> None:
        self.view.set_rows(entries)
        self.count.setText(str(len(entries)) if entries else "")
        self.new.setVisible(bool(entries))
        if wanted and self.view.select_identity(wanted):
            return
        if self.view.current_row() is None and entries:
            self.view.select_identity(entries[0].id)

    @property
    def current(self) -> Entry | None:
        entry: Entry | None = self.view.current_row()
        return entry
