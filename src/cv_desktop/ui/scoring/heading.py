"""Which file is being marked, and the note so far."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.scoring import SheetNote
from cv_desktop.ui import theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.status_bar import Elided

NBSP = "\u00a0"
BAND_STATUS = {
    "favorable": ("success", "check"),
    "reserve": ("warning", "triangle-alert"),
    "defavorable": ("danger", "x"),
}


class Heading(QFrame):
    """``show_file`` then ``show_note``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "chrome")
        self.number, self.place, self.title = QLabel(), Elided(), Elided()
        theme.set_type(self.number, "secondary", "accent", 600)
        theme.set_type(self.place, "secondary", "secondary")
        theme.set_type(self.title, "title", weight=600)
        self.progress, self.note, self.out_of = QLabel(), QLabel(), QLabel(f"/{NBSP}100")
        theme.set_type(self.progress, "meta", "secondary")
        theme.set_type(self.note, "dashboard", weight=600)
        theme.set_type(self.out_of, "section", "secondary", 400)
        self.band = Chip("", "neutral", title="Bande")
        top, left, score, right = QHBoxLayout(), QVBoxLayout(), QHBoxLayout(), QVBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.number)
        top.addWidget(self.place, 1)
        left.setSpacing(1)
        left.addLayout(top)
        left.addWidget(self.title)
        score.setSpacing(6)
        score.addStretch(1)
        for widget in (self.note, self.out_of, self.band):
            score.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        right.setSpacing(0)
        right.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignRight)
        right.addLayout(score)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 18, 8)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addLayout(right)

    def show_file(self, row: ApplicationRow) -> None:
        self.number.setText(row.number)
        self.place.put("·  " + "  ·  ".join(x for x in (row.structure, row.quarters) if x))
        self.title.put(row.title)

    def show_note(self, grid: Grid, note: SheetNote) -> None:
        self.progress.setText(f"Ma note, {note.progress}")
        self.note.setText(note.shown)
        self.out_of.setVisible(note.note is not None)
        if note.eliminated:
            self.band.set_badge(f"Note éliminatoire{NBSP}: {', '.join(note.eliminated)}", "danger", "circle-alert")
        elif note.note is not None:
            band = grid.band(note.note)
            status, icon = BAND_STATUS.get(band.expected, ("neutral", "minus"))
            self.band.set_badge(f"Bande {band.label.lower()}", status, icon)
        self.band.setVisible(note.note is not None)
        said = f"{self.progress.text()}{NBSP}: {note.shown} sur 100"
        self.note.setAccessibleName(f"{said}, {self.band.badge.word}" if note.note is not None else said)
