"""The records last worked on, to take them up again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import Meeting
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import known, visible

NOUNS = ("application", "structure", "meeting", "call")
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class RecentRow:
    """``at`` is None for a record that was looked at and not written."""

    noun: str
    id: str
    title: str
    detail: str
    at: datetime | None = None


def rows(
    session: Session,
    *,
    seen: Iterable[tuple[str, str]] = (),
    actor: str = "",
    viewer: str | None = None,
    limit: int = 4,
) -> list[RecentRow]:
    """First the records ``seen`` (noun, id), the latest first, then those the actor last wrote, each once."""
    written: dict[tuple[str, str], datetime] = {}
    query = (
        select(JournalEntry.noun, JournalEntry.noun_id, JournalEntry.at)
        .where(JournalEntry.actor == actor, JournalEntry.noun.in_(NOUNS), JournalEntry.source == "saisie")
        .order_by(JournalEntry.seq.desc())
        .limit(_LOOKED_AT)
    )
    for noun, key, moment in session.execute(query):
        written.setdefault((noun, key), moment)
    result: list[RecentRow] = []
    for noun, key in dict.fromkeys([*seen, *written]):
        named = _named(session, noun, key, viewer)
        if named is not None:
            at = written.get((noun, key))
            result.append(RecentRow(noun, key, named[0], named[1], at))
        if len(result) == limit:
            break
    return result


def _named(session: Session, noun: str, key: str, viewer: str | None) -> tuple[str, str] | None:
    match noun:
        case "application":
            query = (
                select(Application.number, Structure.name, Application.title)
                .join(Structure, Structure.id == Application.structure_id)
                .where(Application.id == key, visible(viewer))
            )
            found = session.execute(query).first()
            return (f"{found.number} · {found.name}", found.title) if found else None
        case "structure":
            name = session.scalars(select(Structure.name).where(Structure.id == key, known(viewer))).first()
            return (name, "Structure") if name else None
        case "meeting":
            meeting = session.get(Meeting, key)
            return (meeting.label, "Séance") if meeting else None
        case "call":
            call = session.get(Call, key)
            return (call.label, "Campagne") if call else None
    return None
