"""A grid up to twenty, and criteria of one volet only, marked by the same keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import committee
from committee import Committee
from cv_desktop.db.queries import calls, scores
from cv_desktop.domain.grid import Level
from cv_desktop.services import grids
from cv_desktop.ui.scoring.page import ScoringPage
from ui.keys import press, type_text


@pytest.fixture
def wide(base: Committee) -> None:
    """PERT goes up to 20, PUBL to 12; EVAL is asked of another volet only."""
    with base.open() as store, store.write(committee.ACTOR) as session:
        grid = calls.grid(session, base.call).grid
        levels = {"PERT": (0, 7, 13, 20), "PUBL": (0, 4, 8, 12)}
        criteria = tuple(
            replace(
                c,
                scale=levels[c.code][-1] if c.code in levels else None,
                levels=tuple(Level(v, "Nom", "Texte.") for v in levels.get(c.code, (0, 1, 2, 3))),
                themes=("AILLEURS",) if c.code == "EVAL" else (),
            )
            for c in grid.criteria
        )
        grids.put(session, call_id=base.call, grid=replace(grid, criteria=criteria), said="d’un test")


def level(page: ScoringPage, code: str = "PERT") -> int | None:
    kept = page.context.read(scores.sheet, application_id=page.marking.file_id, member_id=page.member)
    return kept[code].level if code in kept else None


@pytest.mark.usefixtures("wide")
def test_a_level_of_two_digits_is_given_by_its_digits(page: ScoringPage) -> None:
    type_text("1", page.sheet)
    assert (level(page), page.sheet.open_one.state.badge.word) == (None, "Niveau 1… Entrée pour valider")
    type_text("ç", page.sheet)
    assert (level(page), page.sheet.active) == (19, "PERT")
    assert page.sheet.open_one.label.text().endswith("niveau 19 sur 20")


@pytest.mark.usefixtures("wide")
def test_one_digit_waits_for_enter_which_does_not_move_the_first_time(page: ScoringPage) -> None:
    type_text("2", page.sheet)
    press(page.sheet, Qt.Key.Key_Return)
    assert (level(page), page.sheet.active) == (2, "PERT")
    press(page.sheet, Qt.Key.Key_Return)
    assert page.sheet.active == "PUBL"
    type_text("7", page.sheet)
    assert level(page, "PUBL") == 7


@pytest.mark.usefixtures("wide")
def test_escape_forgets_the_digit_and_leaving_keeps_it(page: ScoringPage) -> None:
    type_text("1", page.sheet)
    press(page.sheet, Qt.Key.Key_Escape)
    type_text("5", page.sheet)
    assert level(page) == 5
    type_text("1", page.sheet)
    press(page.sheet, Qt.Key.Key_Down)
    assert (level(page), page.sheet.active) == (1, "PUBL")


@pytest.mark.usefixtures("wide")
def test_a_level_beyond_the_scale_is_refused_with_its_sentence(page: ScoringPage) -> None:
    type_text("29", page.sheet)
    assert level(page) is None
    shown = page.context.messages.current
    assert shown is not None
    assert shown.sentence == "Le niveau 29 n’existe pas\u00a0: les niveaux vont de 0 à 20."


@pytest.mark.usefixtures("wide")
def test_criteria_of_another_volet_are_not_asked(page: ScoringPage) -> None:
    assert "EVAL" not in page.sheet.lines
    assert page.heading.progress.text().endswith("sur 0 critère de 8")


def test_what_a_level_brings_moves_no_other_criterion(page: ScoringPage) -> None:
    # Laid out as a person sees it: a scroll bar comes a turn of the loop after what it scrolls.
    for _turn in range(5):
        QApplication.processEvents()
    before = [(code, line.y()) for code, line in page.sheet.lines.items() if line.isVisible()]
    type_text("1", page.sheet)
    QApplication.processEvents()
    assert page.sheet.open_one.state.isVisible()
    assert [(code, line.y()) for code, line in page.sheet.lines.items() if line.isVisible()] == before
    assert next(r.state for r in page.queue.model.all_rows() if r.application_id == page.marking.file_id) == "started"
