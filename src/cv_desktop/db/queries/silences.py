"""The day at which silence rejects each request, read from its receipt and the requests for documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import RulesParameter
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.once import answer, foreseen
from cv_desktop.db.queries import completions
from cv_desktop.domain.dates import local
from cv_desktop.domain.silence import Silence, Suspension, silence

# Letters that answer the request: the delay is behind it. An adjournment answers nothing.
_ANSWERS = ("IRR", "ATT", "ATT-P", "ATT-C", "REF", "ATTENTE")
_ONE = "silence"
_MONTHS = 2  # CRPA L231-4 3°, where the règlement leaves it blank
_KEYS = ("silence_months", "completion_suspends")


def of_file(session: Session, *, application_id: str, day: date) -> Silence | None:
    """Where the delay of one file stands; None for a draft, a file withdrawn or answered."""
    condition = Application.id == application_id
    return foreseen(session, (_ONE, application_id, day), lambda: of_files(session, condition, day).get(application_id))


def foresee(session: Session, *, application_ids: Collection[str], day: date) -> None:
    """Answer ``of_file`` beforehand for many files, inside ``once.kept``."""
    found = of_files(session, Application.id.in_(application_ids), day)
    for key in application_ids:
        answer(session, (_ONE, key, day), found.get(key))


def of_files(session: Session, condition: ColumnElement[bool], day: date) -> dict[str, Silence]:
    """Where the delay of each file stands, those that wait for an answer only."""
    answered = select(Letter.id).where(
        Letter.application_id == Application.id, Letter.kind.in_(_ANSWERS), Letter.number.is_not(None)
    )
    files = session.execute(
        select(Application.id, Application.call_id, Application.deposited_at).where(
            condition,
            Application.status.not_in(("draft", "withdrawn")),
            Application.deposited_at.is_not(None),
            ~answered.exists(),
        )
    ).all()
    if not files:
        return {}
    rules = _rules(session, {file.call_id for file in files})
    pauses: dict[str, list[Suspension]] = defaultdict(list)
    for row in completions.rows(session, condition):
        if row.suspension is not None:
            pauses[row.application_id].append(row.suspension)
    found = {}
    for key, call_id, deposited_at in files:
        rule = rules.get(call_id, {})
        stopped = pauses.get(key, ()) if rule.get("completion_suspends", True) else ()
        months = rule.get("silence_months") or _MONTHS
        if deposited_at is not None:
            found[key] = silence(local(deposited_at).date(), months, stopped, day)
    return found


def _rules(session: Session, calls: set[str]) -> dict[str, dict[str, Any]]:
    query = select(RulesParameter.call_id, RulesParameter.key, RulesParameter.value).where(
        RulesParameter.call_id.in_(calls), RulesParameter.key.in_(_KEYS)
    )
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for call_id, key, value in session.execute(query):
        found[call_id][key] = value
    return found
