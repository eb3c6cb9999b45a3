"""What is proposed under a field while one types; the keyboard stays in the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from cv_desktop.ui.look import px

SHOWN = 8
_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Proposal:
    key: str
    text: str
    detail: str = ""


class Proposals(QListWidget):
    """``chosen(key)`` by Entrée, Tab or a click. ``first``: the first line is taken by Entrée without an arrow.

    Échap closes it; with nothing chosen Entrée goes on to the field.
    """

    chosen = Signal(str)

    def __init__(self, editor: QLineEdit, find: Callable[[str], Sequence[Proposal]], *, first: bool) -> None:
        super().__init__(editor)
        self._editor, self._find, self._first = editor, find, first
        self.setProperty("surface", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Propositions")
        self.hide()
        editor.textEdited.connect(self.look_up)
        editor.installEventFilter(self)
        self.itemPressed.connect(self._take)

    def look_up(self, text: str) -> None:
        """Ask again what matches, and show it; nothing for an empty text."""
        found = list(self._find(text)) if text.strip() else []
        self.clear()
        for proposal in found:
            item = QListWidgetItem(f"{proposal.text}   {proposal.detail}".rstrip())
            item.setData(_ROLE, proposal.key)
            item.setToolTip(item.text())
            self.addItem(item)
        if not found:
            self.hide()
            return
        self.setCurrentRow(0 if self._first else -1)
        self._place(len(found))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isVisible():
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.setCurrentRow(max(0 if self._first else -1, min(self.count() - 1, self.currentRow() + step)))
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and plain and self.currentItem():
            self._take(self.currentItem())
            return key != Qt.Key.Key_Tab
        return False

    def _take(self, item: QListWidgetItem) -> None:
        self.hide()
        self.chosen.emit(item.data(_ROLE))

    def _place(self, count: int) -> None:
        window = self._editor.window()
        if self.parent() is not window:
            self.setParent(window)
        height = self.sizeHintForRow(0) * min(SHOWN, count) + 2 * self.frameWidth() + 4
        width = max(self._editor.width(), px(460))
        corner = self._editor.mapTo(window, QPoint(0, self._editor.height() + 2))
        if corner.y() + height > window.height():
            corner = self._editor.mapTo(window, QPoint(0, -height - 2))
        corner.setX(max(0, min(corner.x(), window.width() - width)))
        self.setGeometry(corner.x(), corner.y(), width, height)
        self.raise_()
        self.show()
