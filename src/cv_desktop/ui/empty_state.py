"""Nothing to show: one sentence, one button, no drawing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.ui import theme


class EmptyState(QWidget):
    """``EmptyState(sentence, button)``; ``button_pressed`` when the button is used."""

    button_pressed = Signal()

    def __init__(self, sentence: str, button: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(sentence)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_type(self.sentence, "body", "secondary")
        self.button = QPushButton(button)
        theme.set_kind(self.button, "secondary")
        self.button.clicked.connect(self.button_pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(self.sentence)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.set_text(sentence, button)

    def set_text(self, sentence: str, button: str = "") -> None:
        self.sentence.setText(sentence)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(sentence)
