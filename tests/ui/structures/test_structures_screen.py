from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import bank_accounts, journal, structures
from cv_desktop.db.store import Store
from cv_desktop.services import applications as verbs
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.structures.record import TABS
from cv_desktop.ui.structures.screen import StructuresScreen
from ui import desk


@pytest.fixture
def screen(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[StructuresScreen]:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    screen = StructuresScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    screen.show()
    yield screen
    context.jobs.stop_all()


def _with_bad_siret(screen: StructuresScreen) -> str:
    row = next(r for r in screen.table.rows.all_rows() if any("SIRET à vérifier" in a for a in r.alerts))
    screen.open("structure", row.id)
    return str(row.id)


def test_every_structure_is_listed_with_its_files(screen: StructuresScreen) -> None:
    rows = screen.table.rows.all_rows()
    assert len(rows) == 30
    assert sum(row.applications for row in rows) == 39
    screen.filter.set_text("boxe")
    assert screen.filter.counter.text() == "2 sur 30"


def test_opening_a_structure_shows_it_even_when_filtered_out(screen: StructuresScreen) -> None:
    row = screen.table.rows.row_at(5)
    screen.filter.set_text("introuvable")
    screen.open("structure", row.id)
    assert screen.name.text() == row.name
    assert screen.place() == ("structure", row.id)


def test_a_wrong_siret_is_refused_under_its_field(screen: StructuresScreen) -> None:
    field = screen.identity.fields["siret"]
    before = screen.record
    field.editor.setText("123")
    field.commit()
    assert field.wrong
    assert "il en faut 14" in field._reason.text()
    assert screen.record == before


def test_a_right_siret_mends_the_file_and_is_undone(screen: StructuresScreen) -> None:
    key = _with_bad_siret(screen)
    assert "SIRET à vérifier" in screen.identity.alerts.text()
    field = screen.identity.fields["siret"]
    field.editor.setText("732 829 320 00074")
    field.commit()
    assert not field.wrong
    assert field.text() == "732\u00a0829\u00a0320\u00a000074"
    files = screen.context.read(structures.files, structure_id=key)
    results = [r for f in files for r in screen.context.read(verbs.checks_of, application_id=f.id)]
    assert {r.status for r in results if r.code == "bad_siret"} == {"pass"}
    screen.context.undo_last()
    assert "SIRET à vérifier" in screen.identity.alerts.text()


def test_the_iban_is_masked_and_showing_it_is_journaled(screen: StructuresScreen) -> None:
    row = screen.table.rows.row_at(0)
    screen.open("structure", row.id)
    screen.tabs.setCurrentIndex(TABS.index("account"))
    account = screen.account
    assert "••••" in account.iban.text()
    account.show_button.click()
    whole = screen.context.read(bank_accounts.current_iban, structure_id=row.id)
    assert account.iban.text().replace("\u00a0", "") == whole
    entries = screen.context.read(journal.rows, noun="structure", noun_id=row.id)
    assert "affiché en entier" in entries[0].summary
    assert whole not in entries[0].summary
    screen.table.step(1)
    screen.open("structure", row.id)
    assert "••••" in account.iban.text()


def test_a_wrong_iban_waits_for_its_structure(screen: StructuresScreen) -> None:
    first, second = screen.table.rows.row_at(0).id, screen.table.rows.row_at(1).id
    screen.open("iban", first)
    field = screen.account.field
    field.editor.setText("FR76 3000 6000 0112 3456 7890 188")
    field.commit()
    assert field.wrong
    screen.open("iban", second)
    assert field.text() == "" and not field.wrong
    screen.open("iban", first)
    assert field.text() == "FR76 3000 6000 0112 3456 7890 188" and field.wrong


def test_a_wrong_iban_is_refused_without_being_repeated(screen: StructuresScreen) -> None:
    screen.open("iban", screen.table.rows.row_at(0).id)
    assert screen.tabs.currentWidget() is screen.account
    field = screen.account.field
    field.editor.setText("FR76 9999 9999 9999 9999 9999 999")
    field.commit()
    assert field.wrong
    assert "9999" not in field._reason.text()


def test_its_files_lead_to_their_record(screen: StructuresScreen) -> None:
    row = next(r for r in screen.table.rows.all_rows() if r.applications == 2)
    screen.open("structure", row.id)
    screen.tabs.setCurrentIndex(TABS.index("links"))
    assert screen.files.rows.rowCount() == 2
    visited: list[tuple[str, str, str]] = []
    screen.context.visit.connect(lambda *place: visited.append(place))
    first = screen.files.rows.row_at(0)
    screen.files.opened.emit(first)
    assert visited == [("applications", "application", first.id)]
