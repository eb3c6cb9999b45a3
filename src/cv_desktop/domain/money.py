"""Amounts: integer cents in, French words and figures out, and back."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from cv_desktop.domain.errors import UserError

NBSP = "\u00a0"
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_AMOUNT = re.compile(r"[+-]?\d+(?:[.,](\d+))?")

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf",
    "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt")

_DIGITS = 15  # signs of the largest amount that may be typed, a thousandth of what a base keeps


def parse_amount(text: str) -> int:
    """Cents of « 1 234,56 € », « 1234.56 » or « 3000 ».

    Raises UserError when it is no amount, when it has more than two decimals, or more digits than a sum is kept with.
    """
    bare = _SPACES.sub("", text.replace("€", "").replace("EUR", "").replace("−", "-"))
    if re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})+,\d{1,2}", bare):
        bare = bare.replace(".", "")
    given = f"«{NBSP}{text.strip()}{NBSP}»"
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        raise UserError(f"{given} n’est pas un montant. Exemple{NBSP}: 4{NBSP}000 ou 4{NBSP}000,50.")
    # « 1.500 » is one thousand five hundred for some and one and a half for others: never guessed.
    if len(found[1] or "") > 2:
        raise UserError(f"{given} a plus de deux décimales. Exemple{NBSP}: 4{NBSP}000,50.")
    if len(bare) > _DIGITS:
        raise UserError(f"{given} est trop grand pour un montant. Vérifiez le nombre de chiffres.")
    return int(Decimal(bare.replace(",", ".")) * 100)


def cents_of(value: int | float | Decimal) -> int:
    """Cents of a number of euros read in a spreadsheet cell, rounded half up to the cent."""
    return int((Decimal(repr(value) if isinstance(value, float) else value) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def group(number: int) -> str:
    """« 1 234 567 » with no-break spaces."""
    return f"{number:,}".replace(",", NBSP)


def figures(cents: int) -> str:
    """« 1 500 » or « 1 234,56 »: the cents only when they are not zero, no sign of currency."""
    sign = "−" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    return sign + group(euros) + (f",{rest:02d}" if rest else "")


def euros(cents: int) -> str:
    """« 1 500 € » with no-break spaces."""
    return f"{figures(cents)}{NBSP}€"


def percent(part: int, whole: int, decimals: int = 1) -> str:
    """« 43,4 % » of two amounts, rounded half up; « – » when the whole is zero."""
    if whole == 0:
        return "–"
    value = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{value:f}".replace(".", ",").replace("-", "−")
    if decimals and text.endswith("," + "0" * decimals):
        text = text[: -decimals - 1]
    return f"{text}{NBSP}%"


def round_down(cents: int, step_cents: int) -> int:
    """The largest multiple of ``step_cents`` that does not exceed ``cents``."""
    return cents - cents % step_cents if step_cents > 0 else cents


def _below_hundred(n: int, final: bool) -> str:
    if n < 20:
        return _UNITS[n]
    ten, unit = divmod(n, 10)
    if ten in (7, 9):
        unit += 10
    base = _TENS[ten]
    if unit == 0:
        return base + ("s" if ten == 8 and final else "")
    if unit in (1, 11) and ten != 8 and ten != 9:
        return f"{base} et {_UNITS[unit]}"
    return f"{base}-{_UNITS[unit]}"


def _below_thousand(n: int, final: bool) -> str:
    hundreds, rest = divmod(n, 100)
    words = []
    if hundreds:
        if hundreds > 1:
            words.append(_UNITS[hundreds])
        words.append("cents" if hundreds > 1 and rest == 0 and final else "cent")
    if rest:
        words.append(_below_hundred(rest, final))
    return " ".join(words)


def number_in_words(n: int) -> str:
    """French cardinal of 0 to 999 999 999 999, traditional hyphens (« deux mille quatre cents »)."""
    if not 0 <= n < 10**12:
        raise ValueError(n)
    if n == 0:
        return "zéro"
    words = []
    for scale, name in ((10**9, "milliard"), (10**6, "million")):
        count, n = divmod(n, scale)
        if count:
            words.append(f"{_below_thousand(count, True)} {name}{'s' if count > 1 else ''}")
    thousands, n = divmod(n, 1000)
    if thousands:
        words.append("mille" if thousands == 1 else f"{_below_thousand(thousands, False)} mille")
    if n:
        words.append(_below_thousand(n, True))
    return " ".join(words)


def in_words(cents: int) -> str:
    """« deux mille quatre cents euros », « un million d’euros », « un euro et cinq centimes »."""
    whole, rest = divmod(cents, 100)
    parts = []
    if whole or not rest:
        name = "euro" if whole < 2 else "euros"
        link = "d’" if whole >= 10**6 and whole % 10**6 == 0 else ""
        parts.append(f"{number_in_words(whole)} {link}{name}")
    if rest:
        parts.append(f"{number_in_words(rest)} centime{'s' if rest > 1 else ''}")
    return " et ".join(parts)
