"""The register of déports: who was kept out of which file in a year, why, and who decided it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.meeting import Member, PresenceMove, Recusal
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.links import LinkKind, kinds
from cv_desktop.db.queries.visibility import covered
from cv_desktop.domain.dates import local

# By (member, application): left the room, came back.
Exits = dict[tuple[str, str | None], tuple[datetime | None, datetime | None]]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One déport of a member on one file, as the register of a year lists it."""

    on: date
    member: str
    quality: str
    call: str
    number: str
    structure: str
    title: str
    kind: str
    reason: str
    out_at: datetime | None
    back_at: datetime | None
    decided_by: str
    lifted_on: date | None


def rows(session: Session, *, year: int) -> list[RegisterRow]:
    """Every déport in force at some time of a year, lifted ones included, by date then file."""
    labels = kinds(session)
    found = [*_of_recusals(session), *_of_links(session, labels)]
    started = [r for r in found if r.on.year <= year and (r.lifted_on is None or r.lifted_on.year >= year)]
    calls_of_year = set(session.scalars(select(Call.code).where(Call.year == year)))
    return sorted(
        (r for r in started if r.call in calls_of_year or r.on.year == year), key=lambda r: (r.on, r.number, r.member)
    )


def _of_recusals(session: Session) -> list[RegisterRow]:
    query = (
        select(Recusal, Member, Application, Structure.name, Call.code, JournalEntry.actor)
        .join(Member, Member.id == Recusal.member_id)
        .join(Application, Application.id == Recusal.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(
            JournalEntry,
            and_(JournalEntry.noun_id == Recusal.id, JournalEntry.verb == "meetings.declare_recusal"),
        )
    )
    exits = _exits(session)
    return [
        _row(
            member,
            file,
            structure,
            call,
            exits,
            on=local(x.declared_at).date(),
            kind="Déport déclaré sur le dossier",
            reason=x.reason,
            decided_by=actor or "",
            lifted_on=local(x.lifted_at).date() if x.lifted_at else None,
        )
        for x, member, file, structure, call, actor in session.execute(query)
    ]


def _of_links(session: Session, labels: dict[str, LinkKind]) -> list[RegisterRow]:
    pairs = covered().subquery().c
    query = (
        select(Link, Member, Application, Structure.name, Call.code)
        .join(Member, Member.id == Link.member_id)
        .join(pairs[0].table, pairs[1] == Link.id)
        .join(Application, and_(Application.id == pairs[0], Application.call_id == Member.call_id))
        .join(Structure, Structure.id == Link.structure_id)
        .join(Call, Call.id == Member.call_id)
        .where(Link.confirmed_at.is_not(None), Application.status != "draft")
    )
    exits = _exits(session)
    return [
        _row(
            member,
            file,
            structure,
            call,
            exits,
            on=local(link.confirmed_at).date(),
            kind=labels[link.kind].label if link.kind in labels else link.kind,
            reason=link.reason,
            decided_by=link.noted_by,
            lifted_on=local(link.settled_at).date() if link.state == "dismissed" and link.settled_at else None,
        )
        for link, member, file, structure, call in session.execute(query)
        if link.confirmed_at is not None
    ]


def _row(member: Member, file: Application, structure: str, call: str, exits: Exits, **decided: Any) -> RegisterRow:
    """A line: the member, the file, the hours out of the room, and what was ``decided``."""
    out_at, back_at = exits.get((member.id, file.id), (None, None))
    return RegisterRow(
        member=member.name, quality=_quality(member), call=call, number=file.number, structure=structure,
        title=file.title, out_at=out_at, back_at=back_at, **decided,
    )  # fmt: skip


def _exits(session: Session) -> Exits:
    """When each member left the room for a file, and came back."""
    times: Exits = {}
    query = select(PresenceMove.member_id, PresenceMove.application_id, PresenceMove.kind, PresenceMove.at).where(
        PresenceMove.application_id.is_not(None), PresenceMove.why.in_(("recusal", "return"))
    )
    for member, file, kind, at in session.execute(query.order_by(PresenceMove.at)):
        out, back = times.get((member, file), (None, None))
        times[member, file] = (out or at, back) if kind == "out" else (out, at)
    return times


def _quality(member: Member) -> str:
    if member.kind == "officer":
        return f"Agent, {member.body}" if member.body else "Agent"
    role = "Suppléant·e" if member.substitute_of else "Membre"
    return f"{role}, {member.body}" if member.body else role
