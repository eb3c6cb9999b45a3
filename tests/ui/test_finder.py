"""Ctrl+K on a real base: typed, chosen, opened in its campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import Store
from cv_desktop.services import structures
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.context import Context
from cv_desktop.ui.finder import Finder
from ui import desk


@pytest.fixture
def context(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[Context]:
    store, story = base_at("told")
    made = desk.context(store, story.call_id)
    qtbot.addWidget(made.messages)
    yield made
    made.jobs.stop_all()


def test_files_structures_and_letters_come_in_their_groups(context: Context) -> None:
    hits = Finder(context).records("cuisine du monde")
    assert list(dict.fromkeys(hit.group for hit in hits)) == ["Dossiers", "Structures", "Courriers"]
    file = next(hit for hit in hits if hit.group == "Dossiers")
    assert (file.destination, file.noun, file.call) == ("applications", "application", context.calls.id)
    assert "Cuisine du monde" in file.title
    assert "€" in file.detail
    letter = next(hit for hit in hits if hit.group == "Courriers")
    assert letter.title.startswith("CO-2026-")


def test_a_slip_is_forgiven_once_the_words_are_read(context: Context, qtbot: QtBot) -> None:
    finder = Finder(context)
    finder.prepare()
    qtbot.waitUntil(lambda: bool(finder.records("cuisnie")), timeout=5000)
    assert all("uisine" in hit.title or "uisine" in hit.detail for hit in finder.records("cuisnie"))


def test_what_is_written_is_found_at_once_and_its_slips_soon_after(context: Context, qtbot: QtBot) -> None:
    finder = Finder(context)
    finder.prepare()
    one = next(hit for hit in finder.records("cuisine du monde") if hit.group == "Structures")
    context.do("Nom", structures.set_field, structure_id=one.id, name="name", value="Girouettes du Lys")
    assert [hit.title for hit in finder.records("girouettes") if hit.group == "Structures"] == ["Girouettes du Lys"]
    qtbot.waitUntil(lambda: bool(finder.records("girouetes")), timeout=5000)
