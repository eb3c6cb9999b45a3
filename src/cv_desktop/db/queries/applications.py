"""Files as lists, without those a viewer must not see.

The questions are written as text: the first list a person sees is read before SQLAlchemy is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from cv_desktop.db.engine import ask
from cv_desktop.db.queries.lots import HELD
from cv_desktop.domain.progress import Progress, displayed
from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus, LetterState, Opinion, Outcome

if TYPE_CHECKING:
    from cv_desktop.db.engine import Reading

_Request = tuple[bool, str | None, str | None]  # it has a letter, asked on, due on

_OF_CALL = "application.call_id = :call_id"
_RANKED = "application.seq BETWEEN :first AND :last"
_SEEN = "application.id NOT IN (SELECT value FROM json_each(:hidden))"
_AMONG = "application.id IN (SELECT value FROM json_each(:ids))"
_FILES = """
SELECT application.id, application.number, application.external_id, application.structure_id, structure.name,
    application.title, theme.label, application.theme_label, application.quarters_text, application.asked_cents,
    application.cost_cents, application.status, application.deposited_at, application.source
FROM application
JOIN structure ON structure.id = application.structure_id
LEFT JOIN theme ON theme.code = application.theme_code
WHERE {condition} AND {seen}
ORDER BY application.seq
"""
_QUARTERS = """
SELECT application.id, quarter.name
FROM application_quarter
JOIN quarter ON quarter.code = application_quarter.quarter_code
JOIN application ON application.id = application_quarter.application_id
WHERE {condition}
ORDER BY quarter.code
"""
_OPINIONS = """
SELECT application.id, agenda_item.opinion
FROM agenda_item
JOIN meeting ON meeting.id = agenda_item.meeting_id
JOIN application ON application.id = agenda_item.application_id
WHERE {condition}
ORDER BY meeting.held_on, meeting.id
"""
_DECISIONS = """
SELECT application.id, CASE WHEN decision_end.kind IS NULL THEN decision.outcome ELSE 'revoked' END,
    CASE WHEN decision_end.kind IS NULL THEN decision.amount_cents ELSE 0 END
FROM decision
JOIN application ON application.id = decision.application_id
LEFT JOIN decision_end ON decision_end.decision_id = decision.id
WHERE {condition}
ORDER BY decision.decided_at, decision.rowid
"""
_IN_LOT = """
SELECT application.id
FROM lot_line
JOIN lot ON lot.id = lot_line.lot_id
JOIN application ON application.id = lot_line.application_id
WHERE {condition} AND {held}
"""
_LETTERS = """
SELECT application.id, letter.kind, CASE WHEN dispatch.id IS NULL THEN letter.state ELSE 'sent' END
FROM letter
JOIN application ON application.id = letter.application_id
LEFT JOIN dispatch ON dispatch.letter_id = letter.id
WHERE {condition} AND letter.kind NOT IN ('AR', 'AR-P')
AND NOT EXISTS (SELECT 1 FROM letter AS newer WHERE newer.replaces_id = letter.id)
"""
# The last one of a file counts; one that no letter sent yet comes after those that left.
_REQUESTS = """
SELECT application.id, completion.letter_id IS NOT NULL, completion.asked_on, completion.due_on
FROM completion
JOIN application ON application.id = completion.application_id
WHERE {condition} AND completion.closed_on IS NULL
ORDER BY completion.asked_on IS NULL, completion.prepared_at
"""


class ApplicationRow(NamedTuple):
    """A tuple rather than a dataclass: twenty thousand are made in a quarter of the time."""

    id: str
    number: str
    external_id: str
    structure_id: str
    structure: str
    title: str
    theme: str
    quarters: str
    asked_cents: int
    cost_cents: int
    status: DisplayedStatus
    progress: Progress
    deposited_at: datetime | None
    granted_cents: int | None
    source: str


def rows(
    reading: Reading, *, call_id: str, viewer: str | None = None, ranks: tuple[int, int] | None = None
) -> list[ApplicationRow]:
    """The files of a campaign in the order of their numbers, for an officer or for a member.

    ``ranks`` keeps one of the ``slices``.
    """
    if ranks is None:
        return _rows(reading, _OF_CALL, viewer, call_id=call_id)
    return _rows(reading, f"{_OF_CALL} AND {_RANKED}", viewer, call_id=call_id, first=ranks[0], last=ranks[1])


def slices(reading: Reading, *, call_id: str, first: int, size: int) -> list[tuple[int, int]]:
    """A campaign in parts that are read one after the other: ``first`` files, then ``size`` each time."""
    question = f"SELECT application.seq FROM application WHERE {_OF_CALL} ORDER BY application.seq"
    every = [rank for (rank,) in ask(reading, question, call_id=call_id)]
    cuts = [0, *range(first, len(every), size), len(every)]
    return [(every[start], every[end - 1]) for start, end in pairwise(cuts) if start < end]


def some(reading: Reading, *, ids: Sequence[str], viewer: str | None = None) -> list[ApplicationRow]:
    """A few files among those of a campaign, to show again what was just written."""
    return _rows(reading, _AMONG, viewer, ids=json.dumps(list(ids)))


def count(reading: Reading, *, call_id: str, viewer: str | None = None) -> int:
    """How many files a campaign has."""
    question = f"SELECT count(*) FROM application WHERE {_OF_CALL} AND {_SEEN}"
    return next(int(found) for (found,) in ask(reading, question, call_id=call_id, hidden=_hidden(reading, viewer)))


def numbers(reading: Reading, *, call_id: str) -> dict[str, str]:
    """External number of each file by its key, or its own number where there is none."""
    question = f"SELECT id, external_id, number FROM application WHERE {_OF_CALL}"
    return {key: external or number for key, external, number in ask(reading, question, call_id=call_id)}


def _rows(reading: Reading, condition: str, viewer: str | None, **values: str | int) -> list[ApplicationRow]:
    steps = _Steps(reading, condition, values)
    question = _FILES.format(condition=condition, seen=_SEEN)
    found = []
    # Taken apart rather than asked by name: a campaign of thousands is read at each change.
    for (
        key, number, external, structure_id, structure, title, theme, theme_label, quarters_text, asked, cost, status,
        deposited_at, source,
    ) in ask(reading, question, hidden=_hidden(reading, viewer), **values):  # fmt: skip
        progress, shown = steps.of(key, status)
        names = steps.quarters.get(key)
        quarters = (f"{names}, {quarters_text}" if quarters_text else names) if names else quarters_text
        found.append(
            ApplicationRow(
                key, number, external or "", structure_id, structure, title, theme or theme_label, quarters, asked,
                cost, shown, progress, _moment(deposited_at), steps.granted.get(key), source,
            )
        )  # fmt: skip
    return found


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _hidden(reading: Reading, viewer: str | None) -> str:
    """Keys, as JSON. An officer, for whom the first list is read, sees every file: nothing is asked."""
    if viewer is None:
        return "[]"
    from cv_desktop.db.queries import visibility

    return json.dumps(sorted(visibility.hidden(reading, viewer)))


class _Steps:
    """How far each file went, asked in one question per step rather than one per file."""

    def __init__(self, reading: Reading, condition: str, values: dict[str, str | int]) -> None:
        def found(question: str) -> Iterable[tuple[Any, ...]]:
            return ask(reading, question.format(condition=condition, held=HELD), **values)

        self.quarters: dict[str, str] = {}
        for key, name in found(_QUARTERS):
            self.quarters[key] = f"{self.quarters[key]}, {name}" if key in self.quarters else name
        self.opinions: dict[str, str | None] = dict(found(_OPINIONS))
        self.outcomes: dict[str, str] = {}
        self.granted: dict[str, int] = {}
        for key, outcome, cents in found(_DECISIONS):
            self.outcomes[key], self.granted[key] = outcome, cents
        self.in_lot = {key for (key,) in found(_IN_LOT)}
        self.letters: dict[str, tuple[str, str]] = {}
        for key, kind, state in found(_LETTERS):
            if key not in self.letters or self.letters[key][0] == kind:
                self.letters[key] = kind, state
        self.asked: dict[str, _Request] = {key: (bool(sent), on, due) for key, sent, on, due in found(_REQUESTS)}
        # Files that went as far share one answer: a campaign has a few dozen of them, whatever its size.
        self._known: dict[tuple[object, ...], tuple[Progress, DisplayedStatus]] = {}

    def of(self, key: str, status: str) -> tuple[Progress, DisplayedStatus]:
        """How far a file went, and the state shown."""
        steps = (
            status,
            self.opinions.get(key, False),
            key in self.in_lot,
            self.outcomes.get(key),
            self.letters.get(key),
            self.asked.get(key),
        )
        found = self._known.get(steps)
        if found is None:
            progress = self._progress(key, status)
            found = self._known[steps] = progress, displayed(progress)
        return found

    def _progress(self, key: str, status: str) -> Progress:
        opinion, outcome = self.opinions.get(key), self.outcomes.get(key)
        if outcome == Outcome.ADJOURNED and opinion and opinion != Opinion.ADJOURNED:
            # Taken up again by a later meeting: the adjournment is behind it.
            outcome = None
        letter, asked = self.letters.get(key), self.asked.get(key)
        return Progress(
            status=ApplicationStatus(status),
            in_meeting=key in self.opinions,
            opinion=Opinion(opinion) if opinion else None,
            in_lot=key in self.in_lot,
            outcome=Outcome(outcome) if outcome else None,
            letter=_letter_state(letter[1] if letter else None),
            completion=_request_state(asked),
            completion_due=date.fromisoformat(asked[2]) if asked and asked[2] else None,
        )


def _request_state(asked: _Request | None) -> LetterState:
    """Once the letter left, its delay runs."""
    if asked is None or not asked[0]:
        return LetterState.NONE
    return LetterState.SENT if asked[1] else LetterState.DRAFT


def _letter_state(state: str | None) -> LetterState:
    if state is None:
        return LetterState.NONE
    return {"issued": LetterState.ISSUED, "sent": LetterState.SENT}.get(state, LetterState.DRAFT)
