"""Ctrl+F of the arbitration: the keyboard goes to a file as its name, its action or its number is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from cv_desktop.domain.text import fold
from cv_desktop.ui import icons, theme
from cv_desktop.ui.arbitration.lines import Line
from cv_desktop.ui.arbitration.table import AmountTable

NAME = "Aller à un dossier"


class _Words(QLineEdit):
    """Entrée and the arrows go from one file found to the next; Échap gives the table back."""

    stepped = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or key == Qt.Key.Key_Up
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(-1 if back else 1)
        else:
            super().keyPressEvent(event)


class FileFinder(QFrame):
    """Above the table, while it is asked for. The table keeps its order and its lines: only the selection moves."""

    def __init__(self, table: AmountTable) -> None:
        super().__init__()
        self.setProperty("surface", "chrome")
        self._table = table
        self.line, self.counted = _Words(), QLabel()
        self.line.setPlaceholderText("Structure, action, volet, quartier ou numéro")
        self.line.setAccessibleName(NAME)
        theme.set_type(self.counted, "body", "secondary")
        title = QLabel(NAME)
        theme.set_type(title, "secondary", "secondary", 500)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 6)
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(self.line, 1)
        row.addWidget(self.counted)
        self.previous, self.next, self.close_it = QToolButton(), QToolButton(), QToolButton()
        for button, icon, name in (
            (self.previous, "chevron-up", "Dossier trouvé précédent (Maj+Entrée)"),
            (self.next, "chevron-down", "Dossier trouvé suivant (Entrée)"),
            (self.close_it, "x", "Fermer (Échap)"),
        ):
            theme.set_kind(button, "tool", small=True)
            icons.dress(button, icon, "text", 16)
            button.setToolTip(name)
            button.setAccessibleName(name)
            row.addWidget(button)
        self.previous.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))
        self.close_it.clicked.connect(self.leave)
        self.line.textChanged.connect(lambda _text: self._go(0))
        self.line.stepped.connect(self._step)
        self.line.left.connect(self.leave)
        self.hide()

    def ask(self) -> None:
        """Shows itself with the words of the last time, ready to be typed over."""
        self.show()
        self.line.setFocus()
        self.line.selectAll()
        self._go(0)

    def leave(self) -> None:
        """The table is back, on the file that was found."""
        self.hide()
        self._table.setFocus()

    def _found(self) -> list[Line]:
        words = fold(self.line.text()).split()
        return [x for x in self._table.all_lines if x.ranked and words and all(w in _said(x) for w in words)]

    def _step(self, way: int) -> None:
        self._go(way)

    def _go(self, way: int) -> None:
        """To the file found ``way`` places from the one the keyboard is on; 0 stays on it while it fits."""
        found, here = self._found(), self._table.line()
        for button in (self.previous, self.next):
            button.setEnabled(len(found) > 1)
        if not found:
            self.counted.setText("Aucun dossier trouvé." if self.line.text().strip() else "")
            return
        places = [line.id for line in self._table.all_lines]
        at = places.index(here.id) if here and here.id in places else 0
        keys = [line.id for line in found]
        if here and here.id in keys:
            key = keys[(keys.index(here.id) + way) % len(keys)]
        elif way < 0:
            key = next((k for k in reversed(keys) if places.index(k) < at), keys[-1])
        else:
            key = next((k for k in keys if places.index(k) > at), keys[0])
        self._table.go_to(key)
        self.counted.setText(f"{keys.index(key) + 1} sur {len(keys)}")


def _said(line: Line) -> str:
    row = line.row
    return fold(f"{row.structure} {row.title} {row.theme} {row.quarters} {row.number}")
