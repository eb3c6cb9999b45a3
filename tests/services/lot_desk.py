"""The base of the demonstration from its arbitration on, and what a test asks of its lots and decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from cv_desktop.db.models.meeting import Meeting
from cv_desktop.db.queries import applications, envelopes, movements, scenarios
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.services import decisions, scenario_lines
from cv_desktop.services.demonstration import ACTOR, Story

ACT = {"body": "Bureau communautaire", "number": "2026-B-014", "act_on": date(2026, 4, 14)}


@dataclass
class Desk:
    store: Store
    story: Story

    def do(self, verb: Callable[..., Any], **given: Any) -> Any:
        with self.store.write(ACTOR) as session:
            return verb(session, **given)

    def refused(self, verb: Callable[..., Any], **given: Any) -> str:
        with pytest.raises(UserError) as refusal:
            self.do(verb, **given)
        return refusal.value.message

    def buckets(self) -> tuple[int, int, int, int]:
        """Free, marked, submitted, decided, in euros; nothing else holds a cent."""
        with self.store.read() as session:
            assert [gap.sentence for gap in movements.gaps(session)] == []
            found = envelopes.buckets(session, call_id=self.story.call_id)
        cents = (found.free_cents, found.marked_cents, found.submitted_cents, found.decided_cents)
        assert sum(cents) == found.envelope_cents == 30_000_00
        return tuple(x // 100 for x in cents)  # type: ignore[return-value]

    def rows(self) -> list[scenarios.ArbitrationRow]:
        with self.store.read() as session:
            scenario = scenarios.retained(session, call_id=self.story.call_id)
            return [r.row for r in scenarios.ranking(session, scenario_id=scenario)]

    def submit(self, **more: Any) -> str:
        with self.store.read() as session:
            scenario = scenarios.retained(session, call_id=self.story.call_id)
        return str(self.do(decisions.submit, scenario_id=scenario, label="Lot d’avril", **more)[1])

    def status(self, file: str) -> DisplayedStatus:
        with self.store.read() as session:
            return applications.some(session, ids=[file])[0].status

    def retained(self) -> str:
        with self.store.read() as session:
            return scenarios.retained(session, call_id=self.story.call_id)

    def meet_on(self, day: date) -> None:
        """The opinions were given on another day: an act is never before them."""
        with self.store.write(ACTOR) as session:
            session.get_one(Meeting, self.story.meeting_id).held_on = day
            record(session, verb="meetings.change", noun="meeting", noun_id="", summary="Séance d’un autre jour")

    def empty(self, file: str) -> None:
        """Takes the money of a file away: it favours it, and has none left."""
        with self.store.read() as session:
            scenario = scenarios.retained(session, call_id=self.story.call_id)
        self.do(scenario_lines.set_amount, scenario_id=scenario, application_id=file, amount_cents=None)


def served(desk: Desk) -> list[scenarios.ArbitrationRow]:
    return [row for row in desk.rows() if row.amount_cents]
