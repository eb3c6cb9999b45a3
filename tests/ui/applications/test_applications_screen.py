from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import application_records
from cv_desktop.db.queries import applications as queries
from cv_desktop.db.queries import meetings as meeting_queries
from cv_desktop.db.store import Store
from cv_desktop.domain.eligibility import Status
from cv_desktop.domain.entry import Entry
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.services import entries, form, meetings
from cv_desktop.services.demonstration import Story
from cv_desktop.ui import dialogs
from cv_desktop.ui.applications import reading
from cv_desktop.ui.applications.record import Record
from cv_desktop.ui.applications.rows import list_columns
from cv_desktop.ui.applications.screen import ApplicationsScreen
from ui import desk
from ui.keys import press, type_text


@pytest.fixture
def shown(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[Show]:
    """``shown("imported")``: the screen on the example base as it stands after that stage."""
    made: list[ApplicationsScreen] = []

    def show(stage: str) -> ApplicationsScreen:
        store, story = base_at(stage)
        context = desk.context(store, story.call_id)
        qtbot.addWidget(context.messages)
        screen = ApplicationsScreen(context)
        qtbot.addWidget(screen)
        made.append(screen)
        screen.resize(1256, 790)
        screen.show()
        qtbot.waitExposed(screen)
        screen.activateWindow()
        return screen

    yield show
    for screen in made:
        screen.context.jobs.stop_all()


Show = Callable[[str], ApplicationsScreen]
_Flag = QItemSelectionModel.SelectionFlag


def _open(screen: ApplicationsScreen, number: str) -> str:
    row = next(r for r in screen.list.table.rows.all_rows() if r.number.endswith(number))
    screen.list.table.select_identity(row.id)
    return str(row.id)


def _sentences(screen: ApplicationsScreen) -> list[str]:
    return [row.sentence.text() for row in screen.record.instruction.checks.rows if not row.sentence.isHidden()]


def test_the_list_shows_every_file_and_opens_the_first(shown: Show) -> None:
    screen = shown("imported")
    assert screen.list.filter.counter.text() == "39"
    assert screen.record.number.text() == "FIA-2026-0001"
    assert screen.record.title.text() == "Coup de pouce vers l'emploi"


def test_the_list_is_seen_before_the_record_is_made(
    base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot
) -> None:
    """Keys typed meanwhile are not lost: they wait for their turn and move the list."""
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    screen = ApplicationsScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    screen.show()
    screen.repaint()
    assert screen.list.filter.counter.text() == "39"
    assert screen.findChildren(Record) == []
    screen.activateWindow()
    screen.list.table.setFocus()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        key = QKeyEvent(kind, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
        QApplication.postEvent(screen.list.table, key)
    qtbot.waitUntil(lambda: len(screen.findChildren(Record)) == 1)
    assert screen.list.table.rows.row_at(1).number == "FIA-2026-0002"
    qtbot.waitUntil(lambda: screen.record.number.text() == "FIA-2026-0002")
    context.jobs.stop_all()


def test_filtering_by_words_and_by_state_says_how_many_are_left(shown: Show) -> None:
    screen = shown("examined")
    screen.list.filter.set_text("boxe")
    assert screen.list.filter.counter.text() == "7 sur 39"
    screen.list.table.rows.set_column_filter("status", ["Recevable"])
    assert all(r.status is DisplayedStatus.ELIGIBLE for r in screen.list.table.rows.rows())
    assert [chip.text() for chip in screen.list.filter.chips()] == ["État\u00a0: Recevable"]


def test_the_next_file_is_that_of_the_filtered_list(shown: Show) -> None:
    screen = shown("imported")
    screen.list.filter.set_text("boxe")
    first = screen.list.table.rows.row_at(0)
    screen.list.table.select_identity(first.id)
    screen.commands()["next_record"]()
    assert screen.record.number.text() == screen.list.table.rows.row_at(1).number


def test_a_budget_line_typed_over_is_written_checked_and_undone(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    qtbot.waitUntil(screen.isActiveWindow)
    _open(screen, "0010")
    budget = screen.record.instruction.budget
    assert budget.gap.text() == "Équilibré"
    budget.table.setFocus(Qt.FocusReason.TabFocusReason)
    type_text("1460")
    press(None, Qt.Key.Key_Return)
    assert budget.gap.text() == "Écart\u00a0: + 300\u00a0€"
    assert any("300\u00a0€" in sentence for sentence in _sentences(screen))
    assert "(article\u00a06)" in screen.record.instruction.notice.accessibleName()
    assert not screen.record.instruction.checks.eligible.isEnabled()
    assert screen.record.primary.text() == "Préparer la demande de pièces"
    assert screen.context.undo.undo_label == "budget › 60 Achats, 1\u00a0460\u00a0€"
    screen.context.undo_last()
    assert budget.gap.text() == "Équilibré"
    assert screen.record.primary.text() == "Déclarer recevable"


def test_a_word_in_an_amount_keeps_the_cell_open_with_its_reason(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    qtbot.waitUntil(screen.isActiveWindow)
    _open(screen, "0010")
    table = screen.record.instruction.budget.table
    refused: list[str] = []
    table.refused.connect(refused.append)
    table.setFocus(Qt.FocusReason.TabFocusReason)
    type_text("mille")
    press(None, Qt.Key.Key_Return)
    assert table.cells.editor is not None
    assert refused == ["«\u00a0mille\u00a0» n’est pas un montant. Exemple\u00a0: 4\u00a0000 ou 4\u00a0000,50."]


def test_our_own_grant_is_marked_as_asked_in_the_budget(shown: Show) -> None:
    screen = shown("imported")
    pairs = screen.record.instruction.budget.table.rows.rows()
    ours = [p.produit.row for p in pairs if p.produit and p.produit.row.label.startswith("CAMVS")]
    assert [row.state for row in ours] == ["ours"]


def test_declaring_eligible_is_the_primary_button_and_is_undone(shown: Show) -> None:
    screen = shown("imported")
    key = _open(screen, "0010")
    assert screen.record.primary.text() == "Déclarer recevable"
    screen.record.primary.click()
    assert screen.record.chip.badge.word == "Recevable"
    assert screen.list.table.current_row().status is DisplayedStatus.ELIGIBLE
    screen.context.undo_last()
    assert screen.context.read(queries.some, ids=[key])[0].status is DisplayedStatus.DEPOSITED


def test_asking_for_documents_prepares_the_letter_too(shown: Show) -> None:
    screen = shown("imported")
    visited: list[tuple[str, str]] = []
    screen.context.visit.connect(lambda key, noun, _id: visited.append((key, noun)))
    row = next(
        r
        for r in screen.list.table.rows.all_rows()
        if _open(screen, r.number) and screen.record.primary.text() == "Préparer la demande de pièces"
    )
    screen.record.primary.click()
    assert screen.record.chip.badge.word == "À compléter"
    assert screen.record.primary.text() == "Relire la demande de pièces"
    screen.record.primary.click()
    assert visited == [("letters", "letter")]
    screen.context.undo_last()
    assert screen.record.number.text() == row.number
    assert screen.record.chip.badge.word == "Déposé"
    assert screen.record.dossier is not None
    assert [x.kind for x in screen.record.dossier.outcomes.letters] == []


def test_declaring_ineligible_is_confirmed_with_its_causes(shown: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown("imported")
    asked: list[tuple[str, list[str], str, str]] = []

    def confirm(_parent: object, title: str, effects: list[str], verb: str, safe: str) -> bool:
        asked.append((title, effects, verb, safe))
        return len(asked) > 1

    monkeypatch.setattr(dialogs, "confirm", confirm)
    assert screen.record.primary.text() == "Déclarer irrecevable…"
    screen.record.primary.click()
    assert screen.record.chip.badge.word == "Déposé"
    screen.record.primary.click()
    assert screen.record.chip.badge.word == "Irrecevable"
    title, effects, verb, safe = asked[0]
    assert title == "Déclarer le dossier FIA-2026-0001 irrecevable\u00a0?"
    assert "(article\u00a04)" in effects[0]
    assert (verb, safe) == ("Déclarer irrecevable", "Ne pas déclarer")


def test_reopening_asks_why_and_what_is_impossible_says_why(shown: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown("examined")
    _open(screen, "0010")
    offered = {p.words: p.reason for p in screen.record.passages.others()}
    assert offered["Rouvrir…"] == ""
    assert "il ne peut plus être déclaré recevable" in offered["Déclarer recevable"]
    reason = "Erreur de saisie : le budget reçu était un brouillon"
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_args, **_kw: reason)
    screen.record.passages.reopen()
    assert screen.record.chip.badge.word == "Déposé"
    screen.record.show_tab("journal")
    assert reason in screen.record.journal.list.item(0).text()


def test_a_judged_file_is_not_edited(shown: Show) -> None:
    screen = shown("examined")
    _open(screen, "0010")
    screen.record.show_tab("project")
    assert not screen.record.project.fields["title"].editor.isEnabled()
    table = screen.record.instruction.budget.table
    assert not table.rows.flags(table.rows.index(0, 2)) & Qt.ItemFlag.ItemIsEditable


def test_a_field_of_the_project_is_written_and_refused_under_it(shown: Show) -> None:
    screen = shown("imported")
    screen.record.show_tab("project")
    title = screen.record.project.fields["title"]
    title.editor.setText("Un autre titre")
    assert title.commit()
    assert screen.record.title.text() == "Un autre titre"
    assert screen.list.table.current_row().title == "Un autre titre"
    people = screen.record.project.fields["beneficiaries"]
    people.editor.setText("beaucoup")
    people.commit()
    assert people.wrong
    screen.context.undo_last()
    assert screen.record.title.text() == "Coup de pouce vers l'emploi"


def test_a_document_put_back_as_expected_then_received_then_found_right(shown: Show) -> None:
    screen = shown("imported")
    _open(screen, "0010")
    screen.record.show_tab("documents")
    documents = screen.record.documents
    rows = documents.table.rows
    assert [(p.label, p.state.word) for p in rows.all_rows()[:2]] == [("statuts", "Reçue"), ("RIB", "Reçue")]
    documents.table.select_identity("statuts")
    documents.gestures["remove"].click()
    assert rows.row_at(0).state.word == "Attendue"
    assert screen.record.tabs.tabText(2) == "Pièces 1/2"
    assert screen.record.primary.text() == "Préparer la demande de pièces"
    assert documents.request.lead.text() == "À demander\u00a0: 1 point"
    assert documents.request.detail.text() == "statuts"
    documents.table.pressed.emit(rows.row_at(0), "mark")
    assert (rows.row_at(0).state.word, rows.row_at(0).received_on) == ("Reçue", date(2026, 4, 15))
    assert screen.record.tabs.tabText(2) == "Pièces 2/2"
    assert documents.request.isHidden()
    documents.table.pressed.emit(rows.row_at(0), "mark")
    assert rows.row_at(0).state.word == "Conforme"


def test_a_document_found_wrong_is_asked_again_with_its_reason(shown: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown("imported")
    _open(screen, "0010")
    screen.record.show_tab("documents")
    documents = screen.record.documents
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Pièce illisible : la photo est floue")
    documents.table.select_identity("rib")
    documents.gestures["reject"].click()
    paper = next(p for p in documents.table.rows.all_rows() if p.id == "rib")
    assert (paper.state.word, paper.reason) == ("Non conforme", "Pièce illisible : la photo est floue")
    screen.record.show_tab("instruction")
    assert _sentences(screen)[0].startswith("Une pièce n’est pas conforme\u00a0: RIB (Pièce illisible : la photo")
    screen.record.show_tab("documents")
    documents.request.button.click()
    assert screen.record.chip.badge.word == "À compléter"
    assert documents.request.lead.text() == "Demande préparée, courrier à relire et à émettre"


def test_a_file_is_dispensed_of_a_document_and_the_dispense_is_lifted(
    shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = shown("imported")
    _open(screen, "0010")
    screen.record.show_tab("documents")
    documents = screen.record.documents
    documents.table.select_identity("rib")
    documents.gestures["remove"].click()
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Déjà remis en mairie")
    documents.gestures["derogate"].click()
    paper = next(p for p in documents.table.rows.all_rows() if p.id == "rib")
    assert (paper.state.word, paper.reason) == ("Dérogation", "Déjà remis en mairie")
    assert screen.record.tabs.tabText(2) == "Pièces 2/2"
    assert screen.record.primary.text() == "Déclarer recevable"
    documents.gestures["lift"].click()
    assert next(p for p in documents.table.rows.all_rows() if p.id == "rib").state.word == "Attendue"
    assert screen.record.primary.text() == "Préparer la demande de pièces"


def test_several_files_pass_together_after_saying_what_will_not(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    _open(screen, "0010")
    screen.record.primary.click()
    table = screen.list.table
    for place in range(12):
        table.selectionModel().select(table.rows.index(place, 0), _Flag.Select | _Flag.Rows)
    assert screen.list.bulk.count.text() == "12 dossiers"
    messages = screen.context.messages
    messages.clear()
    screen.list.bulk.examine.click()
    qtbot.waitUntil(lambda: messages.current is not None)
    assert messages.current is not None
    assert "11 dossiers passeront en instruction" in messages.current.lead
    assert messages.current.text == "1 dossier n’y passera pas\u00a0: déjà instruit (0010)."
    assert messages.current.buttons[0][0] == "Appliquer aux 11"
    assert all(r.status is DisplayedStatus.DEPOSITED for r in table.rows.rows()[:9])
    messages.current.buttons[0][1]()
    qtbot.waitUntil(lambda: all(r.status is not DisplayedStatus.DEPOSITED for r in table.rows.rows()[:12]))
    screen.context.undo_last()
    assert all(r.status is DisplayedStatus.DEPOSITED for r in table.rows.rows()[:9])


def test_documents_are_asked_of_several_files_after_saying_who_lacks_nothing(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    table = screen.list.table
    for place in range(12):
        table.selectionModel().select(table.rows.index(place, 0), _Flag.Select | _Flag.Rows)
    messages = screen.context.messages
    messages.clear()
    screen.list.bulk.request.click()
    qtbot.waitUntil(lambda: messages.current is not None)
    assert messages.current is not None
    count = int(messages.current.lead.partition("\u00a0")[0])
    assert "rien à compléter (" in messages.current.text
    assert messages.current.buttons[0][0] == f"Préparer {count}\u00a0demandes"
    messages.current.buttons[0][1]()
    waiting = DisplayedStatus.INCOMPLETE
    qtbot.waitUntil(lambda: sum(r.status is waiting for r in table.rows.rows()) == count)
    screen.context.undo_last()
    assert not any(r.status is waiting for r in table.rows.rows())


def test_a_rule_is_set_aside_with_its_reason_and_put_back(shown: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown("imported")
    file = next(r for r in screen.list.table.rows.all_rows() if r.external_id == "20170005")
    screen.list.table.select_identity(file.id)
    checks = screen.record.instruction.checks
    row = next(r for r in checks.rows if r.result and r.result.code == "over_ceiling")
    assert not row.derogate.isHidden() and row.derogate.text() == "Déroger…"
    assert row.request.isHidden()  # nothing that a document mends
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Décision de l’élue du 3 mars")
    row.derogate.click()
    lifted = next(r for r in checks.rows if r.result and r.result.code == "over_ceiling")
    assert lifted.value.text() == "dérogation"
    assert lifted.sentence.text().endswith("Dérogation\u00a0: Décision de l’élue du 3 mars.")
    lifted.derogate.click()
    again = next(r for r in checks.rows if r.result and r.result.code == "over_ceiling")
    assert again.result is not None and again.result.blocks
    screen.context.undo_last()
    assert next(r for r in checks.rows if r.result and r.result.code == "over_ceiling").value.text() == "dérogation"


def test_the_header_says_when_silence_is_a_rejection(shown: Show) -> None:
    screen = shown("written")
    file = next(r for r in screen.list.table.rows.all_rows() if r.number.endswith("0019"))
    screen.list.table.select_identity(file.id)
    assert screen.record.silence.text() == "Silence valant rejet le 20\u00a0avril 2026"
    whole = f"{screen.record.silence.text()}. Demande reçue le 20\u00a0février 2026, délai initial"
    assert screen.record.silence.toolTip().startswith(whole)


def test_the_full_table_has_the_same_filter_and_gives_its_file_back(shown: Show) -> None:
    screen = shown("voted")
    screen.list.filter.set_text("boxe")
    screen.commands()["full_table"]()
    assert screen.full.filter.counter.text() == "7 sur 39"
    titles = [column.title for column in screen.full.table.rows.columns]
    assert {"N°", "Structure", "Action", "État", "Demandé (€)", "Accordé (€)", "Quartiers", "Avis"} <= set(titles)
    row = screen.full.table.rows.row_at(2)
    screen.full.table.opened.emit(row)
    assert screen.pages.currentWidget() is screen.split
    assert screen.record.number.text() == row.number


def test_the_decision_names_the_act_and_the_letters(shown: Show) -> None:
    screen = shown("told")
    row = next(r for r in screen.list.table.rows.all_rows() if r.granted_cents)
    screen.open("application", row.id)
    screen.record.show_tab("decision")
    decision = screen.record.decision
    act = decision.decisions.rows.row_at(0)
    assert act.act_number == "2026-B-014"
    assert [x.number[:7] for x in decision.letters.rows.rows()] == ["CO-2026", "CO-2026"]


def test_without_a_campaign_the_screen_says_where_to_make_one(shown: Show) -> None:
    screen = shown("campaign")
    assert screen.list.table.nothing.sentence.text().startswith("Aucun dossier dans cette campagne.")
    screen.context.calls.select(None)
    assert screen.pages.currentWidget() is screen.no_call
    visited: list[str] = []
    screen.context.visit.connect(lambda key, _noun, _id: visited.append(key))
    screen.no_call.button.click()
    assert visited == ["calls"]


def test_a_member_finds_no_trace_of_a_file_of_a_deport(shown: Show) -> None:
    screen = shown("marked")
    row = screen.list.table.rows.row_at(9)
    members = screen.context.read(meeting_queries.members, call_id=screen.context.calls.id)
    screen.context.do(
        "déport",
        meetings.declare_recusal,
        member_id=members[-1].id,
        application_id=row.id,
        reason="Présidente de l’association.",
    )
    screen.context.view_as(members[-1].id)
    assert row.id not in [r.id for r in screen.list.table.rows.all_rows()]
    screen.open("application", row.id)
    assert screen.record.number.text() != row.number


def test_no_page_of_the_record_narrows_the_list(shown: Show) -> None:
    screen = shown("examined")
    _open(screen, "0031")
    tabs = screen.record.tabs
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        assert screen.list.width() >= 300, tabs.tabText(place)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A campaign of 39 files counts as a large one."""
    monkeypatch.setattr(reading, "FIRST", 20)
    monkeypatch.setattr(reading, "SIZE", 7)


@pytest.mark.usefixtures("in_parts")
def test_a_large_campaign_shows_its_first_page_then_the_rest_without_moving(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    table = screen.list.table
    first = [row.number for row in table.rows.all_rows()]
    assert first[0] == "FIA-2026-0001" and len(first) < 39
    assert screen.list.filter.counter.text() == "lecture de 39…"
    table.select_identity(table.rows.row_at(6).id)
    qtbot.waitUntil(lambda: not screen._reading.under_way, timeout=20_000)
    numbers = [row.number for row in table.rows.all_rows()]
    assert numbers[: len(first)] == first and len(numbers) == 39 and numbers == sorted(numbers)
    assert screen.list.filter.counter.text() == "39"
    assert table.current_row().number == "FIA-2026-0007"
    qtbot.waitUntil(lambda: screen.record.number.text() == "FIA-2026-0007")


@pytest.mark.usefixtures("in_parts")
def test_a_file_beyond_the_first_page_is_opened_once_read(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    with screen.context.store.read() as session:
        last = queries.rows(session, call_id=screen.context.calls.id or "")[-1]
    screen.open("application", last.id)
    qtbot.waitUntil(lambda: screen.record.number.text() == last.number)
    assert screen.list.table.current_row().id == last.id


@pytest.mark.usefixtures("in_parts")
def test_a_sorted_table_waits_for_all_the_files_and_says_so(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    qtbot.waitUntil(lambda: not screen._reading.under_way)
    table = screen.list.table
    table.rows.sort_by([("asked", True)])
    wanted = [row.number for row in table.rows.rows()]
    call = screen.context.calls.id
    screen.context.calls.select(None)
    screen.context.calls.select(call)
    assert table.rows.total == 0
    assert table.nothing.sentence.text() == "Lecture des dossiers…"
    qtbot.waitUntil(lambda: not screen._reading.under_way)
    assert [row.number for row in table.rows.rows()] == wanted
    assert table.nothing.isHidden()


@pytest.mark.usefixtures("in_parts")
def test_files_read_again_leave_those_shown_until_they_are_all_there(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    qtbot.waitUntil(lambda: not screen._reading.under_way)
    screen.commands()["recalculate"]()
    assert screen._reading.under_way
    assert screen.list.filter.counter.text() == "39"
    context, row = screen.context, screen.list.table.rows.row_at(38)
    context.do("Titre", form.set_field, application_id=row.id, name="title", text="Fête des lampions")
    qtbot.waitUntil(lambda: not screen._reading.under_way)
    assert screen.list.table.rows.row_at(38).title == "Fête des lampions"


def test_another_file_of_the_structure_opens_by_its_number(shown: Show, qtbot: QtBot) -> None:
    screen = shown("imported")
    _open(screen, "FIA-2026-0001")
    other = screen.context.read(application_records.key_of, number="fia-2026-0002")
    record = screen.record
    result = replace(
        record.dossier.results[0],  # type: ignore[union-attr]
        code="one_per_year",
        status=Status.FAIL,
        sentence="Cette structure a déjà un dossier FIA en 2026\u00a0: FIA-2026-0002 (article\u00a04).",
    )
    ((label, go),) = record.instruction._message(result).buttons
    assert label == "Ouvrir FIA-2026-0002"
    with qtbot.waitSignal(screen.context.visit) as visited:
        go()
    assert visited.args == ["applications", "application", other]


def test_an_amount_that_nobody_typed_is_no_zero(shown: Show) -> None:
    screen = shown("imported")
    call = screen.context.calls.id
    entry = Entry(structure=StructureRead("Les Modèles du Plateau"), values={"title": "Atelier"})
    changes = screen.context.attempt("saisie", entries.create, call_id=call, entry=entry)
    key = next(id for noun, id in changes.touched if noun == "application")
    screen.open("application", key)
    assert screen.record.dossier is not None and screen.record.dossier.id == key
    row = screen.record.dossier.record.row
    assert (row.status.label, row.asked_cents) == ("Brouillon", 0)
    said = {column.key: column.text(row) for column in list_columns()}
    assert said["asked"] == "–"
    screen.record.show_tab("project")
    assert screen.record.project.fields["asked_cents"].text() == ""
    figures = {figure.label: figure.value for figure in screen.record.figures._figures}
    assert (figures["Demandé"], figures.get("Budget") or figures.get("Budget de l’action")) == ("–", "–")
