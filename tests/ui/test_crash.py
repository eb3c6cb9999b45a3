"""What nobody foresaw: one dialog, details to copy, nothing personal in the log."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from cv_desktop.domain.errors import UserError
from cv_desktop.ui.crash import CrashDialog, CrashHook, details


def fault() -> ZeroDivisionError:
    try:
        raise ZeroDivisionError("division par le budget")
    except ZeroDivisionError as error:
        return error


def test_it_says_until_when_the_data_are_safe_and_copies_the_details(qtbot: QtBot) -> None:
    dialog = CrashDialog(details(fault()), datetime(2026, 3, 3, 13, 32, tzinfo=UTC))
    qtbot.addWidget(dialog)
    assert dialog.sentence.text() == (
        "L’application a rencontré un problème et va redémarrer. Vos données sont enregistrées jusqu’à 14:32."
    )
    copy = next(x for x in dialog.findChildren(QPushButton) if x.text() == "Copier le détail")
    copy.click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()
    assert "test_crash.py" in QApplication.clipboard().text()


def test_a_refusal_nobody_caught_is_shown_not_a_crash(qtbot: QtBot) -> None:
    shown: list[str] = []
    hook = CrashHook(refuse=lambda x: shown.append(x.message), restart=lambda: shown.append("!"), saved=lambda: None)
    refusal = UserError("Le disque est plein.")
    hook.caught(UserError, refusal, None)
    assert shown == ["Le disque est plein."]


def test_one_dialog_then_a_restart(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    hook = CrashHook(refuse=lambda _x: None, restart=lambda: seen.append("restart"), saved=lambda: None)

    def opened(_dialog: CrashDialog) -> int:
        seen.append("dialog")
        hook.caught(ZeroDivisionError, fault(), None)  # its echo
        return 1

    monkeypatch.setattr(CrashDialog, "exec", opened)
    hook.caught(ZeroDivisionError, fault(), None)
    assert seen == ["dialog", "restart"]
