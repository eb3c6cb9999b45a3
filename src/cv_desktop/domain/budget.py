"""The provisional budget of an action, in the accounts of the Cerfa 12156: all amounts in cents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any, Literal

from cv_desktop.domain.text import words

Side = Literal["charge", "produit"]
CHARGE: Side = "charge"
PRODUIT: Side = "produit"

CHARGE_TITLES = {
    "60": "Achats",
    "61": "Services extérieurs",
    "62": "Autres services extérieurs",
    "63": "Impôts et taxes",
    "64": "Charges de personnel",
    "65": "Autres charges de gestion courante",
    "66": "Charges financières",
    "67": "Charges exceptionnelles",
    "68": "Dotations",
    "69": "Impôts sur les bénéfices, participation",
    "86": "Emplois des contributions volontaires",
}
PRODUIT_TITLES = {
    "70": "Ventes et participations des usagers",
    "73": "Dotations et produits de tarification",
    "74": "Subventions d’exploitation",
    "75": "Autres produits de gestion courante",
    "76": "Produits financiers",
    "77": "Produits exceptionnels",
    "78": "Reprises et fonds dédiés",
    "79": "Transferts de charges",
    "87": "Contributions volontaires en nature",
}
TITLES = {**CHARGE_TITLES, **PRODUIT_TITLES}
_VOLUNTEER = ("86", "87")
PRIVATE_FUNDERS = ("aides privées", "aide privée", "fondation", "mécénat", "mécène")


class Funding(StrEnum):
    """Where a co-funding stands."""

    ACQUIRED = "acquired"
    ASKED = "asked"
    REFUSED = "refused"
    OURS = "ours"
    NONE = ""

    @property
    def label(self) -> str:
        return {"acquired": "Acquis", "asked": "Sollicité", "refused": "Refusé", "ours": "Demandé", "": ""}[self.value]


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of the budget; ``account`` may be empty for the indirect charges of the Cerfa."""

    side: Side
    account: str
    label: str
    amount_cents: int
    state: str = ""

    @property
    def group(self) -> str:
        """The account of two digits the line belongs to."""
        return self.account[:2]

    @property
    def volunteer(self) -> bool:
        """Whether it values gifts in kind (86, 87), which no total of money counts."""
        return self.account.startswith(_VOLUNTEER)


def charges(lines: Iterable[BudgetLine]) -> int:
    """Sum of the charges, 86 excluded."""
    return sum(x.amount_cents for x in lines if x.side == CHARGE and not x.volunteer)


def produits(lines: Iterable[BudgetLine]) -> int:
    """Sum of the produits, 87 excluded."""
    return sum(x.amount_cents for x in lines if x.side == PRODUIT and not x.volunteer)


def gap(lines: Sequence[BudgetLine]) -> int:
    """Produits minus charges: zero when the budget is balanced."""
    return produits(lines) - charges(lines)


def volunteer_totals(lines: Sequence[BudgetLine]) -> tuple[int, int]:
    """Totals of the accounts 86 and 87."""
    return (
        sum(x.amount_cents for x in lines if x.account.startswith("86")),
        sum(x.amount_cents for x in lines if x.account.startswith("87")),
    )


@dataclass(frozen=True, slots=True)
class Funders:
    """Who is a public funder among the lines of account 74.

    A label is what its longest known synonym says (« Fondation de la Ville » is private); a label
    that nobody knows is public, so that the rate is never shown too low.
    """

    public: tuple[str, ...] = ()
    private: tuple[str, ...] = PRIVATE_FUNDERS
    # The synonyms folded once, and what was answered: the same few labels come back in thousands of files.
    _folded: tuple[tuple[str, ...], tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _known: dict[str, bool] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        both = tuple(tuple(filter(None, map(words, names))) for names in (self.public, self.private))
        object.__setattr__(self, "_folded", both)

    @classmethod
    def from_json(cls, funders: Iterable[Mapping[str, Any]]) -> Funders:
        """The ``funders`` list of the reference file: label, synonyms and whether they are public."""
        known: dict[bool, list[str]] = {True: [], False: [*PRIVATE_FUNDERS]}
        for funder in funders:
            known[bool(funder["public"])] += [funder["label"], *funder.get("synonyms", ())]
        return cls(tuple(known[True]), tuple(known[False]))

    def is_public(self, label: str) -> bool:
        """Whether a line of account 74 with that label is public money."""
        if label not in self._known:
            folded = f" {words(label)} "
            public, private = (_longest(folded, names) for names in self._folded)
            self._known[label] = not private or public > private
        return self._known[label]


def public_total(lines: Iterable[BudgetLine], is_public: Callable[[str], bool]) -> int:
    """Public funding of the action: the lines of account 74 whose funder is public."""
    return sum(x.amount_cents for x in lines if x.side == PRODUIT and x.account.startswith("74") and is_public(x.label))


@dataclass(frozen=True, slots=True)
class EligibleBase:
    """What a rate may be applied to: the charges, less the ``excluded`` lines."""

    cents: int
    excluded: tuple[BudgetLine, ...]

    @property
    def excluded_cents(self) -> int:
        return sum(x.amount_cents for x in self.excluded)


def eligible_base(lines: Sequence[BudgetLine], excluded_accounts: Iterable[str]) -> EligibleBase:
    """The charges without 86 and without the accounts (or beginnings of accounts) the règlement excludes."""
    prefixes = tuple(x for x in excluded_accounts if x)
    excluded = tuple(
        x
        for x in lines
        if x.side == CHARGE and not x.volunteer and x.amount_cents and prefixes and x.account.startswith(prefixes)
    )
    return EligibleBase(charges(lines) - sum(x.amount_cents for x in excluded), excluded)


@dataclass(frozen=True, slots=True)
class Group:
    """An account of two digits: its title, its total and its lines in order of account."""

    account: str
    title: str
    cents: int
    lines: tuple[BudgetLine, ...]

    @property
    def alone(self) -> bool:
        """Whether a single line fills it at that level, so that the title says all."""
        return len(self.lines) == 1 and self.lines[0].account == self.account


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line of a side: the bold line of an account (``line`` None) or a line under it."""

    account: str
    label: str
    cents: int
    line: BudgetLine | None = None
    state: str = ""


def by_account(lines: Iterable[BudgetLine], side: Side, *, volunteer: bool = False) -> tuple[Group, ...]:
    """The groups of one side in order of account, money only or gifts in kind only."""
    kept: dict[str, list[BudgetLine]] = {}
    for line in lines:
        if line.side == side and line.volunteer == volunteer:
            kept.setdefault(line.group, []).append(line)
    groups = []
    # Indirect charges have no account: they come last, as in the Cerfa.
    for account in sorted(kept, key=lambda x: (not x, x)):
        members = tuple(sorted(kept[account], key=lambda x: x.account))
        alone = len(members) == 1 and members[0].account == account and members[0].label
        title = members[0].label if alone else TITLES.get(account, "Charges indirectes" if not account else "Autres")
        groups.append(Group(account, title, sum(x.amount_cents for x in members), members))
    return tuple(groups)


def side_by_side(lines: Sequence[BudgetLine]) -> tuple[tuple[Row | None, Row | None], ...]:
    """Charges and produits in two columns, as in the Cerfa: the shorter one ends with None."""
    return tuple(zip_longest(_rows(lines, CHARGE), _rows(lines, PRODUIT)))


def _rows(lines: Sequence[BudgetLine], side: Side) -> list[Row]:
    rows: list[Row] = []
    for group in by_account(lines, side):
        only = group.lines[0] if group.alone else None
        rows.append(Row(group.account, group.title, group.cents, only, only.state if only else ""))
        if not group.alone:
            rows.extend(Row(x.account, x.label, x.amount_cents, x, x.state) for x in group.lines)
    return rows


def _longest(folded: str, synonyms: Iterable[str]) -> int:
    return max((len(x) for x in synonyms if f" {x} " in folded), default=0)
