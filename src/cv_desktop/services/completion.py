"""The request for documents: the passage « à compléter » and the letter that tells it, in one gesture."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.services import applications, letters

REQUEST = "AR-P"


def ask(session: Session, *, application_id: str) -> Changes:
    """Pass a file « à compléter » and prepare its letter. Raises UserError when nothing can be completed."""
    passed = applications.ask_completion(session, application_id=application_id)
    session.flush()
    file = session.get_one(Application, application_id)
    prepared = letters.prepare(session, call_id=file.call_id, kinds=(REQUEST,))
    back = Step(withdraw, {"call_id": file.call_id, "step": passed.undo}) if passed.undo else None
    return Changes((passed | prepared).touched, back)


def withdraw(session: Session, *, call_id: str, step: Step) -> Changes:
    """Take the passage back; the letter nobody issued yet is put away with it."""
    passed = step(session)
    session.flush()
    prepared = letters.prepare(session, call_id=call_id, kinds=(REQUEST,))
    return Changes((passed | prepared).touched, Step(withdraw, {"call_id": call_id, "step": passed.undo}))
