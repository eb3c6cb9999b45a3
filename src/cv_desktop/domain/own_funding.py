"""Which line of a budget is the grant asked here, whatever name the association gives to the collectivité."""

from __future__ import annotations

from collections.abc import Iterable

from cv_desktop.domain.budget import PRODUIT, Funding
from cv_desktop.domain.intake import BudgetEntry
from cv_desktop.domain.text import words


class OwnNames:
    """The names our collectivité and the scheme of the campaign go by: « CAMVS », « FIA », « Melun Val de Seine »."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(f" {folded} " for folded in map(words, names) if folded)
        self._known: dict[str, bool] = {}

    def is_ours(self, label: str) -> bool:
        """Whether one of the names stands in the label of a funder, as whole words."""
        # A file of thousands of lines names a few funders.
        known = self._known.get(label)
        if known is None:
            folded = f" {words(label)} "
            known = self._known[label] = any(name in folded for name in self._names)
        return known

    def state(self, entry: BudgetEntry, stated: Funding) -> Funding:
        """« Demandé » for the grant asked here; a line the association calls granted or refused stays so."""
        open_yet = stated in (Funding.ASKED, Funding.NONE)
        grant = entry.side == PRODUIT and entry.account.startswith("74")
        return Funding.OURS if grant and open_yet and self.is_ours(entry.label) else stated
