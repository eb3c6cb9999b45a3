"""The first window: three ways in, and no base on a network share."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cv_desktop.domain.errors import UserError
from cv_desktop.ui.first_start import NETWORK, FirstStart, NewBase


def describe(path: Path) -> list[str]:
    if path.suffix != ".sqlite":
        raise UserError(f"Le fichier « {path.name} » n’est pas une sauvegarde de CV Desktop.")
    return ["64 dossiers"]


@pytest.fixture
def first(tmp_path: Path, qtbot: QtBot) -> FirstStart:
    made = FirstStart(tmp_path / "Base", on_network=lambda path: "partage" in str(path), describe=describe)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_new_base_with_what_was_typed(first: FirstStart, tmp_path: Path) -> None:
    asked: list[NewBase] = []
    first.new_chosen.connect(asked.append)
    first.service.setText(" Direction de la cohésion ")
    first.city.setText("Melun")
    first.scheme.setCurrentIndex(1)
    first.create_button.click()
    assert asked == [NewBase("Direction de la cohésion", "Melun", tmp_path / "Base", "AAP")]


def test_a_network_folder_is_refused_with_its_reason(first: FirstStart) -> None:
    asked: list[NewBase] = []
    first.new_chosen.connect(asked.append)
    first.folder.setText("/partage/service")
    first.create_button.click()
    assert asked == []
    assert first.sentence.text() == NETWORK
    assert [x.text() for x in first.findChildren(QPushButton) if x.isVisible() and "autre dossier" in x.text()]


def test_a_backup_is_told_before_it_is_restored(first: FirstStart) -> None:
    button = next(x for x in first.findChildren(QPushButton) if x.text() == "Restaurer…")
    assert not button.isEnabled()
    first.choose_backup(Path("lettre.docx"))
    assert not button.isEnabled()
    assert "n’est pas une sauvegarde" in first.sentence.text()
    first.choose_backup(Path("sauvegarde-2026-03-02.sqlite"))
    assert button.isEnabled()
    assert first.drop.accessibleName() == "sauvegarde-2026-03-02.sqlite\n\n64 dossiers"


def test_while_a_base_is_made_nothing_else_starts_and_a_refusal_gives_the_hand_back(
    first: FirstStart, qtbot: QtBot
) -> None:
    stopped: list[bool] = []
    first.stop_asked.connect(lambda: stopped.append(True))
    first.busy("Préparation de l’exemple…", stops=True)
    qtbot.waitUntil(first.progress.isVisible)
    assert not first.create_button.isEnabled()
    first.progress.progress(3, 14, "Recevabilité")
    assert first.progress.bar.value() == 3
    first.progress.stop.click()
    assert stopped == [True]
    first.refuse("Une base existe déjà.")
    assert first.create_button.isEnabled()
    assert not first.progress.isVisible()
    assert first.sentence.text() == "Une base existe déjà."


def test_a_base_that_did_not_open_is_explained_with_what_can_be_done(first: FirstStart, tmp_path: Path) -> None:
    asked: list[Path] = []
    first.base_chosen.connect(asked.append)
    assert not first.closed.isVisible()
    sentence = "La base est déjà ouverte sur ce poste par Camille Témoin depuis 10 h 00."
    first.explain(tmp_path / "Base" / "cv-desktop.sqlite", sentence)
    assert first.closed.isVisible()
    assert first.closed.title.text() == "La base du dossier «\u00a0Base\u00a0» n’est pas ouverte"
    assert first.closed.sentence.text() == sentence
    assert [b.text() for b in (first.closed.retry, first.closed.other)] == ["&Réessayer", "&Ouvrir une autre base…"]
    first.closed.retry.click()
    assert asked == [tmp_path / "Base" / "cv-desktop.sqlite"]
