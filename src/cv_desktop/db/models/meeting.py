from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Member(Base):
    """A member of the instruction committee of a campaign, or an officer whose links are known (``kind``).

    ``voice``: has a vote; ``perimeter``: codes of the quarters and communes followed, none for all of them;
    ``declaration``: « none » or « list » once the interests were declared, empty while they are awaited.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("kind IN ('member', 'officer')", name="kind"),
        CheckConstraint("declaration IN ('', 'none', 'list')", name="declaration"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    body: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="member", default="member")
    honorific: Mapped[str] = mapped_column(server_default="", default="")
    email: Mapped[str] = mapped_column(server_default="", default="")
    phone: Mapped[str] = mapped_column(server_default="", default="")
    address: Mapped[str] = mapped_column(server_default="", default="")
    voice: Mapped[bool] = mapped_column(server_default=true(), default=True)
    substitute_of: Mapped[str | None] = mapped_column(ForeignKey("member.id"), index=True)
    perimeter: Mapped[list[Any]] = mapped_column(JSON, server_default="[]", default=list)
    left_on: Mapped[date | None]
    declaration: Mapped[str] = mapped_column(server_default="", default="")
    declared_on: Mapped[date | None]


class Recusal(Base):
    """A member kept out of a file (déport); lifting it keeps the trace."""

    __tablename__ = "recusal"

    id: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    reason: Mapped[str]
    declared_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class Review(Base):
    """The sheet of one member on one file.

    ``outside``: made elsewhere and imported whole; such files are ranked without a meeting. ``codes`` and ``levels``
    are kept by ``db/levels.py``: they are only read.
    """

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("application_id", "member_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    grid_id: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    returned_at: Mapped[datetime | None]
    outside: Mapped[bool] = mapped_column(default=False, server_default="0")
    codes: Mapped[str] = mapped_column(default="", server_default="")
    levels: Mapped[str] = mapped_column(default="", server_default="")


class Mark(Base):
    """One criterion of a sheet: a level, or « sans objet », with a sentence."""

    __tablename__ = "mark"
    __table_args__ = (
        CheckConstraint("level IS NULL OR not_applicable = 0", name="level"),
        # All that a ranking reads, so that it never opens the rows, which carry the sentences.
        Index("ix_mark_levels", "review_id", "criterion", "level"),
    )

    review_id: Mapped[str] = mapped_column(ForeignKey("review.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int | None]
    not_applicable: Mapped[bool]
    dedicated: Mapped[bool]
    comment: Mapped[str]
    marked_at: Mapped[datetime]


class Meeting(Base):
    """A meeting (séance) of the committee."""

    __tablename__ = "meeting"
    __table_args__ = (CheckConstraint("state IN ('prepared', 'open', 'closed')", name="state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    label: Mapped[str]
    held_on: Mapped[date]
    starts_at: Mapped[time | None]
    place: Mapped[str]
    president: Mapped[str] = mapped_column(default="", server_default="")
    secretary: Mapped[str] = mapped_column(default="", server_default="")
    file_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    state: Mapped[str]
    convened_on: Mapped[date | None]
    opened_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    reread_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class MeetingSnapshot(Base):
    """What a meeting was at one of its closings; never edited. ``reason`` says why it was reopened afterwards."""

    __tablename__ = "meeting_snapshot"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text)  # canonical JSON, which the fingerprint is of
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    reopened_at: Mapped[datetime | None]
    reason: Mapped[str]


class Attendance(Base):
    """Who was ticked present before exits and returns had hours; presence_move says it now."""

    __tablename__ = "attendance"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), primary_key=True)
    present: Mapped[bool]


class PresenceMove(Base):
    """A member enters or leaves the room, ``seq`` breaking ties; ``application_id`` is the file of a déport."""

    __tablename__ = "presence_move"
    __table_args__ = (
        CheckConstraint("kind IN ('in', 'out')", name="kind"),
        CheckConstraint("why IN ('arrival', 'departure', 'recusal', 'return')", name="why"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    why: Mapped[str]
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"))


class AgendaItem(Base):
    """A file on the agenda, and the collective opinion the meeting gave on it."""

    __tablename__ = "agenda_item"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True, index=True)
    position: Mapped[int]
    opinion: Mapped[str | None]
    amount_cents: Mapped[int | None]
    reason: Mapped[str]
    given_at: Mapped[datetime | None]
    score_snapshot: Mapped[Any | None] = mapped_column(JSON)
    minutes: Mapped[int | None]  # None: as long as the meeting says for every file
    called_at: Mapped[datetime | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    votes_abstention: Mapped[int | None]
    reserves: Mapped[str] = mapped_column(default="", server_default="")
    asked: Mapped[str] = mapped_column(default="", server_default="")
    remark: Mapped[str] = mapped_column(default="", server_default="")
    room: Mapped[Any | None] = mapped_column(JSON)  # who was there when the opinion was given
