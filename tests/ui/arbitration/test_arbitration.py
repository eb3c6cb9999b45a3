"""Arbitrage, by the keyboard: amounts, the dark line, the lot, the act, the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import calls as parameters
from cv_desktop.db.queries import envelopes
from cv_desktop.services import endings, rules
from cv_desktop.ui import dialogs
from cv_desktop.ui.arbitration.lines import END, Line, Place
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from cv_desktop.ui.jobs import Token
from ui.keys import press, type_text

NBSP = "\u00a0"
Show = Callable[[str], ArbitrationScreen]
Press = Callable[[ArbitrationScreen], None]


def line(screen: ArbitrationScreen, rank: int) -> Line:
    return [x for x in screen.table.lines.rows() if x.ranked][rank - 1]


def on(screen: ArbitrationScreen, rank: int, column: str = "amount") -> None:
    screen.table.select_identity(line(screen, rank).id, column)


def end_sentence(screen: ArbitrationScreen) -> str:
    band = next(x.band for x in screen.table.lines.rows() if x.id == END)
    assert band is not None
    return f"{band.text} {band.detail}"


def last_message(screen: ArbitrationScreen) -> str:
    return screen.context.messages.past[-1].sentence


def test_the_band_tells_what_is_free(show: Show) -> None:
    screen = show("arbitrated")
    figures = [x.value.text() for x in (screen.band.free, screen.band.marked, screen.band.envelope)]
    free, marked, envelope = (int(x.replace(NBSP, "").replace("€", "")) for x in figures)
    assert free + marked == envelope == 30_000
    assert screen.band.bar.accessibleName().startswith("Enveloppe 30\u00a0000\u00a0€")


def test_in_a_narrow_window_the_buttons_share_the_line_of_the_bar_and_nothing_is_cut(show: Show) -> None:
    screen = show("arbitrated")
    band = screen.band

    def middle() -> int:
        return band.prepare.mapTo(band, band.prepare.rect().center()).y()

    assert middle() < band.bar.geometry().top()
    for width in (820, 700):
        screen.resize(width, 780)
        for _ in range(3):  # the figures, then their line, then the band take their new sizes
            QApplication.processEvents()
        figures = (band.free, band.marked, band.submitted, band.engaged, band.envelope)
        for widget in (*figures, band.compare, band.propose, band.prepare):
            assert widget.width() >= widget.sizeHint().width(), (width, widget.accessibleName())
    assert middle() == pytest.approx(band.bar.geometry().center().y(), abs=2)
    assert middle() > band.free.geometry().bottom() and band.bar.width() > 100


def test_a_digit_starts_typing_and_enter_goes_down(show: Show) -> None:
    screen = show("arbitrated")
    on(screen, 1, "note")
    type_text("1500", None)
    press(None, Qt.Key.Key_Return)
    assert line(screen, 1).amount_cents == 150_000
    assert screen.table.line() == line(screen, 2)
    assert screen.table.currentIndex().column() == screen.table.lines.column_index("amount")
    screen.context.undo_last()
    assert line(screen, 1).amount_cents != 150_000


def test_what_is_no_amount_keeps_the_cell_open(show: Show) -> None:
    screen = show("arbitrated")
    before = line(screen, 1).amount_cents
    on(screen, 1)
    type_text("1 5x")
    press(None, Qt.Key.Key_Return)
    editor = screen.table.cells.editor
    assert editor is not None
    assert "n’est pas un montant" in editor.accessibleDescription()
    press(editor, Qt.Key.Key_Escape)
    assert line(screen, 1).amount_cents == before


def test_the_dock_follows_an_amount_wiped_out_of_its_cell(show: Show) -> None:
    screen = show("arbitrated")
    line = screen.table.lines.row_at(6)
    screen.table.go_to(line.id)
    screen.gestures.set_amount(line, 99_999_900)
    assert "dépasse la demande" in screen.dock.problem.text()
    assert screen.dock.near.isHidden(), "no money makes an amount out of bounds enter"
    press(screen.table, Qt.Key.Key_Delete)
    assert screen.dock.problem.isHidden()
    assert screen.dock.why.text() == f"Il reste 4{NBSP}300{NBSP}€{NBSP}; il demande 3{NBSP}000{NBSP}€."


def test_the_dark_line_moves_as_amounts_change(show: Show) -> None:
    screen = show("arbitrated")
    rows = screen.table.lines
    before = rows.position_of(END)
    kept = end_sentence(screen)
    assert kept.startswith("Fin de l’enveloppe. 13 dossiers retenus, 1\u00a0900\u00a0€ libres.")
    on(screen, 1)
    type_text("9000")
    press(None, Qt.Key.Key_Return)
    assert rows.position_of(END) < before
    assert end_sentence(screen) != kept
    first_out = rows.row_at(rows.position_of(END) + 1)
    assert first_out.place is Place.WAITING
    assert first_out.reason.startswith("Il manque")
    screen.context.undo_last()
    assert rows.position_of(END) == before


def test_an_amount_out_of_bounds_is_kept_marked_and_explained(show: Show) -> None:
    screen = show("arbitrated")
    told: list[str] = []
    screen.context.told.connect(told.append)
    on(screen, 1)
    type_text("7500")
    press(None, Qt.Key.Key_Return)
    out = line(screen, 1)
    sentence = f"7{NBSP}500{NBSP}€ dépasse la demande de 4{NBSP}500{NBSP}€."
    assert out.amount_cents == 750_000
    assert out.problem == sentence
    assert any(sentence in said for said in told)
    column = screen.table.lines.columns[screen.table.lines.column_index("amount")]
    assert column.mark is not None
    assert column.mark(out) == "danger"
    on(screen, 1)
    assert screen.dock.problem.text() == sentence
    assert screen.dock.problem.isVisible()


def test_keys_step_fill_exclude_and_lock(show: Show) -> None:
    screen = show("arbitrated")
    on(screen, 1)
    amount = line(screen, 1).amount_cents
    press(screen.table, Qt.Key.Key_Minus, text="-")
    assert line(screen, 1).amount_cents == amount - 5_000
    press(screen.table, Qt.Key.Key_Plus, text="+")
    press(screen.table, Qt.Key.Key_T, text="t")
    assert line(screen, 1).place is Place.RETAINED
    press(screen.table, Qt.Key.Key_L, text="l")
    assert line(screen, 1).row.locked
    press(screen.table, Qt.Key.Key_Minus, text="-")
    assert line(screen, 1).amount_cents == line(screen, 1).row.asked_cents
    press(screen.table, Qt.Key.Key_L, text="l")
    press(screen.table, Qt.Key.Key_X, text="x")
    assert line(screen, 1).place is Place.EXCLUDED
    screen.context.undo_last()
    assert line(screen, 1).place is Place.RETAINED


def test_an_excluded_file_stays_out_of_a_proposal(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    on(screen, 1)
    press(screen.table, Qt.Key.Key_X, text="x")
    screen.band.propose.click()
    assert screen.side.currentWidget() is screen.proposing
    screen.proposing.rate.editor.setText("50")
    screen.proposing.verb.click()
    qtbot.waitUntil(lambda: screen.tabs.bar.count() == 2, timeout=10_000)
    assert screen.tabs.bar.currentIndex() == 1
    assert line(screen, 1).place is Place.EXCLUDED
    assert line(screen, 2).amount_cents == 150_000
    assert last_message(screen).startswith("Répartition proposée.")
    rules = screen.dock.rules.text()
    assert f"un dossier qui ne tient pas est sauté, à 50{NBSP}% de chaque demande au plus, ou à son minimum." in rules
    screen.context.undo_last()
    assert line(screen, 2).amount_cents == 240_000


def test_a_share_that_is_none_is_refused_under_its_field(show: Show) -> None:
    screen = show("arbitrated")
    screen.band.propose.click()
    screen.proposing.rate.editor.setText("180")
    screen.proposing.verb.click()
    assert screen.proposing.rate.wrong
    assert screen.side.currentWidget() is screen.proposing


def test_a_block_of_amounts_is_pasted_over_the_dark_line(show: Show) -> None:
    from PySide6.QtGui import QGuiApplication

    screen = show("arbitrated")
    on(screen, 13)
    QGuiApplication.clipboard().setText("500\n1 000 €\n")
    press(screen.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [line(screen, 13).amount_cents, line(screen, 14).amount_cents] == [50_000, 100_000]
    assert last_message(screen) == "2 cellules collées."
    screen.context.undo_last()
    assert line(screen, 13).amount_cents == 60_000


def test_the_keyboard_steps_over_the_dark_line(show: Show) -> None:
    screen = show("arbitrated")
    on(screen, 13)
    press(screen.table, Qt.Key.Key_Down)
    assert screen.table.line() == line(screen, 14)
    press(screen.table, Qt.Key.Key_Up)
    assert screen.table.line() == line(screen, 13)


def test_a_lot_out_of_bounds_cannot_be_submitted(show: Show) -> None:
    screen = show("arbitrated")
    on(screen, 1)
    press(screen.table, Qt.Key.Key_T, text="t")
    screen.gestures.set_amount(line(screen, 1), 310_000)
    screen.band.prepare.click()
    ballot = screen.balloting.ballot
    assert ballot is not None
    states = {guard.code: guard.state for guard in ballot.guards}
    assert states == {
        "sum": "pass", "parts": "pass", "amounts": "block", "opinions": "pass", "quorum": "pass", "recusals": "pass",
        "links": "pass",
        "motives": "warn", "convention": "pass",
    }  # fmt: skip
    assert not screen.balloting.verb.isEnabled()
    screen.gestures.set_amount(line(screen, 1), 300_000)
    assert screen.balloting.verb.isEnabled()


def test_an_overspent_lot_asks_its_reason(show: Show, asked: list[list[str]], press_verb: Press) -> None:
    screen = show("met")
    assert screen.band.free.value.text() == f"−{NBSP}500{NBSP}€"
    screen.band.prepare.click()
    assert screen.balloting.reason.isVisible()
    assert not screen.balloting.verb.isEnabled()
    # What blocks is on top, then the reason that it asks, then what passes.
    places = [x.mapTo(screen.balloting, QPoint(0, 0)).y() for x in (
        screen.balloting.held, screen.balloting.reason, screen.balloting.guards,
    )]  # fmt: skip
    assert places == sorted(places) and len(set(places)) == 3
    screen.balloting.reason.editor.setPlainText("Report de crédits voté en mars.")
    press_verb(screen)
    assert "dépasse l’enveloppe" in " ".join(asked[0])
    assert screen.band.submitted.value.text() == f"30{NBSP}500{NBSP}€"


def test_the_vote_turns_the_lot_into_decisions(show: Show, asked: list[list[str]], press_verb: Press) -> None:
    screen = show("arbitrated")
    screen.band.prepare.click()
    assert screen.balloting.verb.text() == "Soumettre 15 dossiers au vote"
    press_verb(screen)
    assert asked[0][0].startswith("Soumettre 15 dossiers au vote")
    assert screen.side.currentWidget() is screen.dock
    # In a low window the lots are below the edge: the message leads to the act.
    told = screen.context.messages.current
    assert told is not None and [words for words, _go in told.buttons] == ["Enregistrer le vote…"]
    assert not screen.band.prepare.isEnabled()
    assert not line(screen, 1).open

    buttons = {b.text(): b for b in screen.dock.findChildren(QPushButton) if b.isVisible()}
    buttons["Enregistrer le vote…"].click()
    panel = screen.acting
    press_verb(screen)
    assert panel.number.wrong
    panel.number.editor.setText("2026-B-014")
    panel.act_on.editor.setText("14/04/2026")
    panel.sent.editor.setText("13/04/2026")
    press_verb(screen)
    assert panel.sent.wrong
    assert screen.band.engaged.value.text() == f"0{NBSP}€"
    panel.sent.editor.clear()
    # What the voices say is told once, over the whole width of the panel.
    panel.voices["favour"].editor.setText("12")
    panel.voices["against"].editor.setText("treize")
    press_verb(screen)
    assert panel.votes_told.text() == f"«{NBSP}treize{NBSP}» n’est pas un nombre de voix. Exemple{NBSP}: 12."
    panel.voices["against"].editor.setText("13")
    press_verb(screen)
    assert panel.votes_told.text().startswith("12 pour, 13 contre") and panel.votes_told.width() > 200
    panel.voices["against"].editor.setText("3")
    press_verb(screen)
    assert panel.votes_told.isHidden()
    # The act of a lot submitted the day after is not refused, it may have been typed late: it is said.
    assert f"Cet acte précède la soumission du lot ici, le 15{NBSP}avril 2026." in asked[-1]
    assert screen.band.engaged.value.text() == f"28{NBSP}100{NBSP}€"
    assert "Vote enregistré" in last_message(screen)

    buttons = {b.text(): b for b in screen.dock.findChildren(QPushButton) if b.isVisible()}
    buttons["Compléter l’acte…"].click()
    assert not panel.number.isVisible()
    panel.sent.editor.setText("15/04/2026")
    panel.published.editor.setText("15/04/2026")
    press_verb(screen)
    lot = screen.context.read(envelopes.lots, call_id=screen.context.calls.id)[0]
    assert (lot.sent_to_prefect_on, lot.published_on) == (date(2026, 4, 15), date(2026, 4, 15))


def test_the_president_decides_alone_up_to_the_ceiling_and_the_letters_say_so(
    show: Show, asked: list[list[str]], press_verb: Press
) -> None:
    screen = show("arbitrated")
    context, call = screen.context, str(screen.context.calls.id)
    ceiling = next(x for x in context.read(parameters.parameters, call) if x.parameter.key == "delegation_max")
    context.do("", rules.set_parameter, parameter_id=ceiling.id, text="2 000")
    screen.band.prepare.click()
    press_verb(screen)
    screen.voting.act(context.read(envelopes.lots, call_id=call)[0])
    panel = screen.acting
    assert panel.ceiling.text() == f"Le président décide seul jusqu’à 2{NBSP}000{NBSP}€ par dossier."
    panel.delegated.setChecked(True)
    assert panel.body_field.text() == "Président" and not panel.votes.isVisible()
    panel.number.editor.setText("2026-D-001")
    panel.act_on.editor.setText("15/04/2026")
    press_verb(screen)
    assert "Le président décide par délégation, sans vote." in asked[-1]
    assert panel.above.isVisible() and "11 dossiers sont au-dessus" in panel.above.text()
    assert panel.above.text().endswith(" et 5 autres."), "a lot of 2 000 files would fill the panel with numbers"
    panel.delegated.setChecked(False)
    assert panel.body_field.text() == "Bureau communautaire" and not panel.above.isVisible()
    context.do("", rules.set_parameter, parameter_id=ceiling.id, text="3 000")
    panel.delegated.setChecked(True)
    panel.body_field.editor.setText("Vice-Présidente déléguée")
    press_verb(screen)
    assert screen.band.engaged.value.text() == f"28{NBSP}100{NBSP}€"
    context.do("", rules.set_parameter, parameter_id=ceiling.id, text="")
    screen.voting.act(context.read(envelopes.lots, call_id=call)[0])
    assert not panel.delegated.isEnabled() and panel.ceiling.text() == "Le règlement ne prévoit pas de délégation."


def test_tab_goes_down_a_panel_to_its_verb_and_enter_presses_it(
    show: Show, asked: list[list[str]], qtbot: QtBot
) -> None:
    screen = show("arbitrated")
    screen.band.prepare.click()
    panel, reached = screen.balloting, []
    for _ in range(4):
        focus = QApplication.focusWidget()
        reached.append(focus)
        press(None, Qt.Key.Key_Tab)
    assert reached == [panel.label.editor, panel.waits, panel.verb, panel.back]
    panel.verb.setFocus()
    press(None, Qt.Key.Key_Return)
    assert asked[-1][0] == f"Soumettre 15 dossiers au vote{NBSP}?"
    qtbot.waitUntil(lambda: not screen.context.jobs.running)
    with qtbot.waitActive(screen):  # the message bar is a window of its own here
        screen.activateWindow()
    assert screen._board is not None
    screen.open("lot", screen._board.lots[0].id)
    walk = [screen.acting.published.editor, screen.acting.verb, screen.acting.back]
    walk[0].setFocus()
    for widget in walk:
        assert QApplication.focusWidget() is widget
        press(None, Qt.Key.Key_Tab)


def test_the_concordance_tells_what_the_band_tells_after_each_amount(show: Show) -> None:
    screen = show("arbitrated")
    on(screen, 1)
    press(screen.table, Qt.Key.Key_T, text="t")
    said = screen.concordance.words[2].text()
    assert f"{screen.band.marked.value.text()} marqués" in said
    assert f"{screen.band.free.value.text()} libres" in said


def test_the_dock_follows_the_lot_opened_and_says_that_a_decision_has_ended(show: Show) -> None:
    screen = show("voted")
    assert screen._board is not None
    screen.dock.lot_wanted.emit(screen._board.lots[0])
    rows = screen.lot.table.rows.rows()
    given = next(row for row in rows[1:] if row.amount_cents)
    screen.lot.table.select_identity(given.id)
    assert screen.dock.name.text() == given.structure
    screen.context.do("", endings.end, application_id=given.application_id, kind="renounced", reason="Il renonce.")
    line = next(x for x in screen.table.all_lines if x.id == given.application_id)
    assert line.place is not None
    assert (line.place.word, line.reason) == ("Écarté", "Décision qui n’a plus cours")
    assert "rien n’est plus accordé sur" in screen.dock.why.text()
    assert screen.dock.why.text().endswith("Motif\u00a0: Il renonce.")
    screen.lot.closed.emit()
    at_table = screen.table.line()
    assert at_table is not None and screen.dock.name.text() == at_table.row.structure


def test_a_lot_stopped_while_it_is_written_or_changed_since_it_was_shown_leaves_nothing(
    show: Show, asked: list[list[str]], press_verb: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show("arbitrated")
    screen.band.prepare.click()
    shown = screen.balloting.ballot
    assert shown is not None
    marked = screen.band.marked.value.text()
    monkeypatch.setattr(Token, "cancelled", True)
    press_verb(screen)
    assert last_message(screen) == "Soumission au vote arrêtée. Rien n’a été écrit."
    monkeypatch.undo()
    assert (screen.band.marked.value.text(), screen.band.submitted.value.text()) == (marked, f"0{NBSP}€")
    # Asked about some amounts, nobody submits others, be it for the same sum.
    monkeypatch.setattr(dialogs, "confirm", lambda *_a, **_k: True)
    one, other = [key for key, cents in shown.amounts.items() if cents][:2]
    moved = {one: shown.amounts[one] - 5_000, other: shown.amounts[other] + 5_000}
    screen.balloting.put(replace(shown, amounts={**shown.amounts, **moved}), "Lot")
    press_verb(screen)
    assert last_message(screen).startswith("Ce lot a changé depuis que vous l’avez vu.")
    assert screen.band.submitted.value.text() == f"0{NBSP}€"
    assert screen.balloting.verb.isEnabled()


def test_a_lot_comes_back_with_its_reason(
    show: Show, asked: list[list[str]], press_verb: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show("arbitrated")
    screen.band.prepare.click()
    press_verb(screen)
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Vote reporté : quorum non atteint")
    buttons = {b.text(): b for b in screen.dock.findChildren(QPushButton) if b.isVisible()}
    buttons["Retourner le lot…"].click()
    assert line(screen, 1).open
    assert screen.band.prepare.isEnabled()
    assert screen.band.submitted.value.text() == f"0{NBSP}€"


def test_a_motive_is_written_in_its_cell(show: Show) -> None:
    screen = show("arbitrated")
    on(screen, 2, "motive")
    type_text("Lot réduit")
    press(None, Qt.Key.Key_Return)
    assert line(screen, 2).row.motive == "Lot réduit"


def test_before_any_opinion_the_screen_says_where_to_go(show: Show) -> None:
    screen = show("marked")
    visits: list[str] = []
    screen.context.visit.connect(lambda key, _noun, _id: visits.append(key))
    assert screen.table.nothing.isVisible()
    assert screen.table.nothing.sentence.text().startswith("Aucun dossier instruit.")
    screen.table.nothing.button.click()
    assert visits == ["meetings"]
    assert not screen.band.prepare.isEnabled()


def test_the_workbook_is_written_where_the_person_says(
    show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show("voted")
    target = tmp_path / "décisions.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    next(x for x in screen.exports.actions() if x.text() == "Décisions…").trigger()
    qtbot.waitUntil(lambda: bool(screen.context.messages.past), timeout=15_000)
    assert last_message(screen).startswith("Décisions exportées.")
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert sheet.max_row == 40


def test_the_file_of_a_deport_is_not_shown(show: Show) -> None:
    screen = show("arbitrated")
    from sqlalchemy import select

    from cv_desktop.db.models.meeting import Recusal

    with screen.context.store.read() as session:
        member, hidden = session.execute(select(Recusal.member_id, Recusal.application_id)).one()
    assert hidden in [x.id for x in screen.table.lines.rows()]
    screen.context.view_as(member)
    assert hidden not in [x.id for x in screen.table.lines.rows()]


def test_solidity_is_said_against_the_band_and_the_end_of_the_envelope(show: Show, qtbot: QtBot) -> None:
    screen = show("arbitrated")
    qtbot.waitUntil(lambda: line(screen, 1).cut is not None, timeout=20_000)
    first = line(screen, 1)
    assert first.solidity is not None and first.cut is not None
    assert "reste dans sa bande dans" in first.solidity.sentence and "graine 2030" in first.solidity.sentence
    assert "reste du même côté de la fin de l’enveloppe dans" in first.cut.sentence
    said = {c.key: c.text(first) for c in screen.table.lines.columns}
    assert said["cut"] == first.cut.state.label in ("Sûr", "Fragile", "Ballotté")
