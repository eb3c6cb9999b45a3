"""A record in a window of its own, beside the main one: same base, same way back, closed with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import applications, structures
from cv_desktop.db.store import Store
from cv_desktop.services import form as form_verbs
from cv_desktop.services import structures as structure_verbs
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.applications.screen import ApplicationsScreen
from cv_desktop.ui.beside import Besides, BesideWindow, FilePane, StructurePane
from cv_desktop.ui.context import Context
from cv_desktop.ui.palette import Hit, Palette
from cv_desktop.ui.structures.screen import StructuresScreen
from ui import desk


@dataclass
class Desk:
    context: Context
    besides: Besides
    file: str
    number: str
    structure: str

    def window(self, place: int = -1) -> BesideWindow:
        return self.besides.windows[place]


@pytest.fixture
def opened(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[Desk]:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    main = QWidget()
    qtbot.addWidget(main)
    qtbot.addWidget(context.messages)
    row = context.read(applications.rows, call_id=story.call_id)[0]
    besides = Besides(context, main)
    yield Desk(context, besides, row.id, row.number, row.structure_id)
    besides.close_all()
    context.jobs.stop_all()


def test_a_file_is_shown_with_its_number_and_follows_what_is_written(opened: Desk, qtbot: QtBot) -> None:
    opened.context.beside_asked.emit("application", opened.file)
    window = opened.window()
    assert window.isVisible() and window.windowTitle().startswith(f"{opened.number} – ")
    pane = window.pane
    assert isinstance(pane, FilePane) and pane.record.number.text() == opened.number
    opened.context.do("titre", form_verbs.set_field, application_id=opened.file, name="title", text="Un autre titre")
    assert pane.record.title.text() == "Un autre titre"
    with qtbot.waitActive(window):
        window.activateWindow()
    # « Annuler » takes back the last write of the base, in whichever window it was made.
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pane.record.title.text() != "Un autre titre"


def test_several_stand_beside_and_the_same_record_once(opened: Desk) -> None:
    for noun, key in (
        ("application", opened.file),
        ("structure", opened.structure),
        ("application", opened.file),
    ):
        opened.context.beside_asked.emit(noun, key)
    assert [window.noun for window in opened.besides.windows] == ["application", "structure"]
    name = next(x.name for x in opened.context.read(structures.rows) if x.id == opened.structure)
    pane = opened.window().pane
    assert isinstance(pane, StructurePane) and pane.record.name.text().startswith(name)
    assert opened.window().windowTitle().startswith(name)


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)],
)
def test_it_closes_by_the_keyboard_and_comes_back_where_it_was(
    opened: Desk, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    opened.context.beside_asked.emit("application", opened.file)
    with qtbot.waitActive(opened.window()):
        opened.window().activateWindow()
    # Its width is more than the screen of the tests has.
    opened.window().resize(951, 633)
    qtbot.keyClick(opened.window(), key, modifier)
    assert opened.besides.windows == []
    opened.context.beside_asked.emit("application", opened.file)
    assert opened.window().height() == 633


def test_what_is_being_typed_is_written_when_it_closes(opened: Desk, qtbot: QtBot) -> None:
    opened.context.beside_asked.emit("structure", opened.structure)
    window = opened.window()
    pane = window.pane
    assert isinstance(pane, StructurePane)
    with qtbot.waitActive(window):
        window.activateWindow()
    field = pane.record.identity.fields["address"]
    field.setFocus()
    field.editor.setText("7 allée du Modèle")
    opened.besides.close_all()
    found = opened.context.read(structures.record, structure_id=opened.structure)
    assert found is not None and found.address == "7 allée du Modèle"


def test_a_record_that_is_there_no_more_closes_its_window(opened: Desk, qtbot: QtBot) -> None:
    changes = opened.context.attempt("création", structure_verbs.create, name="Structure Modèle", values={})
    key = next(id for noun, id in changes.touched if noun == "structure")
    opened.context.beside_asked.emit("structure", key)
    assert len(opened.besides.windows) == 1
    opened.context.undo_last()
    qtbot.waitUntil(lambda: opened.besides.windows == [])


def test_the_lists_and_the_palette_open_it_by_ctrl_enter(opened: Desk, qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []
    opened.context.beside_asked.disconnect()
    opened.context.beside_asked.connect(lambda noun, key: asked.append((noun, key)))
    for screen in (ApplicationsScreen(opened.context), StructuresScreen(opened.context)):
        qtbot.addWidget(screen)
        screen.show()
        qtbot.waitUntil(lambda shown=screen: shown.place() is not None)
        screen.commands()["beside"]()
        assert asked[-1] == screen.place()
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    hit = Hit("Dossiers", opened.number, destination="applications", noun="application", id=opened.file)
    palette = Palette(window, lambda _text: [hit], lambda _text: [])
    palette.open("x")
    with qtbot.waitSignal(palette.chosen_beside) as chosen:
        qtbot.keyClick(palette.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert chosen.args[0].id == opened.file
