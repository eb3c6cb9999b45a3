"""Enveloppe: the amount, and what was done of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from cv_desktop.db.queries import envelopes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, percent
from cv_desktop.services import calls
from cv_desktop.ui import theme
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.card import Card
from cv_desktop.ui.charts.envelope_bar import EnvelopeBar, Pattern, Swatch, engaged, marked, submitted
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.look import px


@dataclass(frozen=True, slots=True)
class _Bucket:
    label: str
    detail: str
    pattern: Pattern


_BUCKETS = (
    _Bucket("Engagé", "décidé par un acte", "solid"),
    _Bucket("Soumis au vote", "dans un lot qui attend son acte", "dots"),
    _Bucket("Marqué", "proposé dans le scénario de travail", "hatch"),
    _Bucket("Libre", "reste à répartir", "empty"),
)


class EnvelopeTab(Tab):
    """The four amounts always add up to the envelope."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.amount = AmountField("Montant de l’enveloppe", required=True, hint="Chaque changement est journalisé")
        self.amount.setMaximumWidth(px(260))
        self.amount.committed.connect(self._write)
        self.bar = EnvelopeBar(height=24)
        self.amounts: list[QLabel] = []
        self.shares: list[QLabel] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        for row, bucket in enumerate(_BUCKETS):
            word, detail, amount, share = QLabel(bucket.label), QLabel(bucket.detail), QLabel(), QLabel()
            theme.set_type(word, "body", weight=600 if bucket.label == "Libre" else 500)
            theme.set_type(detail, "secondary", "secondary")
            theme.set_type(amount, "section", weight=600)
            theme.set_type(share, "secondary", "secondary")
            amount.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(Swatch(bucket.pattern), row, 0)
            grid.addWidget(word, row, 1)
            grid.addWidget(detail, row, 2)
            grid.addWidget(amount, row, 3, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(share, row, 4, Qt.AlignmentFlag.AlignRight)
            self.amounts.append(amount)
            self.shares.append(share)
        card = Card("Répartition")
        card.add(self.bar)
        card.body.addSpacing(4)
        card.body.addLayout(grid)
        card.setMaximumWidth(px(760))
        line = QHBoxLayout()
        line.addWidget(card, 1)
        line.addStretch(0)
        self.column.addWidget(self.amount)
        self.column.addSpacing(6)
        self.column.addLayout(line)
        self.column.addStretch(1)

    def refresh(self) -> None:
        if self.row is None:
            return
        found = self.context.read(envelopes.buckets, call_id=self.row.id, viewer=self.context.viewer)
        self.amount.set_value(found.envelope_cents)
        self.bar.set_amounts(
            found.envelope_cents,
            [engaged(found.decided_cents), submitted(found.submitted_cents), marked(found.marked_cents)],
        )
        parts = (found.decided_cents, found.submitted_cents, found.marked_cents, found.free_cents)
        for bucket, amount, share, cents in zip(_BUCKETS, self.amounts, self.shares, parts, strict=True):
            amount.setText(euros(cents))
            amount.setAccessibleName(f"{bucket.label}\u00a0: {euros(cents)}")
            share.setText(percent(cents, found.envelope_cents))
        theme.set_type(self.amounts[-1], "section", "danger" if found.overspent else "", 600)

    def _write(self, cents: int) -> None:
        if self.row is None:
            return
        try:
            self.context.attempt(
                f"enveloppe {euros(cents)}", calls.set_envelope, call_id=self.row.id, envelope_cents=cents
            )
        except UserError as refusal:
            self.amount.refuse(refusal.message)
