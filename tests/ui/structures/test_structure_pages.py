"""The record, the form of a new structure and the finder of duplicates, as an officer sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import attachments, mandates, structure_flags, supports
from cv_desktop.db.store import Store
from cv_desktop.services import duplicates, structures
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.ui import dialogs
from cv_desktop.ui.structures.screen import StructuresScreen
from ui import desk

NBSP = "\u00a0"


@pytest.fixture
def screen(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[StructuresScreen]:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    screen = StructuresScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1256, 690)
    screen.show()
    yield screen
    context.jobs.stop_all()


def twin(screen: StructuresScreen, place: int) -> tuple[str, str]:
    """A second record of a structure of the example, written otherwise; both keys, the first has the files."""
    row = screen.table.rows.row_at(place)
    with screen.context.store.write(ACTOR) as session:
        _changes, key = structures.create(
            session, name=f"{row.name.upper()} (ASSOC. LOI 1901)", values={"commune": row.commune}, despite_name=True
        )
    return row.id, key


def test_the_screen_holds_in_the_smallest_window(screen: StructuresScreen) -> None:
    screen.prepare()
    assert screen.minimumSizeHint().height() <= 690
    assert screen.minimumSizeHint().width() <= 1256


def test_typing_a_known_name_proposes_it_and_opens_it(screen: StructuresScreen, qtbot: QtBot) -> None:
    row = screen.table.rows.row_at(7)
    screen.prepare()
    qtbot.waitUntil(lambda: screen.new.book is not None)
    screen.new.name.editor.setText(row.name[:-1].upper())
    screen.new.propose()
    assert screen.new.known.isVisible() and screen.new.known.text() == f"Existe déjà{NBSP}:"
    assert screen.new.proposals[0].text().startswith(row.name)
    screen.new.proposals[0].click()
    assert screen.record is not None and screen.record.id == row.id
    assert not screen.new.isVisible() and screen.view.isVisible()


def test_the_same_name_is_asked_once_more_before_another_structure(screen: StructuresScreen) -> None:
    name = screen.table.rows.row_at(0).name
    screen.prepare()
    screen.new.name.editor.setText(name)
    screen.new.submit()
    assert "existe déjà sous ce nom" in screen.new.name._reason.text()
    assert screen.new.make.text() == "Créer quand même"
    screen.new.submit()
    assert len(screen.table.rows.all_rows()) == 31
    assert screen.record is not None and screen.record.name == name
    screen.context.undo_last()
    assert len(screen.table.rows.all_rows()) == 30


def test_a_siret_is_judged_at_its_last_digit(screen: StructuresScreen, qtbot: QtBot) -> None:
    screen.prepare()
    field = screen.new.fields["siret"]
    qtbot.keyClicks(field.editor, "7328293200007")
    assert not field.wrong
    qtbot.keyClicks(field.editor, "5")
    assert field.wrong and "clé de ce SIRET" in field._reason.text()
    field.editor.clear()
    qtbot.keyClicks(field.editor, "73282932000074")
    assert not field.wrong and field.text() == f"732{NBSP}829{NBSP}320{NBSP}00074"


def test_a_number_that_does_not_hold_is_said_under_it_once_left(screen: StructuresScreen) -> None:
    screen.prepare()
    screen.new.name.editor.setText("Les Modèles du Plateau")
    for key, written, said in (
        ("siret", "995 986 460 00014", "La clé de ce SIRET"),
        ("postal_code", "7700", "cinq chiffres"),
        ("email", "pas une adresse", "adresse de courriel"),
    ):
        field = screen.new.fields[key]
        field.editor.setText(written)
        assert not field.commit()
        assert said in field._reason.text()
    screen.new.submit()
    assert not screen.new.name.wrong
    assert len(screen.table.rows.all_rows()) == 30


def test_what_is_being_typed_stays_with_its_structure_when_one_goes_to_the_next(
    screen: StructuresScreen, qtbot: QtBot
) -> None:
    first, second = screen.table.rows.row_at(0), screen.table.rows.row_at(1)
    screen.open("structure", first.id)
    screen.activateWindow()
    field = screen.identity.fields["website"]
    field.setFocus()
    qtbot.waitUntil(field.editor.hasFocus)
    qtbot.keyClicks(field.editor, "exemple.invalid")
    screen.commands()["next_record"]()
    assert screen.record is not None and screen.record.id == second.id
    assert field.text() == "" and screen.record.website == ""
    screen.commands()["previous_record"]()
    assert field.text() == "exemple.invalid"


def test_a_person_is_added_from_the_form_and_changed_in_the_table(screen: StructuresScreen) -> None:
    screen.view.open_tab("persons")
    tab = screen.view.persons
    tab.fields["person_name"].editor.setText("Alix Témoin")
    tab.fields["starts_on"].editor.setText("31/02/2025")
    tab.add()
    assert tab.fields["starts_on"].wrong and "n’existe pas" in tab.fields["starts_on"]._reason.text()
    tab.fields["starts_on"].editor.setText("03/02/2025")
    tab.add()
    assert tab.fields["person_name"].text() == ""
    place = next(i for i, r in enumerate(tab.table.rows.rows()) if r.person_name == "Alix Témoin")
    tab.table.rows.setData(tab.table.rows.index(place, tab.table.rows.column_index("role")), "Trésorière")
    assert screen.record is not None
    found = screen.context.read(mandates.rows, structure_id=screen.record.id)
    assert "Alix Témoin, Trésorière" in [m.words for m in found]


def test_a_file_joined_to_an_awaited_document_is_shown_and_its_loss_is_said(
    screen: StructuresScreen, tmp_path: Path, qtbot: QtBot
) -> None:
    screen.view.open_tab("documents")
    tab = screen.view.documents
    awaited = next(row for row in tab.table.rows.rows() if row.kind == "statuts")
    assert awaited.state == "awaited"
    tab.table.select_identity(awaited.id)
    assert tab.join.isEnabled() and not tab.open.isEnabled() and not tab.preview.isVisible()
    picture = tmp_path / "statuts.png"
    image = QImage(60, 80, QImage.Format.Format_RGB32)
    image.fill(0)
    assert image.save(str(picture))
    tab.add_files([picture], awaited.id)
    row = next(row for row in tab.table.rows.rows() if row.kind == "statuts")
    tab.table.select_identity(row.id)
    assert (row.state, row.filename) == ("valid", "statuts.png")
    assert tab.open.isEnabled() and tab.preview.isVisible()
    qtbot.waitUntil(lambda: not tab.preview.picture.pixmap().isNull())
    assert tab.preview.picture.pixmap().height() == 80
    screen.context.read(attachments.content, sha256=row.sha256).unlink()
    assert screen.record is not None
    tab.show_record(screen.record)
    assert "la pièce est absente" in tab.preview.picture.text()


def test_help_given_is_noted_with_the_day_and_the_agent(screen: StructuresScreen) -> None:
    screen.view.open_tab("support")
    tab = screen.view.support
    assert (tab.fields["given_on"].text(), tab.fields["agent"].text()) == ("15/04/2026", "Camille Témoin")
    tab.fields["subject"].editor.setText("Budget à reprendre")
    tab.add()
    assert screen.record is not None
    (row,) = screen.context.read(supports.rows, structure_id=screen.record.id)
    assert (row.agent, row.kind) == ("Camille Témoin", "Rendez-vous")


def test_a_flag_is_raised_with_its_reason_and_lifted(screen: StructuresScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    motive = ("Bilan manquant", "Le bilan 2024 n’est jamais arrivé")
    monkeypatch.setattr(dialogs, "ask_motive", lambda *_a, **_k: motive)
    screen.identity.flags.signal()
    assert f"Bilan manquant depuis le 15{NBSP}avril 2026" in screen.identity.alerts.text()
    lifted = f"Bilan reçu{NBSP}: Remis en main propre ce matin."
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: lifted)
    next(iter(screen.identity.flags.lift_buttons.values())).click()
    assert "Bilan manquant" not in screen.identity.alerts.text()
    assert screen.identity.flags.raise_button.hasFocus()
    told = [x.text() for x in screen.identity.flags.findChildren(QLabel)]
    assert (
        f"Bilan manquant, depuis le 15{NBSP}avril 2026{NBSP}: Le bilan 2024 n’est jamais arrivé. "
        f"Levé le 15{NBSP}avril 2026 par Camille Témoin{NBSP}: Bilan reçu{NBSP}: Remis en main propre ce matin."
    ) in told
    assert screen.record is not None
    (flag,) = screen.context.read(structure_flags.rows, structure_id=screen.record.id)
    assert (flag.kind, flag.reason) == ("missing_report", "Le bilan 2024 n’est jamais arrivé")
    assert flag.lifted_reason == lifted


def test_a_line_begun_waits_for_its_record(screen: StructuresScreen) -> None:
    support = screen.view.support
    screen.view.tabs.setCurrentWidget(support)
    first, second = (screen.table.rows.row_at(place).id for place in (0, 1))
    screen.table.select_identity(first)
    support.fields["subject"].editor.setText("Aide au budget")
    screen.table.select_identity(second)
    assert support.fields["subject"].text() == ""
    screen.table.select_identity(first)
    assert support.fields["subject"].text() == "Aide au budget"


def test_duplicates_are_found_compared_merged_and_given_back(screen: StructuresScreen, qtbot: QtBot) -> None:
    files, copy = twin(screen, 3)
    screen.mark_stale()
    screen.show_duplicates()
    page = screen.duplicates
    qtbot.waitUntil(lambda: page.pairs is not None)
    row = next(r for r in page.table.rows.rows() if set(r.id) == {files, copy})
    page.table.select_identity(row.id)
    panel = page.merge
    assert panel.comparison is not None and panel.comparison.kept_id == files
    assert "Mêmes mots, écrits autrement" in panel.evidence.text()
    panel.turn_over()
    kept = panel.comparison.kept_name
    count = panel.comparison.files
    assert panel.preview.text().startswith(f"{count} dossier{'s' if count > 1 else ''}")
    assert panel.preview.text().endswith(f"à la fiche gardée, «{NBSP}{kept}{NBSP}».")
    panel.merge_button.click()
    assert len(screen.table.rows.all_rows()) == 30
    assert screen.context.messages.current is not None
    assert "fusionnée dans" in screen.context.messages.current.lead
    screen.open("structure", files)
    assert screen.record is not None and screen.record.id == copy
    screen.view.open_tab("links")
    merged = screen.view.links.merges.rows.row_at(0)
    screen.view.links.merges.pressed.emit(merged, "undo")
    assert len(screen.table.rows.all_rows()) == 31
    assert screen.context.messages.current.lead == f"Fusion de «{NBSP}{merged.merged_name}{NBSP}» défaite."


def test_a_pair_set_apart_leaves_the_list_for_ever(screen: StructuresScreen, qtbot: QtBot) -> None:
    pair = twin(screen, 3)
    screen.show_duplicates()
    page = screen.duplicates
    qtbot.waitUntil(lambda: page.pairs is not None)
    page.table.select_identity(tuple(sorted(pair)))
    page.apart.click()
    assert tuple(sorted(pair)) not in [r.id for r in page.table.rows.rows()]
    page.pairs = None
    page.search()
    qtbot.waitUntil(lambda: page.pairs is not None)
    assert tuple(sorted(pair)) not in [r.id for r in page.table.rows.rows()]


def test_a_stopped_search_says_that_nothing_was_changed(
    screen: StructuresScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_session: object, *, tell: Callable[[int, int], None]) -> None:
        while True:
            tell(1, 10)
            sleep(0.01)

    monkeypatch.setattr(duplicates, "search", endless)
    screen.show_duplicates()
    page = screen.duplicates
    qtbot.waitUntil(page.progress.isVisible)
    page.progress.stop.click()
    qtbot.waitUntil(page.again.isEnabled)
    assert page.state.sentence.text().startswith("Recherche arrêtée\u00a0: rien n’a été changé.")
    assert not page.progress.isVisible()


def test_the_full_table_has_every_column_of_the_registry(screen: StructuresScreen) -> None:
    screen.toggle_form()
    titles = [c.title for c in screen.full.table.rows.columns]
    assert titles == [
        "Nom", "Sigle", "Commune", "SIRET", "RNA", "Forme", "Petite association", "Dossiers", "Accordé 3 ans (€)",
        "Dernier bilan", "Alertes",
    ]  # fmt: skip
    assert screen.full.table.rows.rowCount() == 30
