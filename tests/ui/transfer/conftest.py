from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import Store
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.transfer.page import ImportPage
from ui import desk


@pytest.fixture
def page(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[ImportPage]:
    """The import page over a campaign without any file."""
    store, story = base_at("campaign")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    page = ImportPage(context)
    context.bus.changed.connect(lambda _changes, _origin: page.refresh())
    context.calls.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1256, 790)
    page.show()
    page.refresh()
    yield page
    context.jobs.stop_all()
