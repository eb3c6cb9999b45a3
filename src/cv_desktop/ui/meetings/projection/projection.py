"""The projection of a meeting: which file the room hears, the call of the déports, the timer, the operator's keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries import meetings, presence
from cv_desktop.db.queries import projection as queries
from cv_desktop.db.queries.meetings import AgendaRow, MeetingRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.countdown import Countdown
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.presence import Room, Seat
from cv_desktop.domain.reasons import LENGTH
from cv_desktop.domain.states import Opinion
from cv_desktop.services import agenda, opinions
from cv_desktop.services import presence as rooms
from cv_desktop.ui.context import Context
from cv_desktop.ui.meetings.opinion_choice import KEYS, PAID
from cv_desktop.ui.meetings.projection.picture import Scene
from cv_desktop.ui.meetings.projection.window import ProjectionWindow
from cv_desktop.ui.message_bar import Message

NBSP = "\u00a0"
_TICK = 500


class Projection(QObject):
    """``heard(file)`` when another file is shown; ``changed`` when what the desk says of it moves; ``reveal_asked``.

    The room only sees a file once every member with a déport on it is out: until then the screen pauses.
    """

    heard = Signal(str)
    changed = Signal()
    reveal_asked = Signal()

    def __init__(self, context: Context, desk: QWidget) -> None:
        super().__init__(desk)
        self._context, self._desk = context, desk
        self.meeting: MeetingRow | None = None
        self.window: ProjectionWindow | None = None
        self.file = ""
        self._next: AgendaRow | None = None  # called, waiting for the exits
        self._black = False
        self.countdown = Countdown(0)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK)
        self._clock.timeout.connect(self._tick)
        context.bus.changed.connect(self._moved)

    @property
    def on(self) -> bool:
        return self.window is not None

    @property
    def waiting(self) -> AgendaRow | None:
        """The file that will be shown once the exits are written."""
        return self._next

    @property
    def face(self) -> QWidget:
        """Where a question is asked: over the projection when it covers the only screen, else on the desk."""
        return self.window if self.window is not None and self.window.alone else self._desk

    def show_meeting(self, meeting: MeetingRow | None) -> None:
        """Another meeting on the desk ends the projection of the one before."""
        other = (meeting.id if meeting else "") != (self.meeting.id if self.meeting else "")
        self.meeting = meeting
        if other and self.on:
            self.close()
        if other:
            self.file, self._next = "", None

    def open(self) -> None:
        """F11. Raises nothing: a meeting that cannot be projected says why."""
        meeting = self.meeting
        if self.on or meeting is None:
            return
        if meeting.state == "closed":
            self._context.messages.show_message(
                Message("info", "Cette séance est close.", "On projette une séance préparée ou ouverte.")
            )
            return
        self.window = ProjectionWindow()
        self.window.pressed.connect(self.press)
        self.window.closed.connect(self._closed)
        self._black = False
        heard = max((row for row in self._rows() if row.called_at), key=_order, default=None)
        if heard is not None:
            self.file = heard.application_id
        self._allot()
        self.refresh()
        self._clock.start()
        two = self.window.place(self._desk.window())
        self._context.told.emit(
            "Projection sur l’autre écran"
            if two
            else "Projection\u00a0: Échap revient au pupitre, Page suivante appelle"
        )
        self.changed.emit()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    def press(self, key: str) -> None:
        """A key of the operator, in the projected window or on the desk."""
        actions: dict[str, Callable[[], object]] = {
            "next": self.call_next,
            "enter": self.write_exits,
            "space": self.toggle_time,
            "b": self.toggle_black,
            "escape": self.close,
            "v": self.reveal_asked.emit,
            "m": self._ask_amount,
            "s": self._ask_reserves,
        }
        if key in actions:
            actions[key]()
        elif key in KEYS:
            self._choose(KEYS[key])

    def call_next(self) -> None:
        """Page suivante: the call of the déports, then the file; with nobody to call, the file at once."""
        rows = self._rows()
        meeting = self.meeting
        if meeting is None or meeting.state != "open":
            self._say("La séance n’est pas ouverte.")
            return
        here = next((place for place, row in enumerate(rows) if row.application_id == self.file), -1)
        if here + 1 >= len(rows):
            self._say("C’était le dernier dossier.")
            return
        self._call(rows[here + 1])

    def call(self, application_id: str) -> None:
        """A file chosen on the desk."""
        if not self.on or self.meeting is None or self.meeting.state != "open":
            return
        row = next((x for x in self._rows() if x.application_id == application_id), None)
        if row is not None and row.application_id != self.file:
            self._call(row)

    def write_exits(self) -> None:
        """Entrée during the call: those with a déport leave, those of the file before come back, now."""
        row, meeting = self._next, self.meeting
        if row is None or meeting is None:
            return
        room = self._room(row)

        def write() -> None:
            for seat in room.to_leave:
                key = {"meeting_id": meeting.id, "application_id": row.application_id, "member_id": seat.id}
                self._context.attempt(f"sortie de {seat.name}", rooms.leave, **key)
            for seat in room.to_return:
                key = {"meeting_id": meeting.id, "member_id": seat.id}
                self._context.attempt(f"retour de {seat.name}", rooms.enter, **key)

        self._try(write)
        if self._next is not None:
            self._show(row)

    def toggle_time(self) -> None:
        self.countdown = self.countdown.toggled(monotonic())
        self._tick()
        self.changed.emit()

    def toggle_black(self) -> None:
        self._black = not self._black
        self.refresh()
        self.changed.emit()

    def refresh(self) -> None:
        """Asks the read model again and shows it."""
        if self.window is not None and self.meeting is not None:
            self.window.show_scene(self.scene())

    def scene(self) -> Scene:
        """What the room sees now."""
        meeting = self.meeting
        assert meeting is not None
        room = self._context.read(queries.room, meeting_id=meeting.id)
        if self._black:
            return Scene(room, black=True)
        if self._next is not None:
            return Scene(room, pause="Dossier suivant\u00a0: appel des déports", detail=self._called(self._next),
                         rank=self._next.position + 1)  # fmt: skip
        if not self.file:
            words = ("La séance va commencer.",) if not room.open else ("Le premier dossier va être appelé.",)
            return Scene(room, pause=room.label, detail=words)
        file = self._context.read(queries.file, meeting_id=meeting.id, application_id=self.file)
        if file is None:
            row = next((x for x in self._rows() if x.application_id == self.file), None)
            return Scene(
                room,
                pause="Appel des déports",
                detail=self._called(row) if row else (),
                rank=row.position + 1 if row else 0,
            )
        return self._timed(Scene(room, file, rank=file.rank))

    def _timed(self, scene: Scene) -> Scene:
        now = monotonic()
        time, late = self.countdown.words(now), self.countdown.left(now) < 0
        return replace(scene, time=time, gone=self.countdown.share(now), late=late)

    def _tick(self) -> None:
        """The time only: what the base holds is asked again when something is written."""
        scene = self.window.scene if self.window is not None else None
        if self.window is not None and scene is not None and scene.file is not None:
            self.window.show_scene(self._timed(scene))

    def _call(self, row: AgendaRow) -> None:
        room = self._room(row)
        if row.recused or room.to_leave or room.to_return:
            self._next = row
            self.refresh()
            self.changed.emit()
            if not (room.to_leave or room.to_return):
                self._show(row)
            return
        self._show(row)

    def _show(self, row: AgendaRow) -> None:
        meeting = self.meeting
        assert meeting is not None
        self._next = None
        try:
            self._context.attempt(f"{row.number} appelé", agenda.call_file, meeting_id=meeting.id,
                                  application_id=row.application_id)  # fmt: skip
        except UserError as refusal:
            self._next = row
            self._say(refusal.message)
            self.refresh()
            return
        self.file = row.application_id
        self._allot()
        self.heard.emit(self.file)
        self.refresh()
        self.changed.emit()

    def _allot(self) -> None:
        row = self._row()
        self.countdown = Countdown(60 * row.minutes, since=monotonic()) if row else Countdown(0)

    def _called(self, row: AgendaRow) -> tuple[str, ...]:
        """The bodies, never the names: the room knows who sits for them."""
        room = self._room(row)
        lines = []
        if room.to_leave:
            lines.append(f"Sortent de la salle\u00a0: {_bodies(room.to_leave)}.")
        if room.to_return:
            lines.append(f"Peuvent revenir\u00a0: {_bodies(room.to_return)}.")
        if lines:
            lines.append("Entrée note l’heure, puis le dossier s’affiche.")
        return tuple(lines)

    def _choose(self, opinion: Opinion) -> None:
        row = self._row()
        if row is None or self.window is None:
            return
        band = self._band()
        if opinion.departs_from(band) and len(row.reason.strip()) < LENGTH:
            self._ask(
                f"Motif de l’avis {opinion.label.lower()}, qui s’écarte de la bande",
                row.reason,
                lambda text: self._give(opinion, row.amount_cents, text),
            )
        elif opinion in PAID and not row.amount_cents:
            self._ask("Montant proposé, en euros", "", lambda text: self._give(opinion, parse_amount(text), row.reason))
        else:
            self._try(lambda: self._give(opinion, row.amount_cents, row.reason))

    def _give(self, opinion: Opinion, amount: int | None, reason: str) -> None:
        meeting, row = self.meeting, self._row()
        if meeting is None or row is None:
            return
        if opinion.departs_from(self._band()) and len(reason.strip()) < LENGTH:
            raise UserError("Dix caractères au moins\u00a0: ce motif va au relevé.")
        if opinion in PAID and not amount:
            self._later("Montant proposé, en euros", "", lambda text: self._give(opinion, parse_amount(text), reason))
            return
        self._context.attempt(
            f"avis {opinion.label.lower()} sur {row.number}",
            opinions.give,
            meeting_id=meeting.id,
            application_id=row.application_id,
            opinion=opinion.value,
            amount_cents=amount if opinion in PAID else None,
            reason=reason.strip() if opinion.departs_from(self._band()) else "",
            votes=row.votes,
        )
        lacks = {Opinion.RESERVED: row.reserves, Opinion.ADJOURNED: row.asked}.get(opinion, "said")
        if not lacks and row.opinion is not opinion:
            # The closing wants it written: typed at once, its letters are not taken for keys.
            QTimer.singleShot(0, self, self._ask_reserves)

    def _ask_amount(self) -> None:
        row = self._row()
        if row is None:
            return
        if row.opinion not in PAID:
            self._say("Choisissez d’abord un avis favorable (F) ou avec réserves (R).")
            return
        opinion = row.opinion
        value = euros(row.amount_cents).replace(f"{NBSP}€", "") if row.amount_cents else ""
        self._ask("Montant proposé, en euros", value, lambda text: self._give(opinion, parse_amount(text), row.reason))

    def _ask_reserves(self) -> None:
        row, meeting = self._row(), self.meeting
        if row is None or meeting is None:
            return
        name = "asked" if row.opinion is Opinion.ADJOURNED else "reserves"
        question = "Ce qui est demandé à l’association" if name == "asked" else "Réserves"
        key = {"meeting_id": meeting.id, "application_id": row.application_id, "name": name}

        def write(text: str) -> None:
            self._context.attempt(f"{opinions.TEXTS[name]} de {row.number}", opinions.set_text, **key, text=text)

        self._ask(question, row.asked if name == "asked" else row.reserves, write)

    def _ask(self, question: str, value: str, answer: Callable[[str], None]) -> None:
        if self.window is not None:
            self.window.prompt.ask(question, value, answer)

    def _later(self, question: str, value: str, answer: Callable[[str], None]) -> None:
        """The next question, once the one being answered has closed."""
        QTimer.singleShot(0, self, lambda: self._ask(question, value, answer))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except UserError as refusal:
            self._say(refusal.message)

    def _say(self, words: str) -> None:
        """A private word: on the desk, before the room only where one screen serves both."""
        if self.window is not None and self.window.alone:
            self.window.tell(words)
        self._context.messages.show_message(Message("warning", words))
        self._context.told.emit(words)

    def _band(self) -> str:
        meeting = self.meeting
        if meeting is None or not self.file:
            return ""
        file = self._context.read(queries.file, meeting_id=meeting.id, application_id=self.file)
        return file.band_opinion if file else ""

    def _room(self, row: AgendaRow) -> Room:
        assert self.meeting is not None
        return self._context.read(presence.room, meeting_id=self.meeting.id, application_id=row.application_id)

    def _rows(self) -> list[AgendaRow]:
        return self._context.read(meetings.agenda, meeting_id=self.meeting.id) if self.meeting else []

    def _row(self) -> AgendaRow | None:
        return next((row for row in self._rows() if row.application_id == self.file), None)

    def _moved(self, changes: Changes, _origin: QObject | None) -> None:
        if self.on and changes.touched:
            if self._next is not None and not self._room(self._next).to_leave:
                self._show(self._next)
            self.refresh()

    def _closed(self) -> None:
        self._clock.stop()
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
        self._context.told.emit("La projection est fermée")
        self._desk.window().activateWindow()
        self.changed.emit()


def _order(row: AgendaRow) -> tuple[str, int]:
    return f"{row.called_at}", row.position


def _bodies(seats: tuple[Seat, ...]) -> str:
    return ", ".join(seat.body or "un membre" for seat in seats)
