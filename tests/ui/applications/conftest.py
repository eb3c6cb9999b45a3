from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import Store
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.applications.screen import ApplicationsScreen
from ui import desk

Show = Callable[[str], ApplicationsScreen]


@pytest.fixture
def shown(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[Show]:
    """``shown("imported")``: the screen on the example base as it stands after that stage."""
    made: list[ApplicationsScreen] = []

    def show(stage: str) -> ApplicationsScreen:
        store, story = base_at(stage)
        context = desk.context(store, story.call_id)
        qtbot.addWidget(context.messages)
        screen = ApplicationsScreen(context)
        qtbot.addWidget(screen)
        made.append(screen)
        screen.resize(1256, 790)
        screen.show()
        qtbot.waitExposed(screen)
        screen.activateWindow()
        return screen

    yield show
    for screen in made:
        screen.context.jobs.stop_all()
