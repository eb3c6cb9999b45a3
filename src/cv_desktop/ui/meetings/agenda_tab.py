"""Ordre du jour: the files in the order they are heard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import applications, meetings
from cv_desktop.db.queries.meetings import AgendaRow
from cv_desktop.domain.money import euros, figures
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.services import agenda
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.message_bar import announce
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def _opinion(row: AgendaRow) -> Badge | None:
    if row.opinion is None:
        return Badge("À rendre", "neutral", "circle")
    return Badge(row.opinion.label, row.opinion.tint, row.opinion.icon)


def _columns() -> tuple[Column[AgendaRow], ...]:
    return (
        Column("rank", "Rang", lambda row: str(row.position + 1), width=56, align="right", sort=lambda r: r.position),
        Column("number", "N°", lambda row: row.number, width=128),
        Column("file", "Structure · action", lambda r: r.structure, stretch=True, second=lambda r: r.title, width=260),
        Column(
            "asked",
            "Demandé (€)",
            lambda row: figures(row.asked_cents),
            width=100,
            align="right",
            sort=lambda row: row.asked_cents,
        ),
        Column("sheets", "Grilles", lambda row: str(row.sheets), width=70, align="right", sort=lambda r: r.sheets),
        Column(
            "recused",
            "Déports",
            lambda row: ", ".join(row.recused),
            width=130,
            badge=lambda row: Badge(", ".join(row.recused), "pause", "eye-off") if row.recused else None,
        ),
        Column("opinion", "Avis", lambda r: r.opinion.label if r.opinion else "À rendre", width=124, badge=_opinion),
    )


class AgendaTab(Tab):
    """Alt+↑ and Alt+↓ move the file, Suppr takes it off; both are undone by Ctrl+Z."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = RowsModel(_columns(), identity=lambda row: row.application_id)
        self.view = TableView(self.model, name="Ordre du jour", empty="Aucun dossier à l’ordre du jour.")
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.installEventFilter(self)
        self.view.current_row_changed.connect(lambda _row: self._fit())
        self.up, self.down = QPushButton("&Monter"), QPushButton("&Descendre")
        self.take_off = QPushButton("Re&tirer de l’ordre du jour")
        for button, icon, tip in (
            (self.up, "arrow-up", "Alt+↑"),
            (self.down, "arrow-down", "Alt+↓"),
            (self.take_off, "minus", "Suppr"),
        ):
            theme.set_kind(button, "secondary", small=True)
            icons.dress(button, icon, "text", 14)
            button.setToolTip(tip)
        self.up.clicked.connect(lambda: self.move_file(-1))
        self.down.clicked.connect(lambda: self.move_file(1))
        self.take_off.clicked.connect(self.remove)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Dossier à ajouter à l’ordre du jour")
        self.choice.setMinimumWidth(px(200))
        self.add_button = QPushButton("&Ajouter ce dossier")
        theme.set_kind(self.add_button, "secondary", small=True)
        self.add_button.clicked.connect(self.add)
        self.total = QLabel()
        theme.set_type(self.total, "secondary", "secondary")
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for widget in (self.up, self.down, self.take_off):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.choice)
        bar.addWidget(self.add_button)
        bar.addWidget(self.total)
        self.column.addLayout(bar)
        self.column.addWidget(self.view, 1)

    def refresh(self) -> None:
        if self.meeting is None:
            self.view.set_rows([])
            return
        viewer = self.context.viewer
        rows = self.context.read(meetings.agenda, meeting_id=self.meeting.id, viewer=viewer)
        self.view.set_rows(rows)
        if self.view.current_row() is None and rows:
            self.view.select_identity(rows[0].application_id)
        s = "s" if len(rows) > 1 else ""
        self.total.setText(f"{len(rows)} dossier{s}, {euros(sum(row.asked_cents for row in rows))} demandés")
        listed = {row.application_id for row in rows}
        self.choice.clear()
        for file in self.context.read(applications.rows, call_id=self.call, viewer=viewer):
            if (
                file.id not in listed
                and file.progress.status is ApplicationStatus.ELIGIBLE
                and not file.progress.opinion
            ):
                self.choice.addItem(f"{file.number} · {file.structure}", file.id)
        self._fit()

    def move_file(self, by: int) -> None:
        row = self.view.current_row()
        if self.meeting is None or row is None or self.closed:
            return
        rows = self.model.all_rows()
        if self.model.sorts:
            # The order of the agenda is what is being changed: it is shown again first.
            self.model.sort_by(())
        place = rows.index(row) + by
        if not 0 <= place < len(rows):
            return
        done = self.context.do(
            f"ordre du jour, {row.number}",
            agenda.move,
            meeting_id=self.meeting.id,
            application_id=row.application_id,
            steps=by,
        )
        if done:
            announce(self.view, f"{row.structure}, rang {place + 1} sur {len(rows)}.")
            self.context.told.emit(f"{row.number} : rang {place + 1} sur {len(rows)}")

    def remove(self) -> None:
        row = self.view.current_row()
        if self.meeting is not None and row is not None:
            self.context.do(
                f"{row.number} retiré de l’ordre du jour",
                agenda.remove_from_agenda,
                meeting_id=self.meeting.id,
                application_id=row.application_id,
            )

    def add(self) -> None:
        key = self.choice.currentData()
        if self.meeting is not None and key:
            self.context.do(
                f"{self.choice.currentText()} ajouté à l’ordre du jour",
                agenda.add_to_agenda,
                meeting_id=self.meeting.id,
                application_id=key,
            )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if event.modifiers() & Qt.KeyboardModifier.AltModifier and key in _STEPS:
                self.move_file(_STEPS[key])
                return True
            if key == Qt.Key.Key_Delete and not event.modifiers():
                self.remove()
                return True
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        row = self.view.current_row()
        rows = self.model.all_rows()
        movable = row is not None and not self.closed
        self.up.setEnabled(movable and bool(rows) and rows[0] != row)
        self.down.setEnabled(movable and bool(rows) and rows[-1] != row)
        self.take_off.setEnabled(movable and row is not None and row.opinion is None)
        more = self.choice.count() > 0 and not self.closed
        self.choice.setVisible(more)
        self.add_button.setVisible(more)
