"""Enveloppes: the amount, what was done of it, and its parts with their floors and caps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import call_rows, envelope_parts, envelopes
from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.envelopes import Kind
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, percent
from cv_desktop.domain.text import counted
from cv_desktop.services import calls, proposals
from cv_desktop.services import envelopes as verbs
from cv_desktop.ui import icons, theme
from cv_desktop.ui.calls.envelope_lines import Line, columns, lines, sentences
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.charts.envelope_bar import EnvelopeBar, Pattern, Swatch, engaged, marked, submitted
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_MOST_SENTENCES = 3


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
    """The four amounts always add up to the envelope; each part is written in its cell."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.amount = AmountField("Montant de l’enveloppe", required=True, hint="Chaque changement est journalisé")
        self.amount.setMaximumWidth(px(230))
        self.amount.committed.connect(self._write)
        self.bar = EnvelopeBar(height=22)
        self.amounts: list[QLabel] = []
        self.shares: list[QLabel] = []
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.roll = QPushButton("Reporter le libre sur la session suivante")
        self.carry = QPushButton("Reporter le libre sur une autre campagne")
        icons.dress(self.carry, "chevron-down", "text", 14)
        self.years = QMenu(self.carry)
        self.carry.setMenu(self.years)
        for button in (self.roll, self.carry):
            theme.set_kind(button, "secondary", small=True)
        self.roll.clicked.connect(self._roll)
        self.model: RowsModel[Line] = RowsModel(columns(self._limit), band=lambda line: line.band)
        self.table = TableView(
            self.model,
            name="Parts de l’enveloppe",
            memory=context.settings.memory("campagnes.enveloppes"),
            empty="Aucune part : l’enveloppe est d’un seul tenant.",
        )
        self.table.refused.connect(context.told)
        self.table.current_row_changed.connect(self._selected)
        self._lay_out()

    def refresh(self) -> None:
        if self.row is None:
            return
        found = self.context.read(envelopes.buckets, call_id=self.row.id, viewer=self.context.viewer)
        self._show_buckets(found)
        parts = self.context.read(envelope_parts.rows, call_id=self.row.id, viewer=self.context.viewer)
        self.table.set_rows(lines(found.envelope_cents, parts))
        wrong = [*self._overrun(found), *sentences(found.envelope_cents, parts)]
        more = f" Et {counted(len(wrong) - _MOST_SENTENCES, 'autre')}." if len(wrong) > _MOST_SENTENCES else ""
        self.words.setText(
            " ".join(wrong[:_MOST_SENTENCES]) + more
            if wrong
            else "Donnez à une part un montant, un plancher ou un plafond : la répartition et le lot les respecteront."
        )
        beyond = any((part.left_cents or 0) < 0 for part in parts)
        theme.set_type(self.words, "secondary", "danger" if beyond else "warning" if wrong else "secondary")
        self._offer_years(found.free_cents)
        self._selected(self.table.current_row())

    def _overrun(self, found: Buckets) -> list[str]:
        """What agreements of earlier years take of an envelope that does not hold them."""
        missing = -(found.free_cents + found.marked_cents)
        if missing <= 0 or self.row is None or self.context.viewer is not None:
            return []
        older = self.context.read(proposals.promised, call_id=self.row.id)
        if not older:
            return []
        return [
            f"Des conventions d’années passées engagent {euros(older)} sur cette enveloppe\u00a0: il lui manque "
            f"{euros(missing)}."
        ]

    def _show_buckets(self, found: Buckets) -> None:
        self.amount.set_value(found.envelope_cents)
        self.bar.set_amounts(
            found.envelope_cents,
            [engaged(found.decided_cents), submitted(found.submitted_cents), marked(found.marked_cents)],
        )
        cents = (found.decided_cents, found.submitted_cents, found.marked_cents, found.free_cents)
        for bucket, amount, share, held in zip(_BUCKETS, self.amounts, self.shares, cents, strict=True):
            amount.setText(euros(held))
            amount.setAccessibleName(f"{bucket.label} : {euros(held)}")
            share.setText(percent(held, found.envelope_cents))
        theme.set_type(self.amounts[-1], "body", "danger" if found.overspent else "", 600)

    def _offer_years(self, free_cents: int) -> None:
        assert self.row is not None
        later = self.context.look(call_rows.later, call_id=self.row.id)
        self.years.clear()
        for call in reversed(later):
            self.years.addAction(
                f"Reporter {euros(free_cents)} sur « {call.label} »",
                partial(self._carry, call, free_cents),
            )
        self.carry.setVisible(bool(later))
        self.carry.setEnabled(free_cents > 0)

    def _selected(self, line: Line | None) -> None:
        part = line.part if line else None
        rounds = [x.part for x in self.model.rows() if x.part and x.part.node.kind is Kind.ROUND]
        self.roll.setVisible(bool(rounds))
        own = part if part and part.node.kind is Kind.ROUND else None
        self.roll.setEnabled(bool(own and own.left_cents and own.left_cents > 0))
        self.roll.setToolTip(
            f"{euros(own.left_cents)} sont libres dans « {own.node.label} »." if own and own.left_cents is not None
            else "Choisissez une session dans le tableau."
        )  # fmt: skip

    def _roll(self) -> None:
        line: Line | None = self.table.current_row()
        if line and line.part:
            words = f"libre de « {line.part.node.label} » reporté sur la session suivante"
            self.context.do(words, verbs.roll_over, round_id=line.part.node.key)

    def _carry(self, target: CallRow, cents: int) -> None:
        if self.row is not None:
            words = f"{euros(cents)} reportés sur « {target.label} »"
            self.context.do(words, verbs.carry_over, call_id=self.row.id, target_id=target.id, cents=cents)

    def _limit(self, part: envelope_parts.PartRow, name: str, text: str) -> None:
        if self.row is not None:
            self.context.attempt(
                f"{part.node.label}, {verbs.LIMITS[name]} {text.strip() or 'aucun'}",
                verbs.set_limit,
                call_id=self.row.id,
                kind=part.node.kind.value,
                key=part.node.key,
                name=name,
                text=text,
            )

    def _write(self, cents: int) -> None:
        if self.row is None:
            return
        try:
            self.context.attempt(
                f"enveloppe {euros(cents)}", calls.set_envelope, call_id=self.row.id, envelope_cents=cents
            )
        except UserError as refusal:
            self.amount.refuse(refusal.message)

    def _lay_out(self) -> None:
        legend = QGridLayout()
        legend.setHorizontalSpacing(6)
        legend.setVerticalSpacing(4)
        for place, bucket in enumerate(_BUCKETS):
            word, amount, share = QLabel(bucket.label), QLabel(), QLabel()
            theme.set_type(word, "secondary", "secondary")
            theme.set_type(amount, "body", weight=600)
            theme.set_type(share, "secondary", "secondary")
            word.setToolTip(bucket.detail)
            amount.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            # Two by two: in a low window with large letters one line would cut them.
            row, column = place // 2, place % 2 * 5
            for offset, part in enumerate((Swatch(bucket.pattern), word, amount, share)):
                legend.addWidget(part, row, column + offset)
            legend.setColumnMinimumWidth(column + 4, px(18))
            self.amounts.append(amount)
            self.shares.append(share)
        legend.setColumnStretch(9, 1)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.bar)
        side.addLayout(legend)
        top = QHBoxLayout()
        top.setSpacing(20)
        top.addWidget(self.amount, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(side, 1)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.words, 1)
        tools.addWidget(self.roll, 0, Qt.AlignmentFlag.AlignBottom)
        tools.addWidget(self.carry, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addLayout(top)
        self.column.addLayout(tools)
        self.column.addWidget(self.table, 1)
