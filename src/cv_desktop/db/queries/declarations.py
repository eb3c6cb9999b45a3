"""What the members declared of each file, and what is still awaited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.declaration import Declaration
from cv_desktop.db.models.meeting import AgendaItem, Member
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import seats
from cv_desktop.db.queries.visibility import known, served, sitting, visible
from cv_desktop.domain.declaration import Standing


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    """A file asked of a member: ``linked`` None while nothing was said of it."""

    application_id: str
    number: str
    structure_id: str
    structure: str
    title: str
    linked: bool | None
    whole: bool
    kind: str
    text: str
    declared_on: date | None


@dataclass(frozen=True, slots=True)
class MemberStanding:
    member_id: str
    name: str
    body: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class DeclaredLink:
    """A link that a member declared; ``whole`` with the structure, else for this file only."""

    member_id: str
    structure_id: str
    structure: str
    application_id: str
    number: str
    whole: bool
    kind: str
    text: str
    declared_on: date
    noted_at: datetime


def rows(session: Session, *, call_id: str, member_id: str, meeting_id: str | None = None) -> list[DeclarationRow]:
    """The files of a meeting, or the eligible ones of the campaign, that a member may see, with what he or she said."""
    query = (
        _asked(call_id, meeting_id, Application.id, Application.number, Structure.id, Structure.name, Application.title)
        .join(Structure, Structure.id == Application.structure_id)
        .where(visible(member_id))
    )
    said = {d.application_id: d for d in session.scalars(select(Declaration).where(Declaration.member_id == member_id))}
    found = []
    for key, number, structure, name, title in session.execute(query):
        one = said.get(key)
        found.append(
            DeclarationRow(
                application_id=key,
                number=number,
                structure_id=structure,
                structure=name,
                title=title,
                linked=one.linked if one else None,
                whole=one.whole if one else False,
                kind=one.kind if one else "",
                text=one.text if one else "",
                declared_on=one.declared_on if one else None,
            )
        )
    return found


def standings(session: Session, *, call_id: str, meeting_id: str | None = None) -> list[MemberStanding]:
    """Per member of the committee, what was declared and of how many of the files asked of him or her."""
    asked = set(session.scalars(_asked(call_id, meeting_id, Application.id)))
    away = seats.recused(session, call_id=call_id)
    said: dict[str, set[str]] = {}
    query = select(Declaration.member_id, Declaration.application_id).join(Member, Member.id == Declaration.member_id)
    for key, file in session.execute(query.where(Member.call_id == call_id)):
        said.setdefault(key, set()).add(file)
    members = select(Member).where(sitting(call_id)).order_by(Member.position)
    result = []
    for member in session.scalars(members):
        own = {file for file in asked if (file, member.id) not in away}
        answered = len(own & said.get(member.id, set()))
        standing = Standing(member.declaration, member.declared_on, answered, len(own))
        result.append(MemberStanding(member.id, member.name, member.body, standing))
    return result


def hidden_from(session: Session, *, member_id: str, meeting_id: str | None = None) -> int:
    """How many of these files a déport already keeps from a member."""
    call_id = session.scalars(select(Member.call_id).where(Member.id == member_id)).one()
    return len(session.scalars(_asked(call_id, meeting_id, Application.id).where(~visible(member_id))).all())


def declared_links(session: Session, *, call_id: str, viewer: str | None = None) -> list[DeclaredLink]:
    """Every link that the members of a campaign declared of a file, the last noted first; of the gone, if they sat."""
    query = (
        select(Declaration, Structure.id, Structure.name, Application.number)
        .join(Application, Application.id == Declaration.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .join(Member, Member.id == Declaration.member_id)
        .where(Member.call_id == call_id, served(), Declaration.linked, known(viewer), visible(viewer))
        .order_by(Declaration.noted_at.desc(), Application.seq, Member.position)
    )
    return [
        DeclaredLink(
            d.member_id, key, name, d.application_id, number, d.whole, d.kind, d.text, d.declared_on, d.noted_at
        )
        for d, key, name, number in session.execute(query)
    ]


def _asked(call_id: str, meeting_id: str | None, *columns: Any) -> Select[Any]:
    """The files of a meeting in its order, or the eligible ones of a campaign."""
    query: Select[Any] = select(*columns).select_from(Application)
    if meeting_id is None:
        return query.where(Application.call_id == call_id, Application.status == "eligible").order_by(Application.seq)
    return (
        query.join(AgendaItem, AgendaItem.application_id == Application.id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, Application.seq)
    )
