"""A file excluded from a scenario, and taken up again as it was."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import ScenarioLine
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.money import euros
from cv_desktop.services.scenario_lines import new_line, refuse_submitted, restore_line, settle, state_of

VERB = "scenarios.set_excluded"


def set_excluded(session: Session, *, scenario_id: str, application_id: str, excluded: bool) -> Changes:
    """Exclude a file: nothing, locked so that no proposal serves it; or give it back what the exclusion took away.

    Excluding an excluded file, or taking up one that is not, changes nothing. Raises UserError when it is already
    submitted to the vote.
    """
    file = session.get_one(Application, application_id)
    refuse_submitted(session, file)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    before = state_of(line)
    if excluded == (line is not None and line.locked and not line.amount_cents):
        return Changes()
    taken = {} if excluded else _taken(session, scenario_id, application_id)
    amount = 0 if excluded else taken.get("amount_cents", 0)
    locked = excluded or taken.get("locked", False)
    if line is None:
        line = new_line(scenario_id, application_id, 0)
        session.add(line)
    if amount is None and line.base_cents is None and not line.motive:
        session.delete(line)
    else:
        line.amount_cents, line.locked, line.cut = amount or 0, locked, taken.get("cut", "")
    words = "écarté" if excluded else "repris"
    record(
        session,
        verb=VERB,
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} {words}{f', {euros(amount)}' if amount else ''}",
        before=before,
        after={"scenario_id": scenario_id, "amount_cents": amount, "locked": locked, "excluded": excluded},
    )
    settle(session, scenario_id, [application_id], "set_excluded")
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario_line", application_id, undo=Step(restore_line, key | before))


def set_all_excluded(session: Session, *, scenario_id: str, files: Collection[str], excluded: bool) -> Changes:
    """Exclude several files in one go, or take them all up again. Raises UserError as ``set_excluded`` does."""
    undos = [
        set_excluded(session, scenario_id=scenario_id, application_id=file, excluded=excluded).undo for file in files
    ]
    return Changes.of("scenario_line", *files, undo=together(*undos))


def _taken(session: Session, scenario_id: str, application_id: str) -> dict[str, Any]:
    """What the exclusion of a file in a scenario took away, as the journal keeps it.

    Nothing when it says none, or when that was given back since: the file was then locked at nothing by hand.
    """
    entries = (
        select(JournalEntry.before, JournalEntry.after)
        .where(JournalEntry.noun == "application", JournalEntry.noun_id == application_id, JournalEntry.verb == VERB)
        .order_by(JournalEntry.seq.desc())
    )
    for before, after in session.execute(entries):
        if after.get("scenario_id") == scenario_id:
            return dict(before) if after["excluded"] else {}
    return {}
