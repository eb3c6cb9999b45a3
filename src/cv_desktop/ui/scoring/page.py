"""Grille: my queue, the sheet of one file, what the file says."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import grids, meetings
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.scoring import sheet_note
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message, announce
from cv_desktop.ui.scoring.criterion_line import sentence
from cv_desktop.ui.scoring.handing_in import HandingIn
from cv_desktop.ui.scoring.heading import Heading
from cv_desktop.ui.scoring.keys import KeyPanel, KeyStrip
from cv_desktop.ui.scoring.marking import Marking
from cv_desktop.ui.scoring.queue import Queue
from cv_desktop.ui.scoring.reading_pane import ReadingPane
from cv_desktop.ui.scoring.sheet_view import SheetView

NBSP = "\u00a0"
LEAST_GRID = 560
TURNS = 5  # of layouts, at most: the open criterion, the page that scrolls around it, the width its scroll bar leaves…
WHOLE_SHEET = 780  # under this height the nine criteria do not hold without scrolling


class ScoringPage(QWidget):
    """``enter(member, file)`` opens it; every mark is written as it is given."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.member = ""
        self._grid: Grid | None = None
        self.marking = Marking(context, self)
        self._role: Message | None = None
        self._wants_pane: bool | None = None
        self.queue, self.heading, self.sheet = Queue(), Heading(), SheetView()
        self.pane, self.handing, self.strip = ReadingPane(), HandingIn(), KeyStrip()
        self._area = QScrollArea()
        self._lay_out()
        self.keys = KeyPanel(self)
        self._connect()

    def enter(self, member_id: str, application_id: str = "") -> None:
        """Shows the sheets of a member; his or her déports hide their files everywhere."""
        self.sheet.flush()
        self.member = member_id
        self.context.view_as(member_id)
        self.refresh()
        if application_id and not self.queue.select(application_id):
            told = "Un déport masque ce dossier à ce membre."
            self.context.messages.show_message(Message("info", "Dossier masqué.", told))
        elif not self.queue.current and self.queue.model.rowCount():
            rows = self.queue.model.rows()
            self.queue.select(next((r.application_id for r in rows if r.state != "returned"), rows[0].application_id))
        self.sheet.setFocus()

    def leave(self) -> None:
        """The officer is back."""
        self.sheet.flush()
        self.member = ""
        self.context.view_as(None)

    def refresh(self) -> None:
        """Asks again the queue and the sheet shown."""
        call = self.context.calls.id
        if call is None or not self.member:
            return
        members = self.context.read(meetings.members, call_id=call)
        if self.member not in {row.id for row in members}:
            self.left.emit()
            return
        self.queue.show_members(members, self.member)
        rows, hidden = self.context.read(meetings.queue, call_id=call, member_id=self.member)
        self.queue.show_rows(rows, hidden)
        self._load(self.queue.current or "")

    def toggle_pane(self) -> None:
        self._wants_pane = not self.pane.isVisible()
        self._fit_pane()

    def step(self, by: int) -> None:
        """Next or previous file of the queue; the sentence being typed is kept."""
        self.sheet.flush()
        self.queue.view.step(by)
        self.sheet.setFocus()

    def go(self, code: str) -> None:
        self.sheet.go(code)
        self.sheet.setFocus()

    def hand_in(self) -> None:
        """The sentence being typed counts."""
        self.sheet.flush()
        self.marking.hand_in()

    def _show_file(self, application_id: str) -> None:
        if application_id != self.marking.file_id:
            self.sheet.flush()
            self._load(application_id)

    def _load(self, application_id: str) -> None:
        marking = self.marking
        grid = self._grid = self._grid_of(application_id)
        changed = (self.member, application_id) != (marking.member, marking.file_id)
        shown = marking.load(grid, self.member, application_id)
        for widget in (self.heading, self.sheet, self.handing):
            widget.setVisible(shown)
        self._fit_pane()
        if marking.file is None:
            return
        self.heading.show_file(marking.file.row)
        self.sheet.show_sheet(grid, marking.sheet, marking.locked)
        if changed:
            self.sheet.go(self.sheet.first_unmarked())
        self.pane.show_passage(self.sheet.active, marking.file)
        self.pane.show_others(marking.state)
        self.handing.show_state(marking.state)
        self._show_note()
        self._place()

    def _grid_of(self, application_id: str) -> Grid:
        """The criteria asked of that file."""
        if not application_id:
            return Grid((), ())
        return self.context.read(grids.of_file, application_id=application_id).grid

    def _written(self, code: str, words: str) -> None:
        """One mark is in the base: only what shows it is painted again."""
        grid, mark = self._grid, self.marking.of(code)
        if grid is None:
            return
        self.sheet.show_mark(code, mark)
        note = self._show_note()
        self._place()
        self.queue.set_state(self.marking.file_id, "started")
        criterion = grid.criterion(code)
        said = sentence(grid, criterion, mark)
        head = f"Critère {grid.codes.index(code) + 1} sur {len(grid.criteria)} · {criterion.label}{NBSP}: "
        self.context.told.emit(head + (words or f"{said.removeprefix(criterion.label + ', ')}, enregistré"))
        if not self.sheet.open_one.comment.hasFocus():
            announce(self.sheet, f"{criterion.label}, {words}." if words else f"{said}. Note {note}.")

    def _show_note(self) -> str:
        if self._grid is None:
            return ""
        note = sheet_note(self._grid, self.marking.sheet)
        self.heading.show_note(self._grid, note)
        return note.shown

    def _returned(self, returned: bool) -> None:
        marking = self.marking
        self.handing.show_state(marking.state)
        if self._grid is not None:
            self.sheet.show_sheet(self._grid, marking.sheet, marking.locked)
        self.queue.set_state(marking.file_id, "returned" if returned else "started")
        words = f"Grille {'rendue' if returned else 'reprise'}{NBSP}: {marking.number}"
        self.context.told.emit(words)
        announce(self.sheet, words)
        self.sheet.setFocus()

    def _criterion_moved(self, code: str) -> None:
        if self.marking.file is not None:
            self.pane.show_passage(code, self.marking.file)
        self._place()
        if self._grid is not None and not self.sheet.open_one.comment.hasFocus():
            announce(self.sheet, sentence(self._grid, self._grid.criterion(code), self.marking.of(code)))

    @staticmethod
    def _place() -> None:
        # A place that changed asks those around it to change, in their turn: each turn left to the loop of events is
        # one more painting, and the last ones come with the next key.
        for _turn in range(TURNS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def _reveal_open(self) -> None:
        self._area.ensureWidgetVisible(self.sheet.open_one, 0, px(8))

    def _connect(self) -> None:
        sheet, marking = self.sheet, self.marking
        sheet.level_given.connect(marking.mark)
        sheet.away_asked.connect(marking.away)
        sheet.dedicated_asked.connect(marking.dedicate)
        sheet.comment_written.connect(marking.comment)
        marking.written.connect(self._written)
        marking.returned.connect(self._returned)
        marking.sent_to.connect(self.go)
        sheet.return_asked.connect(self.hand_in)
        sheet.help_asked.connect(lambda: self.keys.open(self.sheet))
        sheet.moved.connect(self._criterion_moved)
        sheet.open_one.placed.connect(self._reveal_open)
        self.queue.chosen.connect(self._show_file)
        self.queue.member_chosen.connect(self.enter)
        self.queue.left.connect(self.left)
        self.queue.view.opened.connect(lambda _row: self.sheet.setFocus())
        self.handing.asked.connect(self.hand_in)
        self.handing.back_asked.connect(marking.take_back)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty("surface", "")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet)
        column.addStretch(1)
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        middle, foot, right, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        middle.setContentsMargins(18, 12, 14, 0)
        middle.setSpacing(12)
        middle.addWidget(self._area, 1)
        middle.addWidget(self.pane)
        foot.setContentsMargins(18, 10, 18, 10)
        foot.setSpacing(12)
        foot.addWidget(self.strip, 1)
        foot.addWidget(self.handing)
        right.setSpacing(0)
        right.addWidget(self.heading)
        right.addWidget(rule())
        right.addLayout(middle, 1)
        right.addLayout(foot)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.queue)
        whole.addWidget(rule(vertical=True))
        whole.addLayout(right, 1)

    def _fit_pane(self) -> None:
        room = self.width() - self.queue.width() - self.pane.width() - px(40)
        wanted = room >= px(LEAST_GRID) if self._wants_pane is None else self._wants_pane
        self.pane.setVisible(wanted and self.marking.file is not None)
        self.strip.fit(self.width() - self.queue.width() - self.handing.width() - px(60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pane()
        self.sheet.open_one.set_compact(self.height() < px(WHOLE_SHEET))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._role:
            self.context.messages.close_message(self._role)
            self._role = None

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.sheet.flush()
        if self.member and not event.spontaneous() and self.window().isVisible():
            # Elsewhere in the window nothing else says that some files are hidden.
            name = self.queue.member.currentText()
            text = "Les dossiers de ses déports sont masqués partout."
            back = (("Reprendre votre place", self.left.emit),)
            self._role = Message("info", f"Vous agissez en tant que {name}.", text, back)
            self.context.messages.show_message(self._role)
