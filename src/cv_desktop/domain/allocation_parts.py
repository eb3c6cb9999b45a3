"""How the amount of a file is cut between groups of one kind: what it counts for in each, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import gcd, lcm
from typing import Any

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import NBSP
from cv_desktop.domain.quarter_split import split

_DECIMALS = 9
_MOST_WEIGHT = 10**9


@dataclass(frozen=True, slots=True)
class Split:
    """Groups that share the amount of a file by ``weights``, by equal parts without any.

    A part is that of ``quarter_split``: whole cents that make the amount together. Every rule counts these very cents,
    as the totals and the guards of a lot do, and not fractions: what is proposed under a cap is never refused by it for
    a cent of rounding. A part may so be a cent more or less than its exact share.
    """

    groups: tuple[str, ...]
    weights: tuple[int, ...] = ()

    def part(self, group: str, cents: int) -> int:
        """What an amount counts for in one of the groups, in cents."""
        return _parts(self, cents)[self.groups.index(group)]

    def most(self, group: str, cents: int) -> int:
        """The most that any amount up to ``cents`` may count for in one of the groups, in cents."""
        shares = self._shares
        return -(-cents * shares[self.groups.index(group)] // sum(shares))

    def period(self, step: int) -> int:
        """After how many steps all the parts have grown by whole cents, their rounding being what it was."""
        whole = sum(self._shares)
        return lcm(*(whole // gcd(whole, share * step) for share in self._shares))

    def wavers(self, gap: int) -> bool:
        """Whether a part may lose a cent when the amount grows by so little: never between two groups."""
        shares = [share for share in self._shares if share]
        return len(shares) > 2 and gap * min(shares) < sum(shares)

    @property
    def _shares(self) -> tuple[int, ...]:
        known = len(self.weights) == len(self.groups) and sum(self.weights) > 0
        return self.weights if known else (1,) * len(self.groups)


# The same few amounts of a file are counted for each limit, and again for every question.
@lru_cache(maxsize=50_000)
def _parts(own: Split, cents: int) -> tuple[int, ...]:
    return tuple(split(cents, len(own.groups), own.weights))


def read_split(values: Mapping[str, Any], kind: str, file: str) -> Split:
    """The split of ``{"Almont": 60, "Lorient": 40}``: numbers in proportion, whatever their sum.

    Raises UserError naming the file and the group without a name or with a weight that is no number, below zero, beyond
    a billion or too precise, and when all weights are zero.
    """
    if "" in values:
        raise UserError(
            f"Un groupe «{NBSP}{kind}{NBSP}» du dossier {file} n’a pas de nom. Donnez-lui un nom, ou retirez-le.",
            field="groups",
        )
    found = [_weight(value, f"«{NBSP}{kind}:{name}{NBSP}» du dossier {file}") for name, value in values.items()]
    if not any(found):
        raise UserError(
            f"Les parts du dossier {file} entre les groupes «{NBSP}{kind}{NBSP}» sont toutes à zéro. "
            "Donnez-en une plus grande.",
            field="groups",
        )
    digits = max(_digits(weight) for weight in found)
    whole = [int(weight.scaleb(digits)) for weight in found]
    shared = gcd(*whole)
    return Split(tuple(f"{kind}:{name}" for name in values), tuple(weight // shared for weight in whole))


def _weight(value: Any, whose: str) -> Decimal:
    what = f"La part de {whose} (groups)"
    number = Decimal("NaN")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = Decimal(str(value) if isinstance(value, float) else value)
    if not number.is_finite():
        raise UserError(f"{what} n’est pas un nombre. Exemple{NBSP}: 60.", field="groups")
    if number < 0:
        raise UserError(f"{what} est négative. Donnez zéro ou plus.", field="groups")
    if number > _MOST_WEIGHT:
        raise UserError(f"{what} dépasse un milliard. Corrigez-la.", field="groups")
    if _digits(number) > _DECIMALS:
        raise UserError(f"{what} a plus de {_DECIMALS} décimales. Arrondissez-la.", field="groups")
    return number


def _digits(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))
