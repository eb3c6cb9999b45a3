"""Accueil: the day, the campaign line, what is to be done, the envelope, the meeting, what to take up again."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import call_rows, envelopes, institution, meetings, recent, standing, tasks
from cv_desktop.domain.dates import local
from cv_desktop.services import unfinished
from cv_desktop.ui.card import Card
from cv_desktop.ui.charts.steps import Steps
from cv_desktop.ui.context import Context
from cv_desktop.ui.home.campaign_line import DESTINATIONS, FILTERS, steps_of
from cv_desktop.ui.home.envelope_card import EnvelopeCard
from cv_desktop.ui.home.heading import ALL_CALLS, NO_CALL, Heading, sentence
from cv_desktop.ui.home.lines import Line
from cv_desktop.ui.home.meeting_card import MeetingCard
from cv_desktop.ui.home.resume_card import ResumeCard
from cv_desktop.ui.home.starting import Beginning, StartingCard, beginnings
from cv_desktop.ui.home.todo import TodoCard
from cv_desktop.ui.home.wording import LATE, SETUP, group_of, several
from cv_desktop.ui.look import px
from cv_desktop.ui.screen import Command, Screen

RIGHT, GAP = 372, 16
MEMORY = "accueil"
_WHERE = {
    "entry": "applications",
    "application": "applications",
    "structure": "structures",
    "meeting": "meetings",
    "call": "calls",
}


class HomeScreen(Screen):
    """Everything on it is computed from the base and leads somewhere."""

    title = "Accueil"
    nouns = frozenset(
        {
            "call", "rules", "structure", "application", "import", "meeting", "recusal",
            "review", "scenario", "scenario_line", "lot", "decision", "letter", "settings",
        }
    )  # fmt: skip

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._memory = context.settings.memory(MEMORY)
        self._again: list[recent.RecentRow] = []
        self.heading, self.steps, self.todo = Heading(), Steps(), TodoCard()
        self.starting, self.envelope = StartingCard(), EnvelopeCard()
        self.meeting, self.resume = MeetingCard(), ResumeCard()
        self.todo.set_all_calls(not self._memory.get("one_call", False))
        self.heading.new_asked.connect(self._new)
        self.heading.import_asked.connect(lambda: context.visit.emit("applications", "import", ""))
        self.heading.call_asked.connect(lambda: context.visit.emit("calls", "new", ""))
        self.steps.chosen.connect(self._show_step)
        self.todo.asked.connect(self._go)
        self.todo.scope_changed.connect(self._scope_changed)
        self.starting.asked.connect(self._begin)
        self.starting.closed.connect(self._close_starting)
        self.meeting.asked.connect(lambda key: context.visit.emit("meetings", "meeting", key))
        self.resume.chosen.connect(lambda noun, key: context.visit.emit(_WHERE[noun], noun, key))
        self._lay_out()

    def refresh(self) -> None:
        context, today = self.context, self._today()
        call_id, viewer = context.calls.id, context.viewer
        label = context.calls.current.label if context.calls.current else ""
        stand = context.read(standing.standing, call_id=call_id, viewer=viewer) if call_id else None
        rooms = context.read(meetings.rows, call_id=call_id, viewer=viewer) if call_id else []
        room = min((m for m in rooms if m.state != "closed"), key=lambda m: m.held_on, default=None)
        if stand is not None:
            self.heading.put(today, sentence(label, stand, room, today))
        else:
            some = bool(context.calls.choices)
            self.heading.put(today, ALL_CALLS if some else NO_CALL, has_call=some)
        self.todo.offer_scope(label if len(context.calls.choices) > 1 else "")
        scope = None if self.todo.all_calls else call_id
        found = context.read(tasks.rows, day=today, call_id=scope, viewer=viewer)
        late = any(t.kind in ("late_file", "late_files") and t.call_id == call_id for t in found)
        self.line.setVisible(stand is not None)
        if stand is not None:
            self.steps.set_steps(steps_of(stand, today, late=late, meeting_on=room.held_on if room else None))
        begun = self._show_starting(stand is not None and stand.files > 0)
        shown = [t for t in found if begun or t.kind not in SETUP]
        coming = context.read(tasks.coming, day=today, call_id=scope, viewer=viewer)
        self.todo.setVisible(begun or bool(shown))
        self.todo.put(shown, coming, today)
        self.envelope.setVisible(call_id is not None)
        if call_id:
            self.envelope.put(context.read(envelopes.buckets, call_id=call_id, viewer=viewer))
        self.meeting.setVisible(room is not None)
        if room is not None:
            self.meeting.put(room, today)
        seen = [(p.noun, p.id) for p in context.history.recent()]
        self._again = [*self._begun(), *context.read(recent.rows, seen=seen, actor=context.actor, viewer=viewer)]
        self.right.setVisible(bool(call_id or self._again))
        self._fit()
        self._show_resume()

    def commands(self) -> dict[str, Command]:
        return {"recalculate": self._recalculate, "new": self._new}

    def _new(self) -> None:
        self.context.visit.emit("applications", "new", "")

    def regions(self) -> list[QWidget]:
        return [self.todo.table, self.steps, self.right]

    def _today(self) -> date:
        return local(self.context.clock()).date()

    def _recalculate(self) -> None:
        self.refresh()
        rows = [line.task for line in self.todo.model.rows() if line.task is not None]
        late = sum(group_of(task, self._today()) == LATE for task in rows)
        self.context.told.emit(f"{several(len(rows), 'action')} à faire · {late} en retard")

    def _go(self, line: Line) -> None:
        task, words = line.task, line.words
        if task is None or words is None:
            return
        if task.call_id and task.call_id != self.context.calls.id:
            self.context.calls.select(task.call_id)
        noun = "new" if task.kind == "no_call" else task.noun
        if task.kind == "envelope":
            noun = "envelope"
        self.context.visit.emit(words.key, noun, task.target)

    def _show_step(self, key: str) -> None:
        noun = "status" if DESTINATIONS[key] == "applications" else ""
        self.context.visit.emit(DESTINATIONS[key], noun, "|".join(FILTERS.get(key, ())))

    def _begin(self, line: Beginning) -> None:
        self.context.visit.emit(line.key, line.noun, line.target)

    def _show_starting(self, has_files: bool) -> bool:
        """Shows the checklist of a new base. True when there is none to show."""
        read, call_id = self.context.read, self.context.calls.id
        if has_files or self._memory.get("started", False) or any(r.applications for r in read(call_rows.rows)):
            self.starting.hide()
            return True
        row = read(call_rows.row, call_id) if call_id else None
        members = read(meetings.members, call_id=call_id) if call_id else []
        named = {key for key, value in read(institution.values).items() if value}
        self.starting.put(
            beginnings(
                call_id=call_id or "",
                envelope=bool(row and row.envelope_cents),
                members=len(members),
                to_validate=row.to_validate if row else 0,
                named=named,
            )
        )
        self.starting.show()
        return False

    def _close_starting(self) -> None:
        self._memory["started"] = True
        self.refresh()

    def _scope_changed(self) -> None:
        self._memory["one_call"] = not self.todo.all_calls
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._show_resume()

    def _fit(self) -> None:
        """What the cards cannot do without, beside their own bar: a sum cut short would be another sum."""
        inside = self._cards.layout()
        if inside is not None:
            inside.activate()  # the sums just put are not measured before the next turn of the loop
        least = self._cards.minimumSizeHint().width() + self.right.verticalScrollBar().sizeHint().width()
        self.right.setFixedWidth(max(least, min(px(RIGHT), self.width() * 3 // 10)))

    def _begun(self) -> list[recent.RecentRow]:
        """The paper file left in the middle, first of all: nothing else says that it is there."""
        kept = None if self.context.viewer else unfinished.kept(self.context.store.folder)
        if kept is None:
            return []
        name = str(kept.content.get("structure", {}).get("name") or "Structure à nommer")
        return [recent.RecentRow("entry", "", name, "Saisie rapide à terminer", kept.kept_at)]

    def _show_resume(self) -> None:
        """As many places as the column holds without scrolling, two at least."""
        above = [card for card in (self.envelope, self.meeting) if not card.isHidden()]
        top = self.heading.sizeHint().height() + (0 if self.line.isHidden() else self.line.sizeHint().height())
        used = top + sum(card.sizeHint().height() + GAP for card in above) + px(136)
        room = (self.height() - used) // px(40)
        shown = self._again[: max(2, min(room, len(self._again)))]
        if [place.row for place in self.resume.places] != shown:
            self.resume.put(shown, self.context.clock())
        self.resume.setVisible(bool(shown))

    def _lay_out(self) -> None:
        self.line = Card()
        self.line.add(self.steps)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(self.starting)
        left.addWidget(self.todo, 1)
        left.addStretch(0)
        cards = QWidget()
        column = QVBoxLayout(cards)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for card in (self.envelope, self.meeting):
            column.addWidget(card)
        column.addWidget(self.resume)
        column.addStretch(1)
        self.right = QScrollArea()
        self.right.setWidgetResizable(True)
        self.right.setFrameShape(QFrame.Shape.NoFrame)
        self.right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.right.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.right.setWidget(cards)
        self._cards = cards
        body = QHBoxLayout()
        body.setSpacing(GAP)
        body.addLayout(left, 1)
        body.addWidget(self.right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(14)
        layout.addWidget(self.heading)
        layout.addWidget(self.line)
        layout.addLayout(body, 1)
