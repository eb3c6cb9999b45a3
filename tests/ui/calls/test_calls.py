"""Campagnes on real bases: created in the screen, its règlement typed in place, its grid, its committee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from cv_desktop.db.backup import rotate
from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import meetings
from cv_desktop.db.queries.calls import ParameterRow
from cv_desktop.db.store import Store
from cv_desktop.services import meetings as verbs
from cv_desktop.services.demonstration import Story
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.calls.screen import CallsScreen
from cv_desktop.ui.destinations import destinations
from cv_desktop.ui.main_window import MainWindow
from cv_desktop.ui.workspace import Workspace
from shipped import LETTER_KINDS, PARAMETERS
from ui import desk
from ui.keys import press, type_text

NBSP = "\u00a0"
Opened = Callable[[str], tuple[Store, Story]]
Calls = Callable[[str], CallsScreen]


def opened(store: Store, call: str, qtbot: QtBot) -> CallsScreen:
    context = desk.context(store, call)
    qtbot.addWidget(context.messages)
    screen = CallsScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    return screen


@pytest.fixture
def campaigns(base_at: Opened, qtbot: QtBot) -> Calls:
    def at(stage: str) -> CallsScreen:
        store, story = base_at(stage)
        return opened(store, story.call_id, qtbot)

    return at


def parameter(screen: CallsScreen, key: str) -> ParameterRow:
    rows = screen.context.read(queries.parameters, screen.context.calls.id)
    return next(row for row in rows if row.parameter.key == key)


def choose(screen: CallsScreen, key: str, column: str) -> None:
    """The cell of a parameter, ready to be typed in."""
    table = screen.record.rules.table
    table.select_identity(parameter(screen, key).id, column)
    table.setFocus()


def test_communes_and_legal_forms_are_said_by_name_and_typed_by_code(campaigns: Calls) -> None:
    screen = campaigns("voted")
    model = screen.record.rules.table.rows
    shown = {}
    for place, row in enumerate(model.rows()):
        index = model.index(place, model.column_index("value"))
        shown[row.parameter.key] = (index.data(), index.data(Qt.ItemDataRole.EditRole))
    assert shown["legal_forms"] == ("associations", "92")
    assert shown["communes"] == ("Melun, Le Mée-sur-Seine, Dammarie-lès-Lys", "77288, 77285, 77152")


def test_the_record_says_what_the_campaign_is(campaigns: Calls) -> None:
    screen = campaigns("voted")
    record = screen.record
    assert record.title.text() == "FIA 2026"
    assert record.phase.badge.word == "Notification"
    assert record.rules.doubts.badge.word == f"{PARAMETERS}{NBSP}valeurs à valider"
    assert screen.list.model.data(screen.list.model.index(0, 1)) == f"30{NBSP}000{NBSP}€"


def test_a_value_is_typed_in_its_cell_and_undone(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    choose(screen, "amount_max", "value")
    type_text("2500")
    press(None, Qt.Key.Key_Return)
    changed = parameter(screen, "amount_max").parameter
    assert changed.shown == f"2{NBSP}500{NBSP}€" and not changed.to_validate
    assert screen.record.rules.doubts.badge.word == f"{PARAMETERS - 1}{NBSP}valeurs à valider"
    screen.context.undo_last()
    assert parameter(screen, "amount_max").parameter.shown == f"3{NBSP}000{NBSP}€"
    assert parameter(screen, "amount_max").parameter.to_validate


def test_a_wrong_value_keeps_its_cell_open_and_says_why(campaigns: Calls, qtbot: QtBot) -> None:
    screen = campaigns("campaign")
    choose(screen, "public_rate_max", "value")
    type_text("120")
    with qtbot.waitSignal(screen.context.told) as told:
        press(None, Qt.Key.Key_Return)
    assert told.args == [f"120{NBSP}% dépasse 100{NBSP}%. Exemple{NBSP}: 80{NBSP}%."]
    assert screen.record.rules.table.cells.editor is not None
    press(screen.record.rules.table.cells.editor, Qt.Key.Key_Escape)
    assert parameter(screen, "public_rate_max").parameter.shown == f"80{NBSP}%"


def test_the_severity_is_typed_too(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    choose(screen, "amount_max", "severity")
    type_text("a")
    press(None, Qt.Key.Key_Return)
    assert parameter(screen, "amount_max").parameter.severity == "warn"
    choose(screen, "amount_max", "severity")
    type_text("peut-être")
    press(None, Qt.Key.Key_Return)
    assert screen.record.rules.table.cells.editor is not None
    press(screen.record.rules.table.cells.editor, Qt.Key.Key_Escape)
    assert parameter(screen, "amount_max").parameter.severity == "warn"


def test_the_hint_of_the_current_value_is_under_the_table(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    choose(screen, "amount_max", "value")
    hint = screen.record.rules.hint.text()
    assert hint.startswith(f"Article{NBSP}5, ") and parameter(screen, "amount_max").parameter.hint in hint


def test_defaults_are_validated_by_the_handful(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    rules = screen.record.rules
    rules.table.selectAll()
    assert rules.validate.text() == f"Valider {PARAMETERS} défauts"
    rules.validate.click()
    assert rules.doubts.badge.word == "Toutes les valeurs sont validées"
    assert not rules.validate.isEnabled()
    screen.context.undo_last()
    assert rules.doubts.badge.word == f"{PARAMETERS}{NBSP}valeurs à valider"


def test_only_what_is_to_be_validated(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    rules = screen.record.rules
    choose(screen, "amount_max", "value")
    rules.validate.click()
    rules.only.click()
    assert rules.model.rowCount() == PARAMETERS - 1
    rules.only.click()
    assert rules.model.rowCount() == PARAMETERS


def test_the_envelope_is_typed_and_its_parts_add_up(campaigns: Calls) -> None:
    screen = campaigns("voted")
    screen.record.show_tab("envelope")
    tab = screen.record.envelope
    assert [x.text() for x in tab.amounts] == [
        f"28{NBSP}100{NBSP}€", f"0{NBSP}€", f"0{NBSP}€", f"1{NBSP}900{NBSP}€",
    ]  # fmt: skip
    tab.amount.editor.selectAll()
    type_text("35 000", tab.amount.editor)
    press(tab.amount.editor, Qt.Key.Key_Return)
    assert tab.amounts[-1].text() == f"6{NBSP}900{NBSP}€"
    tab.amount.editor.selectAll()
    type_text("beaucoup", tab.amount.editor)
    press(tab.amount.editor, Qt.Key.Key_Return)
    assert tab.amount.wrong
    press(tab.amount.editor, Qt.Key.Key_Escape)


def test_the_grid_shows_its_weights_its_levels_and_since_when_it_is_frozen(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    screen.record.tabs.setCurrentWidget(screen.record.grid)
    grid = screen.record.grid
    assert grid.head.total.text() == f"Total des poids{NBSP}: 100"
    assert grid.head.state.badge.word == "À valider"
    grid.table.step(1)
    criterion = grid.table.current_row()
    assert criterion is not None
    assert [card.text.text() for card in grid.texts.cards] == [level.text for level in criterion.levels]
    marked = campaigns("marked")
    marked.record.tabs.setCurrentWidget(marked.record.grid)
    assert marked.record.grid.head.state.badge.word == f"Figée depuis le 15{NBSP}avril 2026"


def test_a_member_is_added_and_removed_in_the_tab(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    screen.record.show_tab("committee")
    tab = screen.record.committee.members
    type_text("Élie Modèle", tab.name.editor)
    tab.add_button.click()
    call = screen.context.calls.id
    assert [m.name for m in screen.context.read(meetings.members, call_id=call)] == ["Élie Modèle"]
    tab.view.step(0)
    tab.remove_button.click()
    assert not screen.context.read(meetings.members, call_id=call)


def test_the_letters_are_read_with_their_fields_between_brackets(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    screen.record.tabs.setCurrentWidget(screen.record.letters)
    tab = screen.record.letters
    kinds = [row.kind for row in tab.model.rows()]
    assert kinds[:7] == ["AR", "AR-P", "IRR", "ATT", "ATT-P", "REF", "AJ"]
    assert sorted(kinds) == sorted(LETTER_KINDS)
    assert "[dossier.action]" in tab.text.toPlainText() and "{" not in tab.text.toPlainText()
    assert tab.text.isReadOnly()


def test_the_code_follows_scheme_and_year_until_it_is_typed(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    screen.commands()["new"]()
    new = screen.new
    assert new.isVisible() and new.code.text() == "FIA-2026"
    new.year.editor.setText("2027")
    assert new.code.text() == "FIA-2027"
    type_text("-B", new.code.editor)
    new.year.editor.setText("2028")
    assert new.code.text() == "FIA-2027-B"
    press(new, Qt.Key.Key_Escape)
    assert not new.isVisible()


def test_refusals_stand_under_their_fields(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    screen.prepare()
    new = screen.new
    new.submit()
    assert new.envelope.wrong and not new.code.wrong
    type_text("25 000", new.envelope.editor)
    new.submit()
    assert new.code.wrong and "existe déjà" in new.code.editor.accessibleDescription()
    new.year.editor.setText("26")
    new.submit()
    assert new.year.wrong


def test_a_first_campaign_is_created_by_the_keyboard(new_base: Store, qtbot: QtBot) -> None:
    settings = LocalSettings(new_base.folder / "poste.json")
    geometry = QSettings(str(new_base.folder / "fenetre.ini"), QSettings.Format.IniFormat)
    window = MainWindow(destinations(), settings, geometry)
    qtbot.addWidget(window)
    workspace = Workspace(window, new_base, settings, rotate)
    window.visit("calls", "new", "")
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    screen = window.screen_shown
    assert isinstance(screen, CallsScreen)
    type_text("30 000", screen.new.envelope.editor)
    screen.new.submit()
    assert not screen.new.isVisible()
    assert screen.record.title.text() == "FIA 2026"
    current = workspace.context.calls.current
    assert current is not None and (current.label, current.phase) == ("FIA 2026", "Préparation")
    assert new_base.clock().date() == date(2026, 4, 15)
    assert screen.place() == ("call", current.id)


def test_the_selector_follows_the_phase_of_the_campaign(base_at: Opened, qtbot: QtBot) -> None:
    store, story = base_at("marked")
    settings = LocalSettings(store.folder / "poste.json")
    geometry = QSettings(str(store.folder / "fenetre.ini"), QSettings.Format.IniFormat)
    window = MainWindow(destinations(), settings, geometry)
    qtbot.addWidget(window)
    workspace = Workspace(window, store, settings, rotate)
    calls = workspace.context.calls
    assert calls.current is not None and (calls.current.label, calls.current.phase) == ("FIA 2026", "")
    window.show()  # the phases are counted once the first screen has been seen
    qtbot.waitUntil(lambda: calls.current is not None and calls.current.phase == "Instruction")
    workspace.context.do("x", verbs.create, call_id=story.call_id, label="Comité", held_on=date(2026, 4, 20))
    qtbot.waitUntil(lambda: calls.current is not None and calls.current.phase == "Séances")


def test_the_models_keep_their_promises(campaigns: Calls) -> None:
    screen = campaigns("voted")
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [
        QAbstractItemModelTester(model, fatal)
        for model in (
            screen.list.model,
            screen.record.rules.model,
            screen.record.grid.model,
            screen.record.letters.model,
        )
    ]
    for index in range(screen.record.tabs.count()):
        screen.record.tabs.setCurrentIndex(index)
    assert len(testers) == 4
