"""What a request for documents asks: one point per document and per rule that the association can mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from cv_desktop.domain.eligibility import Result
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.workflow import to_complete

# Where the règlement leaves the delay blank: L114-5 asks that one be given.
_DAYS = 15


@dataclass(frozen=True, slots=True)
class Point:
    """``code`` is the check that asks it, ``item`` the document (empty for a rule), ``text`` what is expected."""

    code: str
    item: str
    text: str
    article: str = ""
    value: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Point:
        """A point kept with the request that asked it."""
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def points(results: Iterable[Result]) -> tuple[Point, ...]:
    """Exactly what fails and can be given: each document by its name, each rule by its sentence."""
    found: list[Point] = []
    for r in to_complete(results):
        if r.items:
            found += [Point(r.code, kind, words, r.article) for kind, words in r.items]
        else:
            found.append(Point(r.code, "", r.sentence, r.article, r.value))
    return tuple(found)


def left(asked: Iterable[Point], results: Iterable[Result]) -> tuple[Point, ...]:
    """Of the points asked, those that the file still lacks."""
    lacking = {(p.code, p.item) for p in points(results)}
    lacking |= {(code, "") for code, _item in lacking}
    return tuple(p for p in asked if (p.code, p.item) in lacking)


def due_on(asked_on: date, rules: Rules) -> date:
    """The last day to answer a request sent on ``asked_on``: the days that the règlement gives."""
    return asked_on + timedelta(days=rules.count("completion_days") or _DAYS)
