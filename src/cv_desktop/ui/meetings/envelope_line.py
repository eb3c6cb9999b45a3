"""The envelope with this file in ochre, and what is free after it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.money import euros
from cv_desktop.ui import theme
from cv_desktop.ui.charts.envelope_bar import Bucket, EnvelopeBar, Swatch, engaged, marked, submitted, this_file


class EnvelopeLine(QFrame):
    """``show_amounts``: the buckets with this file apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.total, self.free = QLabel(), QLabel()
        theme.set_type(self.total, "secondary", "secondary")
        theme.set_type(self.free, "key", weight=600)
        after = QLabel("libres après ce dossier")
        theme.set_type(after, "secondary", "secondary")
        self.bar = EnvelopeBar(height=20)
        self._legend: dict[str, tuple[Swatch, QLabel]] = {}
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.total)
        for bucket in (engaged(0), submitted(0), marked(0), this_file(0)):
            line.addSpacing(12)
            swatch, label = Swatch(bucket.pattern), QLabel()
            theme.set_type(label, "secondary")
            self._legend[bucket.label] = (swatch, label)
            line.addWidget(swatch)
            line.addWidget(label)
        line.addStretch(1)
        line.addWidget(self.free)
        line.addWidget(after)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 8, 18, 12)
        layout.setSpacing(6)
        layout.addLayout(line)
        layout.addWidget(self.bar)

    def show_amounts(self, buckets: Buckets, own: Buckets, amount: int) -> None:
        """``own`` is what the buckets hold of this file; ``amount``, proposed now, counts until a lot holds it."""
        parts: list[Bucket] = [
            engaged(buckets.decided_cents - own.decided_cents),
            submitted(buckets.submitted_cents - own.submitted_cents),
            marked(buckets.marked_cents - own.marked_cents),
            this_file(own.decided_cents + own.submitted_cents or amount),
        ]
        self.bar.set_amounts(buckets.envelope_cents, parts)
        self.total.setText(f"Enveloppe {euros(buckets.envelope_cents)}")
        for part in parts:
            swatch, label = self._legend[part.label]
            label.setText(f"{part.label} {euros(part.cents)}")
            for widget in (swatch, label):
                widget.setVisible(part.cents > 0)
        self.free.setText(euros(self.bar.free).replace("-", "−"))
        theme.set_type(self.free, "key", "danger" if self.bar.free < 0 else "", 600)
