"""What the projected screen may know: no name of a member beside a mark, no title to come, no account, no phone.

It has its own rows on purpose: what is not in them cannot be shown to the room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import applications, envelopes, grids, meetings, opinions, presence, scores
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.money import percent
from cv_desktop.domain.notes import decimal, shown
from cv_desktop.domain.presence import OUT
from cv_desktop.domain.states import Opinion


@dataclass(frozen=True, slots=True)
class RoomShown:
    """The band of the screen: ``total`` files, none of them named."""

    label: str
    held_on: date
    open: bool
    present: int
    reached: bool
    total: int


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """The marks of a criterion without their authors, going up."""

    label: str
    levels: tuple[int, ...]
    mean: float | None
    mean_shown: str
    gap: str
    scale: int


@dataclass(frozen=True, slots=True)
class FileShown:
    """The file being heard. ``exits`` are the bodies whose member is out of the room, with the hour.

    ``criteria`` is empty before the revelation; ``buckets`` hold the campaign without this file, ``own`` this file.
    """

    structure: str
    place: str
    title: str
    asked_cents: int
    cost_cents: int
    quarter_share: str
    rank: int
    minutes: int
    exits: tuple[tuple[str, datetime | None], ...]
    sheets: int
    criteria: tuple[CriterionShown, ...]
    note: str
    band: str
    band_opinion: str
    range: str
    opinion: Opinion | None
    amount_cents: int | None
    buckets: Buckets
    own: Buckets


def room(session: Session, *, meeting_id: str) -> RoomShown:
    """The band of the projected screen, whatever file is heard."""
    meeting = session.get_one(Meeting, meeting_id)
    now = presence.room(session, meeting_id=meeting_id)
    total = session.scalar(select(func.count()).where(AgendaItem.meeting_id == meeting_id)) or 0
    return RoomShown(meeting.label, meeting.held_on, meeting.state == "open", len(now.inside), now.reached, total)


def file(session: Session, *, meeting_id: str, application_id: str) -> FileShown | None:
    """The file being heard; None while a member who may not see it is in the room."""
    now = presence.room(session, meeting_id=meeting_id, application_id=application_id)
    if now.to_leave:
        return None
    meeting = session.get_one(Meeting, meeting_id)
    row = next((x for x in meetings.agenda(session, meeting_id=meeting_id) if x.application_id == application_id), None)
    if row is None:
        return None
    key = {"call_id": meeting.call_id, "application_id": application_id}
    note = scores.committee(session, **key)
    spread = scores.spread(session, **key) if note else None
    labels = {c.code: c.label for c in grids.of_file(session, application_id=application_id).grid.criteria}
    left = {m.member_id: m.at for m in presence.moves(session, meeting_id=meeting_id) if m.kind == OUT}
    found = applications.some(session, ids=[application_id])
    people, residents = session.execute(
        select(Application.beneficiaries, Application.quarter_residents).where(Application.id == application_id)
    ).one()
    return FileShown(
        structure=row.structure,
        place=found[0].quarters if found else "",
        title=row.title,
        asked_cents=row.asked_cents,
        cost_cents=row.cost_cents,
        quarter_share=percent(residents, people, 0) if residents is not None and people else "",
        rank=row.position + 1,
        minutes=row.minutes,
        exits=tuple((seat.body, left.get(seat.id)) for seat in now.seats if seat.id in now.recused),
        sheets=row.sheets,
        criteria=tuple(
            CriterionShown(
                labels.get(c.code, c.code),
                c.levels,
                None if c.value is None else float(c.value),
                "–" if c.value is None else decimal(c.value),
                c.gap_label,
                c.scale,
            )
            for c in (note.criteria if note else ())
        ),
        note=note.shown if note else "",
        band=note.band.label if note and note.band else "",
        band_opinion=note.band.expected if note and note.band else "",
        range=f"de {shown(spread[0])} à {shown(spread[1])} selon les membres" if spread else "",
        opinion=row.opinion,
        amount_cents=row.amount_cents if row.opinion in (Opinion.FAVORABLE, Opinion.RESERVED) else None,
        buckets=envelopes.buckets(session, call_id=meeting.call_id),
        own=opinions.own_buckets(session, **key),
    )
