"""The value of one cell, typed over its problem: the file itself is not touched."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.ui import theme
from cv_desktop.ui.look import px


class CellEditor(QFrame):
    """``typed(text)`` once ``check`` accepts it; Échap changes nothing. What is refused stays, with the sentence."""

    typed = Signal(str)

    def __init__(self, label: str, text: str, check: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("card", True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(label)
        self._check = check
        title = QLabel(label)
        theme.set_type(title, "secondary", "secondary")
        self.line = QLineEdit(text)
        self.line.setAccessibleName(label)
        self.line.selectAll()
        self.line.returnPressed.connect(self._accept)
        self.refusal = QLabel()
        theme.set_type(self.refusal, "secondary", "danger")
        self.refusal.setWordWrap(True)
        self.refusal.hide()
        self.button = QPushButton("Remplacer")
        theme.set_kind(self.button, "primary", small=True)
        self.button.clicked.connect(self._accept)
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(title)
        layout.addLayout(row)
        layout.addWidget(self.refusal)
        self.setFixedWidth(px(380))

    def open_at(self, place: QPoint) -> None:
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = max(min(place.x() - self.width(), room.right() - self.width()), room.left())
        self.move(x, min(place.y(), room.bottom() - self.height() - px(40)))
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _accept(self) -> None:
        try:
            text = self._check(self.line.text())
        except UserError as refusal:
            self.refusal.setText(refusal.message)
            self.refusal.show()
            self.adjustSize()
            self.line.setFocus()
            return
        self.refusal.clear()
        self.typed.emit(text)
        self.close()
