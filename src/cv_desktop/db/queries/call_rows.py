"""Campaigns as a list.

The question is written as text: the selector is filled before SQLAlchemy is loaded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cv_desktop.db.engine import ask

if TYPE_CHECKING:
    from cv_desktop.db.engine import Reading

_CALLS = """
WITH files AS (
    SELECT call_id, count(*) AS files, sum(asked_cents) AS asked
    FROM application WHERE status <> 'draft' AND id NOT IN (SELECT value FROM json_each(:hidden)) GROUP BY call_id
), waiting AS (
    SELECT call_id FROM rules_parameter WHERE to_validate AND call_id IS NOT NULL
    UNION ALL
    SELECT call_id FROM expected_document WHERE to_validate AND call_id IS NOT NULL
    UNION ALL
    SELECT call_id FROM (SELECT call_id, to_validate, max(version) FROM grid WHERE call_id IS NOT NULL GROUP BY call_id)
    WHERE to_validate
), doubts AS (
    SELECT call_id, count(*) AS doubts FROM waiting GROUP BY call_id
)
SELECT call.id, call.code, call.scheme_code, scheme.label, call.year, call.label, call.envelope_cents,
    coalesce(files.files, 0), coalesce(files.asked, 0), coalesce(doubts.doubts, 0), call.example,
    call.opened_on, call.closed_on
FROM call
JOIN scheme ON scheme.code = call.scheme_code
LEFT JOIN files ON files.call_id = call.id
LEFT JOIN doubts ON doubts.call_id = call.id
ORDER BY call.year DESC, call.code
"""


@dataclass(frozen=True, slots=True)
class CallRow:
    """``to_validate`` counts its règlement, its documents and its grid, as ``queries.doubts`` lists them.

    The letters belong to every campaign.
    """

    id: str
    code: str
    scheme: str
    scheme_label: str
    year: int
    label: str
    envelope_cents: int
    applications: int
    asked_cents: int
    to_validate: int
    example: bool
    opened_on: date | None = None
    closed_on: date | None = None


def rows(reading: Reading, *, viewer: str | None = None) -> list[CallRow]:
    """All the campaigns, the newest first, counted without the files hidden from the viewer."""
    return [
        CallRow(*[*known, bool(example), _day(opened), _day(closed)])
        for *known, example, opened, closed in ask(reading, _CALLS, hidden=_hidden(reading, viewer))
    ]


def _hidden(reading: Reading, viewer: str | None) -> str:
    if viewer is None:
        return "[]"
    # The one place of visibility speaks SQLAlchemy, which the officer's first list does without.
    from cv_desktop.db.queries.visibility import hidden

    return json.dumps(sorted(hidden(reading, viewer)))


def later(reading: Reading, *, call_id: str) -> list[CallRow]:
    """The campaigns of the same scheme in the years that follow, the newest first."""
    known = rows(reading)
    own = next(x for x in known if x.id == call_id)
    return [x for x in known if x.scheme == own.scheme and x.year > own.year]


def row(reading: Reading, call_id: str) -> CallRow | None:
    """One campaign; None when it does not exist."""
    return next((r for r in rows(reading) if r.id == call_id), None)


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
