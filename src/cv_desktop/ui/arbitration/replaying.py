"""The two searches of « Essayer d’autres règles », away from the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.what_if import WhatIf
from cv_desktop.services import what_ifs
from cv_desktop.services.boards import Board
from cv_desktop.services.what_ifs import Levers, Pair
from cv_desktop.ui.arbitration.comparing import Comparing
from cv_desktop.ui.arbitration.leaving import Leaving
from cv_desktop.ui.arbitration.what_if_page import WhatIfPage
from cv_desktop.ui.arbitration.what_if_panel import WhatIfPanel
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token

if TYPE_CHECKING:
    from cv_desktop.db.store import Store

Answer = tuple[Pair, WhatIf]
STOPPED = "Essai arrêté. Rien n’a été écrit."


def replayed(token: Token, store: Store, call_id: str, values: dict[str, Any]) -> Answer:
    """What was asked and its answer; Stopped once « Arrêter » was used."""
    with store.read() as session:
        pair = what_ifs.ask(session, call_id=call_id, **values)
    try:
        found = what_ifs.answer(pair, stop=lambda: token.cancelled)
    except UserError:
        if not token.cancelled:
            raise
        raise Stopped from None
    if token.cancelled:
        raise Stopped
    return pair, found


class Replaying(QObject):
    """Wires the values and the page of their answer; ``open`` starts a trial on a campaign.

    ``wide`` when the answer takes or gives back the room of the values. ``closed`` once the trial is left.
    """

    wide = Signal()
    closed = Signal()

    def __init__(self, context: Context, panel: WhatIfPanel, middle: Comparing, leaving: Leaving) -> None:
        super().__init__(panel)
        self._context, self._panel, self._middle, self._leaving = context, panel, middle, leaving
        self.page = WhatIfPage()
        self._levers: Levers | None = None
        self._job: Job | None = None
        self._answer: Answer | None = None
        self._board: Board | None = None
        self._facts: object = None
        panel.wanted.connect(self._run)
        panel.closed.connect(self.closed)
        self.page.closed.connect(self.closed)
        self.page.values_wanted.connect(self.wide)
        self.page.export_wanted.connect(self._export)
        # From a member's seat nothing may be left of what the officer tried: it names every file.
        context.viewer_changed.connect(self._forget)
        self.page.work.stop_asked.connect(lambda: self._job.cancel() if self._job else None)

    @property
    def call_id(self) -> str:
        """The campaign tried last."""
        return self._levers.call_id if self._levers else ""

    def open(self, board: Board) -> None:
        """The values in force of a campaign; what is being tried is kept as long as they are the same."""
        levers = self._context.read(what_ifs.levers, call_id=board.call_id)
        if levers != self._levers:
            if self._running and self._job is not None:
                self._job.cancel()
            self._levers, self._answer = levers, None
            self._panel.start(levers)
            self.page.forget()
        self.follow(board)
        self.page.beside()
        self._middle.show_under(self.page if self._answer or self._running else None)

    def follow(self, board: Board) -> None:
        """Says so when what the answer was worked out from has changed."""
        self._board = board
        if self._answer is not None and self._facts != self._read(board):
            self.page.outdated()

    def leave(self) -> None:
        """The table is back; the answer is kept for the next time."""
        self._middle.show_under(None)

    @property
    def _running(self) -> bool:
        return not self._panel.verb.isEnabled()

    def _read(self, board: Board) -> object:
        levers = self._context.read(what_ifs.levers, call_id=board.call_id)
        return levers, [(r.row.number, r.note, r.row.asked_cents, r.row.minimum_cents) for r in board.ranked]

    def _run(self, values: dict[str, Any]) -> None:
        if self._levers is None:
            return
        self._panel.hold()
        self._answer = None
        # As they are now: what changes while it is worked out is told too.
        self._facts = self._read(self._board) if self._board else None
        self.page.wait()
        self._middle.show_under(self.page)
        self._job = self._context.jobs.run(
            "Essai de règles", replayed, self._context.store, self._levers.call_id, values,
            on_done=self._found, on_failed=self._failed,
        )  # fmt: skip

    def _found(self, answer: Answer) -> None:
        self._panel.release()
        if self.call_id != answer[0].levers.call_id:
            self.page.say(STOPPED)  # the seat or the campaign changed meanwhile
            return
        self._answer = answer
        self.page.put(*answer)
        if self._board is not None:
            self.follow(self._board)

    def _failed(self, reason: BaseException) -> None:
        self._panel.release()
        if isinstance(reason, UserError):
            self.page.say(reason.message)
            self._context.refuse(reason)
        elif isinstance(reason, Stopped):
            self.page.say(STOPPED)

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._levers, self._answer, self._facts, self._board = None, None, None, None
        self.page.forget()

    def _export(self) -> None:
        if self._answer is not None:
            self._leaving.trial(*self._answer)
