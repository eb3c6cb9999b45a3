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

BIG, USUAL, LOW = 30, 18, 15
COMPACT_UNDER, GAP = 800, 18
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
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        self._layout.addLayout(top)
        self._layout.addWidget(self.value)
        self._compact = False
        self.dress()

    def set_compact(self, compact: bool) -> None:
        """Label and number on one line, where the window is low."""
        if compact != self._compact:
            self._compact = compact
            way = QBoxLayout.Direction.LeftToRight if compact else QBoxLayout.Direction.TopToBottom
            self._layout.setDirection(way)
            self._layout.setSpacing(6 if compact else 0)
            self.dress()

    def put(self, cents: int, tone: str = "") -> None:
        self.value.setText(euros(cents).replace("−", "−\u00a0"))
        self.setAccessibleName(f"{self._label}\u00a0: {euros(cents)}")
        # One tone in a hundred changes; a style is worked out again each time.
        if self.value.property("tone") != tone:
            self.value.setProperty("tone", tone)
            theme.repolish(self.value)
            self.dress()  # a style worked out again brings the first font back

    def dress(self) -> None:
        small, usual = (USUAL, BIG) if self._big else (LOW, USUAL)
        size = small if self._compact else usual
        self.value.setFont(theme.sized(theme.px(size), 600, figures=True))


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
        figures, verbs = QHBoxLayout(), QWidget()
        figures.setSpacing(18)
        buttons = QHBoxLayout(verbs)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(8)
        self._all = (self.free, self.marked, self.submitted, self.engaged, self.envelope)
        for figure in self._all:
            if figure is not self.free:
                figures.addWidget(rule(vertical=True))
            figures.addWidget(figure)
        figures.addStretch(1)
        for button in (self.compare, self.propose, self.prepare):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self._figures, self._verbs, self._buttons = figures, verbs, buttons
        self._arranged: tuple[object, ...] = ()
        self._lines = (QHBoxLayout(), QHBoxLayout())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 12)
        layout.setSpacing(10)
        for line in self._lines:
            line.setSpacing(GAP)
            layout.addLayout(line)
        self._lines[0].addLayout(figures, 1)
        self._lines[1].addWidget(self.bar, 1)
        self._place(under=False)
        for figure in self._all:
            theme.current().changed.connect(figure.dress)
        self.propose.setAccessibleName(PROPOSE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def say_compare(self, words: str) -> None:
        """What « Comparer » does now; the band makes room for it."""
        self.compare.setText(words)
        self._arrange()

    def _arrange(self) -> None:
        """Figures on one line in a low window. A large text shortens the least used button, then puts the buttons
        beside the bar, which gives them its right end: two lines in all.
        """
        low = self.window().height() < COMPACT_UNDER
        lengths = tuple(len(figure.value.text()) for figure in self._all)
        known = (self.width(), low, lengths, self.prepare.sizeHint().width(), self.compare.text())
        if known == self._arranged:
            return
        self._arranged = known
        if not self._fits(compact=low) and low:
            self._fits(compact=False)  # figures that one line cannot hold

    def _fits(self, *, compact: bool) -> bool:
        """Lay the band out; False when the figures alone are wider than it is."""
        for figure in self._all:
            figure.set_compact(compact)
            figure.updateGeometry()
        # New words are not measured before the next turn of the loop, unless it is asked.
        self._figures.invalidate()
        self._buttons.invalidate()
        self._figures.setSpacing(10 if compact else 18)
        left = self.width() - 40 - self._figures.sizeHint().width()
        room = left - GAP
        metrics = self.propose.fontMetrics()
        more = metrics.horizontalAdvance(PROPOSE) - metrics.horizontalAdvance(self.propose.text())
        whole = self._buttons.sizeHint().width() + more
        under = whole - metrics.horizontalAdvance(PROPOSE) + metrics.horizontalAdvance(SHORT) > room
        self.propose.setText(PROPOSE if under or whole <= room else SHORT)
        self._place(under=under)
        return left >= 0

    def _place(self, *, under: bool) -> None:
        """The buttons beside the figures, or beside the bar."""
        here, there = self._lines[under], self._lines[not under]
        if here.indexOf(self._verbs) < 0:
            there.removeWidget(self._verbs)
            here.addWidget(self._verbs, 0, Qt.AlignmentFlag.AlignVCenter if under else Qt.AlignmentFlag.AlignBottom)

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
