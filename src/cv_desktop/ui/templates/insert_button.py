"""« Insérer un champ »: the list of the fields, at the cursor of the text that has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from cv_desktop.ui import icons, theme
from cv_desktop.ui.templates.token_edit import TokenEdit


class InsertButton(QPushButton):
    """Usable while the cursor is in a text of ``owner``; the keyboard has the accolade for it."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__("Insérer un champ", owner)
        self._owner = owner
        theme.set_kind(self, "secondary", small=True)
        icons.dress(self, "plus", "text", 14)
        self.setToolTip("Au clavier\u00a0: tapez une accolade {")
        # The text keeps the keyboard: that is where the field goes.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._open)
        self.setEnabled(False)
        running = QApplication.instance()
        if isinstance(running, QApplication):
            running.focusChanged.connect(self._moved)

    def _moved(self, _left: QWidget | None, reached: QWidget | None) -> None:
        self.setEnabled(isinstance(reached, TokenEdit) and self._owner.isAncestorOf(reached))

    def _open(self) -> None:
        edit = QApplication.focusWidget()
        if isinstance(edit, TokenEdit):
            edit.open_list()
