"""What a mention is: something that the law wants in a kind of letter; and the texts that want the most usual ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from cv_desktop.domain.text import NBSP

ACT = "CGCT, articles L. 2131-1 et L. 5211-3"
ACCOUNTANT = "CGCT, annexe I, rubrique 721"
GRANT = "loi n° 2000-321 du 12 avril 2000, article 10".replace("n° ", f"n°{NBSP}")
COMMITMENT = "loi n° 2000-321 du 12 avril 2000, article 10-1".replace("n° ", f"n°{NBSP}")
RECEIPT = "CRPA, article R. 112-5"
CONTROL = "CGCT, article L. 1611-4"
REASONS = "CRPA, articles L. 211-2 et L. 211-5"
HEARD = "CRPA, articles L. 121-1 et L. 122-1"
APPEAL = "CJA, articles R. 421-1 et R. 421-5"
INTEREST = "CGCT, article L. 2131-11, et code pénal, article 432-12"
RULES = "règlement de la campagne"
# Lawful ways of saying a thing, in folded text.
SIX_MONTHS = r"\b(?:six|6)(?: \((?:six|6)\))? mois"
PASSING = (
    r"revers\w+ a (?:un|des) (?:tiers|autres?)|sans reversement"
    r"|(?:interdi\w+|ne (?:peu\w+|doi\w+|saurai\w+)|aucun)\b[^.;]{0,60}\brevers|\brevers[^.;]{0,60}\binterdi"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """``values`` are the facts it prints; ``words`` patterns that the folded text holds, whatever their values.

    ``when`` names the flags under which it is wanted, any of them; none is always.
    """

    label: str
    law: str
    sentence: str
    values: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    when: frozenset[str] = field(default_factory=frozenset)
    code: str = ""
