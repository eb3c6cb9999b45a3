from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Completion(Base):
    """A request for documents and points, from its preparation to the day all came, or its delay ended.

    ``items`` are the points asked. ``asked_on`` and ``due_on`` come with the letter: while they are unset, nothing was
    asked and nothing is suspended. ``closed_on`` is the day the last of them came.
    """

    __tablename__ = "completion"
    __table_args__ = (CheckConstraint("(asked_on IS NULL) = (due_on IS NULL)", name="due"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id", ondelete="SET NULL"), index=True)
    prepared_at: Mapped[datetime]
    items: Mapped[list[Any]]
    asked_on: Mapped[date | None]
    due_on: Mapped[date | None]
    closed_on: Mapped[date | None]
