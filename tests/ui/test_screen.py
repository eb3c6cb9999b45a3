"""A screen reads again when it must, and never under an open editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import frame
import pytest
from fakes import create, put
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem
from pytestqt.qtbot import QtBot

from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import MessageBar


@pytest.fixture
def context(tmp_path: Path, qtbot: QtBot) -> Iterator[Context]:
    bar = MessageBar()
    qtbot.addWidget(bar)
    made = frame.context(tmp_path, bar, bar)
    yield made
    made.jobs.stop_all()


def test_hidden_it_waits_shown_it_reads(qtbot: QtBot, context: Context) -> None:
    screen = frame.FilesScreen(context)
    qtbot.addWidget(screen)
    context.do("un", put, key="A", value="1")
    assert screen.reads == 0
    screen.show()
    assert (screen.reads, screen.field.text()) == (1, "1")
    context.do("deux", put, key="A", value="2")
    assert (screen.reads, screen.field.text()) == (2, "2")
    screen.hide()
    context.do("trois", put, key="A", value="3")
    assert screen.reads == 2
    screen.show()
    assert screen.reads == 3


def test_what_it_does_not_show_leaves_it_alone(qtbot: QtBot, context: Context) -> None:
    screen = frame.FilesScreen(context)
    qtbot.addWidget(screen)
    screen.show()
    context.do("structure", create, key="S")
    assert screen.reads == 1
    context.calls.select("aap")
    assert screen.reads == 2


def test_an_open_cell_is_not_closed_by_a_refresh(qtbot: QtBot, context: Context) -> None:
    screen = frame.FilesScreen(context)
    table = QTableWidget(1, 1)
    table.setItem(0, 0, QTableWidgetItem("7000"))
    layout = screen.layout()
    assert layout is not None
    layout.addWidget(table)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    table.setFocus()
    table.editItem(table.item(0, 0))
    qtbot.waitUntil(lambda: table.state() == QTableWidget.State.EditingState)
    context.do("ailleurs", put, key="A", value="1")
    assert screen.reads == 1
    screen.field.setFocus()
    qtbot.waitUntil(lambda: screen.reads == 2)
