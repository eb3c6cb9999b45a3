"""« Préparer un courrier… »: the kinds of a file, its form, refusals under the answers, completing and deleting."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import applications
from cv_desktop.services import hand_letters, movements
from cv_desktop.ui.letters.hand_letter_dialog import FileChoice, HandLetterDialog
from cv_desktop.ui.letters.screen import LettersScreen
from ui.letters.conftest import Show

NBSP = "\u00a0"


def opened(screen: LettersScreen, qtbot: QtBot, number: str = "") -> HandLetterDialog:
    """The dialog on a file that is granted, or the one of ``number``."""
    call_id = screen.context.calls.id
    assert call_id
    rows = screen.context.read(applications.rows, call_id=call_id)
    granted = next(entry.row.application_id for entry in screen.outbox.entries if entry.row.kind in ("ATT", "ATT-P"))
    key = next((row.id for row in rows if row.number == number), granted)
    if not number:
        screen.context.do("Appeler au paiement", movements.call_payment, application_id=key, cents=500_00)
    files = [FileChoice(row.id, f"{row.number} · {row.structure}") for row in rows]
    dialog = HandLetterDialog(screen, screen.context, files, current=key)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(dialog: HandLetterDialog, kind: str) -> None:
    for at in range(dialog.kind.count()):
        if dialog.kind.itemData(at).kind == kind:
            dialog.kind.setCurrentIndex(at)
            return
    raise AssertionError(kind)


def test_a_payment_is_told_and_its_wrong_answer_stands_under_the_field(show: Show, qtbot: QtBot) -> None:
    screen = show()
    dialog = opened(screen, qtbot)
    choose(dialog, "VER")
    fields = dialog._fields
    assert list(fields) == ["montant", "nature", "verse_le", "bordereau"]
    fields["montant"].replace("quatre mille")
    fields["verse_le"].replace("20/04/2026")
    dialog.verb_button.click()
    assert (fields["montant"].wrong, dialog.letter_id) == (True, "")
    assert dialog.isVisible()
    fields["montant"].replace("500")
    fields["bordereau"].replace("2026-118")
    dialog.verb_button.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    screen.open("letter", dialog.letter_id)
    entry = screen._entry()
    assert entry is not None
    assert (entry.id, entry.row.kind, entry.row.label) == (dialog.letter_id, "VER", "Avis de versement")


def test_a_kind_that_makes_no_sense_says_why_and_cannot_be_prepared(show: Show, qtbot: QtBot) -> None:
    screen = show()
    dialog = opened(screen, qtbot)
    choose(dialog, "RETRAIT")
    assert not dialog.verb_button.isEnabled()
    assert dialog.reason.text() == f"La décision n’est pas retirée{NBSP}: enregistrez d’abord son retrait."
    choose(dialog, "REL-1")
    assert dialog.verb_button.isEnabled()
    assert dialog.reason.text().startswith("Ce courrier ne demande aucune indication")


def test_what_lacks_leads_to_the_answers_and_a_letter_deleted_comes_back(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show()
    dialog = opened(screen, qtbot)
    choose(dialog, "VER")
    dialog.verb_button.click()
    letter = dialog.letter_id
    screen.open("letter", letter)
    qtbot.waitUntil(lambda: bool((e := screen._entry()) and e.missing), timeout=15_000)
    entry = screen._entry()
    assert entry is not None
    assert [one.source for one in entry.missing] == ["letter", "letter"]

    def answered(form: HandLetterDialog) -> int:
        form._fields["verse_le"].replace("20/04/2026")
        form._fields["bordereau"].replace("7")
        form.verb_button.click()
        return form.result()

    monkeypatch.setattr(HandLetterDialog, "exec", answered)
    screen._go_to_source(entry.missing[0])
    with screen.context.store.read() as session:
        assert hand_letters.answers(session, letter_id=letter)["bordereau"] == "7"
    screen.commands()["remove_letter"]()
    assert letter not in {e.id for e in screen.outbox.entries}
    screen.context.undo_last()
    with screen.context.store.read() as session:
        assert hand_letters.answers(session, letter_id=letter)["bordereau"] == "7"


def test_no_reminder_is_due_in_the_year_of_the_award(show: Show) -> None:
    screen = show()
    screen.commands()["remind_reports"]()
    assert screen.context.messages.past[-1].sentence.startswith("Aucun rappel de bilan n’est dû aujourd’hui.")


def test_a_name_to_write_by_hand_is_reminded_and_blocks_nothing(show: Show, qtbot: QtBot) -> None:
    screen = show(without="agent_name")
    qtbot.waitUntil(lambda: screen.preview._shown != "", timeout=15_000)
    assert all(not entry.missing for entry in screen.outbox.entries if entry.row.state == "to_read")
    open_letter = next(entry for entry in screen.outbox.entries if entry.row.state == "to_read")
    screen.open("letter", open_letter.id)
    qtbot.waitUntil(lambda: screen.preview.fact.text() == "À compléter à la main", timeout=15_000)
    assert screen.preview.fact.toolTip() == ("L’agent chargé du dossier n’a pas de nom. (CRPA, article L. 111-2)")
    assert screen.preview.read.isEnabled()
