"""Membres et présence: who is in the room; who sits on the committee is written in Campagnes › Comité."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cv_desktop.db.queries import meetings
from cv_desktop.db.queries import presence as rooms
from cv_desktop.db.queries.presence import PresenceRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.hours import moment_of, parse_hour, spoken_moment
from cv_desktop.domain.presence import RECUSAL, Move
from cv_desktop.services import presence
from cv_desktop.ui import icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.meetings.tab import Tab
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
                Column[Seat]("name", "Membre", lambda seat: seat.name, width=170, weight=500),
                Column[Seat]("body", "Institution", lambda seat: seat.body, stretch=True, width=180),
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
        self.view = TableView(self.model, name="Membres du comité", empty="Aucun membre. Composez le comité.")
        self.view.refused.connect(context.told)
        self.compose = QPushButton("&Composer le comité")
        theme.set_kind(self.compose, "secondary", small=True)
        icons.dress(self.compose, "users", "text", 14)
        self.compose.setToolTip("Noms, institutions, voix et suppléances s’écrivent dans Campagnes › Comité")
        self.compose.clicked.connect(lambda: context.visit.emit("calls", "committee", self.call))
        top = QHBoxLayout()
        top.addWidget(self.quorum)
        top.addStretch(1)
        top.addWidget(self.compose)
        self.column.addLayout(top)
        self.column.addWidget(self.view, 1)

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
