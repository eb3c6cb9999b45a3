"""The calendar of a campaign: the days its règlement names, in its year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.rules import Parameter
from cv_desktop.domain.units import MonthDay, parse_value

NBSP = "\u00a0"
DAYS = ("month_day", "date")
_MOST_YEARS = 3


@dataclass(frozen=True, slots=True)
class Milestone:
    """One day of the calendar; ``day`` None when the campaign does not use it. ``id`` is the parameter's."""

    id: str
    label: str
    article: str
    day: date | None
    to_validate: bool
    hint: str


def milestones(rows: Iterable[tuple[str, Parameter]], year: int) -> tuple[Milestone, ...]:
    """The days of a règlement for the campaign of ``year``, in order, those without a date last."""
    found = [
        Milestone(key, p.label, p.article, day_of(p, year), p.to_validate, p.hint) for key, p in rows if p.unit in DAYS
    ]
    return tuple(sorted(found, key=lambda m: (m.day is None, m.day or date.max)))


def day_of(parameter: Parameter, year: int) -> date | None:
    """The day a parameter names in the campaign of ``year``."""
    if not isinstance(parameter.value, str) or not parameter.value:
        return None
    if parameter.unit == "date":
        return date.fromisoformat(parameter.value)
    return MonthDay.of(parameter.value).in_year(year)


def typed(text: str, parameter: Parameter, year: int) -> str:
    """What to type for a parameter so that it means this day: « 01/10 N−1 » for 01/10/2025 in the campaign of 2026.

    A day without its year, and an empty text, are left as they are. Raises UserError on a day that does not exist or
    is too far from the campaign.
    """
    bare = text.strip()
    if parameter.unit == "date" or not bare:
        return bare
    try:
        parse_value("month_day", bare)
    except UserError:
        day = typed_date(bare)
        if abs(day.year - year) > _MOST_YEARS:
            raise UserError(f"{bare} est loin de la campagne de {year}. Vérifiez l’année.") from None
        return MonthDay(day.month, day.day, day.year - year).shown
    return bare
