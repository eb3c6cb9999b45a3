"""Saisie rapide: three papers in a row from the keyboard; what is not finished comes back."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from cv_desktop.ui.entry.page import EntryPage
from ui import desk


def test_a_form_left_in_the_middle_comes_back_as_it_was(base_at: Callable[..., object], qtbot: QtBot) -> None:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    first = EntryPage(context)
    qtbot.addWidget(first)
    first.show()
    first.enter()
    qtbot.keyClicks(first.sheet.structure.fields["name"].editor, "Repair")
    first.keep()
    second = EntryPage(context)
    qtbot.addWidget(second)
    second.show()
    second.enter()
    assert second.sheet.structure.fields["name"].text() == "Repair"
