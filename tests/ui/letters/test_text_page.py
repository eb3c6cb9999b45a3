"""Ctrl+E in Courriers: the free blocks of one letter, written for it alone, and the way back to its template."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.store import Store
from cv_desktop.services import letters
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.ui.letters.screen import LettersScreen
from ui import desk

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


@pytest.fixture
def screen(base_at: Opened, qtbot: QtBot) -> LettersScreen:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
        key = session.query(Letter.id).filter(Letter.kind == "ATT-P").order_by(Letter.id).first()[0]
        letters.mark_read(session, letter_id=key)
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    made = LettersScreen(context)
    qtbot.addWidget(made)
    made.resize(1256, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.open("letter", key)
    yield made  # type: ignore[misc]
    context.jobs.stop_all()


def kept(screen: LettersScreen) -> tuple[str, object]:
    entry = screen._entry()
    assert entry is not None
    with screen.context.store.read() as session:
        letter = session.get_one(Letter, entry.id)
        return letter.state, letter.given


def test_the_blocks_of_one_letter_are_changed_drawn_and_brought_back(screen: LettersScreen, qtbot: QtBot) -> None:
    assert kept(screen) == ("read", None)
    screen.commands()["edit_letter"]()
    page = screen.text
    assert screen.pages.currentWidget() is page
    assert page.state.text() == "Texte du modèle."
    assert not page.restore.isEnabled()
    text = page.blocks.cards[3].body.text
    text.setFocus()
    text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(text, " <Merci> & encore.")
    qtbot.waitUntil(lambda: kept(screen)[0] == "to_read")
    assert page.state.text() == "Texte propre à ce courrier."
    qtbot.waitUntil(lambda: not page.trial.busy and bool(page.trial.pages.sheets))
    # Amount and act stay; without them the text is not written.
    assert [card.remove.isEnabled() for card in page.blocks.cards[:3]] == [False, False, True]
    page.restore.click()
    assert kept(screen) == ("to_read", None)
    assert not text.written().endswith("encore.")
    screen.context.undo_last()
    assert page.blocks.cards[3].body.text.written().endswith(" <Merci> & encore.")
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert screen.pages.currentWidget() is screen.split
    qtbot.waitUntil(lambda: "texte propre à ce courrier" in screen.preview.folio.toolTip())


def test_a_faulty_text_stays_on_screen_and_is_given_back_later(screen: LettersScreen) -> None:
    screen.preview.edit.click()
    page = screen.text
    text = page.blocks.cards[3].body.text
    text.setFocus()
    text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(text, " {zut}")
    assert "le champ {zut} n’existe pas" in page.blocks.cards[3].fault.text()
    page.back.click()
    assert kept(screen) == ("read", None)
    screen.preview.edit.click()
    assert page.blocks.cards[3].body.text.written().endswith("{zut}")
    assert page.state.text().startswith("Brouillon repris du")
    page.discard.click()
    assert page.state.text() == "Texte du modèle."


def test_an_issued_letter_is_not_offered_for_change(screen: LettersScreen) -> None:
    entry = next(x for x in screen.outbox.entries if x.row.issued)
    screen.open("letter", entry.id)
    assert "edit_letter" not in screen.commands()
    assert not screen.preview.edit.isVisible()
