from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Member(Base):
    """A member of the instruction committee of a campaign."""

    __tablename__ = "member"

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    body: Mapped[str]


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
    place: Mapped[str]
    state: Mapped[str]
    revealed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Attendance(Base):
    __tablename__ = "attendance"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), primary_key=True)
    present: Mapped[bool]


class AgendaItem(Base):
    """A file on the agenda, and the collective opinion the meeting gave on it."""

    __tablename__ = "agenda_item"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    position: Mapped[int]
    opinion: Mapped[str | None]
    amount_cents: Mapped[int | None]
    reason: Mapped[str]
    given_at: Mapped[datetime | None]
    score_snapshot: Mapped[Any | None] = mapped_column(JSON)
