"""The two searches of « Essayer d’autres règles », away from the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.what_if import WhatIf
from cv_desktop.services import what_ifs
from cv_desktop.services.what_ifs import Levers, Pair
from cv_desktop.ui.arbitration.leaving import Leaving
from cv_desktop.ui.arbitration.what_if_panel import WhatIfPanel
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.message_bar import Message

if TYPE_CHECKING:
    from cv_desktop.db.store import Store

Answer = tuple[Pair, WhatIf]


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
    """Wires the panel; ``open`` starts a trial on a campaign."""

    def __init__(self, context: Context, panel: WhatIfPanel, leaving: Leaving) -> None:
        super().__init__(panel)
        self._context, self._panel, self._leaving = context, panel, leaving
        self._levers: Levers | None = None
        self._job: Job | None = None
        self._answer: Answer | None = None
        panel.wanted.connect(self._run)
        panel.export_wanted.connect(self._export)
        # From a member's seat nothing may be left of what the officer tried: it names every file.
        context.viewer_changed.connect(self._forget)
        panel.work.stop_asked.connect(lambda: self._job.cancel() if self._job else None)

    def open(self, call_id: str) -> None:
        """The values in force of a campaign; what is being tried is kept as long as they are the same."""
        levers = self._context.read(what_ifs.levers, call_id=call_id)
        if levers != self._levers:
            self._levers, self._answer = levers, None
            self._panel.start(levers)

    def _run(self, values: dict[str, Any]) -> None:
        if self._levers is None:
            return
        self._panel.busy(True)
        self._job = self._context.jobs.run(
            "Essai de règles", replayed, self._context.store, self._levers.call_id, values,
            on_done=self._found, on_failed=self._failed,
        )  # fmt: skip

    def _found(self, answer: Answer) -> None:
        self._panel.busy(False)
        if self._levers is None:
            return  # the seat changed meanwhile
        self._answer = answer
        self._panel.put(*answer)

    def _failed(self, reason: BaseException) -> None:
        self._panel.busy(False)
        if isinstance(reason, UserError):
            self._context.refuse(reason)
        elif isinstance(reason, Stopped):
            self._context.messages.show_message(Message("info", "Essai arrêté.", "Rien n’a été écrit."))

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._levers, self._answer = None, None
        self._panel.forget()

    def _export(self) -> None:
        if self._answer is not None:
            self._leaving.trial(*self._answer)
