"""The members of a committee: added, corrected, removed."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import Attendance, Member, Recusal, Review
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote

LABELS = {"name": "Nom du membre", "body": "Institution"}


def add(session: Session, *, call_id: str, name: str, body: str) -> tuple[Changes, str]:
    """Add a member to the committee of a campaign. Raises UserError on an empty or already used name."""
    name, body = name.strip(), body.strip()
    if not name:
        raise UserError("Le nom du membre est obligatoire.", field="name")
    if session.scalars(select(Member.id).where(Member.call_id == call_id, Member.name == name)).first():
        raise UserError(f"« {name} » est déjà membre du comité.", field="name")
    last = session.scalar(select(func.max(Member.position)).where(Member.call_id == call_id))
    position = 0 if last is None else last + 1
    key = new_id(session)
    return restore(session, member_id=key, call_id=call_id, position=position, name=name, body=body), key


def restore(session: Session, *, member_id: str, call_id: str, position: int, name: str, body: str) -> Changes:
    """Put a member in his or her own place of the committee: the way back of a removal."""
    session.add(Member(id=member_id, call_id=call_id, position=position, name=name, body=body))
    record(
        session,
        verb="members.add",
        noun="meeting",
        noun_id=member_id,
        summary=f"{name} ({body}) rejoint le comité",
        after={"name": name, "body": body},
    )
    return Changes.of("meeting", call_id, undo=Step(remove, {"member_id": member_id}))


def remove(session: Session, *, member_id: str) -> Changes:
    """Remove a member who has marked nothing and declared nothing. Raises UserError otherwise."""
    member = session.get_one(Member, member_id)
    for table in (Review, Recusal, Attendance):
        if session.scalars(select(table.member_id).where(table.member_id == member_id)).first():
            raise UserError(f"{member.name} a déjà noté, siégé ou déclaré un lien : son nom reste au dossier.")
    session.delete(member)
    record(
        session,
        verb="members.remove",
        noun="meeting",
        noun_id=member_id,
        summary=f"{member.name} quitte le comité",
        before={"name": member.name, "body": member.body},
    )
    place = {"call_id": member.call_id, "position": member.position, "name": member.name, "body": member.body}
    undo = Step(restore, {"member_id": member_id, **place})
    return Changes.of("meeting", member.call_id, undo=undo)


def set_field(session: Session, *, member_id: str, name: str, text: str) -> Changes:
    """Correct the name or the institution of a member. Raises UserError on an empty or already used name."""
    member = session.get_one(Member, member_id)
    before, after = getattr(member, name), text.strip()
    if name == "name":
        _refuse_name(session, member.call_id, after, besides=member_id)
    setattr(member, name, after)
    record(
        session,
        verb="members.set_field",
        noun="meeting",
        noun_id=member_id,
        summary=f"{member.name} › {LABELS[name]} : {before or 'vide'} → {after or 'vide'}",
        before=before,
        after=after,
    )
    undo = Step(set_field, {"member_id": member_id, "name": name, "text": before})
    return Changes.of("meeting", member.call_id, undo=undo)


def _refuse_name(session: Session, call_id: str, name: str, besides: str = "") -> None:
    if not name:
        raise UserError("Le nom du membre est obligatoire.", field="name")
    same = select(Member.id).where(Member.call_id == call_id, Member.name == name, Member.id != besides)
    if session.scalars(same).first():
        raise UserError(f"{quote(name)} est déjà membre du comité.", field="name")
