"""Accueil on real bases: what is to be done, in whose words, and where each line leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import doubts as waiting
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import recent
from cv_desktop.db.queries.tasks import Coming, Task
from cv_desktop.db.store import Store
from cv_desktop.services import calls, dispatches, doubts, meetings, unfinished
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.ui import theme
from cv_desktop.ui.calls_selection import CallChoice
from cv_desktop.ui.home.lines import Line, lines
from cv_desktop.ui.home.resume_card import ResumeCard
from cv_desktop.ui.home.screen import HomeScreen
from cv_desktop.ui.home.todo import nothing
from shipped import OWN
from ui import desk
from ui.keys import press

NBSP = "\u00a0"
Opened = Callable[[str], tuple[Store, Story]]
Home = Callable[[str], HomeScreen]


def opened(store: Store, call: str, qtbot: QtBot) -> HomeScreen:
    context = desk.context(store, call)
    if not call:
        context.calls.offer([])
        context.calls.select(None)
    qtbot.addWidget(context.messages)
    screen = HomeScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    return screen


@pytest.fixture
def home(base_at: Opened, qtbot: QtBot) -> Home:
    def at(stage: str) -> HomeScreen:
        store, story = base_at(stage)
        return opened(store, story.call_id, qtbot)

    return at


def said(screen: HomeScreen) -> list[str]:
    return [line.words.title if line.words else str(line.band.text if line.band else "") for line in _rows(screen)]


def _rows(screen: HomeScreen) -> list[Line]:
    return screen.todo.model.rows()


def test_the_day_and_one_sentence_on_the_campaign(home: Home) -> None:
    screen = home("voted")
    assert screen.heading.day.text() == f"Mercredi 15{NBSP}avril 2026"
    assert screen.heading.sentence.text() == f"FIA 2026{NBSP}: 15{NBSP}décisions restent à notifier."


def test_deposited_files_come_first_and_lead_to_their_screen(home: Home, qtbot: QtBot) -> None:
    screen = home("imported")
    assert said(screen)[:2] == ["Dès maintenant", f"Examiner 39{NBSP}dossiers déposés"]
    screen.todo.table.setFocus()
    with qtbot.waitSignal(screen.context.visit) as asked:
        press(screen.todo.table, Qt.Key.Key_Return)
    assert asked.args is not None and asked.args[:2] == ["applications", "application"]


def test_the_arrows_pass_over_the_titles(home: Home) -> None:
    screen = home("imported")
    table = screen.todo.table
    table.setFocus()
    seen = []
    for _press in range(4):
        line = table.current_row()
        assert line is not None and line.words is not None
        seen.append(line.words.title)
        press(table, Qt.Key.Key_Down)
    assert seen == [
        f"Examiner 39{NBSP}dossiers déposés",
        f"Préparer 39{NBSP}courriers",
        f"Répondre à 9{NBSP}demandes",
        f"Valider {OWN}{NBSP}valeurs de la campagne",
    ]


def test_the_button_of_a_row_does_as_the_key(home: Home, qtbot: QtBot) -> None:
    screen = home("arbitrated")
    table = screen.todo.table
    row = said(screen).index(f"Soumettre 15{NBSP}dossiers au vote")
    rect = table.visualRect(screen.todo.model.index(row, screen.todo.model.column_index("go")))
    with qtbot.waitSignal(screen.context.visit) as asked:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center() + QPoint(rect.width() // 3, 0))
    assert asked.args is not None and asked.args[0] == "arbitration"


def test_the_line_of_the_campaign_says_where_it_stands_and_leads_there(home: Home, qtbot: QtBot) -> None:
    screen = home("arbitrated")
    states = {step.key: step.state for step in screen.steps.steps}
    assert states["meeting"] == "done" and states["arbitration"] == "now" and states["vote"] == "next"
    with qtbot.waitSignal(screen.context.visit) as asked:
        screen.steps.setFocus()
        press(screen.steps, Qt.Key.Key_Return)
    assert asked.args == ["arbitration", "", ""]
    with qtbot.waitSignal(screen.context.visit) as asked:
        screen.steps.chosen.emit("completeness")
    assert asked.args == ["applications", "status", "Déposé|À compléter"]


def test_the_envelope_is_told_in_large_and_adds_up(home: Home) -> None:
    screen = home("voted")
    assert screen.envelope.free.text() == f"1{NBSP}900{NBSP}€"
    assert [x.text() for x in screen.envelope.amounts] == [f"28{NBSP}100{NBSP}€", f"0{NBSP}€", f"0{NBSP}€"]


def test_the_cards_of_the_right_are_whole_with_large_letters(home: Home, qapp: QApplication) -> None:
    try:
        theme.apply(qapp, text_scale=1.3)
        screen = home("arbitrated")
        screen.resize(1224, 600)
        QApplication.processEvents()
        assert screen.right.verticalScrollBar().isVisible()
        assert screen._cards.width() <= screen.right.viewport().width()
    finally:
        theme.apply(qapp)


def test_a_write_elsewhere_is_seen_at_once(home: Home) -> None:
    screen = home("campaign")
    screen.context.do("enveloppe", calls.set_envelope, call_id=screen.context.calls.id, envelope_cents=12_000_00)
    assert screen.envelope.free.text() == f"12{NBSP}000{NBSP}€"


def test_the_meeting_to_come_is_on_the_right(home: Home, qtbot: QtBot) -> None:
    screen = home("marked")
    call = screen.context.calls.id
    screen.context.do(
        "x", meetings.create, call_id=call, label="Comité n° 1", held_on=date(2026, 4, 17), place="Mairie"
    )
    assert screen.meeting.isVisible() and screen.meeting.title.text() == "Comité n° 1"
    assert f"dans 2{NBSP}jours" in screen.heading.sentence.text()
    with qtbot.waitSignal(screen.context.visit) as asked:
        screen.meeting.go.click()
    assert asked.args is not None and asked.args[:2] == ["meetings", "meeting"]


def test_a_new_base_is_led_by_the_hand(new_base: Store, qtbot: QtBot) -> None:
    screen = opened(new_base, "", qtbot)
    assert screen.starting.isVisible() and not screen.todo.isVisible()
    assert screen.heading.begin.isVisible() and not screen.heading.bring.isVisible()
    assert screen.starting.detail.text() == "0 sur 7"
    with qtbot.waitSignal(screen.context.visit) as asked:
        screen.starting.buttons[0].click()
    assert asked.args == ["calls", "new", ""]


def test_the_checklist_is_ticked_and_closed_for_ever(home: Home) -> None:
    screen = home("campaign")
    assert screen.starting.detail.text() == "4 sur 7"
    screen.starting.close_button.click()
    assert not screen.starting.isVisible() and screen.todo.isVisible()
    assert said(screen) == ["Ensuite", f"Valider {OWN}{NBSP}valeurs de la campagne"]
    screen.refresh()
    assert not screen.starting.isVisible()


def test_nothing_to_do_says_when_to_come_back(home: Home) -> None:
    screen = home("told")
    call = screen.context.calls.id
    keys = [row.id for row in screen.context.read(outbox.rows, call_id=call)]
    today = screen.context.clock().date()
    screen.context.do("x", dispatches.send, letter_ids=keys, channel="hand", sent_on=today)
    wanted = [(d.kind, d.key) for d in screen.context.read(waiting.rows, call, date(2026, 4, 15))]
    screen.context.do("x", doubts.validate, call_id=call, wanted=wanted)
    assert screen.todo.pages.currentWidget() is screen.todo.empty
    assert screen.todo.empty.sentence.text().startswith(
        f"Rien à faire aujourd’hui. La prochaine échéance est le 30{NBSP}avril 2026"
    )
    assert nothing([]) == "Rien à faire aujourd’hui."
    assert "ouverture" in nothing([Coming(date(2026, 10, 1), "opens", "AAP 2027")])


def test_f5_counts_again(home: Home, qtbot: QtBot) -> None:
    screen = home("voted")
    with qtbot.waitSignal(screen.context.told) as told:
        screen.commands()["recalculate"]()
    assert told.args == [f"5{NBSP}actions à faire · 0 en retard"]


def test_a_task_of_another_campaign_brings_it_with_it(home: Home, qtbot: QtBot) -> None:
    screen = home("voted")
    with screen.context.store.write(ACTOR) as session:
        _changes, other = calls.create(session, code="AAP-2026", scheme="AAP", year=2026, envelope_cents=1)
    own = screen.context.calls.id or ""
    screen.context.calls.offer([CallChoice(own, "FIA 2026", "FIA"), CallChoice(other, "AAP 2026", "Appels à projets")])
    screen.refresh()
    line = next(x for x in _rows(screen) if x.task is not None and x.task.call_id == other)
    with qtbot.waitSignal(screen.context.visit) as asked:
        screen.todo.table.opened.emit(line)
    assert screen.context.calls.id == other
    assert asked.args == ["calls", "phase", other]


def test_the_places_last_seen_are_taken_up_again(home: Home, qtbot: QtBot) -> None:
    screen = home("voted")
    place = screen.resume.places[0]
    assert place.row.title.startswith("FIA-2026-")
    with qtbot.waitSignal(screen.context.visit) as asked:
        press(place, Qt.Key.Key_Return)
    assert asked.args == ["applications", "application", place.row.id]


@pytest.mark.parametrize("noun", recent.NOUNS)
def test_a_record_of_any_noun_is_drawn_with_its_icon(noun: str, qtbot: QtBot) -> None:
    card = ResumeCard()
    qtbot.addWidget(card)
    card.put([recent.RecentRow(noun, "x", "Les Modèles du Plateau", "Structure")], datetime.now(UTC))
    card.resize(300, 120)
    assert card.grab().width() == 300


def test_late_first_then_the_meeting_then_the_week() -> None:
    today = date(2026, 4, 15)
    shown = lines(
        [
            Task("validate", 3, call_id="c", call="FIA 2026"),
            Task("sheets", 2, 8, due=date(2026, 4, 17), call_id="c", target="m", name="Comité"),
            Task("late_file", due=date(2026, 4, 10), call_id="c", target="f", name="FIA-2026-0001", detail="Exemple"),
            Task("read", 1, call_id="c", call="FIA 2026"),
        ],
        today,
    )
    assert [x.band.text if x.band else (x.due, x.words.title if x.words else "") for x in shown] == [
        "En retard",
        (f"10{NBSP}avr.", "Décider de la suite du dossier"),
        "Avant la séance de vendredi",
        ("Ven. 17", f"Recevoir 2{NBSP}grilles de notation"),
        "Dès maintenant",
        ("", f"Relire 1{NBSP}courrier"),
        "Ensuite",
        ("", f"Valider 3{NBSP}valeurs de la campagne"),
    ]


def test_the_table_keeps_the_promises_of_its_model(home: Home) -> None:
    screen = home("voted")
    QAbstractItemModelTester(screen.todo.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    screen.refresh()


def test_a_paper_file_left_in_the_middle_is_the_first_to_take_up(base_at: Opened, qtbot: QtBot) -> None:
    store, story = base_at("imported")
    content = {"structure": {"name": "Les Voix Exemple"}}
    moment = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
    unfinished.keep(store.folder, call_id=story.call_id, moment=moment, content=content)
    screen = opened(store, story.call_id, qtbot)
    first = screen.resume.places[0]
    assert (first.row.title, first.row.detail) == ("Les Voix Exemple", "Saisie rapide à terminer")
    with qtbot.waitSignal(screen.context.visit) as visited:
        press(first, Qt.Key.Key_Return)
    assert visited.args == ["applications", "entry", ""]
