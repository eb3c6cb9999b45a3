"""What a person types into the search field, as the words that the index holds."""

from __future__ import annotations

import re

from cv_desktop.domain.text import fold, words

_CURRENCY = re.compile(r"\s*(?:€|\beuros?\b)")
_CENTS = re.compile(r"(?<=\d),00?\b")
# Digits in groups are one number: a SIREN or a SIRET, a phone, thousands.
_SPACE = r"[\s.\-]"
_SIRET = re.compile(r"\b(\d{3})\s(\d{3})\s(\d{3})(?:\s(\d{1,5}))?\b")
_PHONE = re.compile(rf"(?<![\w+])(?:\+33{_SPACE}?(?:\(0\){_SPACE}?)?|0(?=\d))(\d(?:{_SPACE}?\d{{2}}){{2,4}}\d?)\b")
_THOUSANDS = re.compile(r"\b(\d{1,3}(?:\s\d{3})+)\b")
_BLANK = re.compile(_SPACE)
# One slip is forgiven in a word that is long enough not to become any other.
FORGIVEN_FROM = 4


def terms(text: str) -> tuple[str, ...]:
    """The words to look for, folded: « L’Almont 1 500 € » gives l, almont, 1500.

    A SIRET, a phone or an amount typed in groups is one word, whatever stands between its groups; a phone is
    written as it is dialled in France (+33 1 … gives 01…). Words said twice count once.
    """
    plain = _CENTS.sub("", _CURRENCY.sub("", fold(text)))
    plain = _SIRET.sub(lambda found: "".join(filter(None, found.groups())), plain)
    plain = _PHONE.sub(lambda found: "0" + _BLANK.sub("", found.group(1)), plain)
    plain = _THOUSANDS.sub(lambda found: _BLANK.sub("", found.group(1)), plain)
    return tuple(dict.fromkeys(words(plain).split()))


def may_slip(term: str) -> bool:
    """Whether a term may hold a slip of the keyboard: a word, never a number."""
    return len(term) >= FORGIVEN_FROM and term.isalpha()
