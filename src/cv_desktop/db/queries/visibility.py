"""Who sees what: the one place that keeps a member's déports out of every question."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, true
from sqlalchemy.orm import aliased

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import Recusal


def visible(viewer: str | None) -> ColumnElement[bool]:
    """Condition on ``application`` for a viewer: a member's key, or None for an officer.

    A member with a déport in force finds no trace of the file.
    """
    if viewer is None:
        return true()
    # Its own name for the table: a question about déports has it already.
    own = aliased(Recusal)
    return ~exists().where(and_(own.application_id == Application.id, own.member_id == viewer, own.lifted_at.is_(None)))
