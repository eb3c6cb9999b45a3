"""The meetings of the campaign, the latest first."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.domain.dates import abridged_date, long_date
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

WIDTH = 304


def state_badge(row: MeetingRow) -> Badge:
    """Préparée, Ouverte, Grilles révélées or Close."""
    if row.state == "closed":
        return Badge("Close", "neutral", "lock", tinted=True)
    if row.revealed_at is not None:
        return Badge("Grilles révélées", "success", "check", tinted=True)
    if row.state == "open":
        return Badge("Ouverte", "info", "circle-dot-dashed", tinted=True)
    return Badge("Préparée", "neutral", "pencil", tinted=True)


COLUMNS = (
    Column[MeetingRow](
        "label",
        "Séance",
        lambda row: row.label,
        stretch=True,
        second=lambda row: f"{abridged_date(row.held_on)} · {row.files} dossier{'s' if row.files > 1 else ''}",
        weight=500,
        accessible=lambda row: f"{row.label}, {long_date(row.held_on)}, {state_badge(row).word.lower()}",
    ),
    Column[MeetingRow]("state", "État", lambda _row: "", width=138, align="right", badge=state_badge),
)


class MeetingList(QFrame):
    """``chosen`` when another meeting becomes current; ``asked`` to prepare one."""

    chosen = Signal()
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        title, self.count = QLabel("Séances"), QLabel()
        theme.set_type(title, "section", weight=600)
        theme.set_type(self.count, "secondary", "secondary")
        self.new = QPushButton("&Préparer une séance")
        theme.set_kind(self.new, "secondary")
        icons.dress(self.new, "plus", "text", 16)
        self.new.setToolTip("Préparer une séance (Ctrl+N)")
        self.new.clicked.connect(self.asked)
        self.model = RowsModel(COLUMNS)
        self.view = TableView(
            self.model,
            name="Séances de la campagne",
            density="double",
            empty="Aucune séance dans cette campagne. Le comité peut déjà noter ; la séance rend les avis.",
            empty_button="Préparer une séance",
        )
        self.view.horizontalHeader().hide()
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.current_row_changed.connect(lambda _row: self.chosen.emit())
        self.view.empty_pressed.connect(self.asked)
        head = QHBoxLayout()
        head.setContentsMargins(12, 12, 12, 6)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.count)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 12)
        foot.addWidget(self.new, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)
        theme.current().changed.connect(self._fit)
        self._fit()

    def show_rows(self, rows: list[MeetingRow]) -> None:
        self.view.set_rows(rows)
        self.count.setText(str(len(rows)) if rows else "")
        self.new.setVisible(bool(rows))
        if self.view.current_row() is None and rows:
            self.view.select_identity(rows[0].id)

    @property
    def current(self) -> MeetingRow | None:
        return self.view.current_row()

    def _fit(self) -> None:
        self.setFixedWidth(px(WIDTH))
