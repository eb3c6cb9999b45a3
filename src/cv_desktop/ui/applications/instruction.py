"""The tab « Instruction »: what stands in the way, the checks, the budget."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cv_desktop.domain.eligibility import Result, Status
from cv_desktop.ui.applications.budget_card import BudgetCard
from cv_desktop.ui.applications.checks_card import ChecksCard
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message, MessageBar

CHECKS, SHARE = 334, 45  # pixels, and at most this part in a hundred of a narrow window
# Where each check is mended: the button, and the tab or screen it opens.
WAYS = {
    **dict.fromkeys(("unbalanced",), ("Aller à l’écart", "budget")),
    **dict.fromkeys(
        ("in_kind", "rate", "own_funds", "request_line", "ineligible_expense", "spoken_expense", "expense_cap"),
        ("Aller au budget", "budget"),
    ),
    **dict.fromkeys(("missing_docs", "wanted_docs", "outdated_docs"), ("Voir les pièces", "documents")),
    **dict.fromkeys(
        (
            "bad_siret", "legal_form", "perimeter", "too_young", "not_small", "over_structure_year",
            "missing_report", "convention_threshold", "annex_threshold", "audit_threshold",
        ),
        ("Ouvrir la structure", "structure"),
    ),
}  # fmt: skip


# What another file of the structure explains: the first that the sentence names opens.
OTHER_FILES = frozenset({"one_per_year", "one_per_round", "double_funding"})
_NUMBER = re.compile(r"\b[A-Z]+-\d{4}-\d{3,}\b")


class Instruction(QWidget):
    """``way_asked(place)``: « documents », « project » or « structure »; ``file_asked(number)`` another file."""

    way_asked = Signal(str)
    file_asked = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = MessageBar()
        self.checks = ChecksCard()
        self.budget = BudgetCard(context)
        self._told: tuple[str, str, str] | None = None
        cards = QHBoxLayout()
        cards.setSpacing(12)
        cards.addWidget(self.checks)
        cards.addWidget(self.budget, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(self.notice)
        layout.addLayout(cards, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.checks.setFixedWidth(min(px(CHECKS), self.width() * SHARE // 100))

    def show_dossier(self, dossier: Dossier) -> None:
        self._fit()
        self.checks.show_dossier(dossier)
        self.budget.show_dossier(dossier)
        self._notice(dossier)

    def _notice(self, dossier: Dossier) -> None:
        wrong = [r for r in dossier.results if r.status in (Status.FAIL, Status.WARN)] if dossier.open else []
        first = wrong[0] if wrong else None
        told = (dossier.id, first.code, first.sentence) if first else None
        if told == self._told:
            return  # closed by the person: it stays so until something else is wrong
        self._told = told
        self.notice.clear()
        if first:
            self.notice.show_message(self._message(first))

    def _message(self, result: Result) -> Message:
        label, place = WAYS.get(result.code, ("Voir le projet", "project"))
        way = partial(self._go, place)
        if result.code in OTHER_FILES and (found := _NUMBER.search(result.sentence)):
            label, way = f"Ouvrir {found.group()}", partial(self.file_asked.emit, found.group())
        level = "danger" if result.status is Status.FAIL else "warning"
        return Message(
            "danger" if level == "danger" else "warning",
            result.sentence,
            result.consequence,
            ((label, way),),
        )

    def _go(self, place: str) -> None:
        if place == "budget":
            self.budget.show_gap()
        else:
            self.way_asked.emit(place)
