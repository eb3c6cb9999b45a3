"""« Scans à classer »: a pile dropped, read in the background, its pages filed by themselves or by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import scans as queries
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.services.demonstration import Story
from cv_desktop.ui import dialogs
from cv_desktop.ui.letters import scan_reading
from cv_desktop.ui.letters.scans_tab import KEY
from cv_desktop.ui.letters.screen import LettersScreen
from ui import desk

Opened = Callable[[str], tuple[Store, Story]]


@pytest.fixture
def screen(base_at: Opened, qtbot: QtBot) -> Iterator[LettersScreen]:
    """The scans of a campaign whose first letters are issued."""
    store, story = base_at("written")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    made = LettersScreen(context)
    qtbot.addWidget(made)
    made.resize(1256, 780)
    made.show()
    made.refresh()
    made.outbox.select_tab(KEY)
    yield made
    context.jobs.stop_all()


def printed(store: Store, *numbers: int) -> list[Image.Image]:
    """The pages of issued letters, as they are on the disk."""
    pages = []
    for number in numbers:
        (path,) = (store.folder / "courriers").glob(f"*_CO-2026-{number:04d}_*.pdf")
        document = pypdfium2.PdfDocument(path)
        pages += [page.render(scale=150 / 72, grayscale=True).to_pil().convert("L") for page in document]
        document.close()
    return pages


def pile(folder: Path, name: str, images: list[Image.Image]) -> Path:
    path = folder / name
    images[0].save(path, save_all=True, append_images=images[1:], resolution=150)
    return path


def said(screen: LettersScreen) -> str:
    past = screen.context.messages.past
    return past[-1].sentence.replace("\u00a0", " ") if past else ""


def whys(screen: LettersScreen) -> list[str]:
    return [row.reason.replace("\u00a0", " ") for row in screen.scans.table.rows.all_rows()]


def test_a_pile_is_read_filed_and_what_is_left_is_shown(screen: LettersScreen, qtbot: QtBot, tmp_path: Path) -> None:
    blank = Image.new("L", (1240, 1754), 255)
    scans = screen.scans
    assert scans.table.nothing.isVisible()
    assert not scans.form.isVisible()
    scans.read([pile(tmp_path, "retour.pdf", [*printed(screen.context.store, 5, 2, 3, 1), blank, blank])])
    qtbot.waitUntil(lambda: not scans.reading.busy)
    assert said(screen).startswith("6 pages lues : 4 copies signées classées.")
    assert [why[:19] for why in whys(screen)] == ["Aucun code lisible "] * 2
    assert screen.outbox.tabs.accessibleTabName(screen.outbox.tabs.currentIndex()) == "Scans à classer, 2"
    qtbot.waitUntil(lambda: not scans.side.picture.pixmap().isNull())
    assert scans.side.about.text() == "retour.pdf, page 5"
    # By hand, with the last digits of the number.
    scans.number.editor.setText("4")
    qtbot.mouseClick(scans.file, Qt.MouseButton.LeftButton)
    assert len(whys(screen)) == 1
    # The same again: that letter has its copy, and the sentence says so.
    scans.number.editor.setText("4")
    qtbot.mouseClick(scans.file, Qt.MouseButton.LeftButton)
    assert "Le courrier CO-2026-0004 a déjà sa copie signée" in said(screen)
    assert len(whys(screen)) == 1
    screen.context.undo_last()
    assert len(whys(screen)) == 2
    screen.context.undo_last()
    assert whys(screen) == []
    screen.context.redo_last()
    assert len(whys(screen)) == 2


def test_who_signed_is_said_when_the_page_does_not(screen: LettersScreen, qtbot: QtBot, tmp_path: Path) -> None:
    store = screen.context.store
    with store.write(screen.context.actor) as session:
        (person,) = register.rows(session)
        letter = session.scalars(select(Letter).where(Letter.number == "CO-2026-0001")).one()
        letter.content = {**(letter.content or {}), "signatory_name": [{"text": "(prénom, nom et signature)"}]}
        letter.kind = "REF"
        record(session, verb="test", noun="letter", noun_id=letter.id, summary="Courrier sans nom")
    scans = screen.scans
    scans.read([pile(tmp_path, "retour.pdf", printed(store, 1))])
    qtbot.waitUntil(lambda: not scans.reading.busy)
    assert whys(screen)[0].startswith("Le courrier CO-2026-0001 ne nomme pas qui signe. Dites qui l’a signé")
    assert not scans.day.isVisible()
    qtbot.mouseClick(scans.file, Qt.MouseButton.LeftButton)
    assert "ne nomme pas qui signe" in said(screen)
    scans.signer.editor.setCurrentIndex(1)
    scans.signer.commit()
    assert scans.signer.text() == person.name
    assert scans.day.isVisible()
    qtbot.mouseClick(scans.file, Qt.MouseButton.LeftButton)
    assert whys(screen) == []
    screen.context.undo_last()
    assert len(whys(screen)) == 1


def test_pages_are_put_aside_with_a_reason(
    screen: LettersScreen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = screen.scans
    blank = Image.new("L", (1240, 1754), 255)
    scans.read([pile(tmp_path, "retour.pdf", [blank, blank])])
    qtbot.waitUntil(lambda: not scans.reading.busy)
    scans.table.selectAll()
    assert scans.dismiss.text() == "Écarter 2 pages…"
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Page blanche\u00a0: verso du courrier")
    qtbot.mouseClick(scans.dismiss, Qt.MouseButton.LeftButton)
    assert whys(screen) == []
    assert scans.table.nothing.isVisible()
    screen.context.undo_last()
    assert len(whys(screen)) == 2


def test_a_reading_that_is_stopped_goes_on_later(
    screen: LettersScreen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_reading, "SLICE", 1)
    scans = screen.scans
    images = printed(screen.context.store, *range(1, 7))
    scans.reading.advanced.connect(scans.work.stop.click)
    scans.read([pile(tmp_path, "retour.pdf", images)])
    qtbot.waitUntil(lambda: not scans.reading.busy)
    scans.reading.advanced.disconnect(scans.work.stop.click)
    assert said(screen).startswith("Arrêté.")
    assert scans.bar.isVisible()
    assert "« retour.pdf »" in scans.stopped.text().replace("\u00a0", " ")
    qtbot.mouseClick(scans.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not scans.reading.busy)
    assert not scans.bar.isVisible()
    with screen.context.store.read() as session:
        assert queries.unfinished(session) == []
    assert whys(screen) == []


def test_what_is_no_scan_is_said_and_the_others_are_read(screen: LettersScreen, qtbot: QtBot, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("bonjour")
    scans = screen.scans
    refused: list[str] = []
    screen.context.told.connect(refused.append)
    scans.read([notes, pile(tmp_path, "retour.png", printed(screen.context.store, 1))])
    qtbot.waitUntil(lambda: not scans.reading.busy)
    assert any("n’est pas un scan lisible" in text for text in refused)
    assert said(screen).startswith("1 page lue : 1 copie signée classée.")
