"""A lot submitted or voted away from the window: one transaction, kept whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.message_bar import Message

if TYPE_CHECKING:
    from cv_desktop.db.store import Store


def written(token: Token, store: Store, actor: str, verb: Callable[..., Any], values: dict[str, Any]) -> Changes:
    """What the verb changed. Raises Stopped once « Arrêter » was used: nothing of it is then kept."""

    def tell(done: int, total: int, item: str) -> None:
        if token.cancelled:
            raise Stopped
        token.progress(done, total, item)

    with store.write(actor) as session:
        return Step(verb, values | {"tell": tell})(session)


class LotWork(QObject):
    """One lot at a time; the panel that asked for it waits, and tells how far it is."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None

    def run(
        self,
        name: str,
        stopped: str,
        panel: Panel,
        verb: Callable[..., Any],
        done: Callable[[Changes], None],
        refuse: Callable[[UserError], bool],
        **values: Any,
    ) -> None:
        """Writes, then ``done``. What is refused goes to ``refuse`` first: True when it is shown there."""
        if self._job is not None:
            self._context.told.emit("Un lot est déjà en cours d’écriture.")
            return

        def ended(changes: Changes) -> None:
            self._finish(panel)
            self._context.accept("", changes)
            done(changes)

        def failed(error: BaseException) -> None:
            self._finish(panel)
            if isinstance(error, UserError) and not refuse(error):
                self._context.refuse(error)
            elif isinstance(error, Stopped):
                self._context.messages.show_message(Message("info", stopped, "Rien n’a été écrit."))

        panel.busy(name)
        arguments = (self._context.store, self._context.actor, verb, values)
        self._job = self._context.jobs.run(
            name, written, *arguments, on_done=ended, on_failed=failed, on_progress=panel.work.progress
        )
        panel.work.stop_asked.connect(self._job.cancel)

    def _finish(self, panel: Panel) -> None:
        if self._job is not None:
            panel.work.stop_asked.disconnect(self._job.cancel)
        self._job = None
        panel.free()
