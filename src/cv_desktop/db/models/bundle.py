from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Bundle(Base):
    """The sheets a member took away (liasse): ``content`` is all that was printed, ``secret`` signs its manifest."""

    __tablename__ = "bundle"
    __table_args__ = (CheckConstraint("medium IN ('workbook', 'form', 'paper')", name="medium"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    grid_id: Mapped[str] = mapped_column(ForeignKey("grid.id"), index=True)
    medium: Mapped[str]
    made_at: Mapped[datetime]
    secret: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class BundleReturn(Base):
    """A file that came back, kept by its content, and what became of its marks."""

    __tablename__ = "bundle_return"

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("attachment.sha256"), index=True)
    read_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)


class DoubtfulMark(Base):
    """A place of a scanned sheet that a person must read; ``sha256`` is its picture. No bundle: the page is unknown."""

    __tablename__ = "doubtful_mark"
    __table_args__ = (CheckConstraint("settled_as IN ('', 'marked', 'dismissed')", name="settled_as"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    bundle_id: Mapped[str | None] = mapped_column(ForeignKey("bundle.id"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    return_id: Mapped[str] = mapped_column(ForeignKey("bundle_return.id"), index=True)
    criterion: Mapped[str]
    reason: Mapped[str]
    page: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("attachment.sha256"), index=True)
    settled_as: Mapped[str]
    settled_at: Mapped[datetime | None]
