"""What the letters of a batch draw from, read at once instead of letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import conventions


def foresee(session: Session, found: Sequence[Letter]) -> list[object]:
    """Read at once what these letters draw from; the rows given stay known to the session as long as they are held."""
    for call in {letter.call_id for letter in found}:
        decisions = [x.decision_id for x in found if x.call_id == call and x.decision_id]
        conventions.foresee(session, call_id=call, decisions=decisions)
    keys = {letter.application_id for letter in found}
    files = session.scalars(select(Application).where(Application.id.in_(keys))).all()
    owners = session.scalars(select(Structure).where(Structure.id.in_({file.structure_id for file in files}))).all()
    told_by = {letter.decision_id for letter in found if letter.decision_id}
    return [*files, *owners, *session.scalars(select(Decision).where(Decision.id.in_(told_by)))]
