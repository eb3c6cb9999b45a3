"""« Budget prévisionnel »: charges and produits side by side, totals pinned, what is left out of the base."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.domain import budget
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, figures
from cv_desktop.services import budgets
from cv_desktop.ui import icons, theme
from cv_desktop.ui.applications.budget_edit import BudgetEdit
from cv_desktop.ui.applications.budget_rows import Cell, Pair, band, columns, pairs
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.card import Card, rule
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.look import colors, font, px
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

IN_MONEY = "hors contributions volontaires"
SEVERAL = 2
LABEL = 84  # the least a label is given


class BudgetTable(TableView):
    """A line down the middle separates the two sides."""

    budget_pasted = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The two labels share what the numbers leave."""
        super().resizeEvent(event)
        labels = [self.rows.column_index(f"{side}_label") for side in (budget.CHARGE, budget.PRODUIT)]
        fixed = sum(self.columnWidth(place) for place in range(len(self.rows.columns)) if place not in labels)
        room = max(2 * px(LABEL), self.viewport().width() - fixed)
        for place, width in zip(labels, (room // 2, room - room // 2), strict=True):
            self.setColumnWidth(place, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A block with words in it is a budget, not a column of amounts."""
        if event.matches(QKeySequence.StandardKey.Paste) and _is_budget(QApplication.clipboard().text()):
            self.budget_pasted.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """By the keyboard one arrives on an amount, ready to type."""
        at = self.currentIndex()
        if self.rows.rowCount() and (not at.isValid() or not self.rows.columns[at.column()].key.endswith("_amount")):
            self.setCurrentIndex(self.rows.index(max(0, at.row()), self.rows.column_index(f"{budget.CHARGE}_amount")))
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.rows.rowCount():
            return
        middle = self.columnViewportPosition(self.rows.column_index(f"{budget.PRODUIT}_account"))
        painter = QPainter(self.viewport())
        line, last = QColor(colors().field_border), self.rows.rowCount() - 1
        # A heading spans both sides: the line would cross its words.
        for place in range(last + 1):
            if self.rows.band_at(place) is None:
                painter.fillRect(middle - 1, self.rowViewportPosition(place), 1, self.rowHeight(place), line)
        below = self.rowViewportPosition(last) + self.rowHeight(last)
        painter.fillRect(middle - 1, below, 1, max(0, self.viewport().height() - below), line)
        painter.end()


class Totals(QWidget):
    """The pinned totals, under the columns of the table they add up."""

    def __init__(self, table: BudgetTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.charges = self.produits = 0
        table.horizontalHeader().sectionResized.connect(lambda *_: self.update())
        table.horizontalScrollBar().valueChanged.connect(lambda _: self.update())
        self.setFixedHeight(px(34))

    def show_totals(self, charges: int, produits: int) -> None:
        self.charges, self.produits = charges, produits
        self.setFixedHeight(px(34))
        self.setAccessibleName(f"Total des charges : {euros(charges)}. Total des produits : {euros(produits)}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.sunken))
        painter.fillRect(0, 0, self.width(), 2, QColor(c.field_border))
        painter.setFont(font("body", 600))
        apart = self.charges != self.produits
        for side, words, cents in (
            (budget.CHARGE, "Total des charges", self.charges),
            (budget.PRODUIT, "Total des produits", self.produits),
        ):
            start, end = self._span(f"{side}_account").left(), self._span(f"{side}_amount")
            if apart and side == budget.PRODUIT:
                painter.fillRect(end.adjusted(0, 2, 0, 0), QColor(c.danger.fill))
            left = QRect(start + 8, 2, end.left() - start - 8, self.height() - 2)
            painter.setPen(QColor(c.text))
            painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            painter.setPen(QColor(c.danger.text if apart and side == budget.PRODUIT else c.text))
            right = end.adjusted(0, 2, -8, 0)
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figures(cents))
        middle = self._span(f"{budget.PRODUIT}_account").left()
        painter.fillRect(middle - 1, 0, 1, self.height(), QColor(c.field_border))
        painter.end()

    def _span(self, key: str) -> QRect:
        column = self._table.rows.column_index(key)
        return QRect(self._table.columnViewportPosition(column), 0, self._table.columnWidth(column), self.height())


class BudgetCard(Card):
    """Amounts are typed in place; each one is written, checked again and undoable."""

    typed = Signal(str)  # what the last cell did, for the status bar

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Budget prévisionnel", IN_MONEY, flush=True, parent=parent)
        self._context = context
        self._dossier: Dossier | None = None
        self.edit = BudgetEdit(context, lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        model: RowsModel[Pair] = RowsModel(
            columns(
                self._write,
                self.edit.rename,
                self.edit.restate,
                lambda: self._dossier is not None and self._dossier.open,
            ),
            identity=lambda pair: pair.place,
            band=band,
        )
        self.table = BudgetTable(
            model,
            name="Budget prévisionnel",
            density="compact",
            empty="Aucune ligne de budget. Ajoutez-en une, ou collez les deux blocs depuis Excel.",
        )
        # The sides are read across: sorting one would tear them apart.
        self.table.horizontalHeader().setSectionsClickable(False)
        self.table.refused.connect(context.told)
        self.table.budget_pasted.connect(self.edit.paste)
        self.add_action(self.edit.paste_button)
        self.totals = Totals(self.table)
        self.gap = QLabel()
        self._gap_icon = QLabel()
        self.in_kind, self.base = ElidedLabel(), QLabel()
        theme.set_type(self.in_kind, "secondary", "secondary")
        theme.set_type(self.base, "body", weight=600)
        base_words = QLabel("Base éligible")
        theme.set_type(base_words, "secondary", "secondary")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(6)
        for widget in (self._gap_icon, self.gap, self.in_kind):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(base_words)
        foot.addWidget(self.base)
        self._excluded = QHBoxLayout()
        self._excluded.setSpacing(4)
        foot.addLayout(self._excluded)
        self.locked = ElidedLabel()
        theme.set_type(self.locked, "secondary", "secondary")
        self.add_action(self.locked)
        whole = QVBoxLayout()
        whole.setSpacing(0)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.totals)
        whole.addWidget(rule())
        whole.addWidget(self.edit)
        whole.addLayout(foot)
        self.body.addLayout(whole, 1)

    def show_dossier(self, dossier: Dossier) -> None:
        if self._dossier is None or self._dossier.id != dossier.id:
            self.table.setCurrentIndex(QModelIndex())
            self.table.clearSelection()
        self._dossier = dossier
        self.edit.show_dossier(dossier)
        self.table.set_rows(pairs(dossier.record.lines))
        lines = dossier.lines
        charges, produits = budget.charges(lines), budget.produits(lines)
        self.totals.show_totals(charges, produits)
        self._show_gap(produits - charges)
        given, used = budget.volunteer_totals(lines)
        same = f"86 = 87\u00a0: {euros(given)}"
        self.in_kind.setText(
            ""
            if not given and not used
            else same
            if given == used
            else f"86\u00a0: {euros(given)}, 87\u00a0: {euros(used)}"
        )
        base = budget.eligible_base(lines, dossier.ineligible)
        self.base.setText(euros(base.cents))
        self._show_excluded(base.excluded)
        self.set_title("Budget prévisionnel", IN_MONEY if dossier.open else "")
        self.locked.setText("" if dossier.open else "Rouvrez le dossier pour le modifier")

    def show_gap(self) -> None:
        """« Aller à l’écart »: the last amount of the larger side."""
        side = budget.PRODUIT if self.totals.produits >= self.totals.charges else budget.CHARGE
        filled = [pair for pair in self.table.rows.rows() if (cell := pair.side(side)) is not None and cell.id]
        if filled:
            self.table.select_identity(filled[-1].place, f"{side}_amount")
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_gap(self, gap: int) -> None:
        tone, icon = ("success", "check") if gap == 0 else ("danger", "circle-alert")
        icons.dress(self._gap_icon, icon, tone, 16)
        theme.set_type(self.gap, "body", tone, 600)
        sign = "+ " if gap > 0 else ""
        self.gap.setText("Équilibré" if gap == 0 else f"Écart\u00a0: {sign}{euros(gap)}")

    def _show_excluded(self, lines: tuple[budget.BudgetLine, ...]) -> None:
        while (item := self._excluded.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        named = [f"− {figures(x.amount_cents)} {x.label.lower()[:24]}" for x in lines[:SEVERAL]]
        if len(lines) > SEVERAL:
            rest = sum(x.amount_cents for x in lines[SEVERAL:])
            named.append(f"− {figures(rest)}, {len(lines) - SEVERAL} autres")
        for words in named:
            self._excluded.addWidget(Chip(words, "neutral", "minus", title="Écarté de la base"))

    def _write(self, cell: Cell, cents: int) -> None:
        if cents < 0:
            raise UserError("Une ligne de budget ne peut pas être négative.")
        name = f"{cell.row.account} {cell.row.label}".strip()
        self._context.attempt(f"budget › {name}, {euros(cents)}", budgets.set_cents, line_id=cell.id, cents=cents)
        self._context.told.emit(f"Budget › {name}\u00a0: {euros(cell.row.cents)} → {euros(cents)}")


def _is_budget(text: str) -> bool:
    """Several cells, and a word among them: « 606 », « Fournitures », « 450 »."""
    return any("\t" in line and re.search(r"[^\W\d]{3}", line) for line in text.splitlines())
