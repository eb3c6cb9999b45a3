"""Duplicates of structures: found over the whole registry, set apart once for ever when they are two."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cv_desktop.db.models.duplicate import DistinctPair
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import duplicates as queries
from cv_desktop.db.work import actor, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.duplicates import NameBook, Pair, Tell, find_pairs
from cv_desktop.domain.text import quote


def search(session: Session, *, tell: Tell | None = None) -> list[Pair]:
    """Every pair of structures that may be one, the surest first; those set apart are left out.

    ``tell`` receives (done, total) and stops the search by raising.
    """
    return find_pairs(queries.identities(session), distinct=queries.distinct(session), tell=tell)


def name_book(session: Session) -> NameBook:
    """The names of the registry, to propose those that are like one being typed."""
    return NameBook.of(queries.identities(session))


def set_apart(session: Session, *, first_id: str, second_id: str) -> Changes:
    """Say that two structures that look alike are two: the pair is never shown again."""
    low, high = sorted((first_id, second_id))
    if session.get(DistinctPair, (low, high)) is None:
        session.add(DistinctPair(first_id=low, second_id=high, decided_at=now(session), decided_by=actor(session)))
    _say(session, low, high, "set_apart", "deux structures distinctes")
    undo = Step(look_again, {"first_id": low, "second_id": high})
    return Changes.of("structure", low, high, undo=undo)


def look_again(session: Session, *, first_id: str, second_id: str) -> Changes:
    """Let the finder show a pair again."""
    low, high = sorted((first_id, second_id))
    if (pair := session.get(DistinctPair, (low, high))) is not None:
        session.delete(pair)
    _say(session, low, high, "look_again", "paire de nouveau à vérifier")
    return Changes.of("structure", low, high, undo=Step(set_apart, {"first_id": low, "second_id": high}))


def _say(session: Session, low: str, high: str, verb: str, what: str) -> None:
    first, second = session.get_one(Structure, low), session.get_one(Structure, high)
    for own in (first, second):
        record(
            session,
            verb=f"duplicates.{verb}",
            noun="structure",
            noun_id=own.id,
            summary=f"{quote(first.name)} et {quote(second.name)} : {what}",
        )
