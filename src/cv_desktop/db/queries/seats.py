"""The seats of a committee: who is expected to return a sheet, and on which files."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationQuarter
from cv_desktop.db.models.meeting import Member
from cv_desktop.db.models.reference import QuarterCommune
from cv_desktop.db.queries.visibility import kept_out, sitting

Pairs = set[tuple[str, str]]


def titular(session: Session, *, call_id: str) -> list[str]:
    """Members whose sheet is expected, in order: with a vote, still there, and nobody's substitute."""
    query = (
        select(Member.id)
        .where(sitting(call_id), Member.voice, Member.substitute_of.is_(None))
        .order_by(Member.position)
    )
    return list(session.scalars(query))


def recused(session: Session, *, call_id: str) -> Pairs:
    """(file, member) of the déports in force in a campaign."""
    pairs = kept_out().subquery().c
    query = select(pairs[0], pairs[1]).join(Application, Application.id == pairs[0])
    return {(file, member) for file, member in session.execute(query.where(Application.call_id == call_id))}


def outside(session: Session, *, call_id: str) -> Pairs:
    """(file, member) of files that touch no place of the member's perimeter.

    A file without a quarter is everybody's; a commune in a perimeter stands for each of its quarters.
    """
    query = select(Member.id, Member.perimeter).where(Member.call_id == call_id)
    followed = {key: set(codes) for key, codes in session.execute(query) if codes}
    if not followed:
        return set()
    communes: dict[str, set[str]] = defaultdict(set)
    for quarter, commune in session.execute(select(QuarterCommune.quarter_code, QuarterCommune.commune_code)):
        communes[quarter].add(commune)
    places: dict[str, set[str]] = defaultdict(set)
    touched = (
        select(ApplicationQuarter.application_id, ApplicationQuarter.quarter_code)
        .join(Application, Application.id == ApplicationQuarter.application_id)
        .where(Application.call_id == call_id)
    )
    for file, quarter in session.execute(touched):
        places[file] |= {quarter, *communes[quarter]}
    return {(file, member) for file, own in places.items() for member, codes in followed.items() if not own & codes}
