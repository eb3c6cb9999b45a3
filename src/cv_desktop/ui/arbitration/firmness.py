"""The solidity of the files against the end of the envelope: thousands of draws, made by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cv_desktop.domain.solidity import Solidity
from cv_desktop.services import rankings
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token

if TYPE_CHECKING:
    from cv_desktop.db.store import Store

PAUSE_MS = 500
LOOK_S = 0.1  # a job that waits sees that often whether it is still wanted
Answer = tuple[str, Mapping[str, Solidity]]


def drawn(token: Token, store: Store, calm: Event, call_id: str, inside: Sequence[str]) -> Answer:
    """The campaign, and the solidity of its files; ``inside`` are those that the envelope serves.

    Waits whenever ``calm`` is not set. Raises Stopped once the job is no longer wanted.
    """

    def between() -> None:
        while not (token.cancelled or calm.wait(LOOK_S)):
            pass
        if token.cancelled:
            raise Stopped

    between()
    with store.read() as session:
        return call_id, rankings.solidities_at_cut(session, call_id=call_id, inside=inside, between=between)


class Firmness(QObject):
    """``ask`` for one campaign at a time; its former answer stays until ``ready`` tells of the next one."""

    ready = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked: tuple[str, int] = ("", 0)
        self._found: dict[str, Mapping[str, Solidity]] = {}
        self._job: Job | None = None
        self._waiting: tuple[str, tuple[str, ...]] | None = None
        # The draws take the processor from the keys: they wait for a pause in the typing, those under way too.
        self._calm = Event()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._go_on)
        # So do they for what a person waits for.
        context.jobs.started.connect(lambda _job: self._calm.clear())
        context.jobs.ended.connect(lambda _job: self._resume())

    def of(self, call_id: str) -> Mapping[str, Solidity]:
        return self._found.get(call_id, {})

    def ask(self, call_id: str, inside: Sequence[str], *, again: bool) -> None:
        """Draw when the campaign or the number of places is another one, or ``again`` whatever they are."""
        asked = (call_id, len(inside))
        if asked != self._asked or again:
            self._asked = asked
            if self._job is not None:
                self._job.cancel()
                self._job = None
            self._waiting = (call_id, tuple(inside))
        if self._waiting is not None or self._job is not None:
            self._calm.clear()
            self._pause.start()

    def _resume(self) -> None:
        if self._waiting is not None or self._job is not None:
            self._pause.start()

    def _go_on(self) -> None:
        if self._context.jobs.running:
            return
        self._calm.set()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            arguments = (self._context.store, self._calm, *waiting)
            job = self._context.jobs.run(
                "Solidité",
                drawn,
                *arguments,
                on_done=lambda answer: self._put(job, answer),
                quiet=True,
                apart=True,
            )
            self._job = job

    def _put(self, job: Job, answer: Answer) -> None:
        if job is self._job:
            self._job = None
        call, found = answer
        self._found = {call: found}
        if call == self._asked[0]:
            self.ready.emit()
