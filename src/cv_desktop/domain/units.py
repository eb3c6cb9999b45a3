"""The units of a règlement: how each value is typed, shown and kept."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cv_desktop.domain import expense_caps, money
from cv_desktop.domain.dates import MONTHS, short_date, typed_date
from cv_desktop.domain.errors import UserError

NBSP = "\u00a0"
NO_LIMIT = f"sans{NBSP}limite"

Unit = Literal[
    "cents",
    "percent",
    "days",
    "months",
    "count",
    "date",
    "month_day",
    "flag",
    "list",
    "text",
    "method",
    "caps",
    "offsets",
]
Value = int | str | tuple[str, ...] | None  # bool is an int

_INTEGERS = ("cents", "percent", "days", "months", "count")
_STORED_DAY = re.compile(r"(?:([+-]\d):)?(\d{2})-(\d{2})")
_TYPED_DAY = re.compile(r"(\d{1,2})(?:er)?\s*(?:[/.-]\s*(\d{1,2})|([a-zéèûô]+))\s*(?:\(?n\s*([+−-]\s*\d)\)?)?")
_WHOLE = re.compile(r"(\d+)\s*(?:%|jours?|j|mois|fois)?")
_NONE_WORDS = frozenset({"", "–", "-", "sans limite", "aucun", "aucune", "illimité"})
_OFFSET = re.compile(r"j?\s*([+−-]?)\s*(\d{1,3})")
# How the public rate is counted: on the produits, as the Cerfa 12156 says, or on the charges, as the FIA does.
METHODS = {"fia": "FIA (charges)", "cerfa": "Cerfa (produits)"}
_WORDS = {True: frozenset({"oui", "o", "vrai", "1"}), False: frozenset({"non", "n", "faux", "0"})}


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of each year, ``offset`` years away from the year of the campaign."""

    month: int
    day: int
    offset: int = 0

    @classmethod
    def of(cls, stored: str) -> MonthDay:
        """Reads "03-31", "-1:10-01" or "+1:06-30". Raises ValueError."""
        found = _STORED_DAY.fullmatch(stored)
        if found is None:
            raise ValueError(f"not a day of the year: {stored}")
        made = cls(int(found[2]), int(found[3]), int(found[1] or 0))
        # 2024 is a leap year: 29 February is a day that exists some years.
        date(2024, made.month, made.day)
        return made

    def in_year(self, year: int) -> date:
        """That day for the campaign of ``year``."""
        target = year + self.offset
        return date(target, self.month, min(self.day, monthrange(target, self.month)[1]))

    @property
    def stored(self) -> str:
        prefix = f"{self.offset:+d}:" if self.offset else ""
        return f"{prefix}{self.month:02d}-{self.day:02d}"

    @property
    def shown(self) -> str:
        """« 31/03 », « 01/10 N−1 »."""
        sign = "−" if self.offset < 0 else "+"
        suffix = f" N{sign}{abs(self.offset)}" if self.offset else ""
        return f"{self.day:02d}/{self.month:02d}{suffix}"


def checked(unit: Unit, value: Value) -> Value:
    """The value itself when it fits its unit. Raises ValueError otherwise."""
    if value is None:
        return None
    match unit:
        case "flag":
            fits = isinstance(value, bool)
        case "list":
            fits = isinstance(value, tuple) and all(isinstance(x, str) for x in value)
        case "month_day":
            fits = isinstance(value, str) and bool(MonthDay.of(value))
        case "date":
            fits = isinstance(value, str) and bool(date.fromisoformat(value))
        case "text":
            fits = isinstance(value, str)
        case "method":
            fits = value in METHODS
        case "caps":
            fits = isinstance(value, tuple) and bool([expense_caps.ExpenseCap.of(str(x)) for x in value] or True)
        case "offsets":
            fits = isinstance(value, tuple) and all(str(int(x)) == x for x in value)
        case _:
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not fits:
        raise ValueError(f"{value!r} is not a value in {unit}")
    return value


def show_value(unit: Unit, value: Value) -> str:
    """The value as it stands in a field of the screen: « 3 000 € », « 80 % », « 31/03 », « oui »."""
    if value is None:
        return NO_LIMIT if unit in _INTEGERS else ""
    match unit:
        case "flag":
            return "oui" if value else "non"
        case "list":
            return ", ".join(value) if isinstance(value, tuple) else str(value)
        case "month_day":
            return MonthDay.of(str(value)).shown
        case "date":
            return short_date(date.fromisoformat(str(value)))
        case "text":
            return str(value)
        case "method":
            return METHODS[str(value)]
        case "caps":
            return ", ".join(cap.shown for cap in expense_caps.read(value))
        case "offsets":
            return ", ".join(_offset_words(int(x)) for x in value) if isinstance(value, tuple) else ""
    assert isinstance(value, int)
    match unit:
        case "cents":
            return money.euros(value)
        case "percent":
            return f"{value}{NBSP}%"
        case "days":
            return f"{value}{NBSP}jour{'s' if value > 1 else ''}"
        case "months":
            return f"{value}{NBSP}mois"
        case _:
            return money.group(value)


def parse_value(unit: Unit, text: str) -> Value:
    """The value a person typed in a field of that unit; an empty number means no limit.

    Raises UserError with an example of what is expected.
    """
    bare = re.sub(r"[\s\u00a0\u202f]+", " ", text).strip()
    match unit:
        case "text":
            return bare
        case "list":
            return tuple(item for item in (part.strip() for part in re.split(r"[,;\n]", text)) if item)
        case "flag":
            return _flag(bare)
        case "date":
            return typed_date(bare).isoformat() if bare else None
        case "month_day":
            return _month_day(bare).stored if bare else None
        case "method":
            return _method(bare)
        case "caps":
            return tuple(cap.stored for cap in expense_caps.typed(text))
        case "offsets":
            return tuple(_offset(part) for part in re.split(r"[,;\n]", bare) if part.strip())
    if bare.casefold() in _NONE_WORDS:
        return None
    return _amount(bare) if unit == "cents" else _whole(unit, bare)


def _flag(text: str) -> bool:
    for value, words in _WORDS.items():
        if text.casefold() in words:
            return value
    raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas une réponse. Écrivez oui ou non.")


def _method(text: str) -> str:
    for code, words in METHODS.items():
        if text and words.casefold().startswith(text.casefold()):
            return code
    raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas une méthode. Écrivez FIA ou Cerfa.")


def _offset(text: str) -> str:
    found = _OFFSET.fullmatch(text.strip().casefold())
    if found is None:
        raise UserError(f"«{NBSP}{text.strip()}{NBSP}» n’est pas un nombre de jours. Exemple{NBSP}: J−30, J+1, J+30.")
    days = int(found[2])
    return str(-days if found[1] in ("-", "−") else days)


def _offset_words(days: int) -> str:
    """« J−30 », « J », « J+1 »."""
    return f"J{'−' if days < 0 else '+'}{abs(days)}" if days else "J"


def _amount(text: str) -> int:
    cents = money.parse_amount(text)
    if cents < 0:
        raise UserError(f"{money.euros(cents)} est un montant négatif. Exemple{NBSP}: 3{NBSP}000.")
    return cents


def _whole(unit: Unit, text: str) -> int:
    found = _WHOLE.fullmatch(text.casefold().replace(" ", ""))
    if found is None:
        example = {"percent": f"80{NBSP}%", "days": f"15{NBSP}jours", "months": f"3{NBSP}mois"}.get(unit, "4")
        raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas un nombre entier. Exemple{NBSP}: {example}.")
    number = int(found[1])
    if unit == "percent" and number > 100:
        raise UserError(f"{number}{NBSP}% dépasse 100{NBSP}%. Exemple{NBSP}: 80{NBSP}%.")
    return number


def _month_day(text: str) -> MonthDay:
    found = _TYPED_DAY.fullmatch(text.casefold())
    if found is None or (found[3] and found[3] not in MONTHS):
        raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas un jour de l’année. Exemple{NBSP}: 31/03, ou 01/10 N−1.")
    month = int(found[2]) if found[2] else MONTHS.index(found[3]) + 1
    offset = int((found[4] or "0").replace("−", "-").replace(" ", ""))
    made = MonthDay(month, int(found[1]), offset)
    try:
        return MonthDay.of(made.stored)
    except ValueError:
        raise UserError(f"Le {text} n’existe pas.") from None
