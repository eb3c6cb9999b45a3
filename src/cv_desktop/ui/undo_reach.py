"""Ctrl+Z and Ctrl+Y reach the window from a field that has nothing of its own to undo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget


class UndoReach(QObject):
    """Watches the field that has the focus, and only that one: Qt lets every field keep these keys for itself.

    A cell being typed keeps them, as in a spreadsheet.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._field: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
            # Left ignored, the key goes to the shortcut of the window.
            return (undo or redo) and not _has_its_own(watched, undo)
        return False

    def _moved(self, left: QWidget | None, reached: QWidget | None) -> None:
        if left is not None and left is self._field:
            left.removeEventFilter(self)
        wanted = isinstance(reached, QLineEdit | QPlainTextEdit | QTextEdit) and not _is_cell(reached)
        self._field = reached if wanted else None
        if self._field is not None:
            self._field.installEventFilter(self)


def _has_its_own(field: QObject, undo: bool) -> bool:
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable() if undo else field.isRedoAvailable()
    if isinstance(field, QPlainTextEdit | QTextEdit):
        text = field.document()
        return text.isUndoAvailable() if undo else text.isRedoAvailable()
    return False


def _is_cell(field: QWidget) -> bool:
    viewport = field.parentWidget()
    return viewport is not None and isinstance(viewport.parentWidget(), QAbstractItemView)
