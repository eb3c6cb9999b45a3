from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Round(Base):
    """A session of a rolling fund: files deposited until a day, seen by one committee, with a share of the envelope.

    Once it is closed, what is left of its share goes to the next one when ``rolls_over``.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("call_id", "deposit_closes"),
        CheckConstraint("share_cents >= 0", name="share"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    label: Mapped[str]
    deposit_closes: Mapped[date]
    committee_on: Mapped[date | None]
    share_cents: Mapped[int | None]
    rolls_over: Mapped[bool]
    closed_on: Mapped[date | None]
