from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import committee
from committee import Committee
from cv_desktop.ui.meetings.screen import MeetingsScreen
from ui import desk

Opened = tuple[MeetingsScreen, Committee]


@pytest.fixture(scope="session")
def committees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Committee]:
    """Three bases made once: no mark, sheets returned and a meeting prepared, sheets revealed."""
    first = committee.build(tmp_path_factory.mktemp("empty") / "cv-desktop.sqlite")
    made = {"empty": first}
    for name in ("prepared", "revealed"):
        copy = replace(first, path=tmp_path_factory.mktemp(name) / "cv-desktop.sqlite")
        shutil.copy(first.path, copy.path)
        with copy.open() as store:
            committee.mark_all(store, copy)
            committee.meeting(store, copy, revealed=name == "revealed")
        made[name] = copy
    return made


@pytest.fixture
def opened(committees: dict[str, Committee], tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[str], Opened]]:
    """``opened("prepared")`` shows the screen on a copy of that base."""
    stores = []

    def show(name: str) -> Opened:
        base = replace(committees[name], path=tmp_path / "cv-desktop.sqlite")
        shutil.copy(committees[name].path, base.path)
        store = base.open()
        stores.append(store)
        context = desk.context(store, base.call)
        qtbot.addWidget(context.messages)
        screen = MeetingsScreen(context)
        qtbot.addWidget(screen)
        screen.resize(1384, 790)
        screen.show()
        qtbot.waitExposed(screen)
        return screen, base

    yield show
    for store in stores:
        store.close()
