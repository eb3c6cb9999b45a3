"""One block of the budget, typed line after line: account, label, amount, and the state of a co-funding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cv_desktop.db.queries.form import Choice
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.budget import PRODUIT, BudgetLine, Funding, Side
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import figures, parse_amount
from cv_desktop.domain.text import fold
from cv_desktop.ui import theme
from cv_desktop.ui.fields.proposals import Proposal, Proposals
from cv_desktop.ui.look import px

STATES = (Funding.NONE, Funding.ASKED, Funding.ACQUIRED, Funding.REFUSED, Funding.OURS)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Row(QWidget):
    """``done`` when its last cell was validated; ``left`` when Entrée found its account empty."""

    done = Signal()
    left = Signal()
    edited = Signal()
    checked = Signal()
    pasted = Signal(str)

    def __init__(self, side: Side, accounts: Accounts, funders: Sequence[Choice]) -> None:
        super().__init__()
        self.side, self._accounts = side, accounts
        self._funders = [funder for funder in funders if not funder.closed]
        words = "charge" if side != PRODUIT else "produit"
        self.account, self.label, self.amount, self.state = QLineEdit(), QLineEdit(), QLineEdit(), QComboBox()
        for state in STATES:
            self.state.addItem(state.label or "État", state)
        for widget, name in (
            (self.account, f"Compte ({words})"),
            (self.label, f"Intitulé ({words})"),
            (self.amount, f"Montant en euros ({words})"),
            (self.state, "État du financement"),
        ):
            widget.setAccessibleName(name)
            widget.installEventFilter(self)
        self.account.setFixedWidth(px(64))
        self.account.setPlaceholderText("N°")
        self.label.setPlaceholderText("Intitulé")
        self.amount.setPlaceholderText("Montant")
        self.amount.setFixedWidth(px(96))
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.state.setFixedWidth(px(104))
        kept = self.state.sizePolicy()
        kept.setRetainSizeWhenHidden(side == PRODUIT)
        self.state.setSizePolicy(kept)
        self.state.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.account, self.label, self.amount, self.state):
            layout.addWidget(widget, 1 if widget is self.label else 0)
        self._accounts_box = Proposals(self.account, self._find_accounts, first=True)
        self._accounts_box.chosen.connect(self._take_account)
        self._funders_box = Proposals(self.label, self._find_funders, first=False)
        self._funders_box.chosen.connect(self._name)
        self.account.textChanged.connect(lambda _t: self.state.setVisible(self._is_grant() and side == PRODUIT))
        for line in (self.account, self.label, self.amount):
            line.textChanged.connect(self.edited)
        self.state.activated.connect(lambda _i: self.edited.emit())

    @property
    def empty(self) -> bool:
        return not any(x.text().strip() for x in (self.account, self.label, self.amount))

    def content(self) -> list[str]:
        return [self.account.text(), self.label.text(), self.amount.text(), str(self.state.currentData())]

    def fill(self, content: Sequence[str]) -> None:
        account, label, amount, state = content
        self.account.setText(account)
        self._name(label)
        self.amount.setText(amount)
        self.state.setCurrentIndex(max(0, self.state.findData(Funding(state))))

    def line(self) -> BudgetLine | None:
        """The line typed; None when it is empty. Raises UserError when its amount cannot be read."""
        if self.empty:
            return None
        text = self.amount.text().strip()
        cents = parse_amount(text) if text else 0
        if cents < 0:
            raise UserError("Une ligne de budget ne peut pas être négative.")
        account = self.account.text().strip()
        label = self.label.text().strip() or self._accounts.label(account)
        state = self.state.currentData() if account.startswith("74") else Funding.NONE
        return BudgetLine(self.side, account, label, cents, state)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Paste) and self._is_block():
                self.pasted.emit(QApplication.clipboard().text())
                return True
            if event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self._next(watched)
                return True
        elif event.type() == QEvent.Type.FocusOut and watched in (self.amount, self.account):
            self.check()
        return super().eventFilter(watched, event)

    def check(self) -> str:
        """Marks an amount that cannot be read; gives the sentence, empty when the line holds."""
        sentence = ""
        try:
            line = self.line()
            if line and self.amount.text().strip():
                self.amount.setText(figures(line.amount_cents))
        except UserError as refusal:
            sentence = refusal.message
        if bool(self.amount.property("invalid")) != bool(sentence):
            self.amount.setProperty("invalid", bool(sentence))
            theme.repolish(self.amount)
        self.amount.setToolTip(sentence)
        self.checked.emit()
        return sentence

    def doubt(self) -> str:
        """Why the line does not hold, or may not; empty when nothing is to say."""
        account = self.account.text().strip()
        try:
            self.line()
        except UserError as refusal:
            return refusal.message
        if account and not self.empty and Accounts.side_of(account) != self.side:
            return f"Le compte {account} n’est pas un compte de {self.side}."
        return ""

    def _next(self, at: QObject) -> None:
        if at is self.account:
            if not self.account.text().strip() and self.empty:
                self.left.emit()
                return
            if not self.label.text().strip():
                self._name("" if self._is_grant() else self._accounts.label(self.account.text().strip()))
            (self.amount if self.label.text().strip() else self.label).setFocus()
        elif at is self.label:
            self.amount.setFocus()
        elif at is self.amount and self.check():
            self.amount.selectAll()
        elif at is self.amount and self._is_grant() and self.side == PRODUIT:
            self.state.setFocus()
        else:
            self.done.emit()

    def _name(self, label: str) -> None:
        """A label longer than its field shows its beginning."""
        self.label.setText(label)
        self.label.setCursorPosition(0)

    def _is_grant(self) -> bool:
        return self.account.text().strip().startswith("74")

    @staticmethod
    def _is_block() -> bool:
        text = QApplication.clipboard().text().strip()
        return "\t" in text or "\n" in text

    def _find_accounts(self, text: str) -> list[Proposal]:
        found = self._accounts.proposals(text, self.side)
        # The account typed whole comes first, and is what Entrée takes.
        return [Proposal(x.code, x.code, x.label) for x in sorted(found, key=lambda x: len(x.code))]

    def _take_account(self, code: str) -> None:
        self.account.setText(code)
        if not self._is_grant():
            self._name(self._accounts.label(code))
        self._next(self.account)

    def _find_funders(self, text: str) -> list[Proposal]:
        if not self._is_grant():
            return []
        wanted = fold(text).split()
        return [Proposal(x.label, x.label) for x in self._funders if all(w in fold(x.label) for w in wanted)]


class BudgetRows(QWidget):
    """The lines of one side; an empty one always waits at the end."""

    edited = Signal()
    ended = Signal()  # Entrée on the empty account: go on
    pasted = Signal(str)

    def __init__(self, title: str, make: Callable[[], Row]) -> None:
        super().__init__()
        self._make = make
        self.rows: list[Row] = []
        heading = QLabel(title)
        theme.set_type(heading, "body", weight=600)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addLayout(self._column)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        theme.set_type(self.reason, "secondary", "danger", 500)
        self.reason.hide()
        layout.addWidget(self.reason)
        layout.addStretch(1)
        self.fill([])

    def fill(self, contents: Sequence[Sequence[str]]) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for content in contents:
            self._add(content)
        self._add()
        self._say()

    def contents(self) -> list[list[str]]:
        return [row.content() for row in self.rows if not row.empty]

    def lines(self) -> list[BudgetLine]:
        """The lines that can be read, as they stand."""
        found: list[BudgetLine] = []
        for row in self.rows:
            try:
                line = row.line()
            except UserError:
                continue
            if line:
                found.append(line)
        return found

    def wrong(self) -> tuple[Row, str] | None:
        """The first line that does not hold, and why."""
        return next(((row, words) for row in self.rows if (words := row.check())), None)

    def enter(self) -> None:
        self.rows[-1].account.setFocus()

    def _add(self, content: Sequence[str] | None = None) -> Row:
        row = self._make()
        if content is not None:
            row.fill(content)  # before anything listens: filling is not typing
        row.edited.connect(self._edited)
        row.done.connect(lambda: self._after(row))
        row.left.connect(self.ended)
        row.checked.connect(self._say)
        row.pasted.connect(self.pasted)
        self._column.addWidget(row)
        if self.rows:
            # Once in the window: an order between two windows is none.
            last: Any = self.rows[-1]
            QWidget.setTabOrder(last.state if last.side == PRODUIT else last.amount, row.account)
        self.rows.append(row)
        return row

    def _edited(self) -> None:
        if not self.rows[-1].empty:
            self._add()
        self.edited.emit()

    def _say(self) -> None:
        """The first doubt, under the lines: where the eye is while one types."""
        said = next((words for row in self.rows if (words := row.doubt())), "")
        if said != self.reason.text():
            self.reason.setText(said)
            self.reason.setVisible(bool(said))

    def _after(self, row: Row) -> None:
        at = self.rows.index(row)
        self.rows[min(at + 1, len(self.rows) - 1)].account.setFocus()
