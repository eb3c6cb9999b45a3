"""What agreements of several years engage on the envelopes of the years to come, against what is free there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.money import euros
from cv_desktop.domain.text import NBSP, quote


@dataclass(frozen=True, slots=True)
class NextYear:
    """The cents that agreements to be voted engage in a year, and the campaign that will bear them.

    ``call`` is empty until it exists; ``left_cents`` is what is free there before them, below 0 once it is overrun.
    """

    year: int
    cents: int
    call: str = ""
    left_cents: int = 0

    @property
    def missing_cents(self) -> int:
        """What that envelope lacks once they are engaged; 0 while there is none."""
        return max(0, self.cents - self.left_cents) if self.call else 0

    @property
    def words(self) -> str:
        """« 2027 : 12 000 € engagés sur « AAP 2027 », où 8 000 € sont libres : il manque 4 000 €. »"""
        if not self.call:
            return f"{self.year}{NBSP}: {euros(self.cents)} engagés dès que la campagne existera."
        there = f"{self.year}{NBSP}: {euros(self.cents)} engagés sur {quote(self.call)}, où "
        if self.left_cents < 0:
            return f"{there}il manque déjà {euros(-self.left_cents)}{NBSP}: il manquera {euros(self.missing_cents)}."
        left = f"{euros(self.left_cents)} sont libres" if self.left_cents else "rien n’est libre"
        return there + (f"{left}{NBSP}: il manque {euros(self.missing_cents)}." if self.missing_cents else f"{left}.")


def headline(years: Sequence[NextYear]) -> str:
    """« Conventions : l’enveloppe de 2027 ne suffit pas », or that those to come suffice."""
    short = [str(one.year) for one in years if one.missing_cents]
    if not short:
        return f"Conventions{NBSP}: les années suivantes tiennent dans leurs enveloppes"
    if len(short) == 1:
        return f"Conventions{NBSP}: l’enveloppe de {short[0]} ne suffit pas"
    return f"Conventions{NBSP}: les enveloppes de {', '.join(short[:-1])} et {short[-1]} ne suffisent pas"
