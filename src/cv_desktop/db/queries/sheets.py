"""Where the sheets stand: whose, on which file; never what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Member, Recusal, Review
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import visible

RETURNED, STARTED, RECUSED, ABSENT = "returned", "started", "recused", "absent"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A file and the state of each member's sheet, by key of member."""

    application_id: str
    number: str
    structure: str
    title: str
    states: dict[str, str]

    @property
    def returned(self) -> int:
        return sum(state == RETURNED for state in self.states.values())

    @property
    def expected(self) -> int:
        return sum(state != RECUSED for state in self.states.values())


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
    members = list(session.scalars(select(Member.id).where(Member.call_id == call_id).order_by(Member.position)))
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
    recused = select(Recusal.application_id, Recusal.member_id).where(Recusal.lifted_at.is_(None))
    states |= dict.fromkeys(session.execute(recused), RECUSED)
    return [
        MatrixRow(key, number, name, title, {m: states.get((key, m), ABSENT) for m in members})
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
    kept_out = select(Recusal.member_id).where(Recusal.application_id == application_id, Recusal.lifted_at.is_(None))
    call = select(Application.call_id).where(Application.id == application_id).scalar_subquery()
    able = select(Member.id).where(Member.call_id == call, Member.id != member_id, Member.id.not_in(kept_out))
    others = select(func.count()).where(
        Review.application_id == application_id, Review.returned_at.is_not(None), Review.member_id.in_(able)
    )
    return SheetState(
        returned_at,
        session.scalars(revealed).first() or "",
        session.scalar(others) or 0,
        session.scalar(select(func.count()).select_from(able.subquery())) or 0,
    )
