"""Typing as a person does: QTest.keyClicks aborts on anything that is not ASCII."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


def press(
    widget: QWidget | None,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    text: str = "",
) -> None:
    """One key down and up, sent to ``widget`` or to what has the focus."""
    target = widget or QApplication.focusWidget()
    assert target is not None
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, modifiers, text))


def type_text(text: str, widget: QWidget | None = None) -> None:
    """Each letter goes to what has the focus by then: the first may open an editor."""
    for letter in text:
        code = ord(letter.upper())
        press(widget, Qt.Key(code) if code < 128 else Qt.Key.Key_unknown, text=letter)
