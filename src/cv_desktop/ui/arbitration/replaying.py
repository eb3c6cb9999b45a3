"""The two searches of « Essayer d’autres règles », away from the window."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.what_if import WhatIf
from cv_desktop.services import what_ifs
from cv_desktop.services.what_ifs import Pair
from cv_desktop.ui.arbitration.what_if_panel import WhatIfPanel
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token


def replayed(token: Token, pair: Pair) -> WhatIf:
    """The answer; Stopped once « Arrêter » was used."""
    try:
        found = what_ifs.answer(pair, stop=lambda: token.cancelled)
    except UserError:
        if not token.cancelled:
            raise
        raise Stopped from None
    if token.cancelled:
        raise Stopped
    return found


class Replaying(QObject):
    """Wires the panel; ``call_id`` is set by the screen."""

    def __init__(self, context: Context, panel: WhatIfPanel) -> None:
        super().__init__(panel)
        self._context, self._panel = context, panel
        self.call_id = ""
        self._job: Job | None = None
        panel.wanted.connect(self._run)
        panel.work.stop_asked.connect(lambda: self._job.cancel() if self._job else None)

    def _run(self, rule: str, envelope: int | None, rate: int, values: dict[str, int | None]) -> None:
        try:
            pair = self._context.read(
                what_ifs.ask, call_id=self.call_id, rule=rule, envelope_cents=envelope, rate=rate, values=values
            )
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        self._panel.busy(True)
        self._job = self._context.jobs.run(
            "Essai de règles", replayed, pair, on_done=self._found, on_failed=self._failed
        )

    def _found(self, answer: WhatIf) -> None:
        self._panel.busy(False)
        self._panel.put(answer)

    def _failed(self, reason: BaseException) -> None:
        self._panel.busy(False)
        if isinstance(reason, UserError):
            self._context.refuse(reason)
