"""Verbs on the versions of a legal mention: each holds from its day, past or to come, until the next one.

A letter prints the one in force on its own day; an issued letter keeps what it printed.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.reference import StandardText
from cv_desktop.db.work import new_id, today
from cv_desktop.domain.catalogue import CATALOGUES, MENTION, keep_fields
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.services import catalogues


def write(session: Session, *, text_id: str, text: str) -> Changes:
    """Give a version its text. The one in force stays for the days before: a version of today follows it.

    Raises UserError on an empty text, or one that asks a field that the mention has not.
    """
    version = session.get_one(StandardText, text_id)
    said = CATALOGUES[MENTION].fields["text"].read(text)
    if said == version.text:
        return Changes()
    keep_fields(text, version.text)
    day = today(session)
    if version.effective_from == day or _in_force(session, version.key, day) is not version:
        return catalogues.put_text(
            session, kind=MENTION, text_id=version.id, values={"text": said, "to_validate": False}
        )
    return catalogues.add_text(session, kind=MENTION, values=_values(session, version, day, said))


def redate(session: Session, *, text_id: str, day: date) -> Changes:
    """Say from which day a version holds. Raises UserError when another begins then, or when none holds now."""
    version = session.get_one(StandardText, text_id)
    if version.effective_from == day:
        return Changes()
    same = select(StandardText.id).where(StandardText.key == version.key, StandardText.effective_from == day)
    if session.scalars(same).first() is not None:
        raise UserError(f"Une version de cette mention commence déjà le {long_date(day)}.", field="day")
    if day > today(session):
        _leaves_one(session, version)
    return catalogues.put_text(session, kind=MENTION, text_id=version.id, values={"effective_from": day})


def add(session: Session, *, text_id: str) -> Changes:
    """A new version, a copy of this one to rewrite, from the first free day after today."""
    version = session.get_one(StandardText, text_id)
    taken = set(session.scalars(select(StandardText.effective_from).where(StandardText.key == version.key)))
    day = today(session) + timedelta(days=1)
    while day in taken:
        day += timedelta(days=1)
    return catalogues.add_text(session, kind=MENTION, values=_values(session, version, day, version.text))


def drop(session: Session, *, text_id: str) -> Changes:
    """Take a version away. Raises UserError when none would hold today."""
    _leaves_one(session, session.get_one(StandardText, text_id))
    return catalogues.drop_text(session, kind=MENTION, text_id=text_id)


def _values(session: Session, version: StandardText, day: date, text: str) -> dict[str, object]:
    kept = {column.key: getattr(version, column.key) for column in StandardText.__table__.columns}
    return {**kept, "id": new_id(session), "effective_from": day, "text": text, "to_validate": False}


def _in_force(session: Session, key: str, day: date) -> StandardText | None:
    query = select(StandardText).where(StandardText.key == key, StandardText.effective_from <= day)
    return session.scalars(query.order_by(StandardText.effective_from.desc()).limit(1)).first()


def _leaves_one(session: Session, version: StandardText) -> None:
    day = today(session)
    others = select(StandardText.id).where(
        StandardText.key == version.key, StandardText.id != version.id, StandardText.effective_from <= day
    )
    if version.effective_from <= day and session.scalars(others.limit(1)).first() is None:
        raise UserError(
            "Aucun texte de cette mention ne serait plus en vigueur aujourd’hui\u00a0: les courriers ne la diraient "
            "plus. Ajoutez d’abord une autre version.",
            field="day",
        )
