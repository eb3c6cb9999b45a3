"""Grille: my queue, the sheet of one file, what the file says."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import applications, calls, meetings, scores, sheets
from cv_desktop.db.queries.applications import ApplicationRecord
from cv_desktop.db.queries.sheets import SheetState
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.scoring import Mark, may_return, sheet_note
from cv_desktop.services import reviews
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message, announce
from cv_desktop.ui.scoring.criterion_line import sentence
from cv_desktop.ui.scoring.handing_in import HandingIn
from cv_desktop.ui.scoring.heading import Heading
from cv_desktop.ui.scoring.keys import KeyPanel, KeyStrip
from cv_desktop.ui.scoring.queue import Queue
from cv_desktop.ui.scoring.reading_pane import ReadingPane
from cv_desktop.ui.scoring.sheet_view import SheetView

NBSP = "\u00a0"
LEAST_GRID = 560


class ScoringPage(QWidget):
    """``enter(member, file)`` opens it; every mark is written as it is given."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.member, self.file_id = "", ""
        self._grid: Grid | None = None
        self._sheet: dict[str, Mark] = {}
        self._file: ApplicationRecord | None = None
        self._state = SheetState(None, "", 0, 0)
        self._message: Message | None = None
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
        self._grid = self.context.read(calls.grid, call).grid
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

    def take_back(self) -> None:
        label = f"reprise de la grille ({self._number})"
        done = self.context.do_from(self, label, reviews.take_back, **self._key)
        if done:
            self._returned(False, f"Grille reprise{NBSP}: {self._number}")

    def hand_in(self) -> None:
        """Returns the sheet, or says what is missing with the way there."""
        if self._grid is None or self._file is None or self._refused_by_lock():
            return
        self.sheet.flush()
        try:
            may_return(self._grid, self._sheet)
        except UserError as refusal:
            self._tell(refusal.message, f"Aller à {refusal.field}", lambda code=refusal.field: self.go(code))
            return
        if self.context.do_from(self, f"grille rendue ({self._number})", reviews.hand_in, **self._key):
            self._returned(True, f"Grille rendue{NBSP}: {self._number}")

    def _show_file(self, application_id: str) -> None:
        self.sheet.flush()
        if application_id != self.file_id:
            self.sheet.active = ""
        self._load(application_id)
        if self._grid and self._file and self.sheet.active == "":
            self.sheet.go(self.sheet.first_unmarked())

    def _load(self, application_id: str) -> None:
        changed, self.file_id = application_id != self.file_id, application_id
        if changed:
            self._solved()
        key = {"application_id": application_id, "member_id": self.member}
        self._file = None
        if application_id:
            self._file = self.context.read(applications.record, application_id=application_id, viewer=self.member)
        shown = self._file is not None
        for widget in (self.heading, self.sheet, self.pane, self.handing):
            widget.setVisible(shown)
        self._fit_pane()
        if self._file is None or self._grid is None:
            return
        self._sheet = self.context.read(scores.sheet, **key)
        self._state = self.context.read(sheets.state, **key)
        self.heading.show_file(self._file.row)
        if changed or not self.sheet.active:
            self.sheet.active = ""
            self.sheet.show_sheet(self._grid, self._sheet, self._locked)
            self.sheet.go(self.sheet.first_unmarked())
        else:
            self.sheet.show_sheet(self._grid, self._sheet, self._locked)
        self.pane.show_passage(self.sheet.active, self._file)
        self.pane.show_others(self._state)
        self.handing.show_state(self._state)
        self._show_note()

    def _mark(self, code: str, level: int | None, away: bool = False) -> None:
        mark = self._sheet.get(code, Mark())
        if self._refused_by_lock() or (mark.level == level and mark.not_applicable == away):
            return
        done = self.context.do_from(
            self,
            f"note {code} ({self._number})",
            reviews.set_mark,
            **self._key,
            criterion=code,
            level=level,
            not_applicable=away,
        )
        if done:
            self._written(code, replace(mark, level=level, not_applicable=away))

    def _away(self, code: str) -> None:
        mark = self._sheet.get(code, Mark())
        self._mark(code, None, not mark.not_applicable)

    def _dedicate(self, code: str) -> None:
        mark = self._sheet.get(code, Mark())
        if self._refused_by_lock():
            return
        dedicated = not mark.dedicated
        label = f"action dédiée {code} ({self._number})"
        key = {**self._key, "criterion": code, "dedicated": dedicated}
        if self.context.do_from(self, label, reviews.set_dedicated, **key):
            self._written(
                code, replace(mark, dedicated=dedicated), "action dédiée" if dedicated else "action non dédiée"
            )

    def _comment(self, code: str, text: str) -> None:
        mark = self._sheet.get(code, Mark())
        if self._locked or not self.file_id:
            return
        key = {**self._key, "criterion": code, "text": text}
        if self.context.do_from(self, f"phrase {code} ({self._number})", reviews.set_comment, **key):
            self._written(code, replace(mark, comment=text), "phrase enregistrée")

    def _written(self, code: str, mark: Mark, words: str = "") -> None:
        """One mark is in the base: only what shows it is painted again."""
        if self._grid is None:
            return
        self._sheet[code] = mark
        self.sheet.show_mark(code, mark)
        note = self._show_note()
        self.queue.set_state(self.file_id, "started")
        self._solved()
        criterion = self._grid.criterion(code)
        rank = self._grid.codes.index(code) + 1
        said = sentence(self._grid, criterion, mark)
        told = words or said.removeprefix(f"{criterion.label}, ")
        head = f"Critère {rank} sur {len(self._grid.criteria)} · {criterion.label}"
        self.context.told.emit(f"{head}{NBSP}: {told}" if words else f"{head}{NBSP}: {told}, enregistré")
        if not self.sheet.open_one.comment.hasFocus():
            announce(self.sheet, f"{criterion.label}, {words}." if words else f"{said}. Note {note}.")

    def _show_note(self) -> str:
        if self._grid is None:
            return ""
        note = sheet_note(self._grid, self._sheet)
        self.heading.show_note(self._grid, note)
        return note.shown

    def _returned(self, returned: bool, words: str) -> None:
        self._state = self.context.read(sheets.state, **self._key)
        self.handing.show_state(self._state)
        self.sheet.show_sheet(self._grid, self._sheet, self._locked) if self._grid else None
        self.queue.set_state(self.file_id, "returned" if returned else "started")
        self._solved()
        self.context.told.emit(words)
        announce(self.sheet, words)
        self.sheet.setFocus()

    def _refused_by_lock(self) -> bool:
        if self._state.revealed_in:
            self._tell(
                f"Les grilles ont été révélées à «{NBSP}{self._state.revealed_in}{NBSP}»{NBSP}: elles ne changent plus."
            )
        elif self._state.returned_at is not None:
            self._tell(
                "Cette grille est rendue. Reprenez-la pour la modifier.", "Reprendre cette grille", self.take_back
            )
        return self._locked

    def _tell(self, text: str, button: str = "", then: object = None) -> None:
        self._solved()
        lead, stop, rest = text.partition(". ")
        buttons = ((button, then),) if button and callable(then) else ()
        self._message = Message("warning", lead + stop.strip(), rest, buttons)
        self.context.messages.show_message(self._message)
        self.context.told.emit(text)

    def _solved(self) -> None:
        if self._message:
            self.context.messages.close_message(self._message)
            self._message = None

    @property
    def _locked(self) -> bool:
        return bool(self._state.revealed_in) or self._state.returned_at is not None

    @property
    def _key(self) -> dict[str, str]:
        return {"application_id": self.file_id, "member_id": self.member}

    @property
    def _number(self) -> str:
        return self._file.row.number if self._file else ""

    def _criterion_moved(self, code: str) -> None:
        if self._file is not None:
            self.pane.show_passage(code, self._file)
        # The panel takes its place at the next turn of the loop; only then is it known where it lies.
        QTimer.singleShot(0, self._reveal_open)
        if self._grid is not None and not self.sheet.open_one.comment.hasFocus():
            announce(self.sheet, sentence(self._grid, self._grid.criterion(code), self._sheet.get(code, Mark())))

    def _reveal_open(self) -> None:
        self._area.ensureWidgetVisible(self.sheet.open_one, 0, px(8))

    def _connect(self) -> None:
        sheet = self.sheet
        sheet.level_given.connect(self._mark)
        sheet.away_asked.connect(self._away)
        sheet.dedicated_asked.connect(self._dedicate)
        sheet.comment_written.connect(self._comment)
        sheet.return_asked.connect(self.hand_in)
        sheet.help_asked.connect(lambda: self.keys.open(self.sheet))
        sheet.moved.connect(self._criterion_moved)
        self.queue.chosen.connect(self._show_file)
        self.queue.member_chosen.connect(self.enter)
        self.queue.left.connect(self.left)
        self.queue.view.opened.connect(lambda _row: self.sheet.setFocus())
        self.handing.asked.connect(self.hand_in)
        self.handing.back_asked.connect(self.take_back)

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
        self.pane.setVisible(wanted and self._file is not None)
        self.strip.fit(self.width() - self.queue.width() - self.handing.width() - px(60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pane()

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
