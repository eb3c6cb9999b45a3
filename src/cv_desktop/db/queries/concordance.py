"""The files of a meeting at the four places that must agree: relevé, decisions, envelope, letters."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Decision, Letter, ScenarioLine
from cv_desktop.db.models.meeting import Meeting
from cv_desktop.db.queries import envelopes, meetings, scenarios, snapshots
from cv_desktop.db.queries.lots import in_force
from cv_desktop.domain.concordance import Line, Tick, letter_amount, ticks
from cv_desktop.domain.letter_json import content_from_json
from cv_desktop.domain.letters import DECIDING
from cv_desktop.domain.money import parse_amount


def of_meeting(
    session: Session, *, meeting_id: str, viewer: str | None = None
) -> tuple[list[Line], tuple[Tick, Tick, Tick, Tick]]:
    """Each file of the agenda at each place, and the four ticks."""
    meeting = session.get_one(Meeting, meeting_id)
    kept = snapshots.last(session, meeting_id=meeting_id)
    closed = meeting.state == "closed"
    sound = kept is not None and snapshots.sound(kept)
    frozen: dict[str, tuple[str, int]] = {}
    if kept is not None and closed:
        frozen = {f["number"]: (f["opinion"], f["amount_cents"]) for f in json.loads(kept.content)["files"]}
    scenario = scenarios.retained(session, call_id=meeting.call_id)
    lines = []
    for row in meetings.agenda(session, meeting_id=meeting_id, viewer=viewer):
        decision = _decision(session, row.application_id)
        letter = _letter(session, decision.id) if decision else None
        marked = session.get(ScenarioLine, (scenario, row.application_id))
        lines.append(
            Line(
                number=row.number,
                structure=row.structure,
                opinion=row.opinion.value if row.opinion else "",
                proposed_cents=row.amount_cents or 0,
                frozen=frozen.get(row.number),
                marked_cents=marked.amount_cents if marked else None,
                decided_cents=decision.amount_cents if decision else None,
                motive=decision.motive if decision else "",
                letter=(letter.number or "") if letter else "",
                letter_cents=_amount(letter) if letter else None,
            )
        )
    free = envelopes.buckets(session, call_id=meeting.call_id, viewer=viewer).free_cents
    return lines, ticks(lines, closed=closed, sound=sound, free_cents=free)


def _decision(session: Session, application_id: str) -> Decision | None:
    query = select(Decision).where(
        Decision.application_id == application_id, Decision.outcome != "adjourned", in_force()
    )
    return session.scalars(query.order_by(Decision.decided_at.desc()).limit(1)).first()


def _letter(session: Session, decision_id: str) -> Letter | None:
    query = select(Letter).where(
        Letter.decision_id == decision_id, Letter.number.is_not(None), Letter.kind.in_(DECIDING)
    )
    return session.scalars(query.order_by(Letter.issued_at.desc()).limit(1)).first()


def _amount(letter: Letter) -> int | None:
    content: Any = letter.content
    figures = letter_amount(content_from_json(content)) if content else ""
    return parse_amount(figures) if figures else None
