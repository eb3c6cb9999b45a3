"""The note of the committee on the file heard: in figures, with its band and how far the members are apart."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.notes import shown
from cv_desktop.domain.scoring import CommitteeNote
from cv_desktop.ui import theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.scoring.heading import BAND_STATUS

NBSP = "\u00a0"


class NoteOfCommittee(QWidget):
    """``put`` once the sheets are revealed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading, out_of = QLabel("Note du comité"), QLabel(f"/{NBSP}100")
        self.note, self.spread = QLabel(), QLabel()
        self.band = Chip("", "neutral", title="Bande")
        theme.set_type(heading, "secondary", "secondary", 500)
        theme.set_type(out_of, "section", "secondary", 400)
        theme.set_type(self.note, "dashboard", weight=600)
        theme.set_type(self.spread, "secondary", "secondary")
        score, column = QHBoxLayout(), QVBoxLayout(self)
        score.setSpacing(8)
        for widget in (self.note, out_of, self.band):
            score.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        score.addStretch(1)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addLayout(score)
        column.addWidget(self.spread)

    def put(self, note: CommitteeNote | None, apart: tuple[Fraction, Fraction] | None) -> None:
        """``apart``: the lowest and the highest sheet."""
        self.note.setText(note.shown if note else "–")
        band = note.band if note else None
        self.band.setVisible(band is not None)
        if note and band:
            status, icon = BAND_STATUS.get(band.code, ("neutral", "minus"))
            self.band.set_badge(f"Bande {band.label.lower()}", status, icon)
            self.note.setAccessibleName(f"Note du comité{NBSP}: {note.shown} sur 100, bande {band.label.lower()}")
        text = f"de {shown(apart[0])} à {shown(apart[1])} selon les membres" if apart else ""
        if note and note.eliminated:
            text = f"Note éliminatoire{NBSP}: {', '.join(note.eliminated)}"
        self.spread.setText(text)
