"""How a letter leaves and when it arrives: the channels, the numbers of registered mail, the days pasted from a list.

An individual decision binds from its notification (CRPA, article L221-8), and the delay to appeal runs from it (CJA,
article R421-5): only a day that something proves is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cv_desktop.domain.dates import long_date, parse_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.text import NBSP, quote

POST, REGISTERED, EMAIL, HAND = "post", "lrar", "email", "hand"
CHANNELS = {
    POST: "Lettre simple",
    REGISTERED: "Recommandé avec accusé de réception",
    EMAIL: "Courriel",
    HAND: "Remise en main propre",
}
# The postal service writes 1A 123 456 7890 1, or RR 123 456 785 FR abroad.
_REGISTERED = re.compile(r"[A-Z0-9]{9,20}")
_SPLIT = re.compile(r"\t|;|\s{2,}")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of a pasted list that is not taken, and why."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """``dates`` by the number of the letter."""

    dates: dict[str, date]
    faults: tuple[Fault, ...]


def reminder_on(sent_on: date, rules: Rules) -> date | None:
    """The day to ask what became of a letter whose receipt did not come back; None when the règlement gives none."""
    key = "receipt_reminder_days"
    days = rules.count(key) if key in rules else None
    return sent_on + timedelta(days=days) if days else None


def registered_number(text: str) -> str:
    """The number of a registered letter without its spaces; empty when there is none.

    Raises UserError on what is no such number.
    """
    bare = re.sub(r"[\s.-]", "", text).upper()
    if bare and not (_REGISTERED.fullmatch(bare) and sum(sign.isdigit() for sign in bare) >= 8):
        raise UserError(
            f"{quote(text.strip())} n’est pas un numéro de recommandé. Exemple{NBSP}: 1A 123 456 7890 1.",
            field="registered_number",
        )
    return bare


def registered_numbers(text: str, letters: Sequence[str]) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """The number of registered mail of each letter, from lines « CO-2026-0114 TAB 1A… »; what is not taken and why."""
    found: dict[str, str] = {}
    faults = []
    for place, cells in _lines(text):
        if len(cells) < 2:
            continue  # a line left as it was offered, without its number
        try:
            number = registered_number(cells[1])
            _known(cells[0], letters)
        except UserError as refusal:
            faults.append(Fault(place, refusal.message))
            continue
        if number in found.values():
            faults.append(Fault(place, f"Le recommandé {number} est donné à deux courriers."))
        elif number:
            found[cells[0].upper()] = number
    return found, tuple(faults)


def receipts(text: str, sent: Mapping[str, tuple[date, str]], today: date) -> Pasted:
    """The days of receipt, from lines « CO-2026-0114 TAB 15/04/2026 »; the number may be that of the registered mail.

    ``sent`` gives the day each letter left and its registered number. A line that is not taken is told with why.
    """
    registered = {number: letter for letter, (_day, number) in sent.items() if number}
    dates: dict[str, date] = {}
    faults = []
    for place, cells in _lines(text):
        name = registered.get(re.sub(r"[\s.-]", "", cells[0]).upper(), cells[0].upper())
        try:
            _known(name, list(sent))
            if len(cells) < 2:
                raise UserError(f"{name}{NBSP}: il manque la date. Exemple{NBSP}: {name}, tabulation, 15/04/2026.")
            day = parse_date(cells[1])
            check_receipt(day, sent[name][0], today)
            if dates.get(name, day) != day:
                raise UserError(f"{name} a déjà une autre date plus haut.")
        except UserError as refusal:
            faults.append(Fault(place, refusal.message))
        else:
            dates[name] = day
    return Pasted(dates, tuple(faults))


def check_receipt(day: date, sent_on: date, today: date) -> None:
    """Raises UserError when a letter cannot have been received that day."""
    if day > today:
        raise UserError(f"Le {long_date(day)} n’est pas encore venu.", field="received_on")
    if day < sent_on:
        raise UserError(
            f"Le {long_date(day)} précède l’envoi, du {long_date(sent_on)}. Vérifiez l’année.", field="received_on"
        )


def _lines(text: str) -> list[tuple[int, list[str]]]:
    lines = ((place, line.strip()) for place, line in enumerate(text.splitlines(), 1))
    return [(place, [cell.strip() for cell in _SPLIT.split(line) if cell.strip()]) for place, line in lines if line]


def _known(name: str, letters: Sequence[str]) -> None:
    if name.upper() not in letters:
        raise UserError(f"{quote(name)} n’est le numéro d’aucun de ces courriers.")
