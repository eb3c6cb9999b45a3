"""A batch of letters worked on in the background: which ones, how far, and « Arrêter »."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Token
from cv_desktop.ui.progress_panel import ProgressPanel

Told = Callable[[int, int, str], bool]


class Batch:
    """``busy`` are the letters worked on; ``moved`` is called when they change. One batch at a time."""

    def __init__(self, context: Context, panel: ProgressPanel, moved: Callable[[], None]) -> None:
        self._context, self._panel, self._moved = context, panel, moved
        self.busy: frozenset[str] = frozenset()
        self._job: Job | None = None
        panel.stop_asked.connect(self._stop)

    def free(self) -> bool:
        """Whether another batch may start; says in the status bar when not."""
        if self._job is not None:
            self._context.told.emit("Des courriers sont déjà en cours de traitement.")
        return self._job is None

    def start(self, name: str, ids: Sequence[str], work: Callable[[Told], Any], done: Callable[[Any], None]) -> None:
        """Runs ``work(progress)`` away from the window, then ``done`` with what it gave; progress is False to stop."""

        def run(token: Token) -> Any:
            def progress(made: int, total: int, item: str) -> bool:
                token.progress(made, total, item)
                return not token.cancelled

            return work(progress)

        def ended(found: Any) -> None:
            self._finish()
            done(found)

        self.busy = frozenset(ids)
        self._moved()
        self._panel.start(name)
        self._job = self._context.jobs.run(
            name,
            run,
            on_done=ended,
            on_failed=self._failed,
            on_progress=lambda *step: self._panel.progress(*step),
        )

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _failed(self, error: BaseException) -> None:
        # Earlier groups are kept: what is shown is asked again whatever happened.
        ids = self.busy
        self._finish()
        self._context.accept("", Changes.of("letter", *ids) | Changes.of("application", "*"))
        if isinstance(error, UserError):
            self._context.refuse(error)

    def _finish(self) -> None:
        self._job = None
        self.busy = frozenset()
        self._panel.finish()
        self._moved()
