"""« Reprendre les PDF signés… »: what nobody vouches for is taken only by a person who says why."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.documents import letter_pdf, signing
from cv_desktop.services import parapheur
from cv_desktop.services.demonstration import ACTOR
from cv_desktop.ui import dialogs
from ui.letters.conftest import WAIT, Show
from ui.letters.test_outbox import entries, keep_lot, last_message

sys.path.append(str(Path(__file__).parents[2] / "documents"))

from certificates import NOW, PASSPHRASE, made


def test_a_signature_of_no_known_authority_waits_for_a_reason(
    show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show("told")
    keep_lot(screen)
    row = next(entry.row for entry in entries(screen) if entry.row.state == "issued")
    out = tmp_path / "parapheur"
    store = screen.context.store
    parapheur.export(store, actor=ACTOR, letter_ids=[row.id], out=out, render=letter_pdf.render)
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    path, wrong = out / row.filename, out / "autre.pdf"
    path.write_bytes(signing.sign(path.read_bytes(), signer, at=NOW, reason="Visa", place="Melun"))
    wrong.write_bytes(path.read_bytes()[:-9])
    asked: list[str] = []
    given: list[str | None] = [None, "Vérifiée dans le parapheur"]

    def answer(_parent: Any, title: str, sentences: Sequence[str], verb: str, **_more: Any) -> str | None:
        asked.append(" ".join((title, *sentences, verb)))
        return given.pop(0)

    monkeypatch.setattr(dialogs, "ask_reason", answer)
    screen.issued._parapheur.take([path, wrong])
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=WAIT)
    assert "1 courrier reste à accepter." in last_message(screen)
    assert "autre.pdf" in last_message(screen)
    assert f"{row.number}, Dominique EXEMPLE\u00a0: signature valide mais non reconnue." in asked[0]
    assert "Rien ne prouve donc qui a signé." in asked[0]
    assert {entry.row.state for entry in entries(screen) if entry.id == row.id} == {"issued"}
    screen.issued._parapheur.take([path])
    qtbot.waitUntil(lambda: "1 courrier signé repris." in last_message(screen), timeout=WAIT)
    assert {entry.row.state for entry in entries(screen) if entry.id == row.id} == {"signed"}
