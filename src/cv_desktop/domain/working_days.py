"""Days on which an office is open in France: what ends on another day ends on the next one."""

from __future__ import annotations

from datetime import date, timedelta

# Code du travail, L3133-1; those of Easter are counted from it.
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday


def working_day(day: date) -> date:
    """The day itself, else the first one after it that is no Saturday, Sunday nor holiday (CPC 642)."""
    while day.weekday() >= 5 or day in holidays(day.year):
        day += timedelta(days=1)
    return day


def holidays(year: int) -> frozenset[date]:
    """The holidays of a year in metropolitan France, Alsace and Moselle left aside."""
    first = easter(year)
    moving = (first + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset([*(date(year, month, day) for month, day in _FIXED), *moving])


def easter(year: int) -> date:
    """Easter Sunday, by the Gregorian rule of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    epact = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (year % 19 + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
