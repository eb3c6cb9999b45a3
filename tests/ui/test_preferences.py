"""Réglages on a real base: written on leaving a field, journaled, undone, proved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from cv_desktop.db.backup import rotate
from cv_desktop.db.queries import institution
from cv_desktop.db.store import Store
from cv_desktop.services import bases
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.destinations import destinations
from cv_desktop.ui.main_window import MainWindow
from cv_desktop.ui.preferences.appearance import Appearance
from cv_desktop.ui.preferences.backups import Backups
from cv_desktop.ui.preferences.screen import PreferencesScreen
from cv_desktop.ui.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, qtbot: QtBot) -> Iterator[Workspace]:
    path = bases.create(tmp_path / "base", actor="Camille Témoin", scheme="FIA")
    settings = LocalSettings(tmp_path / "poste.json")
    geometry = QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat)
    window = MainWindow(destinations(), settings, geometry)
    qtbot.addWidget(window)
    made = Workspace(window, Store.open(path), settings, rotate)
    window.visit("preferences")
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield made
    made.close()


def screen_of(workspace: Workspace) -> PreferencesScreen:
    screen = workspace.window.screen_shown
    assert isinstance(screen, PreferencesScreen)
    return screen


def test_a_field_is_written_on_leaving_it_and_undone(workspace: Workspace) -> None:
    screen = screen_of(workspace)
    field = screen.service.inputs["agent_name"]
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.setText("Dominique Exemple")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert workspace.context.read(institution.values)["agent_name"] == "Dominique Exemple"
    assert workspace.context.actor == "Dominique Exemple"
    workspace.context.undo_last()
    assert field.text() == ""


def test_the_signatory_is_named_given_an_image_and_printed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = screen_of(workspace)
    screen.open("signatory", "")
    page = screen.signatories
    assert page.table.rows.columns[3].text(page.table.rows.rows()[0]) == "à nommer"
    name, quality = page.fields["name"], page.fields["quality"]
    name.editor.setText("Dominique")
    assert not name.commit() and name.wrong
    name.editor.setText("Dominique Exemple")
    assert name.commit()
    quality.editor.setPlainText("La Vice-Présidente\nchargée de la cohésion,")
    assert quality.commit()
    kept = workspace.context.read(institution.values)
    assert kept["signatory_name"] == "Dominique Exemple"
    assert kept["signatory_quality"] == "La Vice-Présidente\nchargée de la cohésion,"
    wrong, right = tmp_path / "scan.pdf", tmp_path / "signature.png"
    wrong.write_bytes(b"%PDF-1.4")
    Image.new("RGBA", (600, 150), (0, 0, 120, 255)).save(right)
    for chosen in (wrong, right):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, c=chosen: (str(c), ""))
        page.choose.click()
        assert page.image.pixmap().isNull() == (chosen is wrong)
    assert "n’est pas une image PNG ou JPEG" in workspace.context.messages.past[-1].sentence
    workspace.context.undo_last()
    assert page.image.text() == "Aucune image"


def test_a_signatory_still_without_a_name_is_never_printed(workspace: Workspace) -> None:
    screen = screen_of(workspace)
    screen.open("signatory", "")
    page = screen.signatories
    page.fields["name"].editor.setText("Dominique Exemple")
    assert page.fields["name"].commit()
    page.add.click()
    assert [row.name for row in page.table.rows.rows()] == ["Dominique Exemple", ""]
    page.first.click()
    assert "Écrivez d’abord le prénom et le nom" in workspace.context.messages.past[-1].sentence
    assert workspace.context.read(institution.values)["signatory_name"] == "Dominique Exemple"


def test_a_delegation_is_added_shown_and_refused_with_a_sentence(workspace: Workspace) -> None:
    screen = screen_of(workspace)
    screen.open("signatory", "")
    page, card = screen.signatories, screen.signatories.delegations
    assert not card.isVisible()
    page.fields["name"].editor.setText("Dominique Exemple")
    page.fields["name"].commit()
    power = page.fields["own_power"]
    power.editor.setCurrentIndex(1)
    power.commit()
    assert card.isVisible() and page.table.rows.columns[2].text(page.table.rows.rows()[0]) == (
        "Aucune délégation en cours"
    )
    card.fields["reference"].editor.setText("arrêté n°\u00a02026-12")
    card.fields["starts_on"].editor.setText("01/02/2026")
    card.fields["ends_on"].editor.setText("01/01/2026")
    card.fields["ceiling_cents"].editor.setText("5 000")
    card.write.click()
    assert card.fields["ends_on"].wrong and card.table.rows.rows() == []
    card.fields["ends_on"].editor.setText("")
    card.kinds.item(0).setCheckState(Qt.CheckState.Checked)
    card.write.click()
    (row,) = card.table.rows.rows()
    assert (row.what.ceiling_cents, len(row.what.kinds), row.what.ends_on) == (500_000, 1, None)
    assert "jusqu’à 5\u00a0000\u00a0€" in page.table.rows.columns[2].text(page.table.rows.rows()[0])
    assert card.fields["reference"].text() == "" and card.write.text() == "Ajouter la délégation"
    workspace.context.undo_last()
    assert card.table.rows.rows() == []


def test_the_look_changes_at_once_and_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    appearance = screen_of(workspace).findChild(Appearance)
    appearance.buttons["density", "airy"].click()
    assert LocalSettings(tmp_path / "poste.json").values.density == "airy"


def test_a_backup_is_made_and_listed(workspace: Workspace, qtbot: QtBot) -> None:
    backups = screen_of(workspace).findChild(Backups)
    assert backups.files.count() == 0
    backups.button.click()
    qtbot.waitUntil(lambda: backups.files.count() == 1)
    assert len(workspace.backups.files()) == 1


def test_the_journal_is_read_filtered_and_proved(workspace: Workspace, qtbot: QtBot) -> None:
    screen = screen_of(workspace)
    screen.sections.setCurrentRow(screen.sections.count() - 1)
    journal = screen.journal
    assert "Camille Témoin\u00a0: Campagne" in journal.list.item(0).text()
    journal.filter.setText("campagne")
    assert journal.list.count() == 1
    journal.verify.click()
    qtbot.waitUntil(journal.verdict.isVisible)
    assert journal.verdict.text().startswith("La chaîne est intacte")


def test_a_changed_entry_shows(workspace: Workspace, qtbot: QtBot) -> None:
    with closing(sqlite3.connect(workspace.store.path)) as raw, raw:
        # The base forbids it; whoever wants to cheat takes the guards away first.
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE journal SET summary = 'autre' WHERE seq = 1")
    screen = screen_of(workspace)
    screen.sections.setCurrentRow(screen.sections.count() - 1)
    screen.journal.verify.click()
    qtbot.waitUntil(screen.journal.verdict.isVisible)
    assert "L’écriture 1 du journal a été modifiée" in screen.journal.verdict.text()


def test_the_reference_lists_are_edited_closed_and_never_emptied_of_what_serves(workspace: Workspace) -> None:
    screen = screen_of(workspace)
    screen.open("reference", "funder")
    shown = screen.reference.lists["funder"]
    assert screen.reference.isVisible() and shown.isVisible()
    shown.table.select_identity("funder:CAF")
    assert shown.validate.isEnabled() and shown.remove.isEnabled()
    shown.validate.click()
    assert not shown.validate.isEnabled()
    shown.close_button.click()
    shown.table.select_identity("funder:CAF")
    assert shown.close_button.text() == "Rouvrir"
    shown.fields["label"].editor.setText("Fondation du Modèle")
    shown.fields["account"].editor.setText("60")
    shown.add.click()
    assert shown.fields["account"].wrong
    shown.fields["account"].editor.setText("754")
    shown.add.click()
    assert "Fondation du Modèle" in [row.values["label"] for row in shown.table.rows.rows()]
    workspace.context.undo_last()
    assert "Fondation du Modèle" not in [row.values["label"] for row in shown.table.rows.rows()]
    screen.reference.show_list("form_words")
    words = screen.reference.lists["form_words"]
    texts = [words.table.rows.columns[1].text(row) for row in words.table.rows.rows()]
    assert "Fréquence = Première demande" in texts and "Structure › Réseau, union ou fédération" in texts
    screen.reference.show_list("motive")
    motives = screen.reference.lists["motive"]
    assert not motives.add.isVisible() and not motives.close_button.isVisible() and not motives.remove.isVisible()


def test_the_page_of_the_letters_follows_the_envelopes(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = screen_of(workspace)
    screen.sections.setCurrentRow(3)
    page = screen.letters
    assert (page.windows["45"].isChecked(), page.code.isChecked(), page.double_sided.isChecked()) == (True, True, False)
    page.windows["35"].click()
    page.code.click()
    page.double_sided.click()
    page.sending.setCurrentIndex(1)
    page.sending.activated.emit(1)
    kept = workspace.context.read(institution.values)
    assert (kept["letter_window"], kept["letter_no_code"], kept["letter_double_sided"]) == ("35", "oui", "oui")
    assert kept["sending"] == "lettre recommandée avec demande d’avis de réception"
    target = tmp_path / "essai.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    page.page.click()
    assert target.read_bytes().startswith(b"%PDF-")
    assert "essai.pdf" in workspace.context.messages.past[-1].sentence
    for _step in range(4):
        workspace.context.undo_last()
    assert page.windows["45"].isChecked()
    assert page.code.isChecked()
    assert page.sent.text() == "lettre simple"


def test_a_logo_is_chosen_refused_when_it_is_no_picture_and_taken_off(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = screen_of(workspace)
    screen.sections.setCurrentRow(3)
    page = screen.letters
    assert page.logo.text() == "Aucun logo, une marque neutre" and not page.clear.isEnabled()
    wrong, right = tmp_path / "logo.svg", tmp_path / "logo.png"
    wrong.write_text("<svg/>", encoding="utf-8")
    Image.new("RGB", (700, 150), (15, 92, 115)).save(right)
    for chosen in (wrong, right):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, c=chosen: (str(c), ""))
        page.choose.click()
        assert page.logo.pixmap().isNull() == (chosen is wrong)
    assert "n’est pas une image PNG ou JPEG" in workspace.context.messages.past[-1].sentence
    page.clear.click()
    assert page.logo.text() == "Aucun logo, une marque neutre"
    workspace.context.undo_last()
    assert not page.logo.pixmap().isNull()
