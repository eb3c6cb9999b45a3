from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from cv_desktop.ui import theme
from cv_desktop.ui.tables.clipboard import summary
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.filter_field import FilterField
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView
from ui.keys import press, type_text
from ui.tables.people import Desk, File

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qtbot: QtBot, qapp) -> Desk:
    theme.apply(qapp)
    desk = Desk()
    qtbot.addWidget(desk.view)
    desk.view.resize(800, 400)
    with qtbot.waitExposed(desk.view):
        desk.view.show()
    desk.view.activateWindow()
    desk.view.setFocus()
    return desk


def at(desk: Desk, identity: str, column: str = "asked") -> None:
    desk.view.select_identity(identity, column)


def place(desk: Desk) -> tuple[str, str]:
    row, column = desk.view.currentIndex().row(), desk.view.currentIndex().column()
    return desk.model.row_at(row).id, desk.model.columns[column].key


def test_typing_over_then_entree_writes_and_goes_down(desk: Desk) -> None:
    at(desk, "1")
    type_text("7")
    assert desk.view.cells.editor is not None
    type_text("000", desk.view.cells.editor)
    press(desk.view.cells.editor, Qt.Key.Key_Return)
    assert desk.writes == [("1", "7000")]
    assert desk.files["1"].cents == 700000
    assert desk.view.cells.editor is None
    assert place(desk) == ("2", "asked")


def test_tab_goes_right(desk: Desk) -> None:
    at(desk, "1")
    press(desk.view, Qt.Key.Key_F2)
    type_text("5", desk.view.cells.editor)
    press(desk.view.cells.editor, Qt.Key.Key_Tab)
    assert place(desk) == ("1", "state")


def test_entree_goes_to_the_row_that_was_below_even_when_the_order_changes(desk: Desk) -> None:
    desk.model.sort_by([("asked", False)])
    assert desk.names()[0] == "Atelier d’Exemple"
    at(desk, "4")
    type_text("9")
    type_text("999999", desk.view.cells.editor)
    press(desk.view.cells.editor, Qt.Key.Key_Return)
    assert place(desk) == ("5", "asked")
    assert [file.id for file in desk.model.rows()] == ["5", "1", "2", "4", "3"]


def test_echap_gives_the_old_value_back(desk: Desk) -> None:
    at(desk, "1")
    type_text("9")
    press(desk.view.cells.editor, Qt.Key.Key_Escape)
    assert desk.writes == []
    assert desk.view.cells.editor is None


def test_a_refused_text_stays_open_with_the_reason_under_it(qtbot: QtBot, desk: Desk) -> None:
    at(desk, "1")
    press(desk.view, Qt.Key.Key_F2)
    editor = desk.view.cells.editor
    assert editor is not None
    type_text("mille é", editor)
    with qtbot.waitSignal(desk.view.refused) as refused:
        press(editor, Qt.Key.Key_Return)
    assert "n’est pas un montant" in refused.args[0]
    assert desk.view.cells.editor is editor
    assert editor.isVisible() and editor.property("invalid")
    assert "n’est pas un montant" in editor.accessibleDescription()
    assert place(desk) == ("1", "asked")
    with qtbot.waitSignal(desk.view.refused) as forgotten:
        press(editor, Qt.Key.Key_Escape)
    assert forgotten.args == [""], "the status bar no longer says what is gone"
    assert desk.files["1"].cents == 620000


def test_a_refresh_waits_for_the_cell_being_typed(desk: Desk) -> None:
    at(desk, "1")
    type_text("8")
    desk.files["2"] = File("2", "Élan Changé", 1)
    desk.refresh()
    assert desk.view.cells.editor is not None
    assert "Élan Changé" not in desk.names()
    press(desk.view.cells.editor, Qt.Key.Key_Escape)
    assert "Élan Changé" in desk.names()


def test_a_refresh_keeps_the_selection_and_tells_no_change(qtbot: QtBot, desk: Desk) -> None:
    at(desk, "3")
    with qtbot.assertNotEmitted(desk.view.current_row_changed):
        desk.refresh()
    assert [file.id for file in desk.view.selected_rows()] == ["3"]
    del desk.files["3"]
    with qtbot.waitSignal(desk.view.current_row_changed) as changed:
        desk.refresh()
    assert changed.args[0].id == "4"


def test_copy_gives_text_and_html_with_headers(desk: Desk) -> None:
    at(desk, "2")
    press(desk.view, Qt.Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "Structure\tDemandé\tÉtat\tRemarque\nÉlan Exemple\t8\u00a0500\tInstruit\t"
    assert "<th>Demandé</th>" in data.html()
    assert "text-align:right" in data.html()


def paste(desk: Desk, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)
    press(desk.view, Qt.Key.Key_V, CTRL)


def test_a_block_is_pasted_and_what_is_refused_is_listed(qtbot: QtBot, desk: Desk) -> None:
    at(desk, "1")
    with qtbot.waitSignal(desk.view.pasted) as pasted:
        paste(desk, "1 234,56 €\r\nquatre mille\r\n1234.56\r\n\r\n")
    done, refusals = pasted.args
    assert done == 2
    assert [file.cents for file in desk.files.values()][:3] == [123456, 850000, 123456]
    assert [(refusal.line, refusal.title, refusal.text) for refusal in refusals] == [(2, "Demandé", "quatre mille")]
    assert summary(done, refusals).startswith("2 cellules collées. 1 refusée\u00a0: Ligne 2, Demandé\u00a0: «")


def test_a_block_wider_or_longer_than_the_table_says_what_is_left(qtbot: QtBot, desk: Desk) -> None:
    at(desk, "5")
    with qtbot.waitSignal(desk.view.pasted) as pasted:
        paste(desk, "10\tRefusé\tbien\tde trop\n20")
    done, refusals = pasted.args
    assert done == 2
    assert [refusal.reason for refusal in refusals] == [
        "cette colonne ne se modifie pas.",
        "le tableau n’a plus de colonne.",
        "le tableau n’a plus de ligne.",
    ]


def test_repeat_above_today_and_clear(desk: Desk) -> None:
    desk.view.exchange.today = lambda: date(2026, 3, 3)
    at(desk, "2")
    press(desk.view, Qt.Key.Key_D, CTRL)
    assert desk.files["2"].cents == 620000
    at(desk, "2", "note")
    press(desk.view, Qt.Key.Key_Semicolon, CTRL, ";")
    press(desk.view, Qt.Key.Key_Delete)
    assert desk.writes[-2:] == [("2", "03/03/2026"), ("2", "")]


def test_space_ticks_every_selected_row(desk: Desk) -> None:
    desk.view.selectAll()
    desk.view.setFocus()
    at_first = desk.model.index(0, 1)
    desk.view.selectionModel().setCurrentIndex(at_first, desk.view.selectionModel().SelectionFlag.NoUpdate)
    press(desk.view, Qt.Key.Key_Space, text=" ")
    assert all(file.ticked for file in desk.files.values())


def test_entree_on_what_is_not_edited_opens_the_row(qtbot: QtBot, desk: Desk) -> None:
    at(desk, "2", "name")
    with qtbot.waitSignal(desk.view.opened) as opened:
        press(desk.view, Qt.Key.Key_Return)
    assert opened.args[0].id == "2"


def test_the_header_sorts_on_click_and_adds_a_key_with_shift(qtbot: QtBot, desk: Desk) -> None:
    header = desk.view.horizontalHeader()

    def click(column: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
        point = header.viewport().rect().center()
        point.setX(x)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifiers, point)

    click(2)
    assert desk.model.sorts == [("asked", False)]
    click(1, Qt.KeyboardModifier.ShiftModifier)
    assert desk.model.sorts == [("asked", False), ("name", False)]
    click(2, Qt.KeyboardModifier.ShiftModifier)
    assert desk.model.sorts == [("asked", True), ("name", False)]
    click(1)
    click(1)
    click(1)
    assert desk.model.sorts == []


def test_widths_order_and_sort_are_found_again(qtbot: QtBot) -> None:
    memory: dict[str, object] = {}
    first = Desk(memory=memory)
    qtbot.addWidget(first.view)
    header = first.view.horizontalHeader()
    header.resizeSection(1, 333)
    header.moveSection(3, 1)
    first.model.sort_by([("state", True)])
    first.view.arrangement.show_column(4, False)
    second = Desk(memory=memory)
    qtbot.addWidget(second.view)
    header = second.view.horizontalHeader()
    assert header.sectionSize(1) == 333
    assert header.visualIndex(3) == 1
    assert header.isSectionHidden(4)
    assert second.model.sorts == [("state", True)]
    second.view.arrangement.reset()
    assert header.visualIndex(3) == 3 and header.sectionSize(1) == 200 and not header.isSectionHidden(4)


def test_no_row_says_it_and_offers_a_way_out(qtbot: QtBot, desk: Desk) -> None:
    field = FilterField(desk.view)
    qtbot.addWidget(field)
    assert not desk.view.nothing.isVisible()
    field.set_text("rien de tel")
    assert desk.view.nothing.isVisible()
    assert desk.view.nothing.sentence.text() == "Aucune ligne ne correspond aux filtres."
    assert field.counter.text() == "0 sur 5"
    qtbot.mouseClick(desk.view.nothing.button, Qt.MouseButton.LeftButton)
    assert field.line.text() == ""
    assert field.counter.text() == "5"
    empty = Desk([], empty="Aucun dossier dans cette campagne.", empty_button="Saisir un dossier")
    qtbot.addWidget(empty.view)
    empty.view.show()
    assert empty.view.nothing.sentence.text() == "Aucun dossier dans cette campagne."
    with qtbot.waitSignal(empty.view.empty_pressed):
        qtbot.mouseClick(empty.view.nothing.button, Qt.MouseButton.LeftButton)


def test_a_column_filter_shows_a_chip_that_takes_it_away(qtbot: QtBot, desk: Desk) -> None:
    field = FilterField(desk.view)
    qtbot.addWidget(field)
    desk.model.set_column_filter("state", ["Instruit"])
    assert field.counter.text() == "3 sur 5"
    chip = field.chips()[0]
    assert chip.text() == "État\u00a0: Instruit"
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert field.counter.text() == "5"
    assert field.chips() == []


def test_echap_in_the_filter_empties_it_then_gives_the_list_back(qtbot: QtBot, desk: Desk) -> None:
    field = FilterField(desk.view)
    qtbot.addWidget(field)
    field.show()
    type_text("élan", field.line)
    assert desk.names() == ["Élan Exemple"]
    press(field.line, Qt.Key.Key_Escape)
    assert field.line.text() == "" and len(desk.names()) == 5


def test_a_sentence_that_does_not_fit_makes_its_row_higher(qtbot: QtBot, qapp) -> None:
    theme.apply(qapp)
    long = "La colonne « Contrat d’engagement républicain » est absente : ce renseignement manque."
    rows: RowsModel[str] = RowsModel([Column("words", "Constat", lambda x: x, stretch=True, wrap=True)], identity=str)
    view = TableView(rows, name="Problèmes")
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    view.set_rows(["Court.", long])
    assert view.rowHeight(1) > 1.4 * view.rowHeight(0)
    view.resize(1400, 300)
    assert view.rowHeight(1) == view.rowHeight(0)


def test_a_column_hidden_by_its_screen_is_remembered_as_hidden(qtbot: QtBot) -> None:
    memory: dict[str, object] = {}
    first = Desk(memory=memory)
    qtbot.addWidget(first.view)
    first.view.setColumnHidden(4, True)
    assert memory["hidden"] == ["note"]
    assert "note" not in memory["widths"]  # type: ignore[operator]
    again = Desk(memory=memory)
    qtbot.addWidget(again.view)
    assert again.view.isColumnHidden(4)


def sized(table: TableView, keys: list[str]) -> dict[str, int]:
    shown = {column.key: at for at, column in enumerate(table.rows.columns) if not table.isColumnHidden(at)}
    return {key: table.columnWidth(shown[key]) for key in keys if key in shown}


@pytest.fixture
def yielding(qtbot: QtBot, qapp) -> tuple[TableView, dict[str, object]]:
    """A name of 200, and three columns of 100 of which two give way, the base before the quarter."""
    theme.apply(qapp)
    memory: dict[str, object] = {}
    columns = [
        Column("name", "Structure", str, width=200, stretch=True),
        Column("quarter", "Quartier", str, width=100, yields=2),
        Column("base", "Base", str, width=100, yields=1),
        Column("amount", "Proposé", str, width=100),
    ]
    table = TableView(RowsModel(columns, identity=str), name="Dossiers", memory=memory)
    qtbot.addWidget(table)
    table.resize(600, 300)
    with qtbot.waitExposed(table):
        table.show()
    return table, memory


def test_columns_give_way_to_the_name_and_come_back(yielding: tuple[TableView, dict[str, object]]) -> None:
    table, memory = yielding
    keys = ["name", "quarter", "base", "amount"]
    assert list(sized(table, keys)) == keys
    table.resize(440, 300)  # 140 would be left: less than 150, three quarters of 200
    found = sized(table, keys)
    assert list(found) == ["name", "quarter", "amount"]
    assert found["name"] == table.viewport().width() - 200 >= 220
    table.resize(300, 300)
    assert list(sized(table, keys)) == ["name", "amount"]
    # It is the window that asks for it: nothing is remembered, and the menu gives each back.
    assert memory.get("hidden", []) == []
    assert [a.isChecked() for a in table.arrangement.columns_menu().actions()[:4]] == [True, False, False, True]
    table.resize(600, 300)
    assert list(sized(table, keys)) == keys
    table.resize(300, 300)
    table.arrangement.columns_menu().actions()[2].trigger()
    table.resize(301, 300)
    assert "base" in sized(table, keys), "a column that somebody asks for stays"


def test_a_wide_window_serves_the_columns_that_cut_their_words(qtbot: QtBot, qapp) -> None:
    """A name of 200 is at ease with 250; beyond, the quarter takes up to 180, then the motive up to 300."""
    theme.apply(qapp)
    memory: dict[str, object] = {}
    columns = [
        Column("name", "Structure", str, width=200, stretch=True),
        Column("quarter", "Quartier", str, width=100, grows=180),
        Column("motive", "Motif", str, width=100, grows=300),
    ]
    table = TableView(RowsModel(columns, identity=str), name="Dossiers", memory=memory)
    qtbot.addWidget(table)
    table.resize(440, 300)
    with qtbot.waitExposed(table):
        table.show()
    keys = ["name", "quarter", "motive"]
    assert sized(table, keys)["quarter"] == 100 == sized(table, keys)["motive"]
    table.resize(520, 300)
    whole = table.viewport().width()
    assert sized(table, keys) == {"name": 250, "quarter": whole - 350, "motive": 100}
    table.resize(900, 300)
    whole = table.viewport().width()
    assert sized(table, keys) == {"name": whole - 480, "quarter": 180, "motive": 300}
    # Drawn by hand, it stays so; the others are remembered as they were set.
    table.horizontalHeader().resizeSection(2, 120)
    table.resize(901, 300)
    assert sized(table, keys)["motive"] == 120
    assert memory["widths"]["quarter"] == 100  # type: ignore[index]
    table.resize(440, 300)
    assert sized(table, keys)["quarter"] == 100


def test_columns_follow_the_size_of_the_text(yielding: tuple[TableView, dict[str, object]], qapp) -> None:
    table, memory = yielding
    table.resize(900, 300)
    try:
        theme.apply(qapp, text_scale=1.3)
        assert sized(table, ["quarter", "base", "amount"]) == {"quarter": 130, "base": 130, "amount": 130}
        assert {k: v for k, v in memory["widths"].items() if k != "name"} == {  # type: ignore[attr-defined]
            "quarter": 100, "base": 100, "amount": 100,
        }  # fmt: skip
    finally:
        theme.apply(qapp)
    assert sized(table, ["amount"]) == {"amount": 100}
    # So does one that had given way meanwhile.
    table.resize(300, 300)
    try:
        theme.apply(qapp, text_scale=1.3)
        table.resize(900, 300)
        assert sized(table, ["quarter", "base"]) == {"quarter": 130, "base": 130}
    finally:
        theme.apply(qapp)
