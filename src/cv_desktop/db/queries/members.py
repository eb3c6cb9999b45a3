"""The members of a committee and the officers beside it, with all that is known of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import Member
from cv_desktop.domain.text import words


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """``declaration`` is « none », « list », or empty while it is awaited; ``substitute_of`` the key of a member."""

    id: str
    name: str
    body: str
    kind: str
    honorific: str
    email: str
    phone: str
    address: str
    voice: bool
    substitute_of: str | None
    perimeter: tuple[str, ...]
    left_on: date | None
    declaration: str
    declared_on: date | None


def rows(session: Session, *, call_id: str) -> list[MemberRecord]:
    """Everybody of a campaign's committee, those who left and the officers included, in the order of their addition."""
    query = select(Member).where(Member.call_id == call_id).order_by(Member.position)
    return [
        MemberRecord(
            id=m.id,
            name=m.name,
            body=m.body,
            kind=m.kind,
            honorific=m.honorific,
            email=m.email,
            phone=m.phone,
            address=m.address,
            voice=m.voice,
            substitute_of=m.substitute_of,
            perimeter=tuple(m.perimeter),
            left_on=m.left_on,
            declaration=m.declaration,
            declared_on=m.declared_on,
        )
        for m in session.scalars(query)
    ]


def values(row: MemberRecord) -> dict[str, Any]:
    """The fields of a member as they are written, without the key."""
    fields = asdict(row)
    del fields["id"]
    return {**fields, "perimeter": list(row.perimeter)}


def same_person(name: str) -> str:
    """The words of a name in order of the alphabet: a surname may come first."""
    return " ".join(sorted(words(name).split()))
