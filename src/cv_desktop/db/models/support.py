from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Support(Base):
    """A time given to a structure: a meeting, a call, a workshop; what was said and what comes next."""

    __tablename__ = "support"
    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    given_on: Mapped[date] = mapped_column(index=True)
    agent: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    minutes: Mapped[int | None]
    next_step: Mapped[str]
    next_on: Mapped[date | None]
