"""« Marquer envoyés… », the receipts pasted, the mails and the list of the post office, from the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cv_desktop.ui import dialogs
from cv_desktop.ui.letters.columns import alert
from cv_desktop.ui.letters.entries import SENT, TO_SIGN
from cv_desktop.ui.letters.send_dialog import ReceiptsDialog, SendDialog
from ui.letters.conftest import WAIT, Show, settle
from ui.letters.test_outbox import counts, entries, keep_lot, last_message


def test_letters_are_marked_sent_once_then_received(show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = show("told")
    keep_lot(screen)
    screen.outbox.select_tab(TO_SIGN)
    three = entries(screen)[:3]
    for entry in three:
        screen._toggle(entry, True)
    seen: list[str] = []

    def mark(dialog: SendDialog) -> int:
        dialog.channel.setCurrentIndex(dialog.channel.findData("lrar"))
        seen.append(dialog.accessibleDescription())
        dialog.numbers.setPlainText(f"{three[0].row.number}\tabc")
        assert not dialog.verb_button.isEnabled()
        seen.append(dialog.fault.text())
        dialog.numbers.setPlainText(f"{three[0].row.number}\t1A 001 234 5678 9\n{three[1].row.number}\t")
        assert dialog.verb_button.isEnabled()
        assert dialog.safe_button.isDefault()
        return 1

    monkeypatch.setattr(SendDialog, "exec", mark)
    screen.commands()["mark_sent"]()
    assert last_message(screen).startswith("3 courriers marqués envoyés le 15\u00a0avril 2026.")
    assert "3 courriers seront verrouillés" in seen[0]
    assert "Sans signature enregistrée" in seen[0]
    assert seen[1].startswith("Ligne 1\u00a0: «\u00a0abc\u00a0» n’est pas un numéro de recommandé.")
    assert counts(screen) == ["0", "12", "0", "15", "3"]
    screen.outbox.select_tab(SENT)
    settle(screen, qtbot)
    assert screen.preview.fact.text().startswith("Envoyé\u00a0: CO-2026-")
    assert alert(entries(screen)[0]) == ""

    def receive(dialog: ReceiptsDialog) -> int:
        # The letters ticked are offered; those left without a day are not faults.
        assert dialog.text.toPlainText().count("CO-2026-") == 3
        assert not dialog.verb_button.isEnabled()
        assert dialog.fault.text() == ""
        dialog.text.setPlainText(f"1A00123456789\t15/04/2026\n{three[1].row.number}\t32/04/2026")
        assert dialog.fault.text().startswith("Ligne 2\u00a0:")
        assert dialog.verb_button.text() == "Enregistrer 1 date"
        return 1

    monkeypatch.setattr(ReceiptsDialog, "exec", receive)
    screen.commands()["receive_letters"]()
    assert last_message(screen).startswith("1 date de réception enregistrée.")
    got = {entry.id: entry.row.sent for entry in screen.outbox.entries if entry.row.sent}
    first = got[three[0].id]
    assert first is not None and first.received_on is not None and first.reminder_on is None
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "Marqué par erreur hier")
    screen.commands()["unmark_sent"]()
    assert counts(screen)[4] == "0"


def test_mails_and_the_list_are_written_where_the_person_says(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    screen = show("told")
    screen.outbox.select_tab(TO_SIGN)
    screen.outbox.all_box.click()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "mails"))
    screen.commands()["email_letters"]()
    qtbot.waitUntil(lambda: "51 courriels prêts" in last_message(screen), timeout=WAIT)
    assert "attend sa signature" in last_message(screen)
    assert len(list((tmp_path / "mails").glob("*.eml"))) == 51
    target = tmp_path / "bordereau"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), "PDF (*.pdf)"))
    screen.commands()["post_list"]()
    qtbot.waitUntil(lambda: "Bordereau de 78 courriers écrit." in last_message(screen), timeout=WAIT)
    assert target.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
