"""Where the sheets stand: whose, on which file; never what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Review
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import seats
from cv_desktop.db.queries.meetings import members
from cv_desktop.db.queries.visibility import counts, visible

RETURNED, STARTED, RECUSED, ABSENT = "returned", "started", "recused", "absent"
# A file out of the perimeter that the member follows; a sheet that nobody expects: a substitute's, or without a vote.
OUTSIDE, OPTIONAL = "outside", "optional"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A file and the state of each member's sheet, by key of member; ``returned`` sheets are those that count."""

    application_id: str
    number: str
    structure: str
    title: str
    states: dict[str, str]
    returned: int
    expected: int


@dataclass(frozen=True, slots=True)
class SheetState:
    """One member's sheet on one file; ``revealed_in`` is the meeting that locked it, empty before."""

    returned_at: datetime | None
    revealed_in: str
    others_returned: int
    others_expected: int


def matrix(
    session: Session, *, call_id: str, meeting_id: str | None = None, viewer: str | None = None
) -> list[MatrixRow]:
    """Members by files: those of a meeting's agenda, or every eligible file of the campaign without one."""
    sitting = {row.id for row in members(session, call_id=call_id)}
    titular = set(seats.titular(session, call_id=call_id))
    query = (
        select(Application.id, Application.number, Structure.name, Application.title)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == call_id, visible(viewer))
    )
    if meeting_id is None:
        query = query.where(Application.status == "eligible").order_by(Application.seq)
    else:
        query = (
            query.join(AgendaItem, AgendaItem.application_id == Application.id)
            .where(AgendaItem.meeting_id == meeting_id)
            .order_by(AgendaItem.position, Application.seq)
        )
    marks = select(func.count()).where(Mark.review_id == Review.id).scalar_subquery()
    reviews = (
        select(Review.application_id, Review.member_id, Review.returned_at, marks)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call_id)
    )
    states = {
        (file, member): RETURNED if returned else STARTED if count else ABSENT
        for file, member, returned, count in session.execute(reviews)
    }
    heard = select(Review.application_id, func.count()).where(counts()).group_by(Review.application_id)
    returned = dict(session.execute(heard).all())
    out, elsewhere = seats.recused(session, call_id=call_id), seats.outside(session, call_id=call_id)
    states = dict.fromkeys(elsewhere, OUTSIDE) | states | dict.fromkeys(out, RECUSED)
    away = out | elsewhere
    return [
        MatrixRow(
            application_id=key,
            number=number,
            structure=name,
            title=title,
            states={m: states.get((key, m), ABSENT if m in titular else OPTIONAL) for m in sitting},
            returned=returned.get(key, 0),
            expected=sum((key, m) not in away for m in titular),
        )
        for key, number, name, title in session.execute(query)
    ]


def state(session: Session, *, application_id: str, member_id: str) -> SheetState:
    """How far one sheet is, and how many of the other members returned theirs."""
    returned_at = session.scalars(
        select(Review.returned_at).where(Review.application_id == application_id, Review.member_id == member_id)
    ).first()
    revealed = (
        select(Meeting.label)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.application_id == application_id, Meeting.revealed_at.is_not(None))
    )
    call = session.scalars(select(Application.call_id).where(Application.id == application_id)).one()
    away = seats.recused(session, call_id=call) | seats.outside(session, call_id=call)
    able = [m for m in seats.titular(session, call_id=call) if m != member_id and (application_id, m) not in away]
    others = select(func.count()).where(
        Review.application_id == application_id, Review.member_id != member_id, counts()
    )
    return SheetState(
        returned_at,
        session.scalars(revealed).first() or "",
        session.scalar(others) or 0,
        len(able),
    )
