"""The register of déports: who was kept out of which file in a year, why, and who decided it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.meeting import Member, PresenceMove, Recusal
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.links import LinkKind, kinds
from cv_desktop.domain.dates import local


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
        RegisterRow(
            on=local(x.declared_at).date(),
            member=member.name,
            quality=_quality(member),
            call=call,
            number=file.number,
            structure=structure,
            title=file.title,
            kind="Déport déclaré sur le dossier",
            reason=x.reason,
            out_at=exits.get((member.id, file.id), (None, None))[0],
            back_at=exits.get((member.id, file.id), (None, None))[1],
            decided_by=actor or "",
            lifted_on=local(x.lifted_at).date() if x.lifted_at else None,
        )
        for x, member, file, structure, call, actor in session.execute(query)
    ]


def _of_links(session: Session, labels: dict[str, LinkKind]) -> list[RegisterRow]:
    shared = aliased(Partner)
    part = exists().where(shared.application_id == Application.id, shared.structure_id == Link.structure_id)
    hidden = or_(
        Link.application_id == Application.id,
        and_(Link.application_id.is_(None), or_(Application.structure_id == Link.structure_id, part)),
    )
    query = (
        select(Link, Member, Application, Structure.name, Call.code)
        .join(Member, Member.id == Link.member_id)
        .join(Application, and_(Application.call_id == Member.call_id, hidden))
        .join(Structure, Structure.id == Link.structure_id)
        .join(Call, Call.id == Member.call_id)
        .where(Link.confirmed_at.is_not(None), Application.status != "draft")
    )
    exits = _exits(session)
    return [
        RegisterRow(
            on=local(link.confirmed_at).date(),
            member=member.name,
            quality=_quality(member),
            call=call,
            number=file.number,
            structure=structure,
            title=file.title,
            kind=labels[link.kind].label if link.kind in labels else link.kind,
            reason=link.reason,
            out_at=exits.get((member.id, file.id), (None, None))[0],
            back_at=exits.get((member.id, file.id), (None, None))[1],
            decided_by=link.noted_by,
            lifted_on=local(link.settled_at).date() if link.state == "dismissed" and link.settled_at else None,
        )
        for link, member, file, structure, call in session.execute(query)
        if link.confirmed_at is not None
    ]


def _exits(session: Session) -> dict[tuple[str, str | None], tuple[datetime | None, datetime | None]]:
    """When each member left the room for a file, and came back."""
    times: dict[tuple[str, str | None], tuple[datetime | None, datetime | None]] = {}
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
