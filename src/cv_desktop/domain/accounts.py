"""The accounts a budget is written in: the two blocks of the plan comptable associatif, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain.budget import CHARGE, PRODUIT, Side
from cv_desktop.domain.text import words


@dataclass(frozen=True, slots=True)
class Account:
    """``names`` are the folded words a form or a spreadsheet may write for it."""

    code: str
    label: str
    side: Side
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every account of the plan, in its order. ``indirect`` are the folded words that open the indirect charges."""

    all: tuple[Account, ...]
    indirect: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Accounts:
        """The shipped table ``comptes`` (ANC 2018-06, lines of the Cerfa 12156)."""
        found: list[Account] = []
        sides: tuple[Side, ...] = (CHARGE, PRODUIT)
        for side in sides:
            for group in table[side]:
                found.append(_account(group, side))
                found += [_account(line, side) for line in group["lines"]]
        return cls(tuple(found), tuple(words(x) for x in table["indirect"]["headings"]))

    def of(self, side: Side) -> Iterator[Account]:
        return (account for account in self.all if account.side == side)

    def get(self, code: str) -> Account | None:
        """The account of exactly that code."""
        return next((account for account in self.all if account.code == code), None)

    def label(self, code: str) -> str:
        """The words of an account, or of the nearest one above it: « 6061 » is said as 606."""
        for length in range(len(code), 1, -1):
            if found := self.get(code[:length]):
                return found.label
        return ""

    def named(self, label: str, side: Side, group: str = "") -> Account | None:
        """The account a label means, among those of one side and, when given, of one account of two digits."""
        said = words(label)
        if not said:
            return None
        return next((x for x in self.of(side) if x.code.startswith(group) and said in x.names), None)

    def proposals(self, text: str, side: Side) -> list[Account]:
        """What a person may mean while typing: a beginning of code, or words of the label in any order."""
        said = words(text)
        if not said:
            return list(self.of(side))
        if said.replace(" ", "").isdecimal():
            return [x for x in self.of(side) if x.code.startswith(said.replace(" ", ""))]
        wanted = said.split()
        return [x for x in self.of(side) if any(all(w in f" {name}" for w in wanted) for name in x.names)]

    @staticmethod
    def side_of(code: str) -> Side | None:
        """Charge for the classes 6 and 86, produit for 7 and 87; None for any other."""
        if code.startswith(("6", "86")):
            return CHARGE
        return PRODUIT if code.startswith(("7", "87")) else None


def _account(line: Mapping[str, Any], side: Side) -> Account:
    names = dict.fromkeys((words(line["label"]), *(words(x) for x in line.get("synonyms", ()))))
    return Account(line["account"], line["label"], side, tuple(names))
