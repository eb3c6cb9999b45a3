"""Days and moments as French people write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cv_desktop.domain.errors import UserError

NBSP = "\u00a0"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
ABRIDGED = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
PARIS = ZoneInfo("Europe/Paris")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_TYPED = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{2}|\d{4})|(\d{2})(\d{2})(\d{2}|\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?")


def long_date(day: date, *, weekday: bool = False) -> str:
    """« 3 mars 2026 », « 1er avril 2026 », with no-break spaces between day and month."""
    number = "1er" if day.day == 1 else str(day.day)
    text = f"{number}{NBSP}{MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text


def abridged_date(day: date, *, year: bool = True) -> str:
    """« 26 nov. 2025 », or « 2 févr. » without its year, for narrow places."""
    number = "1er" if day.day == 1 else str(day.day)
    text = f"{number}{NBSP}{ABRIDGED[day.month - 1]}"
    return f"{text}{NBSP}{day.year}" if year else text


def short_date(day: date | None) -> str:
    """« 03/03/2026 », empty when there is none."""
    return f"{day:%d/%m/%Y}" if day else ""


def local(moment: datetime) -> datetime:
    """The same moment on a French clock."""
    return moment.astimezone(PARIS)


def clock(moment: datetime) -> str:
    """« 14:32 » on a French clock."""
    return f"{local(moment):%H:%M}"


def parse_date(text: str) -> date:
    """A day written 03/03/2026, 3.3.2026 or 2026-03-03, an hour after it ignored. Raises UserError otherwise."""
    bare = text.strip()
    if found := _SLASHED.fullmatch(bare):
        day, month, year = (int(x) for x in found.groups())
    elif found := _ISO.fullmatch(bare):
        year, month, day = (int(x) for x in found.groups())
    else:
        raise UserError(f"«{NBSP}{bare}{NBSP}» n’est pas une date. Exemple{NBSP}: 31/03/2026.")
    try:
        return date(year, month, day)
    except ValueError:
        raise UserError(f"{bare} n’existe pas.") from None


def typed_date(text: str) -> date:
    """A day as a person types it: also 3/3/26, 3 3 26 or 030326, two digits of year being of this century.

    Only for what is shown again at once in full: a file is read by ``parse_date``. Raises UserError otherwise.
    """
    if found := _TYPED.fullmatch(text.strip()):
        day, month, year = (x for x in found.groups() if x is not None)
        return parse_date(f"{day}/{month}/{year if len(year) == 4 else f'20{year}'}")
    return parse_date(text)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month when it is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
