"""« Apposer la signature… »: the delegation shown, the refused named, one confirmation, work in the background."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import signatories as register
from cv_desktop.services import delegations, letters, signatories
from cv_desktop.services.demonstration import ACTOR
from cv_desktop.ui import dialogs
from cv_desktop.ui.letters.entries import TO_SEND, TO_SIGN
from cv_desktop.ui.letters.screen import LettersScreen
from cv_desktop.ui.letters.sign_dialog import CERTIFICATE, CHOICES, HAND, IMAGE, TOKEN, SignDialog
from ui.letters.conftest import WAIT, Show, settle
from ui.letters.test_outbox import counts, entries, keep_lot, last_message

sys.path.append(str(Path(__file__).parents[2] / "documents"))

from certificates import PASSPHRASE, made
from softhsm import plugged

Play = Callable[[SignDialog], bool]


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Play]:
    """What the person does in the dialog; True is the verb, False the safe way."""
    plays: list[Play] = []
    monkeypatch.setattr(SignDialog, "exec", lambda dialog: int(plays.pop(0)(dialog)))
    return plays


def choose(dialog: SignDialog, way: str) -> None:
    dialog.way.setCurrentIndex([key for key, _words in CHOICES].index(way))


def prepare(screen: LettersScreen, tmp_path: Path, *, ceiling: int | None = None) -> None:
    image = tmp_path / "paraphe.png"
    Image.new("RGB", (600, 200), (20, 30, 120)).save(image)
    store = screen.context.store
    with store.read() as session:
        person = register.rows(session)[0]
    with store.write(ACTOR) as session:
        signatories.set_image(session, signatory_id=person.id, path=image)
        if ceiling:
            signatories.change(session, signatory_id=person.id, values={"own_power": False})
            act = {"reference": "arrêté n° 2026-12", "starts_on": date(2026, 1, 1), "ceiling_cents": ceiling}
            delegations.add(session, signatory_id=person.id, values=act)
    keep_lot(screen)
    screen.outbox.select_tab(TO_SIGN)
    screen.outbox.all_box.click()


def test_the_batch_is_signed_within_the_delegation(
    show: Show, qtbot: QtBot, tmp_path: Path, played: list[Play]
) -> None:
    screen = show("told")
    prepare(screen, tmp_path, ceiling=150_000)
    seen: list[str] = []

    def play(dialog: SignDialog) -> bool:
        choose(dialog, IMAGE)
        seen.extend([dialog.power.text(), dialog.refused.text(), dialog.verb_button.text()])
        assert not dialog.image.pixmap().isNull()
        assert dialog.safe_button.isDefault()
        return True

    played.append(play)
    screen.outbox.sign.click()
    qtbot.waitUntil(lambda: "4 courriers signés" in last_message(screen), timeout=WAIT)
    assert seen[0].startswith(
        "Par délégation\u00a0: arrêté n° 2026-12, depuis le 01/01/2026, jusqu’à 1\u00a0500\u00a0€"
    )
    assert "11 courriers sont au-dessus" in seen[1]
    assert seen[2] == "Signer 4 courriers"
    assert "n’est pas une signature électronique" in last_message(screen)
    settle(screen, qtbot)
    assert counts(screen) == ["0", "11", "4", "15", "0"]
    screen.outbox.select_tab(TO_SEND)
    settle(screen, qtbot)
    assert {entry.row.state for entry in entries(screen)} == {"signed"}
    assert screen.preview.fact.text().startswith("Signé\u00a0: CO-2026-")
    # What was signed, still ticked, is not signed again.
    screen.outbox.sign.click()
    assert last_message(screen).startswith("Aucun courrier coché n’attend une signature.")


def test_a_certificate_signs_and_its_passphrase_is_kept_nowhere(
    show: Show, qtbot: QtBot, tmp_path: Path, played: list[Play]
) -> None:
    screen = show("told")
    prepare(screen, tmp_path)
    p12 = tmp_path / "dominique.p12"
    p12.write_bytes(made().p12)

    def play(secret: str) -> Play:
        def fill(dialog: SignDialog) -> bool:
            choose(dialog, CERTIFICATE)
            assert not dialog.verb_button.isEnabled()
            dialog.p12.setText(str(p12))
            dialog.show()
            qtbot.keyClick(dialog.passphrase, Qt.Key.Key_Return)
            assert dialog.isVisible()  # nothing typed yet: nothing is given up
            dialog.passphrase.setText(secret)
            assert dialog.verb_button.isEnabled()
            qtbot.keyClick(dialog.passphrase, Qt.Key.Key_Return)
            return dialog.result() == QDialog.DialogCode.Accepted

        return fill

    played += [play("faux"), play(PASSPHRASE)]
    screen.outbox.sign.click()
    qtbot.waitUntil(lambda: "le mot de passe est faux" in last_message(screen), timeout=WAIT)
    assert counts(screen)[1] == "15"
    screen.outbox.sign.click()
    qtbot.waitUntil(lambda: "15 courriers signés" in last_message(screen), timeout=WAIT)
    screen.context.settings.flush()
    kept = (screen.context.store.folder / "poste.json").read_text(encoding="utf-8")
    assert str(p12) in kept
    assert PASSPHRASE not in kept
    assert len(list((screen.context.store.folder / letters.FOLDER).glob("*_signe.pdf"))) == 15


def test_a_card_signs_and_its_code_is_kept_nowhere(
    show: Show, qtbot: QtBot, tmp_path: Path, played: list[Play], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    module = plugged(tmp_path, maire=made().p12, vide=None)
    screen = show("told")
    prepare(screen, tmp_path)

    def play(code: str, name: str) -> Play:
        def fill(dialog: SignDialog) -> bool:
            choose(dialog, TOKEN)
            dialog.module.setText(str(module))
            dialog.card.setText(name)
            assert not dialog.verb_button.isEnabled()
            dialog.pin.setText(code)
            assert dialog.verb_button.isEnabled()
            return True

        return fill

    for code, name, told in (
        ("1234", "", "Plusieurs cartes de signature sont branchées"),
        ("9999", "maire", "Le code de la carte est faux"),
        ("1234", "vide", "n’a pas de certificat qui signe"),
        ("1234", "absente", "Aucune carte branchée ne s’appelle"),
        ("1234", "maire", "15 courriers signés. Niveau B-B."),
    ):
        played.append(play(code, name))
        screen.outbox.sign.click()
        qtbot.waitUntil(lambda told=told: told in last_message(screen), timeout=WAIT)
    screen.context.settings.flush()
    kept = (screen.context.store.folder / "poste.json").read_text(encoding="utf-8")
    assert (str(module) in kept, "maire" in kept, "1234" in kept) == (True, True, False)


def test_letters_signed_on_paper_are_recorded_and_this_is_undone(
    show: Show, qtbot: QtBot, tmp_path: Path, played: list[Play]
) -> None:
    screen = show("told")
    prepare(screen, tmp_path)

    def play(dialog: SignDialog) -> bool:
        choose(dialog, HAND)
        assert dialog.verb_button.text() == "Enregistrer 15 courriers"
        return True

    played.append(play)
    screen.outbox.sign.click()
    assert last_message(screen).startswith("15 courriers signés à la main le 15\u00a0avril 2026.")
    assert counts(screen)[1:3] == ["0", "15"]
    screen.context.undo_last()
    assert counts(screen)[1:3] == ["15", "0"]


def test_a_bad_signed_copy_is_replaced_before_it_leaves(
    show: Show, qtbot: QtBot, tmp_path: Path, played: list[Play], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show("told")
    prepare(screen, tmp_path)
    asked: list[str] = []

    def answer(_parent: object, title: str, sentences: list[str], verb: str, **_more: object) -> str:
        asked.append(" ".join((title, *sentences, verb)))
        return "Mauvais exemplaire signé\u00a0: image d’essai"

    monkeypatch.setattr(dialogs, "ask_reason", answer)
    screen.commands()["replace_signed"]()
    assert "n’a d’exemplaire signé à remplacer" in last_message(screen)
    played.append(lambda dialog: choose(dialog, IMAGE) is None)
    screen.outbox.sign.click()
    qtbot.waitUntil(lambda: "15 courriers signés" in last_message(screen), timeout=WAIT)
    screen.outbox.select_tab(TO_SEND)
    screen.commands()["replace_signed"]()
    assert "Remplacer les exemplaires signés\u00a0? 15 courriers attendent de nouveau une signature" in asked[0]
    assert "15 courriers à signer de nouveau." in last_message(screen)
    assert counts(screen)[1] == "15"
    screen.context.undo_last()
    assert counts(screen)[1] == "0"


def test_nobody_signs_when_the_person_goes_back(show: Show, tmp_path: Path, played: list[Play]) -> None:
    screen = show("told")
    prepare(screen, tmp_path)
    played.append(lambda _dialog: False)
    screen.outbox.sign.click()
    assert counts(screen)[1] == "15"
