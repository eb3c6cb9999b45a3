"""What was checked before a vote, one under the other: what passes, what is to know, what blocks."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.text import counted
from cv_desktop.services.opinion_guards import Guard
from cv_desktop.ui import icons
from cv_desktop.ui.arbitration.panel import paragraph

LOOKS = {
    "pass": ("circle-check", "success"),
    "warn": ("triangle-alert", "warning"),
    "block": ("circle-alert", "danger"),
}
WORDS = {"pass": "Vérifié", "warn": "À savoir", "block": "Bloque"}
SHOWN = 4


class GuardRows(QWidget):
    """``put`` shows the guards again; hidden when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(10)

    def put(self, guards: Iterable[Guard]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for guard in guards:
            self._rows.addWidget(_row(guard))
        self.setVisible(self._rows.count() > 0)


def _row(guard: Guard) -> QWidget:
    icon, tone = LOOKS[guard.state]
    mark, words = QLabel(), QVBoxLayout()
    icons.dress(mark, icon, tone, 16)
    words.setSpacing(2)
    words.addWidget(paragraph(guard.label, "text" if guard.state == "pass" else tone, weight=500))
    for sentence in guard.details[:SHOWN]:
        words.addWidget(paragraph(sentence, "secondary", "secondary"))
    left = guard.details[SHOWN:]
    if left:
        more = paragraph(f"Et {counted(len(left), 'autre')}.", "secondary", "secondary")
        more.setToolTip("\n".join(left))
        words.addWidget(more)
    whole = QWidget()
    whole.setAccessibleName(f"{WORDS[guard.state]} : {guard.label}. {' '.join(guard.details)}".strip())
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    layout.addLayout(words, 1)
    return whole
