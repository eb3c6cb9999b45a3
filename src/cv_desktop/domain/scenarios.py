"""The names of scenarios, « B · Petites associations », and the words of the rule that proposed one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, product
from string import ascii_uppercase

from cv_desktop.domain.text import NBSP

SEPARATOR = " · "
LONGEST = 40


def next_label(label: str, known: Sequence[str]) -> str:
    """The name of a copy: the words of ``label`` after the first letter that no scenario of ``known`` begins with."""
    words = label.split(SEPARATOR, 1)[-1]
    taken = {name.split(SEPARATOR, 1)[0] for name in known}
    letters = ("".join(parts) for length in count(1) for parts in product(ascii_uppercase, repeat=length))
    letter = next(x for x in letters if x not in taken)
    return f"{letter}{SEPARATOR}{words}"[:LONGEST].rstrip()


RULE_WORDS = {
    "stop": "ordre strict des notes, arrêt au premier dossier qui ne tient pas",
    "skip": "ordre strict des notes, un dossier qui ne tient pas est sauté",
    "best": "la plus grande somme des notes des dossiers servis, puis le plus d’argent donné",
}


def rule_code(rule: str, rate: int) -> str:
    """What a scenario remembers of its rule: « best », or « skip:80 » when only 80 % of each request could be given."""
    return rule if rate == 100 else f"{rule}:{rate}"


def rule_words(code: str) -> str:
    """« ordre strict des notes, …, à 80 % de chaque demande au plus, … »; empty for a scenario made by hand."""
    rule, _, rate = code.partition(":")
    words = RULE_WORDS.get(rule, "")
    return f"{words}, à {rate}{NBSP}% de chaque demande au plus, ou à son minimum" if words and rate else words


def proposed_by(code: str) -> str:
    """« Montants proposés au départ par… » as one more sentence; empty for amounts that come from no rule.

    Amounts may have been changed by hand since: the rule says where they started.
    """
    words = rule_words(code)
    return f" Montants proposés au départ par{NBSP}: {words}." if words else ""
