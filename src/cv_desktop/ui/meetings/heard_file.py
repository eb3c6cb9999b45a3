"""The head of the opinions: which file is heard, what it asks, its rank, the quorum, and the way to the next one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.meetings import AgendaRow
from cv_desktop.domain.money import euros
from cv_desktop.domain.presence import Room
from cv_desktop.ui import icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.status_bar import Elided


class HeardFile(QWidget):
    """``stepped`` by −1 or 1 from the arrows."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self.title, self.rank = Elided(), Elided(), QLabel()
        theme.set_type(self.place, "secondary", "secondary")
        theme.set_type(self.title, "title", weight=600)
        theme.set_type(self.rank, "secondary", "secondary")
        self.figures = KeyFigures()
        self.quorum = Chip("", "neutral", title="Quorum")
        self.back = self._arrow("chevron-left", "Dossier précédent", "Page précédente", -1)
        self.forward = self._arrow("chevron-right", "Dossier suivant", "Page suivante", 1)
        head, names, ranks = QHBoxLayout(self), QVBoxLayout(), QVBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(16)
        names.setSpacing(1)
        ranks.setSpacing(3)
        for label in (self.place, self.title):
            names.addWidget(label)
        for widget in (self.rank, self.quorum):
            ranks.addWidget(widget, 0, Qt.AlignmentFlag.AlignRight)
        head.addLayout(names, 1)
        head.addWidget(self.figures)
        head.addLayout(ranks)
        head.addWidget(self.back)
        head.addWidget(self.forward)

    def put(self, row: AgendaRow, place: int, count: int) -> None:
        """The file at a place of so many, counted from 0."""
        self.place.put(f"{row.number}  ·  {row.structure}")
        self.title.put(row.title)
        self.rank.setText(f"Dossier {place + 1} sur {count}")
        self.back.setEnabled(place > 0)
        self.forward.setEnabled(place + 1 < count)
        self.figures.set_figures(
            [Figure("Demandé", euros(row.asked_cents)), Figure("Budget de l’action", euros(row.cost_cents))]
        )

    def put_room(self, room: Room, *, closed: bool) -> None:
        self.quorum.setVisible(not closed)
        self.quorum.set_badge(room.words, *(("success", "check") if room.reached else ("warning", "triangle-alert")))

    def _arrow(self, icon: str, words: str, key: str, by: int) -> QToolButton:
        button = QToolButton()
        theme.set_kind(button, "tool")
        icons.dress(button, icon, "text", 18)
        button.setToolTip(f"{words} ({key})")
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self.stepped.emit(by))
        return button
