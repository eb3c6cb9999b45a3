"""Several scenarios in their tabs, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import sleep

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cv_desktop.services import proposals
from cv_desktop.services.proposals import Proposal, Question
from cv_desktop.ui.arbitration.screen import UNRETAINED, ArbitrationScreen
from ui.keys import press

NBSP = "\u00a0"
Show = Callable[[str], ArbitrationScreen]


def tabs(screen: ArbitrationScreen) -> list[str]:
    return [screen.tabs.bar.tabText(at) for at in range(screen.tabs.bar.count())]


def first_amount(screen: ArbitrationScreen) -> int:
    return next(x.amount_cents for x in screen.table.lines.rows() if x.ranked)


def action(screen: ArbitrationScreen, word: str) -> None:
    next(x for x in screen.tabs.menu().actions() if x.text().startswith(word)).trigger()


def test_plus_copies_the_tab_shown_and_asks_its_name(show: Show) -> None:
    screen = show("arbitrated")
    assert tabs(screen) == ["A · Proposition"]
    assert screen.tabs.bar.accessibleTabName(0) == "A · Proposition, scénario retenu"
    screen.tabs.add.click()
    assert tabs(screen) == ["A · Proposition", "B · Proposition"]
    assert screen.tabs.bar.currentIndex() == 1
    assert screen.tabs.name.isVisible()
    screen.tabs.name.setText("B · Petites associations")
    press(screen.tabs.name, Qt.Key.Key_Return)
    assert tabs(screen) == ["A · Proposition", "B · Petites associations"]
    screen.context.undo_last()
    screen.context.undo_last()
    assert tabs(screen) == ["A · Proposition"]


def test_an_amount_changes_in_the_tab_shown_only_and_the_band_follows_the_tab(show: Show) -> None:
    screen = show("arbitrated")
    screen.tabs.add.click()
    press(screen.tabs.name, Qt.Key.Key_Escape)
    line = next(x for x in screen.table.lines.rows() if x.ranked)
    screen.gestures.set_amount(line, 100_000)
    assert screen.band.marked.value.text() == f"26{NBSP}700{NBSP}€"
    screen.tabs.bar.setCurrentIndex(0)
    assert first_amount(screen) == 240_000
    assert screen.band.marked.value.text() == f"28{NBSP}100{NBSP}€"
    screen.tabs.bar.setCurrentIndex(1)
    assert first_amount(screen) == 100_000


def test_only_the_retained_tab_prepares_a_lot(show: Show) -> None:
    screen = show("arbitrated")
    screen.tabs.add.click()
    press(screen.tabs.name, Qt.Key.Key_Escape)
    assert not screen.band.prepare.isEnabled()
    assert screen.band.prepare.toolTip() == UNRETAINED
    action(screen, "Retenir")
    assert screen.band.prepare.isEnabled()
    assert screen.tabs.bar.accessibleTabName(1) == "B · Proposition, scénario retenu"
    screen.tabs.bar.setCurrentIndex(0)
    assert not screen.band.prepare.isEnabled()
    action(screen, "Supprimer")
    assert tabs(screen) == ["B · Proposition"]
    screen.context.undo_last()
    assert tabs(screen) == ["A · Proposition", "B · Proposition"]


def test_f2_names_the_tab_and_a_name_taken_is_refused_with_its_reason(show: Show) -> None:
    screen = show("arbitrated")
    screen.tabs.add.click()
    press(screen.tabs.name, Qt.Key.Key_Escape)
    press(screen.tabs.bar, Qt.Key.Key_F2)
    screen.tabs.name.setText("A · Proposition")
    press(screen.tabs.name, Qt.Key.Key_Return)
    assert tabs(screen)[1] == "B · Proposition"
    assert "s’appelle déjà" in screen.context.messages.past[-1].sentence


def test_a_search_that_is_stopped_writes_nothing(show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = show("arbitrated")
    going = Event()

    def slow(question: Question, *, stop: Callable[[], bool], tell: Callable[[int, int, str], None]) -> Proposal:
        going.set()
        while not stop():
            tell(1, 15, "FIA-2026-0001")
            sleep(0.01)
        return answer(question, stop=stop)

    answer = proposals.answer
    monkeypatch.setattr(proposals, "answer", slow)
    screen.band.propose.click()
    screen.proposing.choose("best")
    screen.proposing.verb.click()
    assert going.wait(5) and not screen.proposing.verb.isEnabled()
    screen.proposing.work.stop.click()
    qtbot.waitUntil(screen.proposing.verb.isEnabled, timeout=5_000)
    assert tabs(screen) == ["A · Proposition"]
    assert screen.context.messages.past[-1].sentence.startswith("Répartition arrêtée.")


def test_names_of_scenarios_are_whole_before_files_are_counted(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    assert screen.heading.counted.isVisible()
    for _ in range(3):
        screen.tabs.add.click()
        press(screen.tabs.name, Qt.Key.Key_Escape)
    screen.resize(1000, 700)
    qtbot.waitUntil(lambda: not screen.heading.counted.isVisible())
    screen.resize(1700, 780)
    qtbot.waitUntil(screen.heading.counted.isVisible)
