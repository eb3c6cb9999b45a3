"""Signed letters that come back on paper: the piles scanned and what each of their pages became."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class ScanPile(Base):
    """A scan as it came, kept once by its content; ``count`` is its pages, ``done`` those read so far."""

    __tablename__ = "scan_pile"
    __table_args__ = (UniqueConstraint("sha256"), CheckConstraint("done BETWEEN 0 AND count", name="done"))

    id: Mapped[str] = mapped_column(primary_key=True)
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("attachment.sha256"))
    count: Mapped[int]
    done: Mapped[int]
    read_at: Mapped[datetime]


class ScanPage(Base):
    """A page of a pile. ``number`` to ``mark`` are what its code says, or a person; ``number`` empty: nobody knows.

    ``turn`` is by how many degrees it was scanned askew, a quarter at a time. Withdrawn: its pile was taken back.
    """

    __tablename__ = "scan_page"
    __table_args__ = (
        UniqueConstraint("pile_id", "place"),
        CheckConstraint("state IN ('waiting', 'filed', 'dismissed', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'filed') = (letter_id IS NOT NULL)", name="letter"),
        CheckConstraint("(number = '') = (page = 0)", name="page"),
        CheckConstraint("page BETWEEN 0 AND pages", name="pages"),
        CheckConstraint("turn IN (0, 90, 180, 270)", name="turn"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    pile_id: Mapped[str] = mapped_column(ForeignKey("scan_pile.id"))
    place: Mapped[int]
    turn: Mapped[int]
    number: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    page: Mapped[int]
    pages: Mapped[int]
    mark: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"), index=True)
    settled_at: Mapped[datetime | None]
    reason: Mapped[str]
