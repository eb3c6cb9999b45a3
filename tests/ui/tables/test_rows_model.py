from __future__ import annotations

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from cv_desktop.domain.errors import UserError
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from ui.tables.people import FILES, Desk, File


@pytest.fixture
def model(qtbot: QtBot) -> RowsModel[File]:
    desk = Desk()
    qtbot.addWidget(desk.view)
    return desk.model


def names(model: RowsModel[File]) -> list[str]:
    return [file.name for file in model.rows()]


def test_qt_finds_nothing_to_say(qtmodeltester, model: RowsModel[File]) -> None:
    qtmodeltester.check(model)
    model.sort_by([("name", False)])
    model.set_filter("exemple")
    qtmodeltester.check(model)


def test_names_sort_as_in_a_french_dictionary(model: RowsModel[File]) -> None:
    model.sort_by([("name", False)])
    assert names(model) == ["Atelier d’Exemple", "Élan Exemple", "eve Témoin", "Œuvre Témoin", "Zèbre Modèle"]


@pytest.mark.parametrize("descending", [False, True])
def test_an_unknown_amount_is_last_both_ways(model: RowsModel[File], descending: bool) -> None:
    model.sort_by([("asked", descending)])
    assert names(model)[-1] == "Zèbre Modèle"


def test_a_second_key_settles_what_the_first_leaves_equal(model: RowsModel[File]) -> None:
    model.sort_by([("asked", False), ("name", True)])
    assert names(model)[:2] == ["eve Témoin", "Atelier d’Exemple"]


def test_the_filter_wants_every_word_and_ignores_accents_ligatures_and_apostrophes(model: RowsModel[File]) -> None:
    model.set_filter("oeuvre TEMOIN")
    assert names(model) == ["Œuvre Témoin"]
    model.set_filter("d'exemple")
    assert names(model) == ["Atelier d’Exemple"]
    model.set_filter("exemple témoin")
    assert names(model) == []
    model.set_filter("")
    assert len(names(model)) == len(FILES)


def test_a_column_filter_keeps_chosen_values_and_tells_the_count(qtbot: QtBot, model: RowsModel[File]) -> None:
    assert model.values("state") == {"À compléter": 1, "Instruit": 3, "Refusé": 1}
    with qtbot.waitSignal(model.counted) as counted:
        model.set_column_filter("state", ["Instruit"])
    assert counted.args == [3, 5]


def test_views_receive_strings_and_screen_readers_sentences(model: RowsModel[File]) -> None:
    amount = model.index(1, 2)
    assert amount.data(Qt.ItemDataRole.DisplayRole) == "8\u00a0500"
    assert amount.data(Qt.ItemDataRole.AccessibleTextRole) == "Demandé\u00a0: 8\u00a0500"
    assert model.index(2, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "Demandé\u00a0: vide"
    spoken: Column[int] = Column("p", "Proposé", lambda n: f"{n}\u00a0€")
    assert spoken.sentence(7) == "Proposé\u00a0: 7\u00a0euros"


def test_a_place_follows_its_row_when_the_order_changes(model: RowsModel[File]) -> None:
    place = QPersistentModelIndex(model.index(0, 1))
    model.sort_by([("name", True)])
    assert place.data() == "Œuvre Témoin"
    model.set_filter("zebre")
    assert not place.isValid()


def test_a_cell_that_cannot_be_written_says_so(model: RowsModel[File]) -> None:
    with pytest.raises(UserError, match="Structure"):
        model.write(model.index(0, 1), "autre")
    assert not model.setData(model.index(0, 2), "quatre mille")
    assert model.setData(model.index(0, 2), "4 000,50")
