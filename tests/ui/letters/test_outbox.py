"""Courriers: prepare, re-read, issue in the background, print, and never issue what nobody re-read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.domain.letters import Missing
from cv_desktop.services import decisions, dispatches, letters, settings
from cv_desktop.services.demonstration import ACTOR
from cv_desktop.ui.letters import empty_fields
from cv_desktop.ui.letters.columns import alert
from cv_desktop.ui.letters.entries import READ, TO_READ, TO_SIGN, Entry
from cv_desktop.ui.letters.screen import LettersScreen
from ui.keys import press
from ui.letters.conftest import WAIT, Show, settle

CONTROL = Qt.KeyboardModifier.ControlModifier
BEFORE = 63  # letters issued before the meeting


def entries(screen: LettersScreen) -> list[Entry]:
    return screen.outbox.shown()


def keep_lot(screen: LettersScreen) -> None:
    """Only the letters of the vote."""
    screen.outbox.choice.setCurrentIndex(1)
    screen.outbox.choice.activated.emit(1)


def counts(screen: LettersScreen) -> list[str]:
    return [label.text() for label in screen.outbox._counts]


def last_message(screen: LettersScreen) -> str:
    past = screen.context.messages.past
    return past[-1].sentence if past else ""


def read_all(screen: LettersScreen, how_many: int) -> None:
    """The first letters shown, marked re-read and ticked."""
    chosen = [e.id for e in entries(screen)[:how_many]]
    with screen.context.store.write(ACTOR) as session:
        letters.mark_all(session, letter_ids=chosen, read=True)
    screen.mark_stale()
    for entry in entries(screen)[:how_many]:
        screen._toggle(entry, True)


def test_a_gesture_reads_again_the_letters_it_touches_and_a_setting_reads_them_all(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show()
    asked: list[list[str]] = []

    def read(session: Session, *, letter_ids: list[str]) -> dict[str, tuple[Missing, ...]]:
        asked.append(letter_ids)
        return letters.missing(session, letter_ids=letter_ids)

    monkeypatch.setattr(empty_fields, "letters", SimpleNamespace(missing=read))
    screen.outbox.select_tab("to_read")
    first = entries(screen)[0].id
    screen.outbox.table.select_identity(first)
    screen._mark_read()
    settle(screen, qtbot)
    assert asked == [[first]]
    screen.outbox.filter.set_text("jardin")
    screen.outbox.filter.set_text("")
    screen._tick_all(True)
    settle(screen, qtbot)
    assert asked == [[first]]
    screen.context.do("x", settings.set_value, key="city", value="")
    settle(screen, qtbot)
    assert sum(map(len, asked[1:])) == 15 and all(entry.missing for entry in entries(screen))


def test_neither_a_long_file_name_nor_a_count_of_thousands_moves_or_cuts_the_screen(show: Show) -> None:
    screen = show()
    outbox = screen.outbox
    outbox.work.start("Génération des PDF")
    outbox.work.show()
    before = screen.split.sizes()
    outbox.work.progress(1, 300, f"2026-03-03_CO-2026-0114_{'attribution-partielle-' * 12}.pdf")
    screen.layout().activate()
    QApplication.processEvents()
    assert screen.split.sizes() == before
    for count in (8, 363, 12_345):
        label = outbox._counts[0]
        outbox._tell_count(0, label, count)
        assert label.width() > label.fontMetrics().horizontalAdvance(str(count))
        assert outbox.tabs.tabRect(0).right() < outbox.tabs.tabRect(1).left() + 2
        assert outbox.tabs.tabRect(0).contains(label.geometry())


def test_a_task_of_the_first_page_opens_what_waits(show: Show, qtbot: QtBot) -> None:
    screen = show()
    screen.outbox.filter.set_text("rien de tel")
    screen.open("outbox", "to_read")
    assert (screen.outbox.tab, len(entries(screen))) == ("to_read", 15)
    keys = [e.id for e in screen.outbox.entries if e.row.issued]
    day = screen.context.clock().date() - timedelta(days=60)
    with screen.context.store.write(ACTOR) as session:
        for key in keys[:3]:
            session.get_one(Letter, key).dated_on = day
        dispatches.send(session, letter_ids=keys[:2], channel="lrar", sent_on=day)
        dispatches.send(session, letter_ids=keys[2:3], channel="hand", sent_on=day)
    screen.open("outbox", "overdue")
    assert {e.id for e in entries(screen)} == set(keys[:2])
    screen.outbox.table.clear_filters()
    assert len(entries(screen)) == 3


def test_tabs_lots_and_kinds_are_counted(show: Show) -> None:
    screen = show()
    assert counts(screen) == ["15", "63", "0", "78", "0"]
    keep_lot(screen)
    assert counts(screen) == ["15", "0", "0", "15", "0"]
    assert "acte n°\u00a02026-B-014" in screen.outbox.about.text()
    labels = [screen.outbox.choice.itemText(i) for i in range(screen.outbox.choice.count())]
    assert labels[0] == "Tous les courriers"
    assert "Accusés de réception" in labels
    assert "Refus" in labels


def test_an_empty_outbox_prepares(show: Show, qtbot: QtBot) -> None:
    screen = show("examined", prepared=False)  # type: ignore[call-arg]
    assert screen.outbox.table.nothing.button.text() == "Préparer les courriers"
    screen.outbox.table.nothing.button.click()
    settle(screen, qtbot)
    assert len(entries(screen)) == 63
    assert last_message(screen).startswith("63 courriers préparés")


def test_the_page_is_drawn_and_follows_the_list(show: Show, qtbot: QtBot) -> None:
    screen = show()
    keep_lot(screen)
    settle(screen, qtbot)
    first = screen.preview.title.text()
    assert first.startswith(entries(screen)[0].short)
    sheet = screen.preview.pages.sheets[0]
    assert abs(sheet.height() / sheet.width() - 297 / 210) < 0.01
    assert screen.preview.folio.text() == "Page 1 sur 1 · modèle v. 1"
    screen.preview.next.click()
    settle(screen, qtbot)
    assert screen.preview.title.text() != first
    assert screen.preview.pages.accessibleDescription()


def test_the_paper_stays_white_in_the_dark(show: Show, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QApplication

    from cv_desktop.ui import theme

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    try:
        screen = show()
        page = screen.preview.pages.sheets[0].grab().toImage()
        assert page.pixelColor(page.width() // 2, 12).name() == "#ffffff"
    finally:
        theme.apply(app, "light")


def test_marking_re_read_goes_to_the_next(show: Show, qtbot: QtBot) -> None:
    screen = show()
    keep_lot(screen)
    first, second = entries(screen)[:2]
    screen.commands()["mark_read"]()
    assert entries(screen)[0].row.state == READ
    assert screen._entry() is not None
    assert screen._entry().id == second.id  # type: ignore[union-attr]
    screen.outbox.select_tab(TO_SIGN)
    assert [e.id for e in entries(screen)] == [first.id]
    screen.context.undo_last()
    assert entries(screen) == []


def test_an_empty_field_is_named_and_leads_to_its_source(show: Show, qtbot: QtBot) -> None:
    screen = show(without="city")  # type: ignore[call-arg]
    keep_lot(screen)
    settle(screen, qtbot)
    visits: list[tuple[str, str, str]] = []
    screen.context.visit.connect(lambda *place: visits.append(place))
    bar = screen.preview.bar
    assert bar.isVisible()
    assert bar.lead.text() == "1 champ vide\u00a0: commune du siège."
    assert bar.button.text() == "Compléter le service"
    bar.button.click()
    assert visits[0][0] == "preferences"
    assert not screen.preview.read.isEnabled()
    screen.commands()["mark_read"]()
    assert "1 champ vide" in last_message(screen)
    assert entries(screen)[0].row.state == TO_READ
    with screen.context.store.write(ACTOR) as session:
        changes = settings.set_value(session, key="city", value="Dammarie-lès-Lys")
    screen.context.accept("commune", changes)
    settle(screen, qtbot)
    assert not bar.isVisible()
    assert screen.preview.read.isEnabled()


def test_an_act_without_publication_leads_to_the_arbitration(show: Show, qtbot: QtBot) -> None:
    screen = show()
    keep_lot(screen)
    lot = entries(screen)[0].row.lot_id
    with screen.context.store.write(ACTOR) as session:
        changes = decisions.set_act_dates(session, lot_id=lot, sent_to_prefect_on=None, published_on=None)
    screen.context.accept("dates", changes)
    settle(screen, qtbot)
    visits: list[tuple[str, str, str]] = []
    screen.context.visit.connect(lambda *place: visits.append(place))
    assert screen.preview.bar.button.text() == "Compléter l’acte"
    screen.preview.bar.button.click()
    assert visits == [("arbitration", "lot", lot)]


def test_space_ticks_and_bulk_marking_says_what_it_leaves(show: Show, qtbot: QtBot) -> None:
    screen = show()
    keep_lot(screen)
    table = screen.outbox.table
    table.setFocus()
    table.select_identity(entries(screen)[0].id)
    press(table, Qt.Key.Key_Space, text=" ")
    assert screen.outbox.counted.text() == "1 coché"
    assert screen._entry() is not None
    screen.outbox.all_box.click()
    assert screen.outbox.counted.text() == "15 cochés"
    screen.outbox.mark.click()
    message = screen.context.messages.current
    assert message is not None
    assert message.lead == "15 courriers passeront à «\u00a0Relu\u00a0»."
    assert counts(screen)[0] == "15"
    message.buttons[0][1]()
    settle(screen, qtbot)
    assert counts(screen) == ["0", "15", "0", "15", "0"]
    screen.context.undo_last()
    assert counts(screen)[0] == "15"


def test_only_re_read_letters_are_issued(show: Show, qtbot: QtBot, asked: list[list[str]]) -> None:
    screen = show()
    keep_lot(screen)
    read_all(screen, 3)
    screen.outbox.all_box.click()
    screen.outbox.issue.click()
    qtbot.waitUntil(lambda: "PDF produits" in last_message(screen), timeout=WAIT)
    assert asked[0][0].startswith("Émettre 3 courriers")
    assert any("12 courriers ne partiront pas" in effect for effect in asked[0])
    assert asked[0][-1] == "Générer 3 PDF"
    assert counts(screen) == ["12", "3", "0", "15", "0"]
    files = sorted((screen.context.store.folder / letters.FOLDER).glob("*.pdf"))
    assert len(files) == BEFORE + 3
    assert "CO-2026-0064" in files[BEFORE].name
    screen.outbox.select_tab(TO_SIGN)
    settle(screen, qtbot)
    assert screen.preview.fact.text().startswith("Émis\u00a0: CO-2026-006")
    assert not screen.preview.read.isVisible()
    assert "mark_read" not in screen.commands()
    assert not screen.context.undo.undo_label.startswith("PDF")


def test_nothing_re_read_nothing_issued(show: Show, asked: list[list[str]]) -> None:
    screen = show()
    screen.outbox.all_box.click()
    screen.outbox.issue.click()
    assert asked == []
    assert last_message(screen).startswith("Aucun courrier coché n’est relu.")


def test_stopping_keeps_what_is_done(show: Show, qtbot: QtBot, asked: list[list[str]]) -> None:
    screen = show()
    keep_lot(screen)
    read_all(screen, 15)
    seen: list[int] = []

    def stop_after_two(done: int, _total: int, _name: str) -> None:
        seen.append(done)
        if done >= 2:
            screen.outbox.work.stop_asked.emit()

    screen.outbox.work.progress = stop_after_two  # type: ignore[method-assign]
    screen.outbox.issue.click()
    qtbot.waitUntil(lambda: not screen.batch.busy, timeout=WAIT)
    done = sum(entry.row.issued for entry in screen.outbox.kept())
    assert len(list((screen.context.store.folder / letters.FOLDER).glob("*.pdf"))) == BEFORE + done
    if done < 15:
        assert last_message(screen).startswith("Arrêté.")
        assert f"{15 - done} reste" in last_message(screen)


def test_the_letters_issued_make_one_file_for_the_printer(
    show: Show, qtbot: QtBot, asked: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show()
    keep_lot(screen)
    read_all(screen, 4)
    screen.outbox.issue.click()
    qtbot.waitUntil(lambda: "PDF produits" in last_message(screen), timeout=WAIT)
    # A file lost meanwhile is made again as it was.
    next((screen.context.store.folder / letters.FOLDER).glob("*.pdf")).unlink()
    target = tmp_path / "impression.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    screen.commands()["print"]()
    qtbot.waitUntil(lambda: "Fichier d’impression de 4 courriers" in last_message(screen), timeout=WAIT)
    assert len(pypdf.PdfReader(target).pages) == 4


def test_the_filter_of_the_list_limits_what_is_done(show: Show, qtbot: QtBot) -> None:
    screen = show()
    keep_lot(screen)
    screen.outbox.all_box.click()
    screen.outbox.filter.set_text(entries(screen)[0].row.structure)
    assert 1 <= len(screen.outbox.ticked()) < 15
    assert screen.outbox.counted.text().startswith(str(len(screen.outbox.ticked())))


def test_a_pdf_changed_on_the_disk_is_said_and_put_back(show: Show, qtbot: QtBot) -> None:
    screen = show()
    screen.outbox.select_tab(TO_SIGN)
    first = entries(screen)[0]
    path = screen.context.store.folder / letters.FOLDER / first.row.filename
    whole = path.read_bytes()
    path.write_bytes(whole + b"\n")
    screen.hide()
    screen.show()
    settle(screen, qtbot)
    screen.outbox.table.select_identity(first.id)
    assert [alert(entry) for entry in entries(screen)[:2]] == ["PDF modifié", ""]
    assert screen.preview.bar.lead.text() == "Le PDF de ce courrier a été modifié sur le disque."
    screen.preview.bar.button.click()
    qtbot.waitUntil(lambda: "est remis en place" in last_message(screen), timeout=WAIT)
    settle(screen, qtbot)
    assert path.read_bytes() == whole
    assert not screen.preview.bar.isVisible()
    assert alert(entries(screen)[0]) == ""
