"""A file excluded from a scenario, and taken up again as it was."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import ScenarioLine
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.money import euros
from cv_desktop.services.scenario_lines import new_line, refuse_submitted, restore_line, settle, state_of

TAKEN = ("amount_cents", "locked", "cut")


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
    # Locked at nothing by hand, a file has nothing that an exclusion took away.
    taken = {} if excluded or line is None else line.taken or {}
    amount = 0 if excluded else taken.get("amount_cents", 0)
    locked = excluded or taken.get("locked", False)
    if line is None:
        line = new_line(scenario_id, application_id, 0)
        session.add(line)
    if amount is None and line.base_cents is None and not line.motive:
        session.delete(line)
    else:
        line.amount_cents, line.locked, line.cut = amount or 0, locked, taken.get("cut", "")
        # Unlocked since and left at nothing, a file excluded again has what it had before.
        line.taken = (line.taken or {name: before[name] for name in TAKEN}) if excluded else None
    words = "écarté" if excluded else "repris"
    record(
        session,
        verb="scenarios.set_excluded",
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
