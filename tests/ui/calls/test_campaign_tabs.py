"""The tabs of a campaign on real bases: versions, calendar, rounds, documents, phases, copies, trial."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import expected_documents, rounds
from cv_desktop.db.queries import grids as versions
from cv_desktop.db.store import Store
from cv_desktop.domain.states import Phase
from cv_desktop.services import grid_edits, grids, letter_templates, rules
from cv_desktop.services.demonstration import Story
from cv_desktop.ui import dialogs
from cv_desktop.ui.calls.screen import CallsScreen
from cv_desktop.ui.calls.tab import Tab
from shipped import DOCUMENTS, LETTERS, OWN, PARAMETERS
from ui import desk
from ui.keys import press, type_text

NBSP = "\u00a0"
Opened = Callable[[str], tuple[Store, Story]]
Calls = Callable[[str], CallsScreen]


@pytest.fixture
def campaigns(base_at: Opened, qtbot: QtBot) -> Calls:
    def at(stage: str) -> CallsScreen:
        store, story = base_at(stage)
        context = desk.context(store, story.call_id)
        qtbot.addWidget(context.messages)
        screen = CallsScreen(context)
        # As the workspace does of the screen shown.
        context.bus.changed.connect(lambda *_: screen.refresh())
        qtbot.addWidget(screen)
        screen.resize(1256, 790)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        return screen

    return at


def show(screen: CallsScreen, tab: Tab) -> None:
    screen.record.tabs.setCurrentWidget(tab)


def set_ceiling(screen: CallsScreen, text: str) -> None:
    call = screen.context.calls.id or ""
    row = next(r for r in screen.context.read(queries.parameters, call) if r.parameter.key == "amount_max")
    screen.context.do("plafond", rules.set_parameter, parameter_id=row.id, text=text)


def test_the_bar_names_the_version_and_compares_it_with_the_one_before(campaigns: Calls) -> None:
    screen = campaigns("examined")
    tab = screen.record.rules
    assert tab.versions.words.text() == f"Version 1, appliquée depuis le 15{NBSP}avril 2026"
    assert tab.versions.compare.isHidden()
    set_ceiling(screen, "2 500")
    assert tab.versions.words.text() == f"Version 2, appliquée depuis le 15{NBSP}avril 2026"
    assert tab.versions.compare.text() == "Comparer avec la version 1"
    tab.versions.compare.click()
    assert tab.pages.currentWidget() is tab.comparison
    assert tab.comparison.words.text() == f"De la version 1 à la version 2{NBSP}: 1 ligne changée"
    (line,) = tab.comparison.model.rows()
    assert (line.before, line.after) == (f"3{NBSP}000{NBSP}€, bloque", f"2{NBSP}500{NBSP}€, bloque")
    tab.comparison.all.click()
    assert tab.comparison.model.rowCount() == PARAMETERS + DOCUMENTS
    tab.versions.compare.click()
    assert tab.pages.currentIndex() == 0
    screen.context.undo_last()
    assert tab.versions.words.text().startswith("Version 1,")


def test_since_when_is_typed_and_a_day_to_come_refused_under_the_field(campaigns: Calls) -> None:
    screen = campaigns("examined")
    bar = screen.record.rules.versions
    bar.redate.click()
    bar.since.editor.selectAll()
    type_text("01/10/2025", bar.since.editor)
    press(bar.since.editor, Qt.Key.Key_Return)
    assert bar.words.text() == f"Version 1, appliquée depuis le 1er{NBSP}octobre 2025"
    assert bar.since.isHidden()
    bar.redate.click()
    bar.since.editor.selectAll()
    type_text("16/04/2026", bar.since.editor)
    press(bar.since.editor, Qt.Key.Key_Return)
    assert bar.since.wrong and "est à venir" in bar.since.editor.accessibleDescription()


def test_a_campaign_that_lacks_parameters_says_so_and_takes_them(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    call = screen.context.calls.id or ""
    rows = screen.context.read(queries.parameters, call)
    lacking = [r.id for r in rows if r.parameter.key in ("rate_method", "structure_amount_max")]
    screen.context.do("x", rules.take_away, call_id=call, parameter_ids=lacking)
    bar = screen.record.rules.versions
    assert bar.lacking.text() == "2 paramètres du dispositif à ajouter"
    bar.complete.click()
    assert bar.lacking.text() == "" and bar.complete.isHidden()


def test_the_calendar_is_in_the_year_of_the_campaign_and_typed_as_a_date(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    tab = screen.record.calendar
    show(screen, tab)
    first = tab.model.rows()[0]
    assert (first.label, first.day) == ("Ouverture du dépôt", date(2026, 1, 1))
    closing = next(m for m in tab.model.rows() if m.label == "Dépôt dans les délais")
    tab.table.select_identity(closing.id, "day")
    tab.table.setFocus()
    type_text("15/12/2025")
    press(None, Qt.Key.Key_Return)
    call = screen.context.calls.id or ""
    assert screen.context.read(queries.rules, call)["deposit_closes"].value == "-1:12-15"
    tab.table.select_identity(closing.id, "day")
    tab.table.setFocus()
    type_text("31/02/2026")
    press(None, Qt.Key.Key_Return)
    assert tab.table.cells.editor is not None
    press(tab.table.cells.editor, Qt.Key.Key_Escape)
    assert tab.model.rows()[-1].day is None


def test_rounds_are_proposed_added_typed_and_their_shares_watched(campaigns: Calls) -> None:
    screen = campaigns("imported")
    tab = screen.record.rounds
    show(screen, tab)
    tab.table.empty_pressed.emit()
    assert [r.label for r in tab.model.rows()] == ["Session 1", "Session 2", "Session 3", "Session 4"]
    assert tab.words.text() == f"Les parts font l’enveloppe, 30{NBSP}000{NBSP}€."
    first = tab.model.rows()[0]
    tab.table.select_identity(first.id, "share_cents")
    tab.table.setFocus()
    type_text("8000")
    press(None, Qt.Key.Key_Return)
    assert tab.words.text() == f"Les parts font 30{NBSP}500{NBSP}€, 500{NBSP}€ de plus que l’enveloppe."
    type_text("23/02/2026", tab.closes.editor)
    tab.add.click()
    assert tab.closes.wrong and "finit déjà son dépôt" in tab.closes.editor.accessibleDescription()
    assert [r.files > 0 for r in tab.model.rows()] == [True, True, False, False]
    tab.table.select_identity(first.id, "label")
    assert tab.close_round.isEnabled()
    tab.close_round.click()
    found = screen.context.read(rounds.rows, screen.context.calls.id or "")
    assert found[0].closed_on == date(2026, 4, 15) and found[1].carried_cents == 800_000
    assert tab.close_round.text() == "Rouvrir la session" and not tab.remove.isEnabled()


def test_a_file_is_moved_to_another_round_by_typing_its_name(campaigns: Calls) -> None:
    screen = campaigns("imported")
    tab = screen.record.rounds
    show(screen, tab)
    assert tab.files.isHidden()
    tab.table.empty_pressed.emit()
    first = tab.files.model.rows()[0]
    assert (first.round_label, first.moved) == ("Session 1", False)
    tab.files.table.select_identity(first.id, "round")
    tab.files.table.setFocus()
    type_text("session 9")
    press(None, Qt.Key.Key_Return)
    assert tab.files.table.cells.editor is not None
    press(tab.files.table.cells.editor, Qt.Key.Key_Escape)
    type_text("session 2")
    press(None, Qt.Key.Key_Return)
    call = screen.context.calls.id or ""
    moved = next(f for f in screen.context.read(rounds.files, call) if f.id == first.id)
    assert (moved.round_label, moved.moved) == ("Session 2", True)
    screen.context.undo_last()
    moved = next(f for f in screen.context.read(rounds.files, call) if f.id == first.id)
    assert (moved.round_label, moved.moved) == ("Session 1", False)


def test_documents_are_added_with_their_condition(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    tab = screen.record.documents
    show(screen, tab)
    type_text("Devis détaillé", tab.name.editor)
    tab.add.click()
    row = next(r for r in tab.model.rows() if r.document.kind == "devis_detaille")
    tab.table.select_identity(row.id, "condition")
    tab.table.setFocus()
    type_text("si plus de 23 000 €")
    press(None, Qt.Key.Key_Return)
    (written,) = [
        r.document
        for r in screen.context.read(expected_documents.rows, screen.context.calls.id or "")
        if r.id == row.id
    ]
    assert written.condition_words == f"si plus de 23{NBSP}000{NBSP}€"
    tab.add.click()
    assert tab.name.wrong
    tab.table.select_identity(row.id, "label")
    tab.remove.click()
    assert [r.document.kind for r in tab.model.rows()] == ["statuts", "rib", "assurance"]
    screen.context.undo_last()
    assert len(tab.model.rows()) == 4


def test_all_that_waits_is_listed_validated_and_the_campaign_opens_then_closes(
    campaigns: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = campaigns("campaign")
    tab = screen.record.phases
    show(screen, tab)
    assert len(tab.model.rows()) == OWN + LETTERS
    assert tab.allowed.text().startswith(f"Préparation{NBSP}: Le règlement")
    tab.steps.chosen.emit("closed")
    assert tab.allowed.text().startswith(f"Close{NBSP}: Plus rien ne s’écrit")
    assert tab.change.text() == "Ouvrir la campagne" and not tab.change.isEnabled()
    assert tab.why.text() == f"{OWN} valeurs à valider avant l’ouverture."
    assert screen.record.figures._figures[-1].value == str(OWN)
    tab.table.select_identity(tab.model.rows()[0].id)
    tab.selected.click()
    assert tab.why.text() == f"{OWN - 1} valeurs à valider avant l’ouverture."
    assert screen.record.figures._figures[-1].value == str(OWN - 1)
    tab.all.click()
    assert tab.model.rows() == [] and tab.change.isEnabled()
    tab.change.click()
    # The deposit of the example ended on 31 March, two weeks before.
    assert screen.record.phase.badge.word == "Préparation"
    assert tab.change.text() == "Clore la campagne…"
    monkeypatch.setattr(dialogs, "confirm", lambda *_args, **_kw: True)
    tab.change.click()
    assert screen.record.phase.badge.word == Phase.CLOSED.label
    assert tab.why.text() == f"Close depuis le 15{NBSP}avril 2026."
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_args, **_kw: "Close par erreur : trop tôt")
    tab.change.click()
    assert tab.change.text() == "Clore la campagne…"


def test_last_years_campaign_is_duplicated_in_the_screen(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    entry = screen.list.current
    assert entry is not None
    screen.record.copy_asked.emit(entry.row)
    panel = screen.copy
    assert panel.isVisible() and (panel.year.text(), panel.code.text()) == ("2027", "FIA-2027")
    panel.code.editor.setText("FIA-2026")
    panel.submit()
    assert panel.code.wrong and "existe déjà" in panel.code.editor.accessibleDescription()
    panel.code.editor.setText("FIA-2027")
    panel.submit()
    assert not panel.isVisible()
    assert screen.record.title.text() == "FIA 2027"


def test_a_configuration_goes_out_and_comes_back_and_a_bad_file_is_said(campaigns: Calls, tmp_path: Path) -> None:
    screen = campaigns("campaign")
    entry = screen.list.current
    assert entry is not None
    path = tmp_path / "parametrage.json"
    screen.export_to(entry.row, path)
    screen.import_from(path)
    assert screen.copy.isVisible() and screen.copy.year.isHidden()
    screen.copy.code.editor.setText("FIA-2026-B")
    screen.copy.submit()
    assert sorted(e.row.code for e in screen.list.model.rows()) == ["FIA-2026", "FIA-2026-B"]
    path.write_bytes(path.read_bytes().replace(b"300000", b"900000", 1))
    screen.import_from(path)
    current = screen.context.messages.current
    assert current is not None and "a été modifié ou coupé" in current.lead
    assert not screen.copy.isVisible()


def test_the_reglement_is_tried_on_files_and_says_who_changes_side(campaigns: Calls) -> None:
    screen = campaigns("examined")
    tab = screen.record.trial.rules
    set_ceiling(screen, "2 000")
    show(screen, screen.record.trial)
    screen.record.trial.run.click()
    changed = [t for t in tab.trials if t.changed]
    assert changed and all(t.asked_cents > 200_000 and not t.before for t in changed)
    assert tab.words.text().startswith(f"{len(changed)} dossiers sur {len(tab.trials)} changeraient de côté{NBSP}: ")
    assert tab.model.rowCount() == len(changed)
    tab.only.click()
    assert tab.model.rowCount() == len(tab.trials)


def test_the_models_of_the_tabs_keep_their_promises(campaigns: Calls) -> None:
    screen = campaigns("imported")
    record = screen.record
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tabs = (record.calendar, record.rounds, record.documents, record.phases)
    testers = [QAbstractItemModelTester(tab.model, fatal) for tab in (*tabs, record.trial.rules, record.trial.grid)]
    for tab in tabs:
        show(screen, tab)
    record.rounds.table.empty_pressed.emit()
    assert len(testers) == 6


def test_echap_leaves_the_comparison(campaigns: Calls) -> None:
    screen = campaigns("examined")
    tab = screen.record.rules
    set_ceiling(screen, "2 500")
    tab.versions.compare.click()
    tab.comparison.table.setFocus()
    press(tab.comparison.table, Qt.Key.Key_Escape)
    assert tab.pages.currentIndex() == 0
    assert tab.versions.compare.text() == "Comparer avec la version 1"
    assert tab.table.hasFocus()


def test_echap_leaves_the_date_of_a_version_as_it_was(campaigns: Calls) -> None:
    bar = campaigns("examined").record.rules.versions
    bar.redate.click()
    bar.since.editor.setText("1/1/27")
    press(bar.since.editor, Qt.Key.Key_Escape)
    assert bar.since.isHidden() and not bar.redate.isHidden()
    assert bar.since.text() == "15/04/2026"


def test_entree_adds_the_document_that_is_named(campaigns: Calls) -> None:
    screen = campaigns("examined")
    tab = screen.record.documents
    show(screen, tab)
    tab.name.setFocus()
    type_text("Bilan de l’an dernier")
    press(None, Qt.Key.Key_Return)
    assert "Bilan de l’an dernier" in [row.document.label for row in tab.table.rows.rows()]
    assert tab.name.text() == ""


def test_what_is_to_validate_is_said_by_name(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    tab = screen.record.phases
    show(screen, tab)
    said = {doubt.label: doubt.value for doubt in tab.table.rows.rows()}
    assert said["Forme juridique"] == "associations"
    assert said["Territoire du contrat de ville"].startswith("Melun, ")


def test_the_grid_is_tried_on_its_own_marks_and_says_who_changes_band(
    campaigns: Calls, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = campaigns("met")
    trial, view = screen.record.trial, screen.record.trial.grid
    show(screen, trial)
    trial.kind.editor.setCurrentIndex(1)
    assert trial.run.text() == "Essayer cette grille" and trial.pages.currentWidget() is view
    trial.run.click()
    qtbot.waitUntil(lambda: view.trial is not None)
    assert view.trial is not None
    count = len(view.trial.files)
    assert count and view.words.text() == f"0 dossier sur {count} changerait de bande."
    assert view.model.rowCount() == 0 and view.table.nothing.isVisible()
    call = screen.context.calls.id or ""
    screen.context.attempt("version", grids.create_version, call_id=call)
    new = screen.context.read(versions.versions, call_id=call)[0]
    screen.context.attempt("bande", grid_edits.set_band, grid_id=new.id, code="favorable", start="100")
    trial.run.click()
    qtbot.waitUntil(lambda: view.trial is not None and bool(view.trial.changed))
    changed = len(view.trial.changed)
    assert (
        view.words.text() == f"{changed} dossiers sur {count} changeraient de bande{NBSP}: {changed}{NBSP}descendent."
    )
    assert {f.before.word for f in view.model.rows()} == {"Favorable"}
    assert sum(s.down for s in view.shares.rows() if s.kind == "Taille") == changed
    view.only.click()
    assert view.model.rowCount() == count
    view.export_to(tmp_path / "essai.xlsx")
    qtbot.waitUntil(lambda: (tmp_path / "essai.xlsx").is_file())


def test_a_campaign_shows_its_own_text_of_a_letter_and_leads_to_where_it_is_written(campaigns: Calls) -> None:
    screen = campaigns("campaign")
    tab = screen.record.letters
    show(screen, tab)
    call = screen.context.calls.id or ""
    own = dict(letter_templates.shipped()["AR"]) | {"closing": "Bien à vous, <ici> & là."}
    screen.context.do("modèle", letter_templates.write, kind="AR", content=own, call_id=call)
    tab.table.select_identity(next(row.id for row in tab.model.all_rows() if row.kind == "AR"))
    assert "Bien à vous, <ici> & là." in tab.text.toPlainText()
    asked: list[tuple[str, str, str]] = []
    screen.context.visit.connect(lambda *place: asked.append(place))
    tab.edit.click()
    assert asked == [("preferences", "letter_template", "AR")]
