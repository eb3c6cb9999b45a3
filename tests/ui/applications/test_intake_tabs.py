"""The tabs Projet, Pièces and Instruction of a file being completed: fields, documents, a pasted budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import application_records
from cv_desktop.db.queries import form as forms
from cv_desktop.db.store import Store
from cv_desktop.domain.budget import CHARGE, BudgetLine, Funding
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.services import budgets
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.applications import rows
from cv_desktop.ui.applications.screen import ApplicationsScreen
from ui import desk

BUDGET = (
    "60 Achats\t450\t74 Subventions\t950\n606 Fournitures\t450\tCAMVS\t500\n"
    "61 Services\t500\tVille de Melun (acquis)\t450\n"
    "Total des charges\t950,00 €\tTotal des produits\t950,00 €\n"
)


@pytest.fixture
def screen(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[ApplicationsScreen]:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    screen = ApplicationsScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    screen.show()
    yield screen
    context.jobs.stop_all()


def test_a_field_of_the_form_is_written_when_left_and_undone(screen: ApplicationsScreen) -> None:
    record, context = screen.record, screen.context
    assert record.dossier is not None
    key = record.dossier.id
    record.show_tab("project")
    field = record.project.fields["tranche"]
    field.editor.setText("2")  # type: ignore[attr-defined]
    assert field.commit()
    assert record.project.doubts.text() == "Indiquez la tranche et le nombre de tranches, par exemple 2 sur 3."
    field = record.project.fields["full_time"]
    field.editor.setText("un peu")  # type: ignore[attr-defined]
    assert not field.commit()
    context.undo_last()
    found = context.read(forms.record, application_id=key)
    assert found is not None
    assert found.values["tranche"] is None


def test_quarters_are_picked_by_typing(screen: ApplicationsScreen, qtbot: QtBot) -> None:
    record = screen.record
    assert record.dossier is not None
    record.show_tab("project")
    pick = record.project.quarters
    pick._set(())
    qtbot.keyClicks(pick.editor, "mez")
    qtbot.keyClick(pick.editor, Qt.Key.Key_Return)
    found = screen.context.read(forms.record, application_id=record.dossier.id)
    assert found is not None
    assert found.quarters == ("QN07711M",)
    qtbot.keyClicks(pick.editor, "zzz")
    qtbot.keyClick(pick.editor, Qt.Key.Key_Return)
    assert pick.wrong


def test_the_split_between_quarters_is_typed_said_and_refused_where_it_cannot_be(
    screen: ApplicationsScreen, qtbot: QtBot
) -> None:
    record = screen.record
    assert record.dossier is not None
    record.show_tab("project")
    project = record.project
    project.quarters._set(())
    assert not project.split.isVisibleTo(project)
    for text in ("mez", "almont"):
        qtbot.keyClicks(project.quarters.editor, text)
        qtbot.keyClick(project.quarters.editor, Qt.Key.Key_Return)
        screen.refresh()
    assert project.split.isVisibleTo(project)
    assert project.split._hint.text().startswith("Parts égales entre ")
    for typed, weights, wrong in (("60 % / 30 %", (), True), ("90 / 30", (90_00, 30_00), False)):
        project.split.editor.setText(typed)  # type: ignore[attr-defined]
        project.split.commit()
        found = screen.context.read(forms.record, application_id=record.dossier.id)
        assert found is not None
        assert (found.weights, project.split.wrong) == (weights, wrong)
    screen.refresh()
    assert "75\u00a0%" in project.split._hint.text()


def test_a_pasted_budget_replaces_the_lines_and_undo_gives_them_back(screen: ApplicationsScreen) -> None:
    record, context = screen.record, screen.context
    assert record.dossier is not None
    key, before = record.dossier.id, record.dossier.lines
    QApplication.clipboard().setText(BUDGET)
    record.instruction.budget.edit.paste()
    after = context.read(application_records.record, application_id=key)
    assert after is not None
    assert [(x.line.account, x.line.amount_cents, x.line.state) for x in after.lines] == [
        ("606", 45_000, ""),
        ("61", 50_000, ""),
        ("74", 50_000, Funding.OURS),
        ("74", 45_000, Funding.ACQUIRED),
    ]
    assert context.messages.past[-1].sentence.startswith("4 lignes collées.")
    context.undo_last()
    again = context.read(application_records.record, application_id=key)
    assert again is not None
    assert tuple(x.line for x in again.lines) == before


def test_a_joined_picture_is_listed_with_its_kind_and_a_program_is_refused(
    screen: ApplicationsScreen, tmp_path: Path
) -> None:
    record, context = screen.record, screen.context
    record.show_tab("documents")
    panel = record.documents.attachments
    paper, program = tmp_path / "statuts.dat", tmp_path / "statuts.pdf"
    paper.write_bytes(b"%PDF-1.4\n")
    program.write_bytes(b"MZ\x90\x00")
    panel.add_files([program, paper], "statuts")
    rows = panel.table.rows.all_rows()
    assert [(r.filename, r.media_type) for r in rows] == [("statuts.dat", "application/pdf")]
    assert any("est un programme" in m.sentence for m in context.messages.past + context.messages.waiting)
    context.undo_last()
    assert panel.table.rows.all_rows() == []


def test_a_protected_document_says_that_it_is(screen: ApplicationsScreen, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "statuts.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))
    screen.record.show_tab("documents")
    joined = screen.record.documents.attachments
    joined.add_files([path], "statuts")
    qtbot.waitUntil(lambda: joined.pane.picture.text().startswith("Ce fichier est protégé par un mot de passe."))


def test_the_labels_of_the_budget_are_whole(screen: ApplicationsScreen, qtbot: QtBot) -> None:
    assert screen.record.dossier is not None
    screen.context.do(
        "budget",
        budgets.put,
        application_id=screen.record.dossier.id,
        lines=(budgets.Line(BudgetLine(CHARGE, "61", "Services extérieurs et locations de salles", 500_00)),),
    )
    screen.refresh()
    table = screen.record.instruction.budget.table
    at = table.rows.column_index("charge_label")
    pair = table.rows.row_at(0)
    asked = table.cells.height(table.rows.columns[at], pair, table.columnWidth(at))
    assert 0 < asked <= table.rowHeight(0)


def test_a_state_is_whole_in_the_narrow_list(screen: ApplicationsScreen) -> None:
    row = screen.list.table.rows.row_at(0)._replace(status=DisplayedStatus.PARTIAL)
    assert rows.short_badge(row).word == "Partiel"
