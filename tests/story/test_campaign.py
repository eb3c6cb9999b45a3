"""One campaign through the widgets: from the deposit workbook to the letters, as an officer does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import openpyxl
import pypdf
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cv_desktop.db import journal
from cv_desktop.db.queries import applications, meetings, scores
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.services import bases, demonstration, letters
from cv_desktop.services.demonstration import MEMBERS, SERVICE, SIGNATORY, Story
from cv_desktop.settings import LocalSettings
from cv_desktop.ui import dialogs
from cv_desktop.ui.applications.screen import ApplicationsScreen
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from cv_desktop.ui.calls.screen import CallsScreen
from cv_desktop.ui.destinations import destinations
from cv_desktop.ui.home.screen import HomeScreen
from cv_desktop.ui.letters.screen import LettersScreen
from cv_desktop.ui.main_window import MainWindow
from cv_desktop.ui.meetings.screen import MeetingsScreen
from cv_desktop.ui.workspace import Workspace
from ui.keys import press, type_text

NBSP = "\u00a0"
WAIT = 20_000
SENTENCE = "Constat partagé avec les habitants."


class Officer:
    """The window, and what a person does with it."""

    def __init__(self, workspace: Workspace, qtbot: QtBot) -> None:
        self.window = workspace.window
        self.context = workspace.context
        self.store = workspace.store
        self.qtbot = qtbot

    def go(self, key: str) -> QWidget:
        self.window.visit(key)
        assert self.window.screen_shown is not None
        return self.window.screen_shown

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.context.jobs.running, timeout=WAIT)

    @property
    def call(self) -> str:
        assert self.context.calls.id is not None
        return self.context.calls.id

    @property
    def message(self) -> str:
        past = self.context.messages.past
        return past[-1].sentence if past else ""


@pytest.fixture
def officer(tmp_path: Path, qtbot: QtBot) -> Iterator[Officer]:
    path = bases.create(tmp_path / "base", actor="Camille Témoin", clock=demonstration.clock)
    store = Store.open(path, clock=demonstration.clock, actor="Camille Témoin")
    settings = LocalSettings(tmp_path / "poste.json")
    geometry = QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat)
    window = MainWindow(destinations(), settings, geometry)
    qtbot.addWidget(window)
    workspace = Workspace(window, store, settings, lambda _base, folder, _moment: folder)
    window.resize(1440, 900)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield Officer(workspace, qtbot)
    workspace.context.jobs.stop_all()
    store.close()


def test_a_campaign_from_the_deposit_file_to_the_letters(
    officer: Officer, workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed: list[str] = []

    def confirm(_parent: object, title: str, *_rest: object, **_more: object) -> bool:
        confirmed.append(title)
        return True

    monkeypatch.setattr(dialogs, "confirm", confirm)
    _settings(officer)
    _campaign(officer)
    _import(officer, workbook)
    _instruct(officer)
    story = _mark(officer)
    _meet(officer)
    _arbitrate(officer)
    _vote(officer)
    _write(officer)
    _export(officer, tmp_path / "decisions.xlsx", monkeypatch)
    _home(officer)
    with officer.store.read() as session:
        assert journal.verify(session).sound
    assert [title.split(NBSP)[0].split(" ")[0] for title in confirmed][:2] == ["Révéler", "Clore"]
    assert story.call_id == officer.call


def _settings(officer: Officer) -> None:
    from cv_desktop.db.queries import signatories as registered
    from cv_desktop.services import settings, signatories

    for key, value in SERVICE.items():
        assert officer.context.do("Réglage", settings.set_value, key=key, value=value) is not None
    first = officer.context.read(registered.rows)[0]
    named = {"signatory_id": first.id, "values": {"name": SIGNATORY}}
    assert officer.context.do("Signataire", signatories.change, **named) is not None


def _campaign(officer: Officer) -> None:
    """1. Campagnes: « FIA 2026 », 30 000 €, one parameter seen and edited."""
    screen = cast(CallsScreen, officer.go("calls"))
    screen.commands()["new"]()
    assert screen.new.code.editor.text() == "FIA-2026"
    screen.new.envelope.editor.setText("30 000")
    screen.new.make.click()
    assert screen.record.title.text() == "FIA 2026"
    officer.context.calls.select(next(c.id for c in officer.context.calls.choices if c.label == "FIA 2026"))
    rules = screen.record.rules
    ceiling = next(row for row in rules.model.all_rows() if row.parameter.key == "amount_max")
    assert (ceiling.parameter.shown, ceiling.parameter.article, ceiling.parameter.to_validate) == (
        f"3{NBSP}000{NBSP}€",
        "5",
        True,
    )
    rules.table.select_identity(ceiling.id, "value")
    rules.table.setFocus()
    type_text("2500")
    press(None, Qt.Key.Key_Return)
    assert _ceiling(screen) == (f"2{NBSP}500{NBSP}€", False)
    officer.context.undo_last()
    assert _ceiling(screen) == (f"3{NBSP}000{NBSP}€", True)


def _ceiling(screen: CallsScreen) -> tuple[str, bool]:
    row = next(row for row in screen.record.rules.model.all_rows() if row.parameter.key == "amount_max")
    return row.parameter.shown, row.parameter.to_validate


def _import(officer: Officer, workbook: Path) -> None:
    """2. Import: a simulation, its problems by line, then 39 files."""
    screen = cast(ApplicationsScreen, officer.go("applications"))
    screen.show_import(str(workbook))
    page = screen.import_page
    officer.qtbot.waitUntil(lambda: page.reading is not None, timeout=WAIT)
    figures = {figure.label: figure.value for figure in page.heading.figures._figures}
    assert figures == {"Lues": "42", "Prêtes": "37", "À vérifier": "2", "Refusées": "0", "Écartées": "3"}
    assert "20170012, 20170014, 20170029" in page.heading.aside.text()
    assert officer.context.read(applications.count, call_id=officer.call) == 0
    page.foot.primary.click()
    officer.wait()
    rows = officer.context.read(applications.rows, call_id=officer.call)
    assert (len(rows), sum(r.asked_cents for r in rows), sum(r.cost_cents for r in rows)) == (39, 10000000, 19970000)


def _instruct(officer: Officer) -> None:
    """3. Dossiers: a check seen with its article, a budget mended, the passages of all the files."""
    screen = cast(ApplicationsScreen, officer.go("applications"))
    screen.show_list()
    unbalanced = next(r for r in screen.list.table.rows.all_rows() if r.external_id == "20170027")
    screen.list.table.select_identity(unbalanced.id)
    said = [row.sentence.text() for row in screen.record.instruction.checks.rows if not row.sentence.isHidden()]
    assert f"Les produits dépassent les charges de 240{NBSP}€ (article{NBSP}6)." in said
    screen.list.table.selectAll()
    screen.list.bulk.examine.click()
    officer.wait()
    bar = officer.context.messages.current
    assert bar is not None and bar.buttons
    bar.buttons[0][1]()
    officer.wait()
    states = Counter(r.status.label for r in officer.context.read(applications.rows, call_id=officer.call))
    assert states == {"Recevable": 15, "À compléter": 12, "Irrecevable": 12}


def _mark(officer: Officer) -> Story:
    """4. Grille: one whole file by the keyboard; the other members mark theirs; a déport hides its file."""
    story = Story(call_id=officer.call)
    demonstration.members(officer.store, story)
    officer.context.bus.changed.emit(Changes.of("meeting", story.call_id) | Changes.of("recusal", story.call_id), None)
    screen = cast(MeetingsScreen, officer.go("meetings"))
    screen.mark_as(story.member_ids[0], "")
    page = screen.scoring
    seen = {row.application_id for row in page.queue.model.all_rows()}
    hidden = {row.application_id for row in officer.context.read(meetings.recusals, call_id=officer.call)}
    assert len(seen) == 14
    assert not seen & hidden
    listed = officer.context.read(applications.rows, call_id=officer.call, viewer=page.member)
    assert not hidden & {row.id for row in listed}
    file = page.marking.file_id
    for digit in '3é2"à2123':
        type_text(digit, page.sheet)
        if page.sheet.lines[page.sheet.active].lacking:
            type_text("c", page.sheet)
            page.sheet.open_one.comment.setPlainText(SENTENCE)
            press(page.sheet.open_one.comment, Qt.Key.Key_Escape)
        press(page.sheet, Qt.Key.Key_Return)
    kept = officer.context.read(scores.sheet, application_id=file, member_id=page.member)
    assert [kept[code].level for code in ("PERT", "PUBL", "FAIS", "PART", "BUDG", "EVAL", "EFH", "PAR", "TED")] == [
        3, 2, 2, 3, 0, 2, 1, 2, 3,
    ]  # fmt: skip
    # 20·3 + 20·2 + 10·2 + 5·3 + 10·0 + 5·2 + 10·1 + 10·2 + 10·3 = 205 thirds of a point out of 300
    assert page.heading.note.text() == "68,3"
    press(page.sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    queue, masked = officer.context.read(meetings.queue, call_id=officer.call, member_id=page.member)
    assert (next(row.state for row in queue if row.application_id == file), masked) == ("returned", 1)
    screen.leave_sheets()
    demonstration.sheets(officer.store, story, range(len(MEMBERS)))
    officer.context.bus.changed.emit(Changes.of("review", story.call_id), None)
    return story


def _meet(officer: Officer) -> None:
    """5. Séance: presence, revelation, one opinion and one amount per file, an adjournment, the end."""
    screen = cast(MeetingsScreen, officer.go("meetings"))
    screen.commands()["new"]()
    screen.new.label.set_value("Comité FIA n° 1")
    screen.new.day.editor.setText("09/04/2026")
    screen.new.submit()
    room = screen.record.members
    screen.record.tabs.setCurrentWidget(room)
    for row in room.model.rows():
        room.view.select_identity(row.id)
        press(room.view, Qt.Key.Key_Space, text=" ")
    screen.record.act.click()
    screen.record.act.click()
    tab = screen.record.opinions
    screen.record.tabs.setCurrentWidget(tab)
    notes = officer.context.read(scores.committees, call_id=officer.call)
    assert len(notes) == 15
    weakest = min(notes, key=lambda key: notes[key].note or 0)
    keys = {"favorable": "f", "reserve": "r", "defavorable": "d"}
    for _ in range(15):
        file = tab.row
        band = notes[file.application_id].band
        assert band is not None
        if not tab.line.isHidden():
            (tab.line.out if file.recused else tab.line.back).click()
        if file.application_id == weakest:
            type_text("a", tab)
            tab.choice.requested.editor.setPlainText("Un calendrier des séances.")
            tab.choice.requested.commit()
        else:
            type_text(keys[band.code], tab)
            if band.code != "defavorable":
                tab.choice.amount.editor.setText(str(file.asked_cents * 80 // 100 // 5000 * 50))
                tab.choice.amount.commit()
            if band.code == "reserve":
                tab.choice.reserves.editor.setPlainText("Le budget détaillé avant le premier versement.")
                tab.choice.reserves.commit()
        assert tab.row.application_id != file.application_id or tab.row.opinion is not None
        press(tab, Qt.Key.Key_PageDown)
    screen.record.act.click()
    row = officer.context.read(meetings.rows, call_id=officer.call)[0]
    assert (row.state, row.opinions) == ("closed", 15)


def _arbitrate(officer: Officer) -> None:
    """6. Arbitrage: by note, an amount edited in the table, the free amount and the end of the envelope follow."""
    screen = cast(ArbitrationScreen, officer.go("arbitration"))
    screen.table.setFocus()
    ranked = [line for line in screen.table.lines.rows() if line.ranked]
    assert [line.row.note for line in ranked] == sorted((line.row.note for line in ranked), reverse=True)
    screen.band.propose.click()
    screen.proposing.rate.editor.setText("80")
    screen.proposing.verb.click()
    # The search runs beside the window; its answer is a second scenario, retained for the vote.
    officer.qtbot.waitUntil(lambda: screen.tabs.bar.count() == 2, timeout=WAIT)
    officer.wait()
    screen.tabs.retain_wanted.emit(screen.gestures.scenario)
    free = _cents(screen.band.free.value.text())
    assert 0 <= free < 240_000
    first = next(line for line in screen.table.lines.rows() if line.ranked and line.amount_cents)
    officer.window.activateWindow()
    officer.qtbot.waitUntil(officer.window.isActiveWindow)
    screen.table.setFocus()
    screen.table.select_identity(first.id, "amount")
    type_text(str((first.amount_cents - 10_000) // 100))
    press(None, Qt.Key.Key_Return)
    assert _cents(screen.band.free.value.text()) == free + 10_000
    officer.context.undo_last()
    assert _cents(screen.band.free.value.text()) == free


def _vote(officer: Officer) -> None:
    """The lot and its act."""
    screen = cast(ArbitrationScreen, officer.go("arbitration"))
    marked = screen.band.marked.value.text()
    screen.band.prepare.click()
    # A member has the initial and the name of several presidents: nobody answered, the lot says why it goes.
    assert not screen.balloting.verb.isEnabled()
    screen.balloting.reason.editor.setPlainText("Homonymes, vérifiés auprès du membre.")
    screen.balloting.verb.click()
    officer.wait()
    assert screen.band.submitted.value.text() == marked
    buttons = {b.text(): b for b in screen.dock.findChildren(QPushButton) if b.isVisible()}
    buttons["Enregistrer le vote…"].click()
    panel = screen.acting
    panel.body_field.editor.setText("Bureau communautaire")
    panel.number.editor.setText("2026-B-014")
    panel.act_on.editor.setText("14/04/2026")
    panel.sent.editor.setText("15/04/2026")
    panel.published.editor.setText("15/04/2026")
    panel.verb.click()
    officer.wait()
    assert screen.band.engaged.value.text() == marked


def _write(officer: Officer) -> None:
    """7. Courriers: prepared, re-read, issued; the pages say what was decided."""
    screen = cast(LettersScreen, officer.go("letters"))
    screen.outbox.prepare.click()
    officer.wait()
    waiting = [entry.id for entry in screen.outbox.entries]
    assert len(waiting) == 39 + 12 + 12 + 15
    officer.context.do("Relire", letters.mark_all, letter_ids=waiting, read=True)
    for entry in list(screen.outbox.entries):
        screen._toggle(entry, True)
    screen.outbox.issue.click()
    officer.qtbot.waitUntil(
        lambda: all(row.number for row in officer.context.read(outbox.rows, call_id=officer.call)), timeout=WAIT
    )
    officer.wait()
    rows = officer.context.read(outbox.rows, call_id=officer.call)
    kinds = Counter(row.kind for row in rows)
    assert (kinds["AR"], kinds["AR-P"], kinds["IRR"], kinds["AJ"]) == (39, 12, 12, 1)
    assert sorted(row.number for row in rows) == [f"CO-2026-{n:04d}" for n in range(1, 79)]
    folder = officer.store.folder / letters.FOLDER
    assert not list(folder.glob("*.part"))
    award = next(row for row in rows if row.kind == "ATT-P")
    page = " ".join(pypdf.PdfReader(folder / str(award.filename)).pages[0].extract_text().split())
    assert "délibération n° 2026-B-014 du 14 avril 2026" in page
    assert "euros)" in page
    assert "tribunal administratif de Melun" in page
    assert "Dominique EXEMPLE" in page


def _export(officer: Officer, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """8. Exports: the workbook adds up to what is engaged."""
    screen = cast(ArbitrationScreen, officer.go("arbitration"))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    screen.exports.actions()[0].trigger()
    officer.qtbot.waitUntil(lambda: target.exists() and not officer.context.jobs.running, timeout=WAIT)
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    header = [cell.value for cell in sheet[1]]
    granted = header.index("Accordé")
    total = sum(row[granted] or 0 for row in sheet.iter_rows(min_row=2, values_only=True))
    assert round(total * 100) == _cents(screen.band.engaged.value.text())
    assert sheet.freeze_panes is not None


def _home(officer: Officer) -> None:
    """9. Accueil: the envelope says what is left, and no letter waits to be read or issued any more."""
    arbitration = cast(ArbitrationScreen, officer.go("arbitration"))
    left = arbitration.band.free.value.text()
    screen = cast(HomeScreen, officer.go("home"))
    assert screen.envelope.free.text() == left
    titles = [line.words.title for line in screen.todo.model.all_rows() if line.words]
    # All are issued: what is left is to have them signed.
    assert [title for title in titles if "courrier" in title.casefold()] == [f"Faire signer 78{NBSP}courriers"]


def _cents(text: str) -> int:
    return int(text.replace(NBSP, "").replace("€", "").replace("−", "-")) * 100
