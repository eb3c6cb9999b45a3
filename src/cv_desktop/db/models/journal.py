from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class JournalEntry(Base):
    """One write, chained to the one before."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_thing", "noun", "noun_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    station: Mapped[str]
    verb: Mapped[str]
    noun: Mapped[str]
    noun_id: Mapped[str]
    summary: Mapped[str]
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)
    reason: Mapped[str]
    source: Mapped[str]
    hash: Mapped[str]


class JournalHead(Base):
    """The last link, kept apart so that entries missing at the end are noticed."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]
