from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import Store
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.structures.screen import StructuresScreen
from ui import desk


@pytest.fixture
def screen(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[StructuresScreen]:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    screen = StructuresScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    screen.show()
    yield screen
    context.jobs.stop_all()
