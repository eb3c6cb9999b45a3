"""The legal forms by their code of the nomenclature, as the base names them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.reference import StandardText
from cv_desktop.db.work import today

PREFIX = "forme_"


def labels(session: Session) -> dict[str, str]:
    """« Association déclarée » by « 9220 », in the order of the codes; the labels in force today."""
    query = (
        select(StandardText.key, StandardText.text)
        .where(StandardText.key.startswith(PREFIX, autoescape=True), StandardText.effective_from <= today(session))
        .order_by(StandardText.key, StandardText.effective_from)
    )
    return {key.removeprefix(PREFIX): text for key, text in session.execute(query)}


def closed(session: Session) -> set[str]:
    """The codes that are no more to be chosen."""
    query = select(StandardText.key).where(
        StandardText.key.startswith(PREFIX, autoescape=True), StandardText.closed_on <= today(session)
    )
    return {key.removeprefix(PREFIX) for key in session.scalars(query)}
