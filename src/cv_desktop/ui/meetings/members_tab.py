"""Membres et présence: who sits on the committee, who is in the room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cv_desktop.db.queries import meetings
from cv_desktop.db.queries import presence as rooms
from cv_desktop.db.queries.presence import PresenceRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.hours import moment_of, parse_hour, spoken_moment
from cv_desktop.domain.presence import RECUSAL, Move
from cv_desktop.services import members, presence
from cv_desktop.ui import icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.meetings.tab import Tab, beside_fields
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


@dataclass(frozen=True, slots=True)
class Seat:
    """A member, and whether he or she is in the room; ``row`` holds the hours, None without a meeting."""

    id: str
    name: str
    body: str
    recusals: int
    present: bool
    row: PresenceRow | None = None

    @property
    def first(self) -> Move | None:
        """The first entry."""
        return self.row.stays[0].entered if self.row and self.row.stays else None

    @property
    def last(self) -> Move | None:
        """The last exit, None while in the room."""
        return self.row.stays[-1].left if self.row and self.row.stays else None

    @property
    def between(self) -> str:
        """What happened between the first entry and the last exit: « sorti·e 14 h 52 – 15 h 02 (déport) »."""
        stays = self.row.stays if self.row else ()
        gaps = [
            f"{spoken_moment(a.left.at)} – {spoken_moment(b.entered.at)}{' (déport)' if a.left.why == RECUSAL else ''}"
            for a, b in pairwise(stays)
            if a.left
        ]
        if self.row and self.row.stepped_out and self.last:
            gaps.append(f"depuis {spoken_moment(self.last.at)} (déport)")
        return ", ".join(gaps)


def _hour(move: Move | None) -> str:
    return spoken_moment(move.at) if move else ""


class MembersTab(Tab):
    """A box and the hours per member; the quorum is said as they are written."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.quorum = Chip("", "neutral", title="Quorum")
        ticked = Column[Seat](
            "present", "Présent", lambda _seat: "", width=76, checked=lambda s: s.present, toggle=self._tick
        )
        self.model = RowsModel(
            (
                ticked,
                Column[Seat](
                    "name", "Membre", lambda seat: seat.name, width=170, weight=500, edit=self._writer("name")
                ),
                Column[Seat](
                    "body", "Institution", lambda seat: seat.body, stretch=True, width=180, edit=self._writer("body")
                ),
                Column[Seat](
                    "entered",
                    "Arrivée",
                    lambda seat: _hour(seat.first),
                    sort=lambda seat: seat.first.at if seat.first else None,
                    width=84,
                    align="right",
                    edit=self._arrival,
                    editable=lambda _seat: not self.closed,
                ),
                Column[Seat](
                    "left",
                    "Départ",
                    lambda seat: _hour(seat.last),
                    sort=lambda seat: seat.last.at if seat.last else None,
                    width=84,
                    align="right",
                    edit=self._departure,
                    editable=lambda seat: not self.closed and seat.first is not None,
                ),
                Column[Seat]("between", "Hors de la salle", lambda seat: seat.between, width=250),
                Column[Seat](
                    "recusals",
                    "Déports",
                    lambda seat: str(seat.recusals) if seat.recusals else "–",
                    sort=lambda seat: seat.recusals,
                    width=80,
                    align="right",
                ),
            )
        )
        self.view = TableView(
            self.model, name="Membres du comité", empty="Aucun membre. Ajoutez les membres du comité ci-dessous."
        )
        self.view.installEventFilter(self)
        self.view.refused.connect(context.told)
        self.name, self.body = TextField("Nom du membre", required=True), TextField("Institution")
        self.add_button, self.remove_button = QPushButton("&Ajouter au comité"), QPushButton("&Retirer du comité")
        for button, icon in ((self.add_button, "plus"), (self.remove_button, "minus")):
            theme.set_kind(button, "secondary")
            icons.dress(button, icon, "text", 16)
        self.remove_button.setEnabled(False)
        self.view.selection_changed.connect(lambda rows: self.remove_button.setEnabled(len(rows) == 1))
        self.add_button.clicked.connect(self.add)
        self.remove_button.clicked.connect(self.remove)
        self.body.submits_with(self.add_button)
        top, form = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.quorum)
        top.addStretch(1)
        form.setSpacing(12)
        form.addWidget(self.name, 2, Qt.AlignmentFlag.AlignTop)
        form.addWidget(self.body, 3, Qt.AlignmentFlag.AlignTop)
        form.addLayout(beside_fields(self.add_button))
        form.addLayout(beside_fields(self.remove_button))
        self.column.addLayout(top)
        self.column.addWidget(self.view, 1)
        self.column.addLayout(form)

    def refresh(self) -> None:
        known = self.context.read(meetings.members, call_id=self.call)
        present: frozenset[str] = frozenset()
        times: dict[str, PresenceRow] = {}
        if self.meeting is not None:
            times = {row.seat.id: row for row in self.context.read(rooms.rows, meeting_id=self.meeting.id)}
            room = self.context.read(rooms.room, meeting_id=self.meeting.id)
            present = room.inside
            status, icon = ("success", "check") if room.reached else ("warning", "triangle-alert")
            self.quorum.set_badge(room.words, status, icon)
        for key in ("present", "entered", "left", "between"):
            self.view.setColumnHidden(self.model.column_index(key), self.meeting is None)
        self.view.set_rows([Seat(m.id, m.name, m.body, m.recusals, m.id in present, times.get(m.id)) for m in known])
        self.quorum.setVisible(self.meeting is not None)

    def add(self) -> None:
        if not self.name.commit():
            self.name.setFocus()
            return
        self.body.commit()
        name = self.name.value()
        key = {"call_id": self.call, "name": name, "body": self.body.value()}
        if self.context.do(f"{name} au comité", members.add, **key):
            self.name.set_value("")
            self.body.set_value("")
            self.name.setFocus()

    def remove(self) -> None:
        row = self.view.current_row()
        if row is not None:
            self.context.do(f"{row.name} retiré du comité", members.remove, member_id=row.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.view
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Delete
        ):
            self.remove()
            return True
        return super().eventFilter(watched, event)

    def _writer(self, name: str) -> Callable[[Seat, str], None]:
        def write(seat: Seat, text: str) -> None:
            words = f"{members.LABELS[name]} {text.strip() or 'vide'}"
            self.context.attempt(words, members.set_field, member_id=seat.id, name=name, text=text)

        return write

    def _arrival(self, seat: Seat, text: str) -> None:
        """The hour of the first entry; emptied, the entry is taken back."""
        self._move(seat, seat.first, text, presence.enter)

    def _departure(self, seat: Seat, text: str) -> None:
        """The hour of the last exit; emptied, the member is in the room again."""
        self._move(seat, seat.last, text, presence.leave)

    def _move(self, seat: Seat, known: Move | None, text: str, verb: Callable[..., Changes]) -> None:
        meeting = self.meeting
        if meeting is None:
            return
        words = f"présence de {seat.name}"
        if not text.strip():
            if known is not None:
                self.context.attempt(words, presence.withdraw, move_id=known.id)
            return
        at = moment_of(meeting.held_on, parse_hour(text))
        if known is not None:
            self.context.attempt(words, presence.correct, move_id=known.id, at=at)
        else:
            self.context.attempt(words, verb, meeting_id=meeting.id, member_id=seat.id, at=at)

    def _tick(self, seat: Seat, present: bool) -> None:
        if self.meeting is not None:
            self.context.do(
                f"présence de {seat.name}",
                presence.set_presence,
                meeting_id=self.meeting.id,
                member_id=seat.id,
                present=present,
            )
