"""« Vérifier une signature… »: a PDF chosen or dropped, its report; what is no PDF says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import Store
from cv_desktop.services.demonstration import Story
from cv_desktop.services.signature_reports import Line, Report
from cv_desktop.ui.letters.verify_dialog import VerifyDialog
from ui import desk
from ui.letters.conftest import WAIT


def test_a_file_is_read_away_from_the_window_and_told(
    base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot, tmp_path: Path
) -> None:
    store, story = base_at("told")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    dialog = VerifyDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    letter = sorted((store.folder / "courriers").glob("*.pdf"))[0]
    dialog._dropped([letter])
    qtbot.waitUntil(lambda: dialog.file.text() == letter.name, timeout=WAIT)
    assert dialog.known.text().startswith("C’est le courrier CO-2026-0001, tel qu’il a été émis")
    assert "ne porte aucune signature électronique" in dialog.known.text()
    picture = tmp_path / "image.pdf"
    picture.write_bytes(b"GIF89a")
    dialog.look(picture)
    qtbot.waitUntil(lambda: dialog.known.text() == "Ce fichier n’est pas un PDF.", timeout=WAIT)
    line = Line("danger", "Signature partielle", "Dominique EXEMPLE", ("Des octets ont été ajoutés.",))
    dialog.show_report(Report("x.pdf", "", (line,)))

    def told() -> list[str]:
        return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "Signature partielle\u00a0: Dominique EXEMPLE" in told(), timeout=WAIT)
    assert "Dominique EXEMPLE" in dialog.accessibleDescription()
    context.jobs.stop_all()
