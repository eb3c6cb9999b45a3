"""What a cell of a spreadsheet means: an amount, a day, a moment, a count, a yes or no.

Each reader answers None for an empty cell and raises UserError when the cell holds something else.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from cv_desktop.domain.dates import MONTHS, PARIS, parse_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import cents_of, parse_amount
from cv_desktop.domain.sheets import Cell, plain
from cv_desktop.domain.text import NBSP, fold, quote

# Far above any grant: what exceeds it is a typing slip or a number that slid into the wrong column.
_ABSURD_CENTS = 10_000_000_00
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - day zero of spreadsheet serials, on no clock
_SERIALS = range(32874, 73050)  # 1990 to 2099
DASHES = frozenset({"", "-", "–", "—"})
_CURRENCY = re.compile(r"\s*(?:euros?|eur|€)\.?$", re.IGNORECASE)
_MONTH_NUMBERS = {fold(name): number for number, name in enumerate(MONTHS, start=1)}
_IN_WORDS = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})")
_TIME = re.compile(r"(.+?)[ T,]+(?:(?:a|à)\s+)?(\d{1,2}) ?[:h] ?(\d{2})(?::(\d{2})(?:\.\d+)?)?", re.IGNORECASE)
_OFFSET = re.compile(r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})$")
_YES = frozenset({"on", "oui", "o", "yes", "true", "vrai", "1", "x", "coche"})
_NO = frozenset({"off", "non", "n", "no", "false", "faux", "0", "decoche"})


def is_blank(cell: Cell) -> bool:
    """Whether nothing was written; a lone dash is nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip() in DASHES)


def cents(cell: Cell) -> int | None:
    """Cents of a number of euros or of a text such as « 2 200,00 € ». Negative and absurd amounts are refused."""
    if is_blank(cell):
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell != cell or abs(cell) > _ABSURD_CENTS:
            raise UserError(f"{quote(plain(cell))} n’est pas un montant vraisemblable.")
        value = cents_of(cell)
    elif isinstance(cell, str):
        value = parse_amount(_CURRENCY.sub("", cell.strip()))
    else:
        raise UserError(f"{quote(plain(cell))} n’est pas un montant. Exemple{NBSP}: 4{NBSP}000 ou 4{NBSP}000,50.")
    if value < 0:
        raise UserError(f"{quote(plain(cell))} est un montant négatif.")
    if value > _ABSURD_CENTS:
        raise UserError(f"{quote(plain(cell))} n’est pas un montant vraisemblable.")
    return value


def day(cell: Cell) -> date | None:
    """A day: a date cell, an Excel serial, or a text (31/03/2026, 2026-03-31, 31 mars 2026)."""
    found = moment(cell)
    return found.astimezone(PARIS).date() if found else None


def moment(cell: Cell) -> datetime | None:
    """A UTC moment; what the cell says is on a French clock unless it gives an offset."""
    if is_blank(cell):
        return None
    if isinstance(cell, datetime):
        found = cell
    elif isinstance(cell, date):
        found = datetime(cell.year, cell.month, cell.day, tzinfo=PARIS)
    elif isinstance(cell, str):
        found = _written(cell.strip())
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        found = _serial(float(cell))
    else:
        raise _not_a_date(cell)
    if not 1900 <= found.year < 2200:
        raise _not_a_date(cell)
    return (found if found.tzinfo else found.replace(tzinfo=PARIS)).astimezone(UTC)


def count(cell: Cell) -> int | None:
    """A number of persons, whole and not negative."""
    if is_blank(cell):
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 10**7 and cell == int(cell):
        return int(cell)
    bare = re.sub(r"\s", "", plain(cell))
    bare = re.sub(r"[.,]0+$", "", bare)
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 7 or isinstance(cell, bool):
        raise UserError(f"{quote(plain(cell))} n’est pas un nombre de personnes.")
    return int(bare)


def flag(cell: Cell) -> bool | None:
    """A tick: « on » or « Oui », « off » or « Non »."""
    if is_blank(cell):
        return None
    word = fold(plain(cell))
    if word in _YES or word in _NO:
        return word in _YES
    raise UserError(f"{quote(plain(cell))} ne dit ni oui ni non.")


def _serial(number: float) -> datetime:
    if not _SERIALS.start <= number < _SERIALS.stop:
        raise _not_a_date(number)
    # A minute is not a round fraction of a day: 11:14 comes back as 11:13:59.999997.
    return _EPOCH + timedelta(seconds=round(number * 86400))


def _written(text: str) -> datetime:
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text):
        return _serial(float(text.replace(",", ".")))
    if re.match(r"\d{4}-\d{2}-\d{2}[ T]\d", text) and _OFFSET.search(text):
        try:
            return datetime.fromisoformat(re.sub(r"\s*UTC$", "Z", re.sub(r"\s+(?=[+-]\d{2}:?\d{2}$)", "", text)))
        except ValueError:
            raise _not_a_date(text) from None
    hours = minutes = seconds = 0
    day_text = " ".join(text.split())
    if timed := _TIME.fullmatch(day_text):
        day_text = timed.group(1)
        hours, minutes, seconds = (int(part or 0) for part in timed.group(2, 3, 4))
    found = _day_in_words(day_text) or parse_date(day_text)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise _not_a_date(text)
    return datetime(found.year, found.month, found.day, hours, minutes, seconds, tzinfo=PARIS)


def _day_in_words(text: str) -> date | None:
    found = _IN_WORDS.fullmatch(fold(text))
    if not found or found.group(2) not in _MONTH_NUMBERS:
        return None
    return parse_date(f"{found.group(1)}/{_MONTH_NUMBERS[found.group(2)]}/{found.group(3)}")


def _not_a_date(cell: Cell) -> UserError:
    return UserError(f"{quote(plain(cell))} n’est pas une date. Exemple{NBSP}: 31/03/2026.")
