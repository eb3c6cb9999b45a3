"""A newer file of the same source: what it changes by itself, what a person decides, what it no longer holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cv_desktop.domain.imported import SIRET, STRUCTURE, Values, blank, same

FILE, BASE = "file", "base"
# (number in the file, field): FILE takes what the file says, BASE keeps what the base says.
Decisions = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Present:
    """An application of the campaign: what the base says, and what the last file said (None: not kept).

    ``siret`` is the one that the registry knows for its structure; ``locked`` is the state of a judged file, whose
    fields no file changes; ``owner`` is the name of its structure.
    """

    application_id: str
    number: str
    external: str
    values: Values = field(hash=False)
    imported: Values | None = field(hash=False)
    siret: str = ""
    locked: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """Fields that take the value of the file: (before, after) of each; ``settled`` are decided in favour of the base.

    ``told`` is all that the file says of the application.
    """

    present: Present
    line: int
    fields: Mapping[str, tuple[Any, Any]] = field(hash=False)
    settled: frozenset[str]
    told: Values = field(hash=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the file and the base say differently, which nothing but a person decides."""

    external: str
    number: str
    line: int
    name: str
    file: Any = field(hash=False)
    base: Any = field(hash=False)
    locked: str = ""


def compare(
    present: Present, line: int, told: Values, decisions: Decisions, *, stranger: bool = False
) -> tuple[Update, tuple[Difference, ...]]:
    """What a newer file does to an application that the campaign has.

    A field that nobody changed since the last file takes the new value; one that the file leaves as it was keeps the
    value of the base; whatever changed on both sides, was emptied by the file, or belongs to a judged file is a
    difference, until it is decided. So is everything of a ``stranger``: the same number, from another structure.
    """
    fields: dict[str, tuple[Any, Any]] = {}
    settled: set[str] = set()
    left: list[Difference] = []
    here = present.values.get(STRUCTURE)
    for name, new in told.items():
        if name == SIRET and (present.siret or told.get(STRUCTURE, here) != here):
            continue  # the registry answers for the numbers of a known structure
        now = present.values.get(name)
        if same(new, now):
            continue
        known = present.imported is not None and name in present.imported
        before = present.imported[name] if present.imported is not None and known else None
        if known and same(new, before):
            continue
        decided = decisions.get((present.external, name), "")
        free = not stranger and not blank(new) and name != STRUCTURE and (same(now, before) if known else blank(now))
        if not present.locked and (free or decided == FILE):
            fields[name] = (now, new)
        elif decided == BASE:
            settled.add(name)
        else:
            left.append(Difference(present.external, present.number, line, name, new, now, present.locked))
    return Update(present, line, fields, frozenset(settled), told), tuple(left)
