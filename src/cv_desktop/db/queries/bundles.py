"""The sheets that members took away, and what waits for a person among those that came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.bundle import Bundle, BundleReturn, DoubtfulMark
from cv_desktop.db.models.meeting import Member
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.bundle import Bundle as Content


@dataclass(frozen=True, slots=True)
class KeptBundle:
    """A bundle as it was given, with the secret that signs it."""

    id: str
    call_id: str
    member_id: str
    grid_id: str
    medium: str
    secret: str
    content: Content


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A place to read: ``number`` empty when the page itself is unknown, ``criterion`` when it is the whole page."""

    id: str
    bundle_id: str
    member_id: str
    member: str
    application_id: str
    number: str
    structure: str
    criterion: str
    reason: str
    filename: str
    page: int
    sha256: str
    read_at: datetime


def bundle(session: Session, key: str) -> KeptBundle | None:
    """The bundle of a key, as printed on its pages; None when the base gave no such bundle."""
    found = session.get(Bundle, key)
    if found is None:
        return None
    content = Content.from_json(found.content)
    return KeptBundle(found.id, found.call_id, found.member_id, found.grid_id, found.medium, found.secret, content)


def doubts(session: Session, *, call_id: str, viewer: str | None = None) -> list[DoubtRow]:
    """What a person must still read in a campaign, page after page; nothing of a file hidden from the viewer."""
    query = (
        select(
            DoubtfulMark.id,
            func.coalesce(DoubtfulMark.bundle_id, ""),
            func.coalesce(Bundle.member_id, ""),
            func.coalesce(Member.name, ""),
            func.coalesce(DoubtfulMark.application_id, ""),
            func.coalesce(Application.number, ""),
            func.coalesce(Structure.name, ""),
            DoubtfulMark.criterion,
            DoubtfulMark.reason,
            BundleReturn.filename,
            DoubtfulMark.page,
            DoubtfulMark.sha256,
            BundleReturn.read_at,
        )
        .join(BundleReturn, BundleReturn.id == DoubtfulMark.return_id)
        .outerjoin(Bundle, Bundle.id == DoubtfulMark.bundle_id)
        .outerjoin(Member, Member.id == Bundle.member_id)
        .outerjoin(Application, Application.id == DoubtfulMark.application_id)
        .outerjoin(Structure, Structure.id == Application.structure_id)
        .where(DoubtfulMark.call_id == call_id, DoubtfulMark.settled_as == "", visible(viewer))
        .order_by(
            BundleReturn.read_at,
            BundleReturn.filename,
            DoubtfulMark.bundle_id.is_(None),
            DoubtfulMark.bundle_id,
            DoubtfulMark.page,
            DoubtfulMark.id,
        )
    )
    # Thirteen columns: more than the typed rows of SQLAlchemy count.
    found: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(query)]
    return [DoubtRow(*row) for row in found]
