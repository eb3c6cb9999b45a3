"""Scenarios side by side on screen, and what leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from cv_desktop.services import scenario_lines
from cv_desktop.ui.arbitration.compare_page import SAME
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from cv_desktop.ui.arbitration.what_if_page import OUTDATED
from ui.keys import press

NBSP = "\u00a0"
Show = Callable[[str], ArbitrationScreen]


def two(show: Show) -> ArbitrationScreen:
    screen = show("arbitrated")
    screen.tabs.add.click()
    press(screen.tabs.name, Qt.Key.Key_Escape)
    return screen


def cells(screen: ArbitrationScreen) -> list[list[str]]:
    model = screen.middle.page.differences.rows
    return [[c.text(row) for c in model.columns] for row in model.rows()]


def test_only_what_differs_is_shown_and_it_follows_the_amounts(show: Show) -> None:
    screen = two(show)
    screen.band.compare.click()
    assert screen.middle.currentWidget() is screen.middle.page
    assert screen.middle.page.told.text() == SAME
    line = next(x for x in screen.table.lines.rows() if x.ranked)
    screen.gestures.set_amount(line, 100_000)
    assert cells(screen) == [["1", "Les Ateliers du Mail", f"3{NBSP}000", f"2{NBSP}400", f"1{NBSP}000"]]
    assert screen.middle.page.told.text() == "1 dossier sur 15 traité autrement."
    totals = screen.middle.page.sums.rows
    whole = [c.text(totals.row_at(0)) for c in totals.columns]
    assert whole == ["Total", f"28{NBSP}100", f"26{NBSP}700", "13", "13"]
    assert screen.side.isHidden(), "scenarios side by side have the room of the dock"
    press(screen.middle.page, Qt.Key.Key_Escape)
    assert screen.middle.currentWidget() is screen.table
    assert screen.side.isVisible()


def test_in_a_low_window_the_band_makes_room_for_the_way_back(show: Show) -> None:
    screen = two(show)
    for width in range(1150, 1350, 20):
        screen.resize(width, 660)
        for _ in range(3):
            QApplication.processEvents()
        for _there_and_back in range(2):
            screen.band.compare.click()
            for _ in range(3):
                QApplication.processEvents()
            for figure in (screen.band.marked, screen.band.submitted, screen.band.envelope):
                assert figure.width() >= figure.sizeHint().width(), (width, screen.band.compare.text())


def test_one_scenario_alone_says_how_to_have_a_second_and_a_fourth_cannot_be_ticked(show: Show) -> None:
    screen = show("arbitrated")
    screen.band.compare.click()
    assert screen.middle.page.told.text().startswith("Cochez deux ou trois scénarios")
    assert not screen.middle.page.export.isEnabled()
    for _ in range(3):
        screen.tabs.add.click()
        press(screen.tabs.name, Qt.Key.Key_Escape)
    boxes = list(screen.middle.page.boxes.values())
    for box in boxes:
        box.setChecked(box.isEnabled() or box.isChecked())
    assert sum(box.isChecked() for box in boxes) == 3
    assert [box.isEnabled() for box in boxes].count(False) == 1


@pytest.mark.parametrize("word", ["Tableau de programmation, classeur…", "Tableau de programmation, PDF A3…"])
def test_the_programming_table_is_written_where_the_person_says(
    show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    screen = two(show)
    target = tmp_path / "programmation"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    next(x for x in screen.exports.actions() if x.text() == word).trigger()
    written = target.with_suffix(".pdf" if "PDF" in word else ".xlsx")
    qtbot.waitUntil(written.exists, timeout=15_000)
    qtbot.waitUntil(lambda: bool(screen.context.messages.past), timeout=5_000)
    assert screen.context.messages.past[-1].sentence.startswith("Tableau exporté.")
    if "PDF" in word:
        assert written.read_bytes().startswith(b"%PDF")
    else:
        sheets = openpyxl.load_workbook(written).sheetnames
        assert sheets[:3] == ["Programmation", "Par volet", "Par quartier"]


def moved(screen: ArbitrationScreen) -> list[list[str]]:
    """Effect, structure, before, after and gap, as the table shows them."""
    model = screen.replay.page.moved.rows
    shown = [c for c in model.columns if c.key in ("way", "file", "before", "after", "gap")]
    return [[c.text(row) for c in shown] for row in model.rows()]


def sums(screen: ArbitrationScreen) -> dict[str, list[str]]:
    model = screen.replay.page.sums.rows
    lines = [[c.text(row) for c in model.columns] if model.band_at(at) is None else [model.band_at(at).text]
             for at, row in enumerate(model.rows())]  # fmt: skip
    return {line[0]: line[1:] for line in lines}


def test_other_rules_are_tried_from_the_dock_and_nothing_is_written(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    before = [x.amount_cents for x in screen.table.lines.rows()]
    screen.dock.others.click()
    panel, page = screen.trying, screen.replay.page
    assert screen.side.currentWidget() is panel and screen.middle.currentWidget() is screen.table
    assert panel.envelope.text() == f"30{NBSP}000"
    panel.verb.setFocus()
    panel.verb.click()
    assert screen.middle.currentWidget() is page and page.state.isVisible() and not page.export.isEnabled()
    qtbot.waitUntil(page.found.isVisible)
    assert panel.verb.hasFocus(), "Entrée tries again: on « Fermer » it would close"
    assert "Rien n’est changé au règlement." in page.told.text()
    assert page.found.text().startswith("Ces règles ne changent aucun montant. Reste")
    assert moved(screen) == [] and sums(screen)["Total"][-1] == "="
    panel.values["amount_max"].set_value(200_000)
    panel.verb.click()
    qtbot.waitUntil(lambda: page.found.isVisible() and "changent de montant" in page.found.text())
    assert moved(screen)[-1][2:] == [f"3{NBSP}000", f"2{NBSP}000", f"−1{NBSP}000"]
    assert {"Par volet", "Par quartier", "Par commune", "Par taille", "Par ancienneté"} <= set(sums(screen))
    page.values.click()
    assert screen.side.isHidden()
    screen.band.compare.click()
    assert screen.middle.there
    press(screen.middle.page, Qt.Key.Key_Escape)
    assert screen.middle.currentWidget() is page and screen.side.isHidden()
    press(page, Qt.Key.Key_Escape)
    assert screen.side.currentWidget() is screen.dock and screen.side.isVisible()
    assert screen.middle.currentWidget() is screen.table
    assert [x.amount_cents for x in screen.table.lines.rows()] == before


def test_an_answer_says_when_what_it_was_worked_out_from_has_changed(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    screen.dock.others.click()
    panel, page = screen.trying, screen.replay.page
    panel.verb.click()
    qtbot.waitUntil(page.found.isVisible)
    line = next(x for x in screen.table.lines.rows() if x.ranked)
    screen.gestures.set_amount(line, 100_000)
    assert not page.doubts.isVisible(), "an amount of the scenario is no part of the trial"
    screen.context.do("Minimum", scenario_lines.set_minimum, application_id=line.id, minimum_cents=50_000)
    assert page.doubts.text() == OUTDATED and page.doubts.isVisible()
    # So does what changes while it is worked out.
    panel.verb.click()
    screen.context.do("Minimum", scenario_lines.set_minimum, application_id=line.id, minimum_cents=60_000)
    qtbot.waitUntil(page.found.isVisible)
    assert page.doubts.text() == OUTDATED and page.doubts.isVisible()


def test_caps_and_weights_are_tried_from_folded_fields_and_the_trial_leaves_as_a_workbook(
    show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show("arbitrated")
    screen.dock.others.click()
    panel, page = screen.trying, screen.replay.page
    quarter, weight = panel.quarters.fields["quarter:QN07708M"], panel.weights.fields["PERT"]
    assert not quarter.isVisible() and not page.isVisible()
    weight.editor.setText("beaucoup")  # type: ignore[attr-defined]
    panel.verb.click()
    assert weight.isVisible() and not page.isVisible()
    weight.replace(20)
    quarter.set_value(600_000)
    panel.verb.click()
    qtbot.waitUntil(page.found.isVisible)
    assert (
        f"Plafond du quartier «{NBSP}Plaine du Lys - Bernard de Poret{NBSP}»{NBSP}: aucun → 6{NBSP}000{NBSP}€."
        in page.told.text()
    )
    assert "1 sort" in page.found.text()
    assert ["Sort", "L'Atelier Boxe éducative", f"3{NBSP}000", "0", f"−3{NBSP}000"] in moved(screen)
    assert sums(screen)["Plaine du Lys - Bernard de Poret"][1:] == [f"9{NBSP}000", f"6{NBSP}000", f"−3{NBSP}000"]
    note = page.moved.rows.column_index("note")
    assert page.moved.isColumnHidden(note), "the notes are the same before and after"
    assert "comme si rien n’était verrouillé" in panel.limits.text()
    written = tmp_path / "essai.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(written), ""))
    page.export.click()
    qtbot.waitUntil(written.exists)
    qtbot.waitUntil(lambda: bool(screen.context.messages.past))
    assert openpyxl.load_workbook(written).sheetnames == ["Essai", "Dossiers", "Totaux"]
    panel.back.click()
    screen.dock.others.click()
    assert quarter.text() == f"6{NBSP}000" and page.isVisible(), "what was tried is still there"
    panel.weights.fields["PERT"].replace(60)
    panel.verb.click()
    qtbot.waitUntil(lambda: page.found.isVisible() and not page.moved.isColumnHidden(note))
    panel.as_is.click()
    assert panel.quarters.fields["quarter:QN07708M"].text() == ""


def test_the_first_doubt_of_an_answer_is_read_at_once_and_the_others_on_demand(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    screen.dock.others.click()
    page = screen.replay.page
    screen.trying.verb.click()
    qtbot.waitUntil(page.found.isVisible)
    assert not page.more.isVisible()
    page._doubt(["Une réserve.", "Une autre.", "Une dernière."])
    assert page.doubts.text() == "Une réserve." and page.more.text() == "Lire 2 autres réserves"
    page.more.click()
    assert page.doubts.text().count("\n") == 2
    page.more.click()
    assert page.doubts.text() == "Une réserve."


def test_a_trial_that_is_refused_says_why_where_the_answer_would_be(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    screen.dock.others.click()
    for weight in screen.trying.weights.fields.values():
        weight.replace(0)
    screen.trying.verb.click()
    page = screen.replay.page
    qtbot.waitUntil(lambda: page.state.sentence.text() == "Au moins un critère doit peser dans la note.")
    assert page.state.isVisible() and not page.export.isEnabled() and screen.trying.verb.isEnabled()


def test_where_two_tables_are_too_narrow_one_is_shown_at_a_time(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    screen.dock.others.click()
    page = screen.replay.page
    screen.trying.verb.click()
    qtbot.waitUntil(page.found.isVisible)
    assert page.moved.isVisible() and page.sums.isVisible() and not page.other.isVisible()
    screen.resize(1000, 620)
    qtbot.waitUntil(page.other.isVisible)
    assert page.moved.isVisible() and not page.sums.isVisible()
    page.other.click()
    assert page.sums.isVisible() and not page.moved.isVisible()
    page.values.click()
    qtbot.waitUntil(lambda: page.sums.isVisible() and page.moved.isVisible())
