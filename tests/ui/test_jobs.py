"""Background work: answers come to the window's thread, stops are heard, refusals are said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.domain.errors import UserError
from cv_desktop.ui.jobs import Jobs, Stopped, Token


@pytest.fixture
def jobs(qapp: Any) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop_all()


def test_the_answer_comes_in_the_thread_of_the_window(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[Any] = []

    def work(token: Token, factor: int) -> int:
        token.progress(1, 2, "un")
        seen.append(threading.current_thread() is threading.main_thread())
        return 21 * factor

    jobs.run(
        "Calcul",
        work,
        2,
        on_done=lambda answer: seen.append((answer, threading.current_thread() is threading.main_thread())),
        on_progress=lambda *step: seen.append(step),
    )
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert False in seen
    assert (1, 2, "un") in seen
    assert (42, True) in seen
    assert jobs.running == ()


def test_stopping_reaches_the_function(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[object] = []
    started = threading.Event()

    def work(token: Token) -> None:
        started.set()
        while not token.cancelled:
            pass
        raise Stopped

    job = jobs.run("Long", work, on_failed=seen.append)
    assert started.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], Stopped)


def test_a_refusal_goes_to_who_asked(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[object] = []

    def refuse(_token: Token) -> None:
        raise UserError("La feuille « Dossiers » est absente.")

    jobs.run("Import", refuse, on_failed=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], UserError)


def test_a_fault_of_the_program_meets_the_crash_hook(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[object] = []

    def fault(_token: Token) -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        jobs.run("Faute", fault, on_failed=seen.append)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError
    assert seen


def test_one_after_the_other(qtbot: QtBot, jobs: Jobs) -> None:
    order: list[int] = []
    for number in range(5):
        jobs.run(str(number), lambda _token, n: n, number, on_done=order.append)
    qtbot.waitUntil(lambda: len(order) == 5)
    assert order == [0, 1, 2, 3, 4]


def test_work_asked_while_the_window_closes_is_not_started(jobs: Jobs) -> None:
    started: list[object] = []
    jobs.started.connect(started.append)
    jobs.stop_all()
    job = jobs.run("Solidité", lambda _token: started.append("fait"))
    assert job.token.cancelled
    assert started == []
    assert jobs.running == ()


def test_what_a_person_waits_for_does_not_wait_for_long_computing_apart(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[str] = []

    def draws(token: Token) -> None:
        while not token.cancelled:
            pass
        raise Stopped

    apart = jobs.run("Solidité", draws, quiet=True, apart=True)
    jobs.run("Répartition", lambda _token: "répartie", on_done=seen.append)
    qtbot.waitUntil(lambda: seen == ["répartie"], timeout=5_000)
    apart.cancel()
