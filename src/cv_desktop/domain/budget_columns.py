"""The budget that a list of applications holds in columns, one account each: « 60 », « 61 - Services », « (75) »."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.amounts import AmountColumn
from cv_desktop.domain.budget import CHARGE, Side
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import TO_CHECK, BudgetEntry
from cv_desktop.domain.money import euros
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Row, Table
from cv_desktop.domain.text import NBSP, words

_OPENING = re.compile(r"(?:comptes?|cpte|cpt|c/|n°)?\s*((?:6|7|86|87)\d{0,3})(?!\d|[.,]\d)\s*[-–—:.)]*\s*(.*)", re.I)
_CLOSING = re.compile(r"(.*?)\s*\(\s*(?:comptes?\s*)?((?:6|7|86|87)\d{0,3})\s*\)", re.I)
# « 60 ans et plus » counts persons.
_NO_LABEL = re.compile(r"(?:ans?|mois|jours?|heures?|h|personnes?|%|€|e|ème|er)\b|%", re.I)
_TOTALS = {
    "charge": ("total charges", "total des charges", "total depenses", "total des depenses"),
    "produit": ("total produits", "total des produits", "total recettes", "total des recettes", "total ressources"),
}


@dataclass(frozen=True, slots=True)
class _Column:
    at: int
    side: str
    account: str
    label: str
    amounts: AmountColumn


@dataclass(frozen=True, slots=True)
class BudgetColumns:
    """The columns of accounts of a table, and those of their totals by side."""

    columns: tuple[_Column, ...]
    totals: tuple[_Column, ...] = ()

    @classmethod
    def of(cls, table: Table, ignored: Collection[int] = ()) -> BudgetColumns:
        """Those that feed no field; ``ignored`` are the columns that a person left out."""
        read = {*table.positions.values(), *ignored}
        columns: list[_Column] = []
        totals: list[_Column] = []
        for at, header in enumerate(table.headers):
            if found := account_of(header):
                if at in read:
                    continue
                account, label, side = found
                columns.append(_Column(at, side, account, label, _amounts(table, at)))
            else:
                said = words(header)
                totals += [
                    _Column(at, side, "", "", _amounts(table, at)) for side, names in _TOTALS.items() if said in names
                ]
        return cls(tuple(columns), tuple(totals) if columns else ())

    @property
    def places(self) -> frozenset[int]:
        return frozenset(column.at for column in self.columns)

    def has(self, side: str) -> bool:
        return any(column.side == side for column in self.columns)

    def read(self, row: Row, number: str, log: ProblemLog) -> list[BudgetEntry]:
        """The budget lines of one application; what cannot be read is told and left out."""
        entries = []
        for column in self.columns:
            cents = self._cents(row, column, number, log)
            if cents:
                entries.append(BudgetEntry(column.side, column.account, column.label, cents))
        for column in self.totals:
            printed = self._cents(row, column, number, log)
            found = sum(entry.amount_cents for entry in entries if entry.side == column.side)
            if printed and printed != found:
                what = "charges" if column.side == CHARGE else "produits"
                message = f"Le total écrit, {euros(printed)}, n’est pas la somme des {what}, {euros(found)}."
                log.at(TO_CHECK, message, row, column.at, number)
        return entries

    def _cents(self, row: Row, column: _Column, number: str, log: ProblemLog) -> int | None:
        cell = row.cells[column.at] if column.at < len(row.cells) else None
        try:
            cents = column.amounts.read(cell)
            if cents is not None and cents < 0:
                raise UserError(f"Un montant négatif ne peut pas être repris dans un budget{NBSP}: vérifiez.")
        except UserError as refusal:
            log.at(TO_CHECK, refusal.message, row, column.at, number)
            return None
        return cents


def account_of(header: str) -> tuple[str, str, Side] | None:
    """(account, label, side) of a header that names an account of two to four figures; None for any other."""
    text = " ".join(header.split())
    if found := _OPENING.fullmatch(text):
        account, label = found[1], found[2]
    elif found := _CLOSING.fullmatch(text):
        account, label = found[2], found[1]
    else:
        return None
    side = Accounts.side_of(account)
    if side is None or len(account) < 2 or _NO_LABEL.match(label):
        return None
    return account, label.strip(" -–—:"), side


def _amounts(table: Table, at: int) -> AmountColumn:
    return AmountColumn(row[at] for row in table.body if at < len(row))
