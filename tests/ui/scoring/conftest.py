from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import committee
from committee import Committee
from cv_desktop.ui.scoring.page import ScoringPage
from ui import desk


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Committee:
    return committee.build(tmp_path_factory.mktemp("scoring") / "cv-desktop.sqlite")


@pytest.fixture
def base(ready: Committee, tmp_path: Path) -> Committee:
    shutil.copy(ready.path, tmp_path / "cv-desktop.sqlite")
    return replace(ready, path=tmp_path / "cv-desktop.sqlite")


@pytest.fixture
def page(base: Committee, qtbot: QtBot) -> Iterator[ScoringPage]:
    """The page on the first file of the second member, who has no déport."""
    store = base.open()
    context = desk.context(store, base.call)
    qtbot.addWidget(context.messages)
    shown = ScoringPage(context)
    qtbot.addWidget(shown)
    shown.resize(1200, 780)
    shown.show()
    qtbot.waitExposed(shown)
    shown.enter(base.members[1])
    yield shown
    store.close()
