"""The fields proposed under the cursor while one types an accolade; the keyboard stays in the text."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from cv_desktop.domain.letter_template import Known
from cv_desktop.domain.text import fold
from cv_desktop.ui.look import px

SHOWN = 8
_ROLE = Qt.ItemDataRole.UserRole


def matching(fields: Iterable[Known], typed: str) -> list[Known]:
    """The fields whose words hold each word typed, those that begin with it first."""
    wanted = fold(typed).split()
    found = [one for one in fields if all(word in fold(f"{one.label} {one.name}") for word in wanted)]
    return sorted(found, key=lambda one: not fold(one.label).startswith(fold(typed)))


class FieldList(QListWidget):
    """``chosen(name)`` by Entrée, Tab or a click."""

    chosen = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.setProperty("surface", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Champs proposés")
        self.hide()
        self.itemPressed.connect(self._take)

    def offer(self, found: list[Known], under: QRect) -> None:
        """These fields under a place of the owner; nothing hides the list."""
        self.clear()
        for one in found:
            example = one.example if len(one.example) <= 44 else f"{one.example[:43]}…"
            item = QListWidgetItem(f"{one.label}   {example}")
            item.setData(_ROLE, one.name)
            item.setToolTip(f"{{{one.name}}}\u00a0: {one.example}")
            self.addItem(item)
        if not found:
            self.hide()
            return
        self.setCurrentRow(0)
        self._place(under, len(found))

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the list."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + step)))
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and plain and self.currentItem():
            self._take(self.currentItem())
            return True
        return False

    def _take(self, item: QListWidgetItem) -> None:
        self.hide()
        self.chosen.emit(item.data(_ROLE))

    def _place(self, under: QRect, count: int) -> None:
        window = self._owner.window()
        if self.parent() is not window:
            self.setParent(window)
        height = self.sizeHintForRow(0) * min(SHOWN, count) + 2 * self.frameWidth() + 4
        width = px(420)
        corner = self._owner.mapTo(window, under.bottomLeft() + QPoint(0, 2))
        if corner.y() + height > window.height():
            corner = self._owner.mapTo(window, QPoint(under.left(), under.top() - height - 2))
        corner.setX(max(0, min(corner.x(), window.width() - width)))
        self.setGeometry(corner.x(), corner.y(), width, height)
        self.raise_()
        self.show()
