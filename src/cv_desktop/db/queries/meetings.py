"""The committee and its meetings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Member, Recusal, Review
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import presence, seats
from cv_desktop.db.queries.visibility import counts, kept_out, sitting, visible
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.votes import Votes


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: str
    name: str
    body: str
    recusals: int


@dataclass(frozen=True, slots=True)
class MeetingRow:
    id: str
    label: str
    held_on: date
    place: str
    state: str
    revealed_at: datetime | None
    files: int
    opinions: int
    members: int
    present: int
    sheets: int
    sheets_expected: int
    recusals: int
    starts_at: time | None = None
    president: str = ""
    secretary: str = ""
    file_minutes: int = 10
    convened_on: date | None = None
    reread_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgendaRow:
    application_id: str
    number: str
    structure: str
    title: str
    asked_cents: int
    cost_cents: int
    position: int
    opinion: Opinion | None
    amount_cents: int | None
    reason: str
    sheets: int
    recused: tuple[str, ...]
    minutes: int = 10
    called_at: datetime | None = None
    votes: Votes | None = None
    reserves: str = ""
    asked: str = ""
    remark: str = ""
    before: str = ""  # what an earlier meeting, which adjourned the file, asked


@dataclass(frozen=True, slots=True)
class RecusalRow:
    id: str
    member_id: str
    member: str
    application_id: str
    number: str
    structure: str
    reason: str
    declared_at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A file in a member's queue: ``state`` is "to_do", "started" or "returned"."""

    application_id: str
    number: str
    structure: str
    title: str
    state: str


def members(session: Session, *, call_id: str) -> list[MemberRow]:
    """The members of the committee who have not left it, substitutes included, in the order they were added."""
    recused = Counter(member for _file, member in seats.recused(session, call_id=call_id))
    query = select(Member.id, Member.name, Member.body).where(sitting(call_id)).order_by(Member.position)
    return [MemberRow(key, name, body, recused[key]) for key, name, body in session.execute(query)]


def pending(session: Session, *, call_id: str) -> int:
    """How many meetings of a campaign are not closed."""
    query = select(func.count()).where(Meeting.call_id == call_id, Meeting.state != "closed")
    return session.scalar(query) or 0


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[MeetingRow]:
    """The meetings of a campaign, the latest first, counted without the files hidden from the viewer."""
    query = select(Meeting).where(Meeting.call_id == call_id).order_by(Meeting.held_on.desc(), Meeting.id)
    committee = len(members(session, call_id=call_id))
    titular = set(seats.titular(session, call_id=call_id))
    away = seats.recused(session, call_id=call_id) | seats.outside(session, call_id=call_id)
    result = []
    for meeting in session.scalars(query):
        items = agenda(session, meeting_id=meeting.id, viewer=viewer)
        recused = sum(len(i.recused) for i in items)
        result.append(
            MeetingRow(
                id=meeting.id,
                label=meeting.label,
                held_on=meeting.held_on,
                place=meeting.place,
                state=meeting.state,
                revealed_at=meeting.revealed_at,
                files=len(items),
                opinions=sum(i.opinion is not None for i in items),
                members=committee,
                present=len(presence.room(session, meeting_id=meeting.id).inside),
                sheets=sum(i.sheets for i in items),
                sheets_expected=sum((i.application_id, m) not in away for i in items for m in titular),
                recusals=recused,
                starts_at=meeting.starts_at,
                president=meeting.president,
                secretary=meeting.secretary,
                file_minutes=meeting.file_minutes,
                convened_on=meeting.convened_on,
                reread_at=meeting.reread_at,
                closed_at=meeting.closed_at,
            )
        )
    return result


def agenda(session: Session, *, meeting_id: str, viewer: str | None = None) -> list[AgendaRow]:
    """The files of a meeting in order, with the opinion given and the sheets returned.

    ``position`` counts the files the viewer may see: a hidden one leaves no gap.
    """
    returned = dict(
        session.execute(
            select(Review.application_id, func.count()).where(counts()).group_by(Review.application_id)
        ).all()
    )
    recused: dict[str, list[str]] = {}
    pairs = kept_out().subquery().c
    out = (
        select(pairs[0], Member.name)
        .join(AgendaItem, AgendaItem.application_id == pairs[0])
        .join(Member, Member.id == pairs[1])
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(Member.position)
    )
    for key, name in session.execute(out):
        recused.setdefault(key, []).append(name)
    before = asked_before(session, meeting_id=meeting_id)
    length = session.scalars(select(Meeting.file_minutes).where(Meeting.id == meeting_id)).one()
    query = (
        select(
            Application.id,
            Application.number,
            Structure.name,
            Application.title,
            Application.asked_cents,
            Application.cost_cents,
            AgendaItem,
        )
        .join(Application, Application.id == AgendaItem.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .where(AgendaItem.meeting_id == meeting_id, visible(viewer))
        .order_by(AgendaItem.position, Application.seq)
    )
    return [
        AgendaRow(
            application_id=key,
            number=number,
            structure=name,
            title=title,
            asked_cents=asked,
            cost_cents=cost,
            position=rank,
            opinion=Opinion(item.opinion) if item.opinion else None,
            amount_cents=item.amount_cents,
            reason=item.reason,
            sheets=returned.get(key, 0),
            recused=tuple(recused.get(key, ())),
            minutes=length if item.minutes is None else item.minutes,
            called_at=item.called_at,
            votes=votes_of(item),
            reserves=item.reserves,
            asked=item.asked,
            remark=item.remark,
            before=before.get(key, ""),
        )
        for rank, (key, number, name, title, asked, cost, item) in enumerate(session.execute(query))
    ]


def votes_of(item: AgendaItem) -> Votes | None:
    """The voices written for an opinion; None when it was given without a vote."""
    if item.votes_for is None:
        return None
    return Votes(item.votes_for, item.votes_against or 0, item.votes_abstention or 0)


def asked_before(session: Session, *, meeting_id: str = "", call_id: str = "") -> dict[str, str]:
    """Per file that another meeting adjourned, what it asked: « Comité n° 1 : le budget détaillé »."""
    query = (
        select(AgendaItem.application_id, Meeting.label, AgendaItem.asked)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.opinion == Opinion.ADJOURNED.value, Meeting.id != meeting_id)
        .order_by(Meeting.held_on, Meeting.id)
    )
    if call_id:
        query = query.where(Meeting.call_id == call_id)
    else:
        query = query.where(
            AgendaItem.application_id.in_(select(AgendaItem.application_id).where(AgendaItem.meeting_id == meeting_id))
        )
    return {key: f"{label}\u00a0: {asked}" if asked else label for key, label, asked in session.execute(query)}


def recusals(session: Session, *, call_id: str, viewer: str | None = None) -> list[RecusalRow]:
    """The déports of a campaign, lifted ones included, the newest first; a member does not see his or her own."""
    query = (
        select(
            Recusal.id,
            Member.id,
            Member.name,
            Application.id,
            Application.number,
            Structure.name,
            Recusal.reason,
            Recusal.declared_at,
            Recusal.lifted_at,
        )
        .join(Member, Member.id == Recusal.member_id)
        .join(Application, Application.id == Recusal.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == call_id, visible(viewer))
        .order_by(Recusal.declared_at.desc())
    )
    return [RecusalRow(*row) for row in session.execute(query)]


def queue(session: Session, *, call_id: str, member_id: str) -> tuple[list[QueueRow], int]:
    """The files a member has to mark, and how many are hidden by a déport: no number, no place."""
    query = (
        select(
            Application.id,
            Application.number,
            Structure.name,
            Application.title,
            Review.returned_at,
            select(func.count()).where(Mark.review_id == Review.id).scalar_subquery(),
        )
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(Review, (Review.application_id == Application.id) & (Review.member_id == member_id))
        .where(Application.call_id == call_id, Application.status == "eligible", visible(member_id))
        .order_by(Application.seq)
    )
    away = seats.outside(session, call_id=call_id)
    found = [
        QueueRow(key, number, name, title, "returned" if returned else "started" if marks else "to_do")
        for key, number, name, title, returned, marks in session.execute(query)
        if (key, member_id) not in away
    ]
    hidden = select(func.count()).where(
        Application.call_id == call_id, Application.status == "eligible", ~visible(member_id)
    )
    return found, session.scalar(hidden) or 0
