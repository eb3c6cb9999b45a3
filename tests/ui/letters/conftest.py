"""The outbox opened on the example base at a stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import Store
from cv_desktop.services import letters, settings
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.ui import dialogs
from cv_desktop.ui.letters.screen import LettersScreen
from ui import desk

Opened = Callable[[str], tuple[Store, Story]]
Show = Callable[..., LettersScreen]
WAIT = 15_000


@pytest.fixture
def show(base_at: Opened, qtbot: QtBot) -> Show:
    """The outbox after the vote, its letters prepared; the campaign has 39 files, 15 of them decided."""

    def at(stage: str = "voted", *, prepared: bool = True, without: str = "") -> LettersScreen:
        store, story = base_at(stage)
        if without:
            with store.write(ACTOR) as session:
                settings.set_value(session, key=without, value="")
        if prepared:
            with store.write(ACTOR) as session:
                letters.prepare(session, call_id=story.call_id)
        context = desk.context(store, story.call_id)
        qtbot.addWidget(context.messages)
        screen = LettersScreen(context)
        qtbot.addWidget(screen)
        screen.resize(1256, 780)
        with qtbot.waitActive(screen, timeout=WAIT):
            screen.show()
            screen.activateWindow()
        settle(screen, qtbot)
        opened.append(context.jobs)
        return screen

    opened: list[object] = []
    yield at  # type: ignore[misc]
    for jobs in opened:
        jobs.stop_all()  # type: ignore[attr-defined]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    said: list[list[str]] = []

    def confirm(_parent: object, title: str, effects: list[str], verb: str, *_rest: object, **_kw: object) -> bool:
        said.append([title, *effects, verb])
        return True

    monkeypatch.setattr(dialogs, "confirm", confirm)
    return said


def settle(screen: LettersScreen, qtbot: QtBot) -> None:
    """Empty fields read, page drawn."""

    def quiet() -> bool:
        return not screen.context.jobs._running and not screen.preview._later.isActive()

    qtbot.waitUntil(quiet, timeout=WAIT)
