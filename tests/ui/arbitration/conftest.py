"""The screen of the arbitration on the base of the demonstration, at one of its stages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import Store
from cv_desktop.services.demonstration import Story
from cv_desktop.ui import dialogs
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from ui import desk

Opened = Callable[[str], tuple[Store, Story]]
Show = Callable[[str], ArbitrationScreen]
Press = Callable[[ArbitrationScreen], None]


@pytest.fixture
def show(base_at: Opened, qtbot: QtBot) -> Show:
    def at(stage: str) -> ArbitrationScreen:
        store, story = base_at(stage)
        context = desk.context(store, story.call_id)
        qtbot.addWidget(context.messages)
        screen = ArbitrationScreen(context)
        qtbot.addWidget(screen)
        screen.resize(1256, 780)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.table.setFocus()
        return screen

    return at


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every confirmation is given; what was said is kept."""
    said: list[list[str]] = []

    def confirm(_parent: object, title: str, effects: list[str], verb: str, *_rest: object, **_kw: object) -> bool:
        said.append([title, *effects, verb])
        return True

    monkeypatch.setattr(dialogs, "confirm", confirm)
    return said


@pytest.fixture
def press_verb(qtbot: QtBot) -> Press:
    """Presses the verb of the panel shown, and waits for the lot that it writes."""

    def press(screen: ArbitrationScreen) -> None:
        panel = screen.side.currentWidget()
        assert isinstance(panel, Panel)
        panel.verb.click()
        qtbot.waitUntil(lambda: not screen.context.jobs.running)

    return press
