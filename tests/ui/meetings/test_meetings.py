from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from committee import Committee
from cv_desktop.db.queries import envelopes, meetings, scenarios, scores
from cv_desktop.domain.notes import decimal
from cv_desktop.domain.states import Opinion
from cv_desktop.services import decisions, members, presence, rankings
from cv_desktop.ui import dialogs, theme
from cv_desktop.ui.meetings.opinions_tab import OpinionsTab
from cv_desktop.ui.meetings.screen import MeetingsScreen
from cv_desktop.ui.tables.table_view import TableView
from ui.keys import press, type_text

Open = Callable[[str], tuple[MeetingsScreen, Committee]]
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def agreed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every confirmation is accepted; what was asked is kept."""
    asked: list[tuple[str, str]] = []

    def confirm(_parent: object, title: str, effects: object, verb: str, safe: str = "") -> bool:
        asked.append((title, f"{verb} / {safe}"))
        return True

    monkeypatch.setattr(dialogs, "confirm", confirm)
    return asked


def words(screen: MeetingsScreen) -> str:
    current = screen.context.messages.current
    return current.sentence if current else ""


def numbers(view: TableView) -> list[str]:
    return [row.number for row in view.rows.rows()]


def test_without_meeting_the_committee_is_shown_and_one_can_be_prepared(opened: Open) -> None:
    screen, _base = opened("empty")
    assert "Aucune séance" in screen.list.view.nothing.sentence.text()
    assert screen.record.title.text() == "Comité de la campagne"
    screen.commands()["new"]()
    screen.new.label.set_value("Comité de printemps")
    screen.new.day.editor.setText("16/04/2026")
    screen.new.place.editor.setText("Salle du conseil")
    screen.new.submit()
    row = screen.list.current
    assert row and (row.label, row.held_on, row.place) == ("Comité de printemps", date(2026, 4, 16), "Salle du conseil")
    assert row.files == 15
    assert screen.record.act.text() == "Ouvrir la séance"


def test_undo_takes_back_the_meeting_prepared_and_not_what_came_before(opened: Open) -> None:
    screen, base = opened("empty")
    screen.context.do("membre ajouté", members.add, call_id=base.call, name="Gaëlle Modèle", body="Département")
    before = screen.context.undo.undo_label
    screen.prepare()
    screen.new.day.editor.setText("16/04/2026")
    screen.new.submit()
    key = screen.list.current.id if screen.list.current else ""
    assert key and screen.context.undo.undo_label != before
    screen.context.undo_last()
    assert screen.list.current is None and screen.context.undo.undo_label == before
    screen.context.redo_last()
    assert screen.list.current and (screen.list.current.id, screen.list.current.files) == (key, 15)


def test_the_day_of_a_meeting_is_changed_and_a_slip_of_the_year_is_refused(opened: Open) -> None:
    screen, _base = opened("prepared")
    field = screen.record.agenda.details.fields["held_on"]
    field.editor.setText("12/01/2019")
    field.commit()
    assert field.wrong and words(screen) == ""
    field.editor.setText("23/04/2026")
    assert field.commit()
    assert screen.list.current and screen.list.current.held_on == date(2026, 4, 23)
    screen.prepare()
    screen.new.day.editor.setText("16/04/2062")
    screen.new.submit()
    assert screen.new.day.wrong


def test_a_meeting_prepared_by_mistake_is_taken_away_until_somebody_arrives(opened: Open) -> None:
    screen, base = opened("prepared")
    screen.record.agenda.discard.click()
    assert screen.list.current is None
    screen.context.undo_last()
    assert screen.list.current and screen.list.current.files == 15
    screen.record.tabs.setCurrentWidget(screen.record.members)
    screen.context.do(
        "présence", presence.set_presence, meeting_id=screen.list.current.id, member_id=base.members[1], present=True
    )
    screen.record.agenda.discard.click()
    assert "est commencée" in words(screen)


def test_a_meeting_without_a_day_is_refused_in_its_place(opened: Open) -> None:
    screen, _base = opened("empty")
    screen.prepare()
    screen.new.day.editor.setText("31/02/2026")
    screen.new.submit()
    assert screen.new.day.wrong
    assert screen.list.current is None


def test_alt_arrows_move_a_file_and_undo_brings_it_back(opened: Open) -> None:
    screen, base = opened("prepared")
    view = screen.record.agenda.view
    before = numbers(view)
    view.select_identity(base.files[2])
    press(view, Qt.Key.Key_Up, ALT)
    assert numbers(view)[:3] == [before[0], before[2], before[1]]
    assert view.current_row().application_id == base.files[2]
    press(view, Qt.Key.Key_Down, ALT)
    press(view, Qt.Key.Key_Up, ALT)
    screen.context.undo_last()
    assert numbers(view) == before


def test_a_file_leaves_the_agenda_and_comes_back(opened: Open) -> None:
    screen, base = opened("prepared")
    tab = screen.record.agenda
    tab.view.select_identity(base.files[4])
    press(tab.view, Qt.Key.Key_Delete)
    assert len(numbers(tab.view)) == 14
    assert tab.choice.currentData() == base.files[4]
    screen.context.undo_last()
    assert len(numbers(tab.view)) == 15


def test_presence_says_the_quorum_and_opening_without_it_is_refused(opened: Open) -> None:
    screen, _base = opened("prepared")
    screen.record.act.click()
    assert words(screen).startswith("Quorum non atteint\u00a0: 0 présent, il en faut 4.")
    tab = screen.record.members
    assert screen.record.tabs.currentWidget() is tab
    for row in tab.model.rows():
        tab.view.select_identity(row.id)
        press(tab.view, Qt.Key.Key_Space, text=" ")
    assert tab.quorum.badge.word == "6 présents sur 6, quorum 4\u00a0: atteint"
    screen.record.act.click()
    assert screen.record.act.text() == "Révéler les grilles…"


def test_the_members_are_written_in_one_place_and_the_meeting_leads_to_it(opened: Open) -> None:
    screen, base = opened("empty")
    tab = screen.record.members
    screen.record.tabs.setCurrentWidget(tab)
    assert [column.key for column in tab.model.columns if column.edit] == ["entered", "left"]
    asked: list[tuple[str, str, str]] = []
    screen.context.visit.connect(lambda *where: asked.append(where))
    tab.compose.click()
    assert asked == [("calls", "committee", base.call)]


def test_a_deport_is_declared_with_its_reason_and_lifted_with_another(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, base = opened("prepared")
    tab = screen.record.recusals
    screen.record.tabs.setCurrentWidget(tab)
    tab.member.set_value(base.members[3])
    tab.file.set_value(base.files[5])
    tab.reason.editor.setText("Court")
    tab.declare()
    assert tab.reason.wrong
    tab.reason.editor.setText("Trésorière de l’association.")
    tab.declare()
    assert len(tab.model.all_rows()) == 2
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Saisi par erreur : autre association")
    row = next(row for row in tab.model.all_rows() if row.member_id == base.members[3])
    tab.view.select_identity(row.id)
    tab.lift()
    assert next(x for x in tab.model.all_rows() if x.id == row.id).lifted_at is not None


def test_the_matrix_says_states_and_never_marks(opened: Open) -> None:
    screen, base = opened("prepared")
    tab = screen.record.sheets
    screen.record.tabs.setCurrentWidget(tab)
    assert tab.view is not None
    model = tab.view.rows
    column = model.column_index(base.members[0])
    seen = {model.data(model.index(row, column)) for row in range(model.rowCount())}
    assert seen == {"Rendue", "Déport"}
    assert tab.count.text() == "89 grilles rendues sur 89"


def test_marking_as_a_member_hides_his_deports_everywhere_until_one_comes_back(opened: Open) -> None:
    screen, base = opened("prepared")
    member, file = base.recused
    screen.record.sheets.marking_asked.emit(member, "")
    assert screen.context.viewer == member
    assert "next_record" in screen.commands() and "new" not in screen.commands()
    assert file not in {row.application_id for row in screen.scoring.queue.model.all_rows()}
    screen.scoring.queue.left.emit()
    assert screen.context.viewer is None
    screen.context.view_as(member)
    screen.record.tabs.setCurrentWidget(screen.record.recusals)
    screen.refresh()
    assert screen.record.recusals.model.all_rows() == []
    row = screen.list.current
    assert row is not None and row.files == 14


def test_nothing_is_shown_before_the_revelation_which_is_confirmed(opened: Open, agreed: list[tuple[str, str]]) -> None:
    screen, base = opened("prepared")
    tab = screen.record.opinions
    screen.record.tabs.setCurrentWidget(tab)
    assert tab.pages.currentIndex() == 0
    press(tab, Qt.Key.Key_V, text="v")
    assert "Ouvrez d’abord la séance" in words(screen)
    room = screen.record.members
    screen.record.tabs.setCurrentWidget(room)
    for row in room.model.rows():
        room.view.select_identity(row.id)
        press(room.view, Qt.Key.Key_Space, text=" ")
    screen.record.open_meeting()
    screen.record.reveal()
    assert agreed == [("Révéler les 89 grilles\u00a0?", "Révéler les grilles / Attendre")]
    note = screen.context.read(scores.committee, call_id=base.call, application_id=base.files[0])
    assert note is not None
    assert tab.note.note.text() == note.shown
    assert screen.record.act.text() == "Clore la séance…"


def file_in_band(screen: MeetingsScreen, base: Committee, band: str) -> str:
    notes = screen.context.read(scores.committees, call_id=base.call)
    return next(file for file in base.files if (x := notes[file].band) and x.code == band)


def go_to(tab: OpinionsTab, file: str) -> None:
    while tab.row.application_id != file:
        press(tab, Qt.Key.Key_PageDown)


def test_a_favourable_opinion_asks_its_amount_and_moves_the_envelope(opened: Open) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    go_to(tab, file_in_band(screen, base, "favorable"))
    type_text("f", tab)
    assert tab.choice.state.badge.word == "Montant attendu"
    tab.choice.amount.editor.setText("700")
    tab.choice.amount.editor.textEdited.emit("700")
    assert tab.envelope.free.text() == "29\u00a0300\u00a0€"
    type_text("m", tab.choice.amount.editor)
    assert tab.choice.amount.editor.text() == "700"
    assert tab.choice.amount.editor.selectedText() == "700"
    tab.choice.amount.commit()
    assert tab.row.opinion is Opinion.FAVORABLE and tab.row.amount_cents == 70_000
    assert tab.envelope.free.text() == "29\u00a0300\u00a0€"
    assert ("Ce dossier", 70_000) in tab.envelope.bar.rows()
    screen.context.undo_last()
    assert tab.row.opinion is None
    assert tab.envelope.free.text() == "30\u00a0000\u00a0€"


def test_a_file_of_a_lot_is_counted_once_in_its_envelope(opened: Open) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    file = file_in_band(screen, base, "favorable")
    go_to(tab, file)
    type_text("f", tab)
    tab.choice.amount.editor.setText("700")
    tab.choice.amount.commit()
    context = screen.context
    scenario = context.read(scenarios.retained, call_id=base.call)
    context.do("lot", decisions.submit, scenario_id=scenario, label="Lot 1", reason="Homonymes, vérifiés en séance.")
    assert tab.envelope.free.text() == "29\u00a0300\u00a0€"
    assert ("Ce dossier", 70_000) in tab.envelope.bar.rows()
    (lot,) = context.read(envelopes.lots, call_id=base.call)
    act = {"body": "Bureau", "number": "2026-1", "act_on": date(2026, 4, 15)}
    context.do("acte", decisions.record_act, lot_id=lot.id, **act)
    assert tab.envelope.free.text() == "29\u00a0300\u00a0€"
    assert ("Ce dossier", 70_000) in tab.envelope.bar.rows()


def test_an_opinion_against_the_band_asks_its_reason_in_place(opened: Open) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    go_to(tab, file_in_band(screen, base, "favorable"))
    type_text("d", tab)
    assert tab.choice.reason.isVisible()
    assert tab.row.opinion is None
    tab.choice.reason.editor.setText("Le porteur a renoncé à son action.")
    tab.choice.reason.commit()
    assert tab.row.opinion is Opinion.UNFAVORABLE
    assert tab.row.reason == "Le porteur a renoncé à son action."


def test_an_adjournment_asks_at_once_what_is_wanted_and_escape_keeps_it(opened: Open, qtbot: QtBot) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    go_to(tab, file_in_band(screen, base, "favorable"))
    tab.setFocus()
    type_text("a", tab)
    asked = tab.choice.requested
    # Its letters would be keys otherwise: « d » is an unfavourable opinion, « u » a vote.
    qtbot.waitUntil(asked.editor.hasFocus)
    asked.editor.setPlainText("Un budget détaillé.")
    press(asked.editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(tab.hasFocus)
    assert (tab.row.opinion, tab.row.asked, tab.row.votes) == (Opinion.ADJOURNED, "Un budget détaillé.", None)
    type_text("s", tab)
    assert asked.editor.hasFocus()


def test_the_opinion_holds_in_its_column_whatever_it_waits_for(opened: Open) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    go_to(tab, file_in_band(screen, base, "favorable"))
    type_text("r", tab)
    tab.choice.reason.editor.setText("Le budget reste à préciser.")
    tab.choice.reason.commit()
    tab.choice.amount.editor.setText("700")
    tab.choice.amount.commit()
    QApplication.processEvents()
    assert tab.choice.state.badge.word == "Réserves à écrire" and tab.choice.withdraw.isVisible()
    area = tab.choice.parentWidget().parentWidget()
    for widget in (*tab.choice.buttons.values(), tab.choice.withdraw, tab.choice.share, tab.choice.reserves):
        assert widget.mapTo(area, QPoint(widget.width(), 0)).x() <= area.width(), widget


def test_an_amount_above_the_request_is_refused(opened: Open) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    go_to(tab, file_in_band(screen, base, "favorable"))
    type_text("f", tab)
    tab.choice.amount.editor.setText("9 000")
    tab.choice.amount.commit()
    assert "n’est pas un montant possible" in words(screen)
    assert tab.row.opinion is None


def test_page_down_goes_through_the_agenda(opened: Open) -> None:
    screen, _base = opened("revealed")
    tab = screen.record.opinions
    assert tab.heading.rank.text() == "Dossier 1 sur 15"
    press(tab, Qt.Key.Key_PageDown)
    assert tab.heading.rank.text() == "Dossier 2 sur 15"
    press(tab, Qt.Key.Key_PageUp)
    assert tab.heading.rank.text() == "Dossier 1 sur 15"


def test_a_meeting_closes_once_every_opinion_is_given(opened: Open, agreed: list[tuple[str, str]]) -> None:
    screen, _base = opened("revealed")
    screen.record.close_meeting()
    assert words(screen).startswith("Avis manquant pour")
    tab = screen.record.opinions
    for _ in range(15):
        type_text("a", tab)
        assert tab.choice.state.badge.word == "Demande à écrire"
        tab.choice.requested.editor.setPlainText("Le budget détaillé de l’action.")
        tab.choice.requested.commit()
        press(tab, Qt.Key.Key_PageDown)
    screen.record.close_meeting()
    row = screen.list.current
    assert row is not None and row.state == "closed"
    assert not screen.record.act.isVisible()
    assert screen.context.read(meetings.pending, call_id=row and screen.context.calls.id) == 0


def test_dispersion_and_severity_stand_beside_the_note_and_leave_it_alone(opened: Open) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    screen.record.tabs.setCurrentWidget(tab)
    file = tab.row.application_id
    panel = tab.dispersion
    found, names = screen.context.read(rankings.fairness_of, call_id=base.call)
    firm = screen.context.read(rankings.firm, call_id=base.call).found[file]
    assert panel.solidity.badge.word == firm.state.label in ("Sûr", "Fragile", "Ballotté")
    assert panel.sheets.text().startswith(f"Moyenne des grilles {decimal(found.files[file].mean)}, écart type ")
    said = panel.members.text().splitlines()
    assert [line.partition("\u00a0: ")[0] for line in said] == [names[m] for m in base.members]
    assert all("sur " in line and "dossier" in line for line in said)
    note = screen.context.read(scores.committee, call_id=base.call, application_id=file)
    assert note is not None and tab.note.note.text() == note.shown
    go_to(tab, base.recused[1])
    assert "Alix Exemple" not in panel.members.text()


def test_the_end_is_foreseen_and_the_minutes_of_a_file_are_typed(opened: Open) -> None:
    screen, _base = opened("prepared")
    tab = screen.record.agenda
    assert "indiquez le début" in tab.total.text()
    tab.details.fields["starts_at"].editor.setText("14h")
    tab.details.fields["starts_at"].commit()
    assert tab.total.text().endswith("fin prévue 16\u00a0h\u00a030")  # 15 files of ten minutes
    model = tab.model
    assert model.setData(model.index(0, model.column_index("minutes")), "20")
    assert tab.total.text().endswith("fin prévue 16\u00a0h\u00a040")
    assert model.data(model.index(1, model.column_index("hour"))) == "14:20"
    assert not model.setData(model.index(0, model.column_index("minutes")), "vingt")
    screen.context.undo_last()
    assert tab.total.text().endswith("fin prévue 16\u00a0h\u00a030")


def test_a_line_dragged_is_moved_and_undone(opened: Open) -> None:
    screen, _base = opened("prepared")
    tab = screen.record.agenda
    before = numbers(tab.view)
    tab.drag.moved.emit(0, 3)
    assert numbers(tab.view)[3] == before[0]
    screen.context.undo_last()
    assert numbers(tab.view) == before


def test_hours_are_typed_and_the_deport_leaves_the_room_before_the_opinion(opened: Open) -> None:
    screen, base = opened("revealed")
    room = screen.record.members
    screen.record.tabs.setCurrentWidget(room)
    model = room.model
    place = next(i for i, seat in enumerate(model.rows()) if seat.id == base.members[1])
    assert model.setData(model.index(place, model.column_index("entered")), "9h30")
    assert model.data(model.index(place, model.column_index("entered"))) == "9\u00a0h\u00a030"
    assert not model.setData(model.index(place, model.column_index("left")), "9h00")
    tab = screen.record.opinions
    screen.record.tabs.setCurrentWidget(tab)
    go_to(tab, base.files[0])
    tab.line.back.click()  # out since the déport of the third file
    go_to(tab, base.recused[1])
    assert "Alix Exemple, encore dans la salle" in tab.line.text.text.text()
    type_text("a", tab)
    assert tab.row.opinion is None
    assert "Notez d’abord la sortie" in words(screen)
    tab.line.out.click()
    type_text("a", tab)
    assert tab.row.opinion is Opinion.ADJOURNED


def test_the_voices_are_typed_with_the_opinion(opened: Open) -> None:
    screen, base = opened("revealed")
    tab = screen.record.opinions
    go_to(tab, file_in_band(screen, base, "favorable"))
    type_text("f", tab)
    tab.choice.amount.editor.setText("500")
    tab.choice.amount.commit()
    type_text("u", tab)
    assert tab.row.votes is not None and (tab.row.votes.favour, tab.row.votes.against) == (5, 0)
    for box, text in zip(tab.choice.votes.boxes, ("5", "1", ""), strict=True):
        box.setText(text)
    tab.choice.votes.committed.emit()
    assert "6 voix pour 5 membres qui peuvent voter" in words(screen)
    assert tab.row.votes.total == 5


def test_a_closed_meeting_is_reopened_with_a_reason(
    opened: Open, agreed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, _base = opened("revealed")
    tab = screen.record.opinions
    for _ in range(15):
        type_text("a", tab)
        tab.choice.requested.editor.setPlainText("Le budget détaillé.")
        tab.choice.requested.commit()
        press(tab, Qt.Key.Key_PageDown)
    screen.record.close_meeting()
    assert screen.record.tabs.currentWidget() is screen.record.minutes
    assert screen.record.minutes.state.badge.word == "Clos et figé"
    folder = screen.context.store.folder / "seances"
    assert [path.name for path in folder.glob("*_v1/releve-d-avis.pdf")] == ["releve-d-avis.pdf"]
    screen.record.tabs.setCurrentWidget(screen.record.concordance)
    assert [chip.badge.word for _name, chip, _words in screen.record.concordance.ticks] == [
        "Concordant", "En attente", "Concordant", "En attente",
    ]  # fmt: skip
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Erreur de report : un montant")
    screen.record.minutes.reopen_asked.emit()
    row = screen.list.current
    assert row is not None and row.state == "open"
    assert screen.record.act.text() == "Clore la séance…"


def test_a_meeting_takes_the_files_that_are_ticked(opened: Open) -> None:
    screen, base = opened("empty")
    screen.prepare()
    screen.new.every.click()
    screen.new.submit()
    assert "Choisissez au moins un dossier" in screen.new.label._reason.text()
    for file in base.files[:3]:
        screen.new._tick(next(row for row in screen.new.model.all_rows() if row.id == file), True)
    assert screen.new.count.text() == "3 sur 15 dossiers"
    screen.new.submit()
    row = screen.list.current
    assert row is not None and row.files == 3
    assert screen.record.isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_the_screen_holds_in_the_smallest_window(opened: Open, qapp: QApplication, scale: float) -> None:
    """1280 × 720 without the rail, the menu, the toolbar and the status bar; every tab seen once, at 130 % too."""
    # A theme dresses every window there is: those that earlier tests left behind would take a minute.
    for left in qapp.topLevelWidgets():
        left.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.apply(qapp, "light", scale)
    try:
        screen, _ = opened("revealed")
        for place in range(screen.record.tabs.count()):
            screen.record.tabs.setCurrentIndex(place)
        least = screen.minimumSizeHint()
        assert least.width() <= 1280 - 56
        assert least.height() <= 720 - 104
    finally:
        theme.apply(qapp)
