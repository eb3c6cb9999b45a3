"""The request for documents: the passage « à compléter » and the letter that tells it, in one gesture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, Step, in_turn
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.services import applications, letters, requests
from cv_desktop.services.letters_due import REQUEST


def ask(session: Session, *, application_id: str) -> Changes:
    """Pass a file « à compléter » and prepare its letter. Raises UserError when nothing can be completed."""
    return ask_all(session, application_ids=(application_id,))


def ask_all(session: Session, *, application_ids: Sequence[str]) -> Changes:
    """Ask each of these files what it lacks, all or nothing; one letter is prepared for each.

    Raises UserError when one of them lacks nothing that its association can give.
    """
    done = [applications.ask_completion(session, application_id=key) for key in application_ids]
    session.flush()
    touched = Changes()
    for changes in done:
        touched |= changes
    calls = tuple(dict.fromkeys(session.get_one(Application, key).call_id for key in application_ids))
    steps = tuple(changes.undo for changes in reversed(done) if changes.undo)
    return _with_letters(session, touched, calls, steps)


def withdraw(session: Session, *, call_ids: Sequence[str], steps: Sequence[Step]) -> Changes:
    """Take the passages back; the letters nobody issued yet are put away with them."""
    done = in_turn(session, steps=steps)
    session.flush()
    return _with_letters(session, done, call_ids, (done.undo,) if done.undo else ())


def close(session: Session, *, application_id: str, on: date | None = None) -> Changes:
    """Say that all that was asked came, today or on a day: the delay of silence runs again from it.

    Raises UserError when nothing was sent, on a day before the request or on one not reached yet.
    """
    file = session.get_one(Application, application_id)
    before = requests.kept(session, application_id)
    row = requests.opened(session, application_id)
    if row is None or row.asked_on is None:
        raise UserError("Aucune demande de pièces n’est en cours pour ce dossier.")
    day = on or today(session)
    if not row.asked_on <= day <= today(session):
        raise UserError(
            f"Indiquez une date entre la demande, le {long_date(row.asked_on)}, et aujourd’hui.", field="closed_on"
        )
    row.closed_on = day
    record(
        session,
        verb="completion.close",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} : demande de pièces close, tout est arrivé le {long_date(day)}",
        after=day.isoformat(),
    )
    undo = Step(restore, {"application_id": application_id, "requested": before})
    return Changes.of("application", application_id, undo=undo)


def restore(session: Session, *, application_id: str, requested: requests.State) -> Changes:
    """Put the requests of a file back as they were: the way back of their closing."""
    file = session.get_one(Application, application_id)
    before = requests.kept(session, application_id)
    requests.restore(session, application_id, requested)
    record(
        session,
        verb="completion.restore",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} : demande de pièces rétablie comme avant",
    )
    undo = Step(restore, {"application_id": application_id, "requested": before})
    return Changes.of("application", application_id, undo=undo)


def _with_letters(session: Session, done: Changes, calls: Sequence[str], steps: Sequence[Step]) -> Changes:
    for call_id in calls:
        done |= letters.prepare(session, call_id=call_id, kinds=(REQUEST,))
    back = Step(withdraw, {"call_ids": tuple(calls), "steps": tuple(steps)}) if steps else None
    return Changes(done.touched, back)
