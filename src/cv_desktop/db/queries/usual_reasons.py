"""The reasons that a dialog proposes for a gesture, as the service wrote them, between semicolons."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cv_desktop.db.queries import settings
from cv_desktop.db.work import today

PREFIX = "geste_"


def of_gesture(session: Session, gesture: str) -> tuple[str, ...]:
    """The reasons in force today for a gesture (« lien_leve »), in their order; none when there is no list."""
    text = settings.text_in_force(session, f"{PREFIX}{gesture}", today(session))
    return tuple(dict.fromkeys(reason.strip() for reason in text.split(";") if reason.strip()))
