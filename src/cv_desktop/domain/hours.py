"""Hours of a day as French people write them: « 14 h 05 »."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from cv_desktop.domain.dates import PARIS, local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote

NBSP = "\u00a0"
_TYPED = re.compile(r"(\d{1,2})\s*(?:h|H|:|\.)?\s*(\d{2})?")
_BARE = re.compile(r"(\d{1,2})(\d{2})")


def spoken(hour: time) -> str:
    """« 14 h 05 », « 9 h » on the hour, with no-break spaces."""
    minutes = f"{NBSP}{hour.minute:02d}" if hour.minute else ""
    return f"{hour.hour}{NBSP}h{minutes}"


def spoken_moment(moment: datetime) -> str:
    """The hour of a moment on a French clock."""
    return spoken(local(moment).time())


def parse_hour(text: str) -> time:
    """An hour typed 14h05, 14 h, 14:05, 14.05, 1405 or 9. Raises UserError otherwise."""
    bare = " ".join(text.split())
    found = _BARE.fullmatch(bare) or _TYPED.fullmatch(bare)
    if found is None:
        raise UserError(f"{quote(bare)} n’est pas une heure. Exemple{NBSP}: 14{NBSP}h{NBSP}30 ou 14:30.")
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise UserError(f"{quote(bare)} n’existe pas{NBSP}: les heures vont de 0 à 23, les minutes de 0 à 59.")
    return time(hour, minute)


def moment_of(day: date, hour: time) -> datetime:
    """The moment of an hour of a French clock on a day, in UTC."""
    return datetime.combine(day, hour, PARIS).astimezone(UTC)
