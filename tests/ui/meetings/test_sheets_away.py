"""Sheets handed out and taken back from the tab « Grilles »."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
from openpyxl import load_workbook
from PIL import ImageDraw
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import bundles as queries
from cv_desktop.db.queries import scores
from cv_desktop.documents import bundle_layout
from cv_desktop.domain.marks import Mark
from cv_desktop.ui.meetings.sheets_tab import SheetsTab
from ui.meetings.conftest import Opened


def _tab(opened: Callable[[str], Opened], qtbot: QtBot) -> tuple[SheetsTab, Opened]:
    screen, base = opened("empty")
    screen.record.tabs.setCurrentWidget(screen.record.sheets)
    qtbot.waitUntil(lambda: screen.record.sheets.view is not None)
    return screen.record.sheets, (screen, base)


def _hand_out(tab: SheetsTab, medium: int, folder: Path, qtbot: QtBot) -> list[Path]:
    tab.hand_out_button.click()
    tab.hand_out.medium.setCurrentIndex(medium)
    tab.hand_out.write_to(folder)
    qtbot.waitUntil(lambda: tab.hand_out.isHidden())
    return sorted(folder.iterdir())


def test_every_member_gets_a_workbook_that_comes_back(
    opened: Callable[[str], Opened], tmp_path: Path, qtbot: QtBot
) -> None:
    tab, (_screen, base) = _tab(opened, qtbot)
    folder = tmp_path / "grilles"
    folder.mkdir()
    files = _hand_out(tab, 0, folder, qtbot)
    assert len(files) == 6
    mine = next(path for path in files if "beatrice-temoin" in path.name)
    book = load_workbook(mine)
    number = book.sheetnames[1]
    for line in range(6, 15):
        book[number].cell(line, 3).value = "2 – ce niveau"
    book[number]["C6"] = "neuf"
    book.save(mine)
    tab.read_files([mine])
    qtbot.waitUntil(lambda: tab.returns.isVisible())
    assert tab.returns.detail.text() == "8 à ajouter, 1 refusée"
    assert tab.returns.take.text() == "Prendre 8\u00a0notes".replace("\u00a0", " ")
    refused = next(row for row in tab.returns.view.rows.all_rows() if row.criterion == "PERT")
    assert "n’est pas un niveau" in refused.reason
    tab.returns.take.click()
    qtbot.waitUntil(lambda: tab.returns.isHidden())
    with tab.context.store.read() as session:
        sheet = scores.sheet(session, application_id=base.files[0], member_id=base.members[1])
    assert sheet["PUBL"] == Mark(2)
    assert "PERT" not in sheet
    tab.context.undo_last()
    with tab.context.store.read() as session:
        assert scores.sheet(session, application_id=base.files[0], member_id=base.members[1]) == {}


def test_an_unclear_row_waits_with_its_picture(opened: Callable[[str], Opened], tmp_path: Path, qtbot: QtBot) -> None:
    tab, (_screen, base) = _tab(opened, qtbot)
    folder = tmp_path / "papier"
    folder.mkdir()
    path = next(p for p in _hand_out(tab, 2, folder, qtbot) if "beatrice-temoin" in p.name)
    key = path.stem.split("_grilles_")[1].split("_")[1]
    with tab.context.store.read() as session:
        kept = queries.bundle(session, key)
    assert kept is not None
    image = pypdfium2.PdfDocument(path)[1].render(scale=200 / 72, grayscale=True).to_pil().convert("L")
    draw, dot = ImageDraw.Draw(image), 200 / 25.4
    row = bundle_layout.pages(kept.content)[0].rows[0]
    for box in row.boxes[1:3]:
        x, y, side = box.x * dot, box.y * dot, box.side * dot
        draw.line([(x, y), (x + side, y + side)], fill=0, width=5)
        draw.line([(x + side, y), (x, y + side)], fill=0, width=5)
    scan = tmp_path / "scan.png"
    image.save(scan)
    tab.read_files([scan])
    qtbot.waitUntil(lambda: tab.returns.isVisible())
    assert tab.returns.take.text() == "Garder les images à relire"
    tab.returns.take.click()
    qtbot.waitUntil(lambda: tab.doubts.isVisible())
    assert tab.doubts.detail.text() == "1 sur 1"
    assert tab.doubts.why.text() == "scan.png, page 1\u00a0: deux cases sont cochées\u00a0: 1, 2."
    assert tab.doubts.picture.pixmap().width() >= 400
    tab.doubts.note.click()
    assert "Indiquez le niveau" in tab.context.messages.waiting[-1].sentence
    tab.doubts.choose("2")
    tab.doubts.note.click()
    qtbot.waitUntil(lambda: tab.doubts.isHidden())
    assert not tab.doubts_button.isVisible()
    with tab.context.store.read() as session:
        sheet = scores.sheet(session, application_id=base.files[0], member_id=base.members[1])
    assert sheet == {"PERT": Mark(2)}


def test_nothing_is_handed_out_after_the_revelation(opened: Callable[[str], Opened], qtbot: QtBot) -> None:
    screen, _base = opened("revealed")
    screen.record.tabs.setCurrentWidget(screen.record.sheets)
    qtbot.waitUntil(lambda: screen.record.sheets.view is not None)
    assert not screen.record.sheets.hand_out_button.isEnabled()
    assert screen.record.sheets.hand_out_button.toolTip() == "Les grilles de cette séance sont révélées."
