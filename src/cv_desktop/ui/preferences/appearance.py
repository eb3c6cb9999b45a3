"""How the application looks on this computer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from cv_desktop.domain.dates import NBSP
from cv_desktop.settings import SCALES
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context

CHOICES: tuple[tuple[str, str, Sequence[tuple[str, Any]]], ...] = (
    ("Thème", "theme", (("Clair", "light"), ("Sombre", "dark"), ("Celui du système", "system"))),
    ("Taille du texte", "text_scale", tuple((f"{x}{NBSP}%", x) for x in SCALES)),
    ("Densité des tableaux", "density", (("Compacte", "compact"), ("Normale", "normal"), ("Aérée", "airy"))),
)


class Appearance(QWidget):
    """Applied at once."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = context.settings
        self.buttons: dict[tuple[str, Any], QRadioButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        for title, key, choices in CHOICES:
            layout.addWidget(self._choice(title, key, choices))
        self.contrast = QCheckBox("Contraste renforcé")
        self.contrast.setChecked(self._settings.values.strong_contrast)
        self.contrast.toggled.connect(lambda on: self._change("strong_contrast", on))
        layout.addWidget(self.contrast)
        theme.current().changed.connect(self._show)
        layout.addStretch(1)

    def _choice(self, title: str, key: str, choices: Sequence[tuple[str, Any]]) -> QWidget:
        whole = QWidget()
        whole.setAccessibleName(title)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        label = QLabel(title)
        theme.set_type(label, "body", weight=600)
        column.addWidget(label)
        line = QHBoxLayout()
        line.setSpacing(24)
        group = QButtonGroup(whole)
        for text, value in choices:
            button = QRadioButton(text)
            button.setAccessibleName(f"{title} : {text}")
            button.setChecked(getattr(self._settings.values, key) == value)
            button.clicked.connect(lambda _=False, value=value: self._change(key, value))
            group.addButton(button)
            self.buttons[key, value] = button
            line.addWidget(button)
        line.addStretch(1)
        column.addLayout(line)
        return whole

    def _show(self) -> None:
        """The text size also changes from the menu."""
        self.buttons["text_scale", self._settings.values.text_scale].setChecked(True)

    def _change(self, key: str, value: Any) -> None:
        self._settings.change(**{key: value})
