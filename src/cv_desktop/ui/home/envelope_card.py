"""The envelope at a glance: what is free, in large, the bar, the buckets."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.money import euros
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.charts.envelope_bar import EnvelopeBar, Pattern, Swatch, engaged, marked, submitted

BUCKETS: tuple[tuple[str, Pattern], ...] = (
    ("Engagé", "solid"),
    ("Soumis au vote", "dots"),
    ("Marqué (scénario de travail)", "hatch"),
)


class EnvelopeCard(Card):
    """``put(buckets)``; the three amounts and what is free add up to the envelope."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Enveloppe", parent=parent)
        self.total, self.free, self._word = QLabel(), QLabel(), QLabel()
        theme.set_type(self.total, "body", "secondary")
        theme.set_type(self._word, "body", "secondary")
        theme.set_type(self.free, "dashboard", weight=600)
        self.add_action(self.total)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.free)
        line.addWidget(self._word, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.body.addLayout(line)
        self.bar = EnvelopeBar(height=18)
        self.add(self.bar)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self.amounts: list[QLabel] = []
        for row, (label, pattern) in enumerate(BUCKETS):
            amount = QLabel()
            self.amounts.append(amount)
            grid.addWidget(Swatch(pattern), row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(QLabel(label), row, 1)
            grid.addWidget(amount, row, 2, Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(grid)

    def put(self, buckets: Buckets) -> None:
        over = buckets.overspent
        self.total.setText(euros(buckets.envelope_cents))
        self.total.setAccessibleName(f"Enveloppe\u00a0: {euros(buckets.envelope_cents)}")
        self.free.setText(euros(abs(buckets.free_cents)))
        self._word.setText("de dépassement" if over else "libres")
        theme.set_type(self.free, "dashboard", "danger" if over else "", 600)
        self.free.setAccessibleName(f"{self.free.text()} {self._word.text()}")
        parts = (buckets.decided_cents, buckets.submitted_cents, buckets.marked_cents)
        for amount, cents in zip(self.amounts, parts, strict=True):
            amount.setText(euros(cents))
        self.bar.set_amounts(
            buckets.envelope_cents,
            [engaged(parts[0]), submitted(parts[1]), marked(parts[2])],
        )
