"""The grid of a campaign changed on screen: weights, texts, criteria, versions, files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cv_desktop.db.models.call import Grid
from cv_desktop.db.queries import grids
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.services import grid_edits
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.calls.grid_tab import GridTab
from cv_desktop.ui.calls.screen import CallsScreen
from ui import desk
from ui.keys import press, type_text

NBSP = "\u00a0"
Opened = Callable[[str], tuple[Store, Story]]
Grids = Callable[[str], GridTab]


@pytest.fixture
def tab_at(base_at: Opened, qtbot: QtBot) -> Grids:
    def at(stage: str) -> GridTab:
        store, story = base_at(stage)
        context = desk.context(store, story.call_id)
        qtbot.addWidget(context.messages)
        screen = CallsScreen(context)
        context.bus.changed.connect(lambda *_: screen.refresh())
        qtbot.addWidget(screen)
        screen.resize(1256, 790)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.record.tabs.setCurrentWidget(screen.record.grid)
        return screen.record.grid

    return at


def test_a_weight_is_typed_in_place_the_sum_follows_and_undo_puts_it_back(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    tab.table.select_identity("PERT", "weight")
    tab.table.setFocus()
    type_text("15")
    press(None, Qt.Key.Key_Return)
    assert tab.head.total.text() == f"Les poids font 95{NBSP}; il en manque 5."
    tab.table.select_identity("PART", "weight")
    type_text("10")
    press(None, Qt.Key.Key_Return)
    assert tab.head.total.text() == f"Total des poids{NBSP}: 100"
    tab.context.undo_last()
    tab.context.undo_last()
    assert [c.weight for c in tab.model.rows()][:4] == [20, 20, 10, 5]


def test_a_level_text_the_bands_and_the_method_are_written_where_they_are_read(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    card = tab.texts.cards[1]
    card.text.editor.setPlainText("Un objectif est cité sans preuve.")
    assert card.text.commit()
    assert tab.model.rows()[0].levels[1].text == "Un objectif est cité sans preuve."
    bands, refused = tab.settings.bands, []
    bands.table.refused.connect(refused.append)
    tab.parts.setCurrentIndex(2)
    bands.table.select_identity("favorable", "start")
    bands.table.setFocus()
    type_text("40")
    press(None, Qt.Key.Key_Return)
    assert refused == ["Deux bandes commencent à la même note."]
    press(None, Qt.Key.Key_Escape)
    type_text("65")
    press(None, Qt.Key.Key_Return)
    found = tab.context.read(grids.versions, call_id=tab.context.calls.id or "")[0].grid
    assert [b.start for b in found.bands] == [65, 40, 0]


def test_a_criterion_is_added_moved_and_removed(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    tab.add.click()
    assert [c.code for c in tab.model.rows()][:3] == ["PERT", "CRIT1", "PUBL"]
    assert f"Les poids font 101{NBSP}; il y en a 1 de trop." in tab.head.total.text()
    assert tab.texts.cards[0].text.text() == "Texte à écrire."
    tab.down.click()
    assert [c.code for c in tab.model.rows()][:3] == ["PERT", "PUBL", "CRIT1"]
    tab.remove.click()
    assert tab.head.total.text() == f"Total des poids{NBSP}: 100"


def test_a_grid_that_served_is_refused_and_its_copy_changes_without_it(tab_at: Grids) -> None:
    tab = tab_at("marked")
    sentence = "Cette grille a servi. Créez une version 2 pour la modifier."
    assert tab.head.locked.text() == sentence and tab.add.isHidden()
    call = tab.context.calls.id or ""
    (old,) = tab.context.read(grids.versions, call_id=call)
    with pytest.raises(UserError, match=r"Cette grille a servi\. Créez une version 2"):
        tab.context.attempt("x", grid_edits.set_field, grid_id=old.id, code="PERT", key="weight", text="15")
    tab.head.next.click()
    assert tab.head.locked.isHidden() and tab.head.version.text().startswith("Version 2,")
    tab.table.select_identity("PERT", "weight")
    tab.table.setFocus()
    type_text("15")
    press(None, Qt.Key.Key_Return)
    new, kept = tab.context.read(grids.versions, call_id=call)
    assert (new.grid.criterion("PERT").weight, kept.grid.criterion("PERT").weight) == (15, 20)
    tab.context.undo_last()
    tab.context.undo_last()
    assert tab.head.locked.text() == sentence


def test_a_grid_goes_out_as_a_file_and_comes_back_changed(tab_at: Grids, tmp_path: Path) -> None:
    tab = tab_at("campaign")
    path = tmp_path / "grille.json"
    tab.export_to(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["criteria"][0]["label"] = "Pertinence pour le quartier"
    path.write_text(json.dumps(document), encoding="utf-8")
    tab.import_from(path)
    assert tab.model.rows()[0].label == "Pertinence pour le quartier"
    tab.context.undo_last()
    assert tab.model.rows()[0].label == "Pertinence au regard du contrat et du besoin"


def test_two_versions_are_compared_line_by_line_and_echap_leaves(tab_at: Grids) -> None:
    tab = tab_at("marked")
    assert tab.head.compare.isHidden()
    tab.head.next.click()
    assert tab.head.compare.text() == "Comparer avec la version 1"
    call = tab.context.calls.id or ""
    new = tab.context.read(grids.versions, call_id=call)[0]
    for code, key, text in (("PERT", "weight", "15"), ("PART", "weight", "10"), ("EFH", "floor", "1")):
        tab.context.attempt("x", grid_edits.set_field, grid_id=new.id, code=code, key=key, text=text)
    tab.head.compare.click()
    assert tab.pages.currentWidget() is tab.comparison
    assert tab.comparison.words.text() == f"De la version 1 à la version 2{NBSP}: 3 lignes changées"
    rows = [(line.place, line.label, line.before, line.after) for line in tab.comparison.model.rows()]
    assert rows == [
        ("PERT", "Poids", "20", "15"),
        ("PART", "Poids", "5", "10"),
        ("EFH", "Plancher", "–", "1"),
    ]
    assert tab.comparison.older.isHidden()
    press(tab.comparison.table, Qt.Key.Key_Escape)
    assert tab.pages.currentWidget() is not tab.comparison and tab.table.hasFocus()


def test_the_former_version_is_chosen_when_there_are_several(tab_at: Grids) -> None:
    tab = tab_at("marked")
    tab.head.next.click()
    call = tab.context.calls.id or ""
    new = tab.context.read(grids.versions, call_id=call)[0]
    tab.context.attempt("x", grid_edits.set_field, grid_id=new.id, code="PERT", key="label", text="Utilité")
    with tab.context.store.write("x") as session:
        session.get_one(Grid, new.id).frozen_at = session.get_one(Grid, new.id).frozen_at or tab.context.clock()
        record(session, verb="x", noun="grid", noun_id=new.id, summary="Première note")
    tab.refresh()
    tab.head.next.click()
    tab.head.compare.click()
    assert tab.comparison.model.rowCount() == 0
    assert [tab.comparison.older.itemText(i) for i in range(2)] == ["avec la version 2", "avec la version 1"]
    tab.comparison.older.setCurrentIndex(1)
    tab.comparison.older.activated.emit(1)
    (line,) = tab.comparison.model.rows()
    assert (line.label, line.after) == ("Intitulé", "Utilité")


def test_a_band_is_cut_in_two_renamed_and_taken_away_and_each_gesture_is_undone(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    bands = tab.settings.bands
    tab.parts.setCurrentIndex(2)
    said = [(b.label, b.start) for b in bands.model.rows()]
    bands.table.select_identity("favorable")
    bands.add.click()
    assert [(b.label, b.start) for b in bands.model.rows()] == [("Nouvelle bande", 80), *said]
    bands.table.setFocus()
    type_text("Très favorable")
    press(None, Qt.Key.Key_Return)
    first = bands.model.rows()[0]
    assert (first.label, first.expected, bands._range(first)) == ("Très favorable", "favorable", "de 80 à 100")
    bands.table.select_identity("reserve")
    bands.remove.click()
    assert [b.start for b in bands.model.rows()] == [80, 60, 0]
    for _ in range(3):
        tab.context.undo_last()
    assert [(b.label, b.start) for b in bands.model.rows()] == said


def test_what_a_criterion_decides_for_itself_is_chosen_in_its_settings(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    tab.parts.setCurrentIndex(1)
    own = tab.own
    own.fields["method"].editor.setCurrentIndex(2)
    own.fields["method"].commit()
    for key, text in (("admitted", "0, 1, 3"), ("comment_levels", "0")):
        own.fields[key].editor.setText(text)
        assert own.fields[key].commit()
    pert = tab.model.rows()[0]
    assert (pert.method, pert.admitted, pert.comment_levels) == ("median", (0, 1, 3), frozenset({0}))
    assert [card.value.text() for card in tab.texts.cards if not card.isHidden()] == ["0", "1", "3"]
    field = own.fields["admitted"]
    field.editor.setText("0, 5")
    assert not field.commit() and "montent jusqu’à 3" in field.editor.accessibleDescription()
    theme = next(iter(own.themes._choices))
    own.themes._pick(theme)
    assert tab.model.rows()[0].themes == (theme,)
    with pytest.raises(UserError, match="n’est ni un volet ni un objectif"):
        tab._write(tab.model.rows()[0], "themes", "Inconnu")


def test_the_proportions_are_kept(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    tab.split.moveSplitter(180, 1)
    kept = tab.split.sizes()
    assert tab.context.settings.memory("campagnes.grille.proportions")["split"] == kept


def test_texts_that_are_only_read_do_not_change(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    before = [c.levels for c in tab.model.rows()]
    assert any("\u00a0" in level.text for levels in before for level in levels)
    for _ in before:
        tab.table.step(1)
    assert [c.levels for c in tab.model.rows()] == before and tab.context.undo.undo_label == ""


def test_the_tab_key_goes_from_the_criteria_to_their_levels_then_to_the_question(tab_at: Grids) -> None:
    tab = tab_at("campaign")
    chain, here = [], tab.table.nextInFocusChain()
    while here is not None and here is not tab.table:
        chain.append(here)
        here = here.nextInFocusChain()
    wanted = [
        tab.parts.tabBar(),
        tab.texts.cards[0].name.editor,
        tab.texts.cards[3].text.editor,
        tab.texts.guide.editor,
    ]
    places = [chain.index(widget) for widget in (*wanted, tab.own.themes.editor, tab.settings.method.editor)]
    assert places == sorted(places)
    assert chain.index(tab.add) > places[-1]
