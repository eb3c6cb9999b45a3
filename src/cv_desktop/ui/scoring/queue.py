"""My queue: the files to mark, how far I am, and how many a déport hides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.meetings import MemberRow, QueueRow
from cv_desktop.domain import conflicts
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.look import px
from cv_desktop.ui.scoring.tinted import Tinted
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

WIDTH = 236
RETURNED = "returned"
_STATES = {
    "returned": ("success", "circle-check", "grille rendue"),
    "started": ("info", "circle-dot", "commencée"),
    "to_do": ("neutral", "circle", "à noter"),
}


def _said(row: QueueRow) -> str:
    return f"{row.number}, {row.structure}, {row.title}, {_STATES[row.state][2]}"


COLUMNS = (
    Column[QueueRow](
        "state",
        "État",
        lambda _row: "",
        width=32,
        badge=lambda row: Badge("", _STATES[row.state][0], _STATES[row.state][1]),
        accessible=_said,
    ),
    Column[QueueRow]("number", "N°", lambda row: row.number.rsplit("-", 1)[-1][-3:], width=44, tone="secondary"),
    Column[QueueRow]("structure", "Structure", lambda row: row.structure, stretch=True, accessible=_said),
)


class Queue(QFrame):
    """``chosen(application_id)``; ``member_chosen(member_id)``; ``left`` to go back to the meetings."""

    chosen = Signal(str)
    member_chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.back = QToolButton()
        theme.set_kind(self.back, "tool", small=True)
        icons.dress(self.back, "arrow-left", "text", 16)
        self.back.setToolTip("Revenir aux séances")
        self.back.setAccessibleName("Revenir aux séances")
        self.back.clicked.connect(self.left)
        heading, self.count = QLabel("Mes grilles"), QLabel()
        theme.set_type(heading, "section", weight=600)
        theme.set_type(self.count, "secondary", "secondary")
        label = QLabel("Vous notez en tant &que")
        theme.set_type(label, "meta", "secondary")
        self.member = QComboBox()
        self.member.setAccessibleName("Vous notez en tant que")
        self.member.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.member.setMinimumContentsLength(8)
        self.member.activated.connect(lambda _i: self.member_chosen.emit(self.member.currentData()))
        label.setBuddy(self.member)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Grilles rendues")
        self.model = RowsModel(COLUMNS, identity=lambda row: row.application_id)
        self.view = TableView(
            self.model, name="Mes grilles", density="airy", empty="Aucun dossier recevable n’est à noter."
        )
        self.view.horizontalHeader().hide()
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.current_row_changed.connect(self._moved)
        self.hidden_files = Tinted("pause", "eye-off")
        self.note = QLabel(
            "Un lien déclaré avec la structure masque le dossier : ni pièces, ni notes, ni commentaires."
        )
        self.note.setWordWrap(True)
        theme.set_type(self.note, "meta", "secondary")
        self._lay_out(heading, label)
        theme.current().changed.connect(self._fit)
        self._fit()

    def show_members(self, members: Sequence[MemberRow], current: str) -> None:
        self.member.clear()
        for row in members:
            self.member.addItem(row.name, row.id)
        self.member.setCurrentIndex(self.member.findData(current))

    def show_rows(self, rows: Sequence[QueueRow], hidden: int) -> None:
        self.view.set_rows(rows)
        self.hidden_files.put(conflicts.mask(hidden))
        self.note.setVisible(bool(hidden))
        self._count()

    def set_state(self, application_id: str, state: str) -> None:
        """One file moved on; the rest is not asked again."""
        for row in self.model.all_rows():
            if row.application_id == application_id and row.state != state:
                self.model.change_row(replace(row, state=state))
                self._count()

    def select(self, application_id: str) -> bool:
        return self.view.select_identity(application_id)

    @property
    def current(self) -> str | None:
        row = self.view.current_row()
        return row.application_id if row else None

    def _count(self) -> None:
        rows = self.model.all_rows()
        done = sum(row.state == RETURNED for row in rows)
        self.count.setText(f"{done} sur {len(rows)}")
        self.count.setAccessibleName(f"{done} grilles rendues sur {len(rows)}")
        self.bar.setRange(0, max(1, len(rows)))
        self.bar.setValue(done)

    def _moved(self, row: QueueRow | None) -> None:
        if row is not None:
            self.chosen.emit(row.application_id)

    def _lay_out(self, heading: QLabel, label: QLabel) -> None:
        title = QHBoxLayout()
        title.setSpacing(4)
        title.addWidget(self.back)
        title.addWidget(heading)
        title.addStretch(1)
        title.addWidget(self.count)
        top = QVBoxLayout()
        top.setContentsMargins(8, 10, 12, 10)
        top.setSpacing(4)
        top.addLayout(title)
        top.addWidget(label)
        top.addWidget(self.member)
        top.addSpacing(4)
        top.addWidget(self.bar)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 12)
        foot.addWidget(self.note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.hidden_files)
        layout.addLayout(foot)
        self.setFocusProxy(self.view)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def _fit(self) -> None:
        self.setFixedWidth(px(WIDTH))
