"""The frame, used as a person does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import frame
import pytest
from fakes import put
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cv_desktop.ui import dialogs
from cv_desktop.ui.about import ShortcutsDialog
from cv_desktop.ui.actions import SPECS
from cv_desktop.ui.context import Context
from cv_desktop.ui.main_window import MainWindow
from cv_desktop.ui.navigation import NARROW, WIDE

Modifier = Qt.KeyboardModifier


def type_text(widget: QWidget, text: str) -> None:
    for letter in text:
        QApplication.sendEvent(widget, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    made = frame.window(tmp_path)
    qtbot.addWidget(made)
    context = frame.context(tmp_path, made.messages, made)
    made.start(context)
    with qtbot.waitActive(made):
        made.resize(1440, 900)
        made.show()
        made.activateWindow()
    yield made
    context.jobs.stop_all()


def context_of(window: MainWindow) -> Context:
    screen = window.screen_shown
    assert screen is not None
    return screen.context


def test_the_title_names_the_campaign_and_the_screen(window: MainWindow) -> None:
    assert window.windowTitle() == "CV Desktop – FIA 2026 – Accueil"
    window.rail.buttons["applications"].click()
    assert window.windowTitle() == "CV Desktop – FIA 2026 – Dossiers"
    context_of(window).calls.select("aap")
    assert window.windowTitle() == "CV Desktop – Appel à projets 2026 – Dossiers"


def test_a_screen_is_made_once_and_kept(window: MainWindow) -> None:
    window.rail.buttons["applications"].click()
    first = window.screen_shown
    window.rail.buttons["home"].click()
    window.rail.buttons["applications"].click()
    assert window.screen_shown is first


def test_the_counter_follows_the_writes_and_zero_is_not_shown(window: MainWindow) -> None:
    button = window.rail.buttons["applications"]
    assert (button.count, button.accessibleName()) == (0, "Dossiers")
    context_of(window).do("un", put, key="A", value="1")
    assert (button.count, button.accessibleName()) == (1, "Dossiers, 1")


def test_the_menu_names_the_step_and_the_bar_the_hour(window: MainWindow) -> None:
    context_of(window).do("proposé 7 000 € (AAP-2026-0023)", put, key="A", value="7000")
    assert window.actions_list["undo"].text() == "Annuler\u00a0: proposé 7 000 € (AAP-2026-0023)"
    labels = [x.text() for x in window.toolbar.findChildren(QWidget) if hasattr(x, "text")]
    assert "Enregistré à\u00a014:32" in labels
    QTest.keyClick(window, Qt.Key.Key_Z, Modifier.ControlModifier)
    assert not window.actions_list["undo"].isEnabled()
    assert window.actions_list["redo"].isEnabled()


def test_ctrl_z_in_a_field_undoes_what_is_typed_then_the_last_write(window: MainWindow) -> None:
    context = context_of(window)
    context.do("un", put, key="A", value="1")
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, "abc")
    QTest.keyClick(field, Qt.Key.Key_Z, Modifier.ControlModifier)
    assert (field.text(), context.undo.undo_label) == ("", "un")
    QTest.keyClick(field, Qt.Key.Key_Z, Modifier.ControlModifier)
    assert (context.undo.undo_label, context.undo.redo_label) == ("", "un")


def test_the_rail_narrows_by_key_and_by_width(window: MainWindow) -> None:
    assert window.rail.width() == WIDE
    QTest.keyClick(window, Qt.Key.Key_B, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert window.rail.width() == NARROW
    assert window.rail.buttons["applications"].toolTip() == "Dossiers"
    QTest.keyClick(window, Qt.Key.Key_B, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert window.rail.width() == WIDE
    window.resize(1280, 720)
    assert window.rail.width() == NARROW


def test_history_comes_back_to_the_record(window: MainWindow) -> None:
    window.visit("applications", "application", "31")
    window.visit("home")
    QTest.keyClick(window, Qt.Key.Key_Left, Modifier.AltModifier)
    screen = window.screen_shown
    assert isinstance(screen, frame.FilesScreen)
    assert screen.opened[-1] == ("application", "31")
    QTest.keyClick(window, Qt.Key.Key_Right, Modifier.AltModifier)
    assert isinstance(window.screen_shown, frame.HomeScreen)


def test_a_command_of_the_screen_is_offered_there_only(window: MainWindow) -> None:
    assert not window.actions_list["filter"].isEnabled()
    window.visit("applications")
    QTest.keyClick(window, Qt.Key.Key_F, Modifier.ControlModifier)
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    assert focus.accessibleName() == "Filtre"


def test_ctrl_k_finds_a_record_and_opens_it(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Modifier.ControlModifier)
    palette = window.palette_box
    assert palette.isVisible()
    type_text(palette.field, "été")
    assert palette.model.hit(palette.view.currentIndex().row()).title == "Dossier été"  # type: ignore[union-attr]
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    screen = window.screen_shown
    assert isinstance(screen, frame.FilesScreen)
    assert screen.opened == [("a", "7")]


def test_ctrl_k_finds_commands_without_accents_and_escape_returns_the_focus(window: MainWindow) -> None:
    window.rail.buttons["home"].setFocus()
    QTest.keyClick(window, Qt.Key.Key_K, Modifier.ControlModifier)
    palette = window.palette_box
    type_text(palette.field, "reglages")
    titles = [palette.model.hit(row).title for row in range(palette.model.rowCount()) if palette.model.hit(row)]  # type: ignore[union-attr]
    assert titles == ["Dossier reglages", "Réglages"]
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.rail.buttons["home"]


def test_what_nothing_answers_to_may_be_created(window: MainWindow) -> None:
    window.search = lambda _text: []
    window.palette_box.open("Les Modèles du Plateau")
    palette = window.palette_box
    hits = [hit for row in range(palette.model.rowCount()) if (hit := palette.model.hit(row))]
    assert [hit.title for hit in hits] == [
        "Créer le dossier…",
        "Créer la structure «\u00a0Les Modèles du Plateau\u00a0»…",
    ]
    assert (hits[1].destination, hits[1].noun, hits[1].id) == ("structures", "new", "Les Modèles du Plateau")
    assert palette._nothing.isVisible()


def test_typing_in_the_search_field_opens_the_palette(window: MainWindow) -> None:
    window.toolbar.search.setFocus()
    type_text(window.toolbar.search, "é")
    assert window.palette_box.isVisible()
    assert window.palette_box.field.text() == "é"


def test_the_campaign_is_chosen_by_typing(window: MainWindow) -> None:
    selector = window.toolbar.calls
    context = context_of(window)
    field = selector.lineEdit()
    assert field is not None
    field.setText("Appel à projets 2026")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert context.calls.id == "aap"
    field.setText("n’importe quoi")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "Appel à projets 2026"
    assert context.calls.id == "aap"


def test_the_groups_of_the_selector_cannot_be_chosen(window: MainWindow) -> None:
    selector = window.toolbar.calls
    rows = {selector.itemText(row): selector.model().index(row, 0).flags() for row in range(selector.count())}
    assert list(rows) == ["FIA", "FIA 2026", "Appels à projets", "Appel à projets 2026", "Toutes les campagnes"]
    assert rows["FIA"] == Qt.ItemFlag.NoItemFlags


def test_f6_goes_through_the_regions_and_comes_round(window: MainWindow) -> None:
    window.visit("applications")
    screen = window.screen_shown
    assert isinstance(screen, frame.FilesScreen)
    window.rail.buttons["applications"].setFocus()
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is screen.field
    QTest.keyClick(window, Qt.Key.Key_F6)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert window.toolbar.isAncestorOf(focus)
    QTest.keyClick(window, Qt.Key.Key_F6, Modifier.ShiftModifier)
    assert QApplication.focusWidget() is screen.field


def test_closing_during_work_asks_once(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    context = context_of(window)

    def work(token: object) -> None:
        while not token.cancelled:  # type: ignore[attr-defined]
            pass

    context.jobs.run("Générer les PDF", work)
    answers = iter([False, True])
    monkeypatch.setattr(dialogs, "confirm", lambda _w, title, *_args: asked.append(title) or next(answers))
    assert not window.close()
    assert window.isVisible()
    assert window.close()
    assert asked == ["Un travail n’est pas terminé"] * 2


def test_every_control_of_the_frame_has_a_name(window: MainWindow) -> None:
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert button.accessibleName() or button.text(), button
    for field in window.findChildren(QLineEdit):
        if field.isVisible() and not field.parent().inherits("QComboBox"):
            assert field.accessibleName(), field


@pytest.mark.parametrize("width", [1280, 1440])
def test_nothing_of_the_frame_is_clipped(window: MainWindow, width: int) -> None:
    context_of(window).do("un", put, key="A", value="1")
    window.resize(width, 720)
    boxes = [
        widget.geometry().translated(widget.parentWidget().mapTo(window, QPoint(0, 0)))
        for widget in (window.toolbar.calls, window.toolbar.search)
    ]
    assert boxes[0].right() < boxes[1].left()
    for widget in window.toolbar.findChildren(QWidget):
        if widget.isVisible() and not isinstance(widget, QLineEdit):
            assert widget.width() >= min(widget.minimumSizeHint().width(), widget.sizeHint().width()), widget


def test_no_action_of_the_menus_is_dead(window: MainWindow) -> None:
    for spec in SPECS:
        if spec.window and spec.key not in ("undo", "redo", "back", "forward"):
            assert window.actions_list[spec.key].isEnabled(), spec.key


def test_mnemonics_and_shortcuts_are_unique(window: MainWindow) -> None:
    letters = [action.text().split("&")[1][0] for action in window.menuBar().actions()]
    assert len(letters) == len(set(letters))
    keys = [spec.shortcut for spec in SPECS if spec.shortcut]
    assert len(keys) == len(set(keys))
    assert not [key for key in keys if key[-1].isdigit() and "+F" not in key and not key.startswith("F")]


def test_the_list_of_the_shortcuts_is_in_french(window: MainWindow) -> None:
    dialog = ShortcutsDialog(window)
    top = [dialog.tree.topLevelItem(row) for row in range(dialog.tree.topLevelItemCount())]
    assert [item.text(0) for item in top if item][-1] == "Tableaux"
    dialog.close()


def test_geometry_is_kept(window: MainWindow, tmp_path: Path) -> None:
    window.close()
    assert (tmp_path / "fenetre.ini").exists()


def test_leaving_the_first_screen_before_it_was_seen_leaves_nothing_unmade(tmp_path: Path, qtbot: QtBot) -> None:
    """What waits for the first picture (search, counters, files dropped) comes with the screen one went to."""
    made = frame.window(tmp_path)
    qtbot.addWidget(made)
    context = frame.context(tmp_path, made.messages, made)
    filled: list[bool] = []
    made.filled.connect(lambda: filled.append(True))
    made.show()
    made.start(context)
    made.visit("applications")
    qtbot.waitUntil(lambda: bool(filled))
    made.visit("home")
    qtbot.wait(50)
    assert filled == [True]
    context.jobs.stop_all()
