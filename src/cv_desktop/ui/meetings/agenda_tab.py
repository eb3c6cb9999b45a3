"""Ordre du jour: the files in the order they are heard, the hour of each, and the end foreseen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import applications, meetings
from cv_desktop.db.queries.meetings import AgendaRow
from cv_desktop.domain.agenda import Item, exits, hours
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import moment_of, spoken_moment
from cv_desktop.domain.money import euros, figures
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.domain.text import counted, quote
from cv_desktop.services import agenda, meeting_removal
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.meetings.details_row import DetailsRow
from cv_desktop.ui.meetings.row_drag import RowDrag
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.message_bar import announce
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def _opinion(row: AgendaRow) -> Badge | None:
    if row.opinion is None:
        return Badge("À rendre", "neutral", "circle")
    return Badge(row.opinion.label, row.opinion.tint, row.opinion.icon)


def _columns(
    begins: Callable[[AgendaRow], str], write: Callable[[AgendaRow, str], None], open_: Callable[[AgendaRow], bool]
) -> tuple[Column[AgendaRow], ...]:
    return (
        Column("rank", "Rang", lambda row: str(row.position + 1), width=56, align="right", sort=lambda r: r.position),
        Column("hour", "Heure", begins, width=74, align="right", sort=lambda r: r.position),
        Column(
            "minutes",
            "Minutes",
            lambda row: str(row.minutes),
            sort=lambda row: row.minutes,
            width=72,
            align="right",
            edit=write,
            editable=open_,
        ),
        Column("number", "N°", lambda row: row.number, width=128),
        Column("file", "Structure · action", lambda r: r.structure, stretch=True, second=_second, width=230),
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


def _second(row: AgendaRow) -> str:
    return f"{row.title} · revient{NBSP}: {row.before}" if row.before else row.title


class AgendaTab(Tab):
    """Alt+↑, Alt+↓ and the mouse move the file, Suppr takes it off; all is undone by Ctrl+Z."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = RowsModel(
            _columns(self._hour, self._set_minutes, lambda _row: not self.closed),
            identity=lambda row: row.application_id,
        )
        self.view = TableView(self.model, name="Ordre du jour", empty="Aucun dossier à l’ordre du jour.")
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.installEventFilter(self)
        self.view.refused.connect(context.told)
        self._hours: dict[str, str] = {}
        self.details = DetailsRow(context)
        self.drag = RowDrag(self.view)
        self.drag.moved.connect(self._dragged)
        self.group = QPushButton("&Grouper les déports")
        self.group.setToolTip("Ordonner les dossiers pour que les membres en déport sortent le moins souvent possible")
        self.view.current_row_changed.connect(lambda _row: self._fit())
        self.up, self.down = QPushButton("&Monter"), QPushButton("&Descendre")
        self.take_off = QPushButton("Re&tirer de l’ordre du jour")
        for button, icon, tip in (
            (self.up, "arrow-up", "Alt+↑"),
            (self.down, "arrow-down", "Alt+↓"),
            (self.take_off, "minus", "Suppr"),
            (self.group, "users", self.group.toolTip()),
        ):
            theme.set_kind(button, "secondary", small=True)
            icons.dress(button, icon, "text", 14)
            button.setToolTip(tip)
        self.up.clicked.connect(lambda: self.move_file(-1))
        self.down.clicked.connect(lambda: self.move_file(1))
        self.take_off.clicked.connect(self.remove)
        self.group.clicked.connect(self.group_recusals)
        self.discard = QPushButton("S&upprimer cette séance")
        theme.set_kind(self.discard, "link", small=True)
        self.discard.setToolTip("Ses dossiers attendront une autre séance\u00a0; Ctrl+Z la rétablit")
        self.discard.clicked.connect(self._discard)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Dossier à ajouter à l’ordre du jour")
        self.choice.setMinimumWidth(px(200))
        self.add_button = QPushButton("&Ajouter ce dossier")
        theme.set_kind(self.add_button, "secondary", small=True)
        self.add_button.clicked.connect(self.add)
        self.total = QLabel()
        theme.set_type(self.total, "secondary", "secondary")
        self.total.setWordWrap(True)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for widget in (self.up, self.down, self.take_off, self.group):
            bar.addWidget(widget)
        bar.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.total, 1)
        foot.addWidget(self.discard)
        foot.addWidget(self.choice)
        foot.addWidget(self.add_button)
        self.column.addWidget(self.details)
        self.column.addLayout(bar)
        self.column.addWidget(self.view, 1)
        self.column.addLayout(foot)

    def refresh(self) -> None:
        if self.meeting is None:
            self.view.set_rows([])
            return
        viewer = self.context.viewer
        rows = self.context.read(meetings.agenda, meeting_id=self.meeting.id, viewer=viewer)
        ends = self._foresee(rows)
        self.details.show_meeting(self.meeting)
        self.view.set_rows(rows)
        if self.view.current_row() is None and rows:
            self.view.select_identity(rows[0].application_id)
        s = "s" if len(rows) > 1 else ""
        asked = f"{len(rows)} dossier{s}, {euros(sum(row.asked_cents for row in rows))} demandés"
        away = [Item(row.application_id, row.number, frozenset(row.recused)) for row in rows]
        count = exits(away)
        out = f"{counted(count, 'sortie')} pour déport" if count else "aucune sortie pour déport"
        self.total.setText("  ·  ".join((asked, out, ends)))
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

    def group_recusals(self) -> None:
        """The order in which members leave the room least often; Ctrl+Z gives back the one before."""
        if self.meeting is not None and self.context.do(
            "déports regroupés", agenda.group_recusals, meeting_id=self.meeting.id
        ):
            announce(self.view, self.total.text())
            self.context.told.emit(f"Déports regroupés{NBSP}: {self.total.text()}")

    def _dragged(self, place: int, steps: int) -> None:
        self.view.select_identity(self.model.rows()[place].application_id)
        self.move_file(steps)

    def _hour(self, row: AgendaRow) -> str:
        return self._hours.get(row.application_id, "–")

    def _foresee(self, rows: list[AgendaRow]) -> str:
        """Fills the hours; « fin prévue 16 h 40 », or what is missing to tell it."""
        meeting = self.meeting
        length = sum(row.minutes for row in rows)
        if meeting is None or meeting.starts_at is None:
            self._hours = {}
            lasts = f"{length // 60}{NBSP}h{NBSP}{length % 60:02d}"
            return f"durée prévue {lasts}{NBSP}; indiquez le début pour l’heure de fin"
        found = hours(moment_of(meeting.held_on, meeting.starts_at), (row.minutes for row in rows))
        self._hours = {r.application_id: f"{local(at):%H:%M}" for r, at in zip(rows, found, strict=False)}
        return f"fin prévue {spoken_moment(found[-1])}"

    def _set_minutes(self, row: AgendaRow, text: str) -> None:
        if self.meeting is None:
            return
        bare = text.strip()
        if bare and not bare.isdigit():
            raise UserError(f"{quote(bare)} n’est pas un nombre de minutes. Exemple{NBSP}: 10.")
        self.context.attempt(
            f"durée de {row.number}",
            agenda.set_minutes,
            meeting_id=self.meeting.id,
            application_id=row.application_id,
            minutes=int(bare) if bare else None,
        )

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

    def _discard(self) -> None:
        if self.meeting is not None:
            self.context.do(f"séance «\u00a0{self.meeting.label}\u00a0» supprimée", meeting_removal.discard,
                            meeting_id=self.meeting.id)  # fmt: skip

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
        self.discard.setVisible(self.meeting is not None and self.meeting.state == "prepared")
        self.group.setEnabled(not self.closed and any(x.recused for x in rows))
        more = self.choice.count() > 0 and not self.closed
        self.choice.setVisible(more)
        self.add_button.setVisible(more)
