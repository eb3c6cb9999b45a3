"""How a level is written on the sheets that come back typed, and how what somebody typed there is read."""

from __future__ import annotations

import re

from cv_desktop.domain.bundle import Asked
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import fold, quote

NOT_APPLICABLE = "Sans objet"
DEDICATED = "oui"
_LEVEL = re.compile(r"(\d{1,2})(?:\s*[-–—:.]\s*.*)?")
_AWAY = frozenset({"so", "s.o.", "s/o", "n", "na", "sans objet"})
_YES = frozenset({"oui", "x", "o", "1", "vrai", "true", "yes"})
_NO = frozenset({"", "non", "0", "faux", "false", "off"})


def choices(asked: Asked) -> tuple[str, ...]:
    """What the list of a criterion offers: « 2 – Objectif significatif », « 7 », « Sans objet »."""
    names = {level.value: level.name for level in asked.levels}
    levels = tuple(f"{value} – {names[value]}" if names.get(value) else str(value) for value in asked.values)
    return (*levels, NOT_APPLICABLE) if asked.na_allowed else levels


def level_of(text: str) -> tuple[int | None, bool]:
    """The level that somebody chose or typed, and whether it is « sans objet »; (None, False) when nothing is there.

    Raises UserError when it is neither.
    """
    said = " ".join(text.split())
    if not said:
        return None, False
    if fold(said) in _AWAY:
        return None, True
    found = _LEVEL.fullmatch(said.removesuffix(".0").removesuffix(",0"))
    if found is None:
        raise UserError(f"{quote(said[:40])} n’est pas un niveau. Choisissez-le dans la liste.")
    return int(found.group(1)), False


def dedicated_of(text: str) -> bool:
    """Whether « action dédiée » was said. Raises UserError when it is neither yes nor no."""
    said = fold(" ".join(text.split())).strip("/")
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise UserError(f"{quote(text[:40])} ne dit ni oui ni non pour «\u00a0action dédiée\u00a0».")
