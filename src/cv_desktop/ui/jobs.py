"""Long work, one at a time, away from the window."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from cv_desktop.domain.errors import UserError

Progress = Callable[[int, int, str], None]


class Stopped(Exception):
    """Raised by a job that has seen ``token.cancelled`` and has nothing to give back."""


class Token:
    """What the working function receives: it polls ``cancelled`` and tells how far it is."""

    def __init__(self, tell: Progress) -> None:
        self._stop = Event()
        self._tell = tell

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        self._stop.set()

    def progress(self, done: int, total: int, label: str = "") -> None:
        self._tell(done, total, label)


class Job:
    """One piece of work under way or waiting its turn."""

    def __init__(self, name: str, token: Token, quiet: bool) -> None:
        self.name = name
        self.quiet = quiet
        self.token = token
        self.on_done: Callable[[Any], None] | None = None
        self.on_failed: Callable[[BaseException], None] | None = None
        self.on_progress: Progress | None = None

    def cancel(self) -> None:
        """Asks to stop; the function decides where it can."""
        self.token.cancel()


class _Emitter(QObject):
    """Lives as long as the window: signals of short-lived tasks get lost."""

    progressed = Signal(object, object)
    finished = Signal(object, object)


class Jobs(QObject):
    """``run`` starts work; the callbacks are called in the thread of the window."""

    started = Signal(object)
    progressed = Signal(object, object)  # job, (done, total, label)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="travail")
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fond")
        self._running: list[Job] = []
        self._stopped = False
        self._emitter = _Emitter(self)
        queued = Qt.ConnectionType.QueuedConnection
        self._emitter.progressed.connect(self._progressed, queued)
        self._emitter.finished.connect(self._finished, queued)

    @property
    def running(self) -> tuple[Job, ...]:
        """What a person waits for."""
        return tuple(job for job in self._running if not job.quiet)

    def run(
        self,
        name: str,
        function: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_failed: Callable[[BaseException], None] | None = None,
        on_progress: Progress | None = None,
        quiet: bool = False,
        apart: bool = False,
    ) -> Job:
        """Calls ``function(token, *args)`` in the background. ``name`` is what the person reads.

        ``on_failed`` receives the exception, Stopped included. One that is neither a UserError nor Stopped is then
        raised in the window's thread, where it meets the crash dialog; so is a UserError nobody listens to, which
        the window shows. ``quiet`` work is short and nobody waits for
        it: it is neither shown nor asked about on closing. ``apart`` is for long computing that nobody waits for:
        the others do not wait for its end. It must not touch what another job may be using, such as a PDF engine.
        """
        job = Job(name, Token(lambda *step: self._emitter.progressed.emit(job, step)), quiet)
        job.on_done, job.on_failed, job.on_progress = on_done, on_failed, on_progress
        if self._stopped:
            # A timer of a screen may still ask for work while the window closes: nobody waits for it.
            job.cancel()
            return job
        self._running.append(job)
        if not quiet:
            self.started.emit(job)
        future = (self._aside if apart else self._executor).submit(function, job.token, *args)
        future.add_done_callback(lambda ended: self._emitter.finished.emit(job, ended))
        return job

    def cancel_all(self) -> None:
        """« Arrêter »: asks what a person waits for to stop where it can."""
        for job in self.running:
            job.cancel()

    def stop_all(self) -> None:
        """Asks everything to stop and waits for it; no callback is called any more, and nothing starts any more."""
        self._stopped = True
        for job in self._running:
            job.cancel()
        self._running.clear()
        for executor in (self._executor, self._aside):
            executor.shutdown(wait=True, cancel_futures=True)

    def _progressed(self, job: Job, step: tuple[int, int, str]) -> None:
        if job in self._running:
            if job.on_progress:
                job.on_progress(*step)
            if not job.quiet:
                self.progressed.emit(job, step)

    def _finished(self, job: Job, future: Future[Any]) -> None:
        if job not in self._running:
            return
        self._running.remove(job)
        if not job.quiet:
            self.ended.emit(job)
        error = future.exception()
        if error is None:
            if job.on_done:
                job.on_done(future.result())
            return
        if job.on_failed:
            job.on_failed(error)
        if isinstance(error, Stopped) or (job.on_failed and isinstance(error, UserError)):
            return
        raise error
