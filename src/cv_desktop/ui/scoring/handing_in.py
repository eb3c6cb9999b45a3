"""« Rendre cette grille », or the way back while nothing is revealed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.sheets import SheetState
from cv_desktop.domain.dates import local, long_date
from cv_desktop.ui import icons, theme
from cv_desktop.ui.look import px
from cv_desktop.ui.scoring.reading_pane import WIDTH

NBSP = "\u00a0"


class HandingIn(QWidget):
    """``asked`` to return the sheet, ``back_asked`` to take it again."""

    asked = Signal()
    back_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._returned = False
        self.button = QPushButton()
        self.button.clicked.connect(self._pressed)
        self.note = QLabel()
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        theme.set_type(self.note, "meta", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.button)
        layout.addWidget(self.note)
        theme.current().changed.connect(self._fit)
        self._fit()

    def show_state(self, state: SheetState) -> None:
        self._returned = state.returned_at is not None
        self.button.setVisible(not state.revealed_in)
        self.button.setText("Reprendre cette grille" if self._returned else "Rendre cette grille    (Ctrl Entrée)")
        self.button.setAccessibleName("Reprendre cette grille" if self._returned else "Rendre cette grille")
        theme.set_kind(self.button, "secondary" if self._returned else "primary")
        icons.dress(self.button, "undo-2" if self._returned else "send", "text" if self._returned else "on_accent", 15)
        if state.revealed_in:
            self.note.setText(f"Révélée à «{NBSP}{state.revealed_in}{NBSP}»{NBSP}: elle ne change plus.")
        elif state.returned_at is not None:
            day = long_date(local(state.returned_at).date())
            self.note.setText(f"Rendue le {day}. Vous pouvez la reprendre jusqu’à la révélation.")
        else:
            self.note.setText("Modifiable jusqu’à la révélation.")

    def _pressed(self) -> None:
        (self.back_asked if self._returned else self.asked).emit()

    def _fit(self) -> None:
        self.setFixedWidth(px(WIDTH))
