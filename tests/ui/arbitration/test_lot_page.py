"""A lot opened file by file: an amount, a condition, a refusal, one file taken back, the annex, the waiting list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import QItemSelectionModel, Qt
from sqlalchemy import select

from cv_desktop.db.models.decision import LotLine
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import envelopes, journal, lot_lines, movements
from cv_desktop.domain.money import figures
from cv_desktop.domain.states import Outcome
from cv_desktop.services import calls, decisions, scenario_lines, vote_files
from cv_desktop.ui import dialogs
from cv_desktop.ui.arbitration.lot_page import LotPage
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from ui.keys import press, type_text

NBSP = "\u00a0"
Show = Callable[[str], ArbitrationScreen]


@pytest.fixture
def lot(show: Show) -> LotPage:
    screen = show("arbitrated")
    assert screen._board is not None
    first = screen._board.ranked[0].row
    screen.context.do(
        "", scenario_lines.set_amount, scenario_id=screen.gestures.scenario, application_id=first.application_id,
        amount_cents=None,
    )  # fmt: skip
    screen.context.do("", decisions.submit, scenario_id=screen.gestures.scenario, label="Lot d’avril", waiting=True)
    screen.dock.lot_wanted.emit(screen._board.lots[0])
    assert screen.pages.currentWidget() is screen.lot
    return screen.lot


def rows(lot: LotPage) -> list[lot_lines.LotLineRow]:
    found: list[lot_lines.LotLineRow] = lot.table.rows.rows()
    return found


def served(lot: LotPage) -> lot_lines.LotLineRow:
    return next(row for row in rows(lot) if row.amount_cents)


def again(lot: LotPage, row: lot_lines.LotLineRow) -> lot_lines.LotLineRow:
    return next(x for x in rows(lot) if x.application_id == row.application_id)


def type_in(lot: LotPage, row: lot_lines.LotLineRow, key: str, text: str) -> bool:
    model: Any = lot.table.rows
    index = model.index(model.position_of(row.id), model.column_index(key))
    return bool(model.setData(index, text, Qt.ItemDataRole.EditRole))


def test_what_a_file_receives_changes_until_the_vote_and_is_undone(lot: LotPage) -> None:
    row, before = served(lot), lot.sum.text()
    assert type_in(lot, row, "amount", "500")
    assert again(lot, row).amount_cents == 500_00 and lot.sum.text() != before
    told: list[str] = []
    lot.table.rows.refused.connect(lambda _index, sentence: told.append(sentence))
    assert not type_in(lot, row, "amount", "9 000")
    assert told and told[0].startswith(f"{row.number}{NBSP}: 9{NBSP}000{NBSP}€ dépasse la demande de ")
    lot._context.undo_last()
    assert lot.sum.text() == before


def test_a_condition_has_its_day(lot: LotPage) -> None:
    row = served(lot)
    assert type_in(lot, row, "condition", "Remettre le budget signé")
    assert again(lot, row).condition_due_on is not None
    assert type_in(lot, row, "due", "30/06/2026")
    found = again(lot, row)
    assert (found.condition, found.condition_due_on and found.condition_due_on.isoformat()) == (
        "Remettre le budget signé", "2026-06-30",
    )  # fmt: skip


def test_a_refusal_takes_its_coded_reason(lot: LotPage) -> None:
    row = served(lot)
    lot.table.select_identity(row.id)
    lot.reasons.aboutToShow.emit()
    action = next(x for x in lot.reasons.actions() if "droit commun" in x.text())
    action.trigger()
    found = again(lot, row)
    assert found.outcome is Outcome.REFUSED and found.refusal_code == "motif_refus_droit_commun"
    assert found.motive.startswith("L’action relève d’un financement de droit commun")


def test_one_file_leaves_the_lot_with_a_reason(lot: LotPage, monkeypatch: pytest.MonkeyPatch) -> None:
    row = served(lot)
    lot.table.select_identity(row.id)
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Montant à revoir avec la ville.")
    lot.take_back.click()
    assert again(lot, row).outcome is Outcome.RETURNED
    assert not lot.take_back.isEnabled() or lot.table.current_row().id != row.id
    with lot._context.store.read() as session:
        assert movements.gaps(session) == []


def test_the_annex_adds_up_by_volet_and_by_commune(lot: LotPage) -> None:
    assert lot.lot is not None
    store, total = lot._context.store, sum(row.amount_cents for row in rows(lot))
    book = vote_files.export(store, lot_id=lot.lot.id, medium="xlsx", actor="Camille Témoin")
    lines = list(load_workbook(BytesIO(book)).active.iter_rows(min_row=2, values_only=True))
    files = [line for line in lines if line[1]]
    sums = {line[2]: line[11] for line in lines if not line[1]}
    assert len(files) == len(rows(lot))
    assert sum(line[11] for line in files) * 100 == total
    assert sums["Ensemble"] * 100 == total
    asked = sum(row.asked_cents for row in rows(lot))
    for heading in ("Volet", "Commune"):
        assert sum(v for k, v in sums.items() if k.startswith(f"{heading}{NBSP}:")) * 100 == total, heading
    pages = vote_files.export(store, lot_id=lot.lot.id, medium="pdf", actor="Camille Témoin")
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pages)).pages).split())
    whole = f"{figures(asked)} {figures(total)}".replace(NBSP, " ")
    assert f"Ensemble {whole}" in told
    assert "Liste d’attente, rang 1" in told and "Projet, avant le vote." in told
    assert told.count(f"Ensemble {len(files)} {whole}") == 2, "by volet, then by commune"
    assert {type(line[7]) for line in files} <= {float, int}, "a note is a number"


def test_the_waiting_list_is_promoted_from_the_dock(show: Show, lot: LotPage, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = lot.window()
    assert isinstance(screen, ArbitrationScreen)
    assert lot.lot is not None
    with lot._context.store.write("Camille Témoin") as session:
        decisions.record_act(
            session, lot_id=lot.lot.id, body="Bureau communautaire", number="1", act_on=date(2026, 4, 14)
        )
    screen.refresh()
    assert screen.dock.waiting.text().startswith(f"Liste d’attente{NBSP}: ")
    assert screen.dock.promote.isVisibleTo(screen)
    screen.dock.promote.click()
    panel = screen.voting.promoting
    assert screen.side.currentWidget() is panel and not panel.reason.isVisible()
    assert panel.sum.text().startswith(panel.verb.text().removeprefix("Promouvoir "))
    monkeypatch.setattr(dialogs, "confirm", lambda *_a, **_k: True)
    panel.verb.click()
    assert screen.side.currentWidget() is screen.dock
    with lot._context.store.read() as session:
        lots = envelopes.lots(session, call_id=screen._call)
        assert movements.gaps(session) == []
    assert [x.state for x in lots] == ["submitted", "voted"] and lots[0].total_cents > 0


def test_files_tied_on_the_waiting_list_are_chosen_by_the_officer_with_a_reason(
    show: Show, asked: list[list[str]]
) -> None:
    """Two files of the first place ask 3 000 € each and 3 500 € are free: neither is proposed."""
    screen = show("arbitrated")
    context = screen.context
    rows = [x.row for x in screen.table.lines.rows() if x.ranked][:2]
    screen.gestures.set_amount(screen.table.lines.rows()[0], None)
    screen.gestures.set_amount(screen.table.lines.rows()[1], None)
    with context.store.write("Camille Témoin") as session:
        _changes, key = decisions.submit(session, scenario_id=screen.gestures.scenario, label="Lot", waiting=True)
        for line in session.scalars(select(LotLine).where(LotLine.lot_id == key, LotLine.outcome == "waiting")):
            tied = line.application_id in {row.application_id for row in rows}
            line.rank, line.score = (1, "15,00") if tied else (3, "9,00")
        session.get_one(Structure, rows[1].about.structure_id).name = "Échecs & Réussite"
        decisions.record_act(session, lot_id=key, body="Bureau", number="1", act_on=date(2026, 4, 14))
    context.do("", calls.set_envelope, call_id=screen._call, envelope_cents=28_100_00 - 4_800_00 + 3_500_00)
    screen.mark_stale()
    assert "Choisissez." in screen.dock.waiting.text() and screen.dock.promote.isVisibleTo(screen)
    screen.dock.promote.click()
    panel = screen.voting.promoting
    assert [field.text() for field in panel.amounts.values()] == ["", "", ""] and not panel.verb.isEnabled()
    first = panel.amounts[rows[1].application_id]
    assert first.label.text() == "1. Échecs && Réussite", "one « & » would be the key of the field"
    first.editor.setText("4 000")
    assert panel.sum.text() == f"1 dossier, 4{NBSP}000{NBSP}€{NBSP}: 500{NBSP}€ de trop."
    first.editor.setText("trois mille")
    assert panel.sum.text().startswith("0 dossier, 0")
    first.editor.setText("3 000")
    assert panel.reason.isVisible() and not panel.verb.isEnabled()
    panel.reason.editor.setPlainText("Seule action du quartier cette année.")
    panel.verb.click()
    assert asked[-1][1] == f"{rows[1].number} Échecs & Réussite{NBSP}: 3{NBSP}000{NBSP}€."
    assert screen.side.currentWidget() is screen.dock
    with context.store.read() as session:
        assert envelopes.lots(session, call_id=screen._call)[0].total_cents == 3_000_00
        last = journal.rows(session, limit=1)[0]
    assert last.reason == "Seule action du quartier cette année."


def test_every_column_of_the_lot_holds_in_a_window_of_1256(lot: LotPage) -> None:
    table: Any = lot.table
    assert lot.window().width() == 1256
    shown = [place for place, column in enumerate(table.rows.columns) if not column.hidden]
    header = table.horizontalHeader()
    last = shown[-1]
    assert table.rows.columns[last].key == "motive"
    assert header.sectionViewportPosition(last) + header.sectionSize(last) <= header.viewport().width()


def test_a_digit_typed_anywhere_on_a_line_writes_what_it_receives(lot: LotPage) -> None:
    row = served(lot)
    lot.table.select_identity(row.id, "structure")
    lot.table.setFocus()
    type_text("700", None)
    press(None, Qt.Key.Key_Return)
    assert again(lot, row).amount_cents == 700_00
    assert lot._context.undo.undo_label == f"accordé 700{NBSP}€ ({row.number})"
    lot._context.undo_last()
    assert again(lot, row).amount_cents == row.amount_cents


def test_a_day_of_a_condition_is_read_whole(lot: LotPage) -> None:
    row = served(lot)
    type_in(lot, row, "condition", "Remettre le budget signé")
    type_in(lot, row, "due", "28/08/2026")
    metrics, column = lot.table.fontMetrics(), lot.table.rows.column_index("due")
    assert lot.table.columnWidth(column) >= metrics.horizontalAdvance("28/08/2026") + 2 * 12


def test_the_lines_of_a_lot_reach_the_edge_of_its_table(lot: LotPage) -> None:
    """Sized while it was hidden and low, it kept the room of a scroll bar that it no longer had."""
    assert not lot.table.verticalScrollBar().isVisible()
    assert lot.table.horizontalHeader().length() == lot.table.viewport().width()


def test_several_files_are_refused_with_one_reason_and_come_back_in_one_step(lot: LotPage) -> None:
    chosen = [row for row in rows(lot) if row.amount_cents][:3]
    lot.table.select_identity(chosen[0].id, "amount")
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in chosen[1:]:
        lot.table.selectionModel().select(lot.table.rows.index(lot.table.rows.position_of(row.id), 0), flags)
    before = [(row.amount_cents, row.outcome, row.motive) for row in chosen]
    lot._refuse("motif_refus_budget")
    found = [again(lot, row) for row in chosen]
    assert {(x.amount_cents, x.outcome, x.refusal_code) for x in found} == {(0, Outcome.REFUSED, "motif_refus_budget")}
    assert lot._context.undo.undo_label == f"3 dossiers{NBSP}: refusés"
    lot._context.undo_last()
    assert [(x.amount_cents, x.outcome, x.motive) for x in (again(lot, row) for row in chosen)] == before
