"""The files of a whole campaign at the four places that must agree."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, DecisionEnd, Letter, Lot
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import convention_standings, movements
from cv_desktop.db.queries.lots import written
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.campaign_concordance import Row
from cv_desktop.domain.letters import DECIDING, WITHDRAWING
from cv_desktop.domain.money import parse_amount
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.recourses import Ending
from cv_desktop.domain.states import Opinion, Outcome

_HELD = (Bucket.ENGAGED, Bucket.CALLED, Bucket.PAID)


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[Row]:
    """Every file that a meeting gave an opinion on or that an act decided, in the order of the numbers."""
    files = session.execute(
        select(Application.id, Application.number, Structure.name)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == call_id, visible(viewer))
        .order_by(Application.seq)
    ).all()
    keys = [key for key, *_ in files]
    opinions = _opinions(session, call_id)
    decisions = _decisions(session, call_id)
    balances = movements.balances(session, call_id=call_id, files=keys)
    letters, withdrawals = (_letters(session, call_id, kinds) for kinds in (DECIDING, WITHDRAWING))
    conventions = {
        row.application_id: row for row in convention_standings.rows(session, call_id=call_id, viewer=viewer)
    }
    found = []
    for key, number, structure in files:
        opinion, proposed = opinions.get(key, ("", None))
        decision, outcome, withdrawn = decisions.get(key, (None, None, False))
        agreed = conventions.get(key)
        moved = sum(balances.get(key, {}).get(bucket, 0) for bucket in (Bucket.CALLED, Bucket.PAID))
        held = sum(balances.get(key, {}).get(bucket, 0) for bucket in _HELD)
        if not opinion and decision is None and not held:
            continue
        letter, printed = letters.get(decision.id, ("", None)) if decision else ("", None)
        expected = outcome is not Outcome.REVOKED
        if decision and withdrawn and letter:
            # What was notified is taken back by a letter too.
            letter, expected = withdrawals.get(decision.id, ("", None))[0], True
        found.append(
            Row(
                number=number,
                structure=structure,
                opinion=Opinion(opinion).label if opinion else "",
                proposed_cents=proposed,
                outcome=outcome.label if outcome else "",
                decided_cents=_decided(decision, outcome),
                reason=_reason(decision, outcome) if decision and outcome else "",
                held_cents=held,
                letter=letter,
                letter_cents=None if outcome is Outcome.REVOKED else printed,
                expects_letter=expected,
                convention=agreed.standing.label if agreed else "",
                unsigned=agreed is not None and agreed.lacking,
                called_cents=moved,
            )
        )
    return found


def _decided(decision: Decision | None, outcome: Outcome | None) -> int | None:
    """What is decided, in cents: nothing yet for a file that an act only adjourned."""
    if decision is None or outcome is Outcome.ADJOURNED:
        return None
    return 0 if outcome is Outcome.REVOKED else decision.amount_cents


def _reason(decision: Decision, outcome: Outcome) -> str:
    """Why an amount is not that of the opinion: what was written, or what the decision itself says.

    A file waits, was promoted from the list, or its decision ended: a full grant above the opinion says nothing by
    itself.
    """
    itself = outcome in (Outcome.WAITING, Outcome.REVOKED) or decision.supersedes_id is not None
    return decision.motive.strip() or (outcome.label if itself else "")


def _opinions(session: Session, call_id: str) -> dict[str, tuple[str, int | None]]:
    query = (
        select(AgendaItem.application_id, AgendaItem.opinion, AgendaItem.amount_cents)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.call_id == call_id, AgendaItem.opinion.is_not(None))
        .order_by(Meeting.held_on, Meeting.id)
    )
    return {key: (opinion or "", cents or 0) for key, opinion, cents in session.execute(query)}


def _decisions(session: Session, call_id: str) -> dict[str, tuple[Decision, Outcome, bool]]:
    """The last decision of each file and whether the authority withdrew it; an adjournment where there is no other."""
    query = (
        select(Decision, DecisionEnd.kind)
        .join(Lot, Lot.id == Decision.lot_id)
        .outerjoin(DecisionEnd, DecisionEnd.decision_id == Decision.id)
        .where(Lot.call_id == call_id)
        .order_by(Decision.outcome != Outcome.ADJOURNED.value, Decision.decided_at, written("decision"))
    )
    found: dict[str, tuple[Decision, Outcome, bool]] = {}
    for decision, ended in session.execute(query):
        outcome = Outcome.REVOKED if ended else Outcome(decision.outcome)
        found[decision.application_id] = (decision, outcome, ended not in (None, Ending.RENOUNCED))
    return found


def _letters(session: Session, call_id: str, kinds: Collection[str]) -> dict[str, tuple[str, int | None]]:
    query = (
        select(Letter.decision_id, Letter.number, Letter.content)
        .where(
            Letter.call_id == call_id,
            Letter.number.is_not(None),
            Letter.decision_id.is_not(None),
            Letter.kind.in_(kinds),
        )
        .order_by(Letter.issued_at)
    )
    return {key: (number, _printed(content)) for key, number, content in session.execute(query)}


def _printed(content: Any) -> int | None:
    """The amount that a letter prints: read in its frozen content, without making it again."""
    for block in (content or {}).get("blocks", ()):
        if block.get("type") == "Amount":
            return parse_amount("".join(span["text"] for span in block["figures"]))
    return None
