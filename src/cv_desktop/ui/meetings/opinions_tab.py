"""Avis: file by file, the revealed marks, the committee's note, its opinion and the amount it proposes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries import envelopes, grids, meetings, opinions, presence, scores
from cv_desktop.db.queries.meetings import AgendaRow
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.fairness import Fairness
from cv_desktop.domain.money import euros
from cv_desktop.domain.presence import Seat
from cv_desktop.domain.scoring import CommitteeNote
from cv_desktop.domain.solidity import Solidity
from cv_desktop.domain.votes import Votes
from cv_desktop.services import opinions as verbs
from cv_desktop.services import presence as rooms
from cv_desktop.services import rankings
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.meetings.committee_note import NoteOfCommittee
from cv_desktop.ui.meetings.criteria_panel import CriteriaPanel, Locked
from cv_desktop.ui.meetings.dispersion_panel import DispersionPanel
from cv_desktop.ui.meetings.envelope_line import EnvelopeLine
from cv_desktop.ui.meetings.heard_file import HeardFile
from cv_desktop.ui.meetings.opinion_choice import KEYS, OpinionChoice
from cv_desktop.ui.meetings.room_line import RoomLine
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.message_bar import announce
from cv_desktop.ui.scoring.tinted import Tinted

NBSP = "\u00a0"
LEAST_CHOICE = 336


class OpinionsTab(Tab):
    """Keys outside a field: V, F, R, D, A, M, U (unanimity), S (reserves), Page suivante and Page précédente."""

    reveal_asked = Signal()
    shown = Signal(str)  # the operator went to this file

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Avis du comité")
        self._rows: list[AgendaRow] = []
        self._file = ""
        # A field validated by Entrée passes the focus on; the letters are wanted back after that.
        self._home = QTimer(self)
        self._home.setSingleShot(True)
        self._home.timeout.connect(self.setFocus)
        self._said: tuple[Mapping[str, Solidity], Fairness, dict[str, str]] | None = None
        self._buckets, self._own = Buckets(0), Buckets(0)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.heading = HeardFile()
        self.heading.stepped.connect(self.step)
        self.before = Tinted("info", "clock")
        self.line = RoomLine()
        self.line.left.connect(self._leave)
        self.line.returned.connect(self._return)
        self.criteria = CriteriaPanel()
        self.note = NoteOfCommittee()
        self.dispersion = DispersionPanel()
        self.choice = OpinionChoice()
        self.choice.given.connect(self._give)
        self.choice.typed.connect(self._show_envelope)
        self.choice.written.connect(self._write)
        self.choice.withdrawn.connect(self._withdraw)
        self.choice.amount.editor.installEventFilter(self)
        self.envelope = EnvelopeLine()
        self.locked = Locked()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.locked)
        self.pages.addWidget(self._page())
        self.column.addWidget(self.pages)

    def refresh(self) -> None:
        meeting = self.meeting
        self._said = None
        revealed = meeting is not None and meeting.revealed_at is not None
        self._rows = []
        if meeting is not None and revealed:
            self._rows = self.context.read(meetings.agenda, meeting_id=meeting.id, viewer=self.context.viewer)
        self.pages.setCurrentIndex(1 if self._rows else 0)
        if not self._rows:
            self.locked.words.setText(
                "Les notes sont masquées. Ouvrez la séance, puis révélez les grilles : les avis se rendent ensuite."
                if meeting is not None and not revealed
                else "Aucun dossier à l’ordre du jour."
            )
            return
        if self._file not in {row.application_id for row in self._rows}:
            waiting = next((row for row in self._rows if row.opinion is None), self._rows[0])
            self._file = waiting.application_id
        self._show()

    def step(self, by: int) -> None:
        """Next or previous file of the agenda."""
        place = self._place + by
        if 0 <= place < len(self._rows):
            self.choice.settle()
            self._file = self._rows[place].application_id
            self._show()
            self._area.verticalScrollBar().setValue(0)
            self.setFocus()
            self.shown.emit(self._file)
            announce(self, f"{self.heading.rank.text()}. {self.row.structure}, {self.row.title}.")

    def show_file(self, application_id: str) -> None:
        """The file that the room hears."""
        if self._rows and application_id != self._file and any(x.application_id == application_id for x in self._rows):
            self.choice.settle()
            self._file = application_id
            self._show()

    @property
    def row(self) -> AgendaRow:
        return self._rows[self._place]

    @property
    def _place(self) -> int:
        return next((i for i, row in enumerate(self._rows) if row.application_id == self._file), 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """M in the amount means the amount, as it does outside."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.text().lower() == "m":
            self.choice.amount.editor.selectAll()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter, key = event.text().lower(), event.key()
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.step(1 if key == Qt.Key.Key_PageDown else -1)
        elif letter == "v":
            self.reveal_asked.emit()
        elif self._rows and letter in KEYS:
            self.choice.choose(KEYS[letter])
        elif self._rows and letter == "m" and self.choice.amount.isEnabled():
            self.choice.amount.setFocus()
            self.choice.amount.editor.selectAll()
        elif self._rows and letter == "u" and self.choice.chosen is not None:
            self.choice.votes.unanimous()
        elif self._rows and letter == "s" and self.choice.ask_text():
            pass
        elif key == Qt.Key.Key_Escape:
            self.setFocus()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        row, place = self.row, self._place
        self.heading.put(row, place, len(self._rows))
        assert self.meeting is not None
        of_file = {"meeting_id": self.meeting.id, "application_id": row.application_id}
        room = self.context.read(presence.room, **of_file)
        moves = self.context.read(presence.moves, meeting_id=self.meeting.id)
        self.line.show_room(room, moves, row.application_id, locked=self.closed)
        self.heading.put_room(room, closed=self.closed)
        self.before.put(f"Revient après un ajournement. {row.before}" if row.before else "")
        key = {"call_id": self.call, "application_id": row.application_id}
        grid = self.context.read(grids.of_file, application_id=row.application_id).grid
        note = self.context.read(scores.committee, **key)
        self.criteria.show_note(grid, note, row.sheets)
        self.note.put(note, self.context.read(scores.spread, **key))
        self._show_dispersion(note)
        self._buckets = self.context.read(envelopes.buckets, call_id=self.call, viewer=self.context.viewer)
        self._own = self.context.read(opinions.own_buckets, **key)
        self.choice.show_opinion(
            row,
            band=note.band.expected if note and note.band else "",
            voices=len(room.voices),
            locked=self.closed,
        )

    def _show_dispersion(self, note: CommitteeNote | None) -> None:
        # Revealed sheets change no more: they are added up once per opening of the tab, not once per file.
        if self._said is None:
            self._said = (
                self.context.read(rankings.firm, call_id=self.call).found,
                *self.context.read(rankings.fairness_of, call_id=self.call),
            )
        firm, fairness, names = self._said
        given = self.context.read(scores.sheets, call_id=self.call, only=self._file).get(self._file, {})
        self.dispersion.put(self._file, note, firm.get(self._file), fairness, names, tuple(given))

    def _show_envelope(self, amount: int) -> None:
        self.envelope.show_amounts(self._buckets, self._own, amount)

    def _give(self, opinion: str, amount: int | None, reason: str, votes: Votes | None) -> None:
        row = self.row
        said = (row.opinion, row.amount_cents, row.reason, row.votes)
        if self.meeting is None or said == (opinion, amount or 0, reason, votes):
            return
        done = self.context.do(
            f"avis sur {row.number}",
            verbs.give,
            meeting_id=self.meeting.id,
            application_id=row.application_id,
            opinion=opinion,
            amount_cents=amount,
            reason=reason,
            votes=votes,
        )
        if done:
            words = f"{row.number} : avis {self.row.opinion.label.lower() if self.row.opinion else ''}"
            words += f", {euros(amount)}" if amount else ""
            self.context.told.emit(f"{words}, enregistré")
            announce(self, f"{words}. {self.envelope.free.text()} libres.")
            if row.opinion is self.row.opinion or not self.choice.lacks_text:
                self._home.start()
            else:
                # What the closing will want of this opinion is asked while it is spoken of.
                QTimer.singleShot(0, self, lambda: self.choice.ask_text())

    def _withdraw(self) -> None:
        if self.meeting is not None:
            self.context.do(
                f"avis retiré sur {self.row.number}",
                verbs.withdraw,
                meeting_id=self.meeting.id,
                application_id=self._file,
            )

    def _write(self, name: str, text: str) -> None:
        if self.meeting is not None:
            self.context.do(
                f"{verbs.TEXTS[name]} de {self.row.number}",
                verbs.set_text,
                meeting_id=self.meeting.id,
                application_id=self._file,
                name=name,
                text=text,
            )

    def _leave(self, seats: list[Seat]) -> None:
        if self.meeting is not None:
            key = {"meeting_id": self.meeting.id, "application_id": self._file}
            for seat in seats:
                self.context.do(f"sortie de {seat.name}", rooms.leave, **key, member_id=seat.id)

    def _return(self, seats: list[Seat]) -> None:
        if self.meeting is not None:
            for seat in seats:
                self.context.do(f"retour de {seat.name}", rooms.enter, meeting_id=self.meeting.id, member_id=seat.id)

    def _page(self) -> QWidget:
        page, right, middle = QWidget(), QVBoxLayout(), QHBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.note)
        right.addSpacing(12)
        right.addWidget(self.choice)
        right.addSpacing(12)
        right.addWidget(self.dispersion)
        right.addStretch(1)
        middle.setSpacing(20)
        middle.addWidget(self.criteria, 7)
        self._area = _scrolled(right)
        self.choice.asked.connect(self._area.ensureWidgetVisible)
        middle.addWidget(self._area, 4)
        inner = QVBoxLayout()
        inner.setContentsMargins(18, 12, 18, 12)
        inner.setSpacing(10)
        inner.addWidget(self.heading)
        inner.addWidget(self.before)
        inner.addWidget(self.line)
        inner.addLayout(middle, 1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(inner, 1)
        layout.addWidget(self.envelope)
        return page


def _scrolled(column: QVBoxLayout) -> QScrollArea:
    """In a low window the opinion scrolls rather than being pressed together."""
    inside = QWidget()
    inside.setProperty("surface", "")
    column.setContentsMargins(0, 0, 6, 0)
    inside.setLayout(column)
    area = QScrollArea()
    area.setWidget(inside)
    area.setMinimumWidth(px(LEAST_CHOICE))
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
