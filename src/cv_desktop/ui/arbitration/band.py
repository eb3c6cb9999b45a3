"""The top band: what is free, in large; the buckets; the bar."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.money import euros
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.charts.envelope_bar import EnvelopeBar, Pattern, Swatch, engaged, marked, submitted

BIG = 30
COMPARE, BACK = "Comparer", "Revenir au tableau"
PROPOSE, SHORT = "Proposer une répartition…", "Proposer…"


class Figure(QWidget):
    """A bucket: swatch and word above, amount under."""

    def __init__(self, label: str, pattern: Pattern | None = None, *, big: bool = False) -> None:
        super().__init__()
        self._label, self._big = label, big
        word, self.value = QLabel(label), QLabel()
        theme.set_type(word, "meta", "secondary")
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = QHBoxLayout()
        top.setSpacing(6)
        if pattern:
            top.addWidget(Swatch(pattern))
        top.addWidget(word)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(1)
        layout.addLayout(top)
        layout.addWidget(self.value)
        self.dress()

    def put(self, cents: int, tone: str = "") -> None:
        self.value.setText(euros(cents).replace("−", "− "))
        self.value.setProperty("tone", tone)
        theme.repolish(self.value)
        self.setAccessibleName(f"{self._label} : {euros(cents)}")

    def dress(self) -> None:
        if self._big:
            self.value.setFont(theme.sized(theme.px(BIG), 600))
        else:
            theme.set_type(self.value, "key", weight=600)


class EnvelopeBand(QFrame):
    """``put(buckets, year)``; its buttons are wired by the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "surface")
        self.free = Figure("Libre", big=True)
        self.marked, self.submitted = Figure("Marqué", "hatch"), Figure("Soumis au vote", "dots")
        self.engaged, self.envelope = Figure("Engagé", "solid"), Figure("Enveloppe")
        self.propose = QPushButton(PROPOSE)
        self.compare = QPushButton(COMPARE)
        self.prepare = QPushButton("Préparer le lot de vote")
        theme.set_kind(self.compare, "secondary")
        icons.dress(self.compare, "columns-2")
        theme.set_kind(self.propose, "secondary")
        theme.set_kind(self.prepare, "primary")
        icons.dress(self.propose, "wand-sparkles")
        self.bar = EnvelopeBar(height=16)
        figures, buttons = QHBoxLayout(), QHBoxLayout()
        figures.setSpacing(18)
        buttons.setSpacing(8)
        for figure in (self.free, self.marked, self.submitted, self.engaged, self.envelope):
            if figure is not self.free:
                figures.addWidget(rule(vertical=True))
            figures.addWidget(figure)
        figures.addStretch(1)
        for button in (self.compare, self.propose, self.prepare):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self._figures, self._buttons = figures, buttons
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(18)
        self._top.addLayout(figures, 1)
        self._top.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 12)
        layout.setSpacing(10)
        layout.addLayout(self._top)
        layout.addWidget(self.bar)
        theme.current().changed.connect(self.free.dress)
        self.propose.setAccessibleName(PROPOSE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """A large text in a small window shortens the least used button, then puts the buttons under the figures."""
        room = self.width() - 40 - self._figures.sizeHint().width() - self._top.spacing()
        metrics = self.propose.fontMetrics()
        more = metrics.horizontalAdvance(PROPOSE) - metrics.horizontalAdvance(self.propose.text())
        whole = self._buttons.sizeHint().width() + more
        short = whole - metrics.horizontalAdvance(PROPOSE) + metrics.horizontalAdvance(SHORT)
        under = short > room
        self.propose.setText(PROPOSE if under or whole <= room else SHORT)
        self._top.setDirection(QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight)
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignRight if under else Qt.AlignmentFlag(0))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def put(self, buckets: Buckets, year: int) -> None:
        self.free.put(buckets.free_cents, "danger" if buckets.overspent else "accent")
        self.marked.put(buckets.marked_cents)
        self.submitted.put(buckets.submitted_cents)
        self.engaged.put(buckets.decided_cents)
        self.envelope.put(buckets.envelope_cents)
        self.envelope.setToolTip(f"Enveloppe {year}")
        self.bar.set_amounts(
            buckets.envelope_cents,
            [engaged(buckets.decided_cents), submitted(buckets.submitted_cents), marked(buckets.marked_cents)],
        )
        self._arrange()
