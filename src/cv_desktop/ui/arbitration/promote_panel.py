"""« Promouvoir »: what each file of the waiting list would receive, changed at will before it goes to the vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.reasons import LENGTH
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services.versions import Promotion, out_of_turn
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.ballot_panel import files
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.field import LongTextField

MOST = 40  # files: those after them are far from being served


class PromotePanel(Panel):
    """``wanted(amounts, reason)``: cents by key of the files that enter. ``put`` shows the list as it stands."""

    wanted = Signal(dict, str)

    def __init__(self) -> None:
        super().__init__("Promouvoir de la liste d’attente", "Promouvoir")
        self.about = self.say("")
        self.amounts: dict[str, AmountField] = {}
        self._list = QWidget()
        self._list.setProperty("surface", "chrome")
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(10)
        self.body.addWidget(self._list)
        self.more = self.say("", "hint")
        self.reason = LongTextField("Motif de ce choix", required=True, lines=3)
        self.reason.editor.setMaximumHeight(theme.px(84))
        self.reason.editor.textChanged.connect(self._weigh)
        self.body.addWidget(self.reason)
        self.sum = self.say("", "text")
        self.say("Ils forment un lot de plus, que son acte décidera.")
        self._free_cents = 0
        self._proposed: dict[str, Promotion] = {}

    def put(self, proposed: Sequence[Promotion], free_cents: int) -> None:
        """The files in the order of the list, each with what it could receive; what is being typed is left alone."""
        shown = {one.row.id: one for one in proposed[:MOST]}
        if list(shown) != list(self.amounts):
            self._make(shown)
        self._free_cents, self._proposed = max(0, free_cents), shown
        for key, one in shown.items():
            field = self.amounts[key]
            field.explain(f"{one.row.number}, demande {euros(one.row.asked_cents)}. {one.words}")
            field.set_value(one.cents or None)
        left = len(proposed) - len(shown)
        self.more.setText(f"{files(left)} de plus après eux, à promouvoir ensuite.")
        self.more.setVisible(left > 0)
        self.about.setText(
            f"{euros(self._free_cents)} sont libres. Les montants proposés suivent la liste{NBSP}; vide, un dossier "
            "y reste."
        )
        self._weigh()

    def start(self) -> None:
        """Puts the keyboard on the first file."""
        if self.amounts:
            next(iter(self.amounts.values())).setFocus()

    def run(self) -> None:
        wrong = [field for field in self.amounts.values() if not field.commit()]
        if wrong:
            wrong[0].setFocus()
            return
        given = {key: int(field.value() or 0) for key, field in self.amounts.items()}
        self.wanted.emit({key: cents for key, cents in given.items() if cents}, self._reason())

    def effects(self, amounts: Mapping[str, int]) -> list[str]:
        """Who would receive what, the first six named."""
        rows = [(self._proposed[key].row, cents) for key, cents in amounts.items()]
        lines = [f"{row.number} {row.structure}{NBSP}: {euros(cents)}." for row, cents in rows[:6]]
        return lines + ([f"Et {counted(len(rows) - 6, 'autre')}."] if len(rows) > 6 else [])

    def _make(self, shown: dict[str, Promotion]) -> None:
        for field in self.amounts.values():
            self._rows.removeWidget(field)
            field.deleteLater()
        self.amounts = {}
        for key, one in shown.items():
            field = AmountField(f"{one.row.rank}. {one.row.structure}")
            field.label.setWordWrap(True)
            field.editor.textChanged.connect(self._weigh)
            field.submits_with(self.verb)
            self._rows.addWidget(field)
            self.amounts[key] = field
        self.reason.replace("")

    def _reason(self) -> str:
        return self.reason.text().strip() if self.reason.isVisibleTo(self) else ""

    def _weigh(self) -> None:
        """The sum as it is typed, and whether the choice is the officer's own."""
        given: dict[str, int] = {}
        for key, field in self.amounts.items():
            try:
                given[key] = int(field.value() or 0)
            except UserError:
                given[key] = 0  # said under its field once it is left
        total, count = sum(given.values()), sum(cents > 0 for cents in given.values())
        chosen = out_of_turn([*self._proposed.values()], {key for key, cents in given.items() if cents})
        self.reason.setVisible(chosen)
        beyond = total > self._free_cents
        left = f"{euros(total - self._free_cents)} de trop" if beyond else f"reste {euros(self._free_cents - total)}"
        self.sum.setText(f"{files(count)}, {euros(total)}{NBSP}: {left}.")
        theme.set_type(self.sum, "body", "danger" if beyond else "text", 600)
        self.verb.setText(f"Promouvoir {files(count)}" if count else "Promouvoir")
        excused = not chosen or len(self.reason.text().strip()) >= LENGTH
        self.verb.setEnabled(bool(count) and not beyond and excused)
        why = "Donnez un montant à un dossier." if not count else "Ces montants dépassent ce qui est libre."
        self.verb.setToolTip("" if self.verb.isEnabled() else why if excused else "Dites le motif de ce choix.")
