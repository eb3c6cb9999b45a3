from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Funding(Base):
    """What one co-funder was asked, proposed, voted and paid for a file: recorded here, decided by that funder.

    What was asked is only written when it is not what the budget of the action says.
    """

    __tablename__ = "funding"
    __table_args__ = (
        CheckConstraint(
            "asked_cents >= 0 AND proposed_cents >= 0 AND voted_cents >= 0 AND paid_cents >= 0", name="positive"
        ),
    )

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    funder_code: Mapped[str] = mapped_column(ForeignKey("funder.code"), primary_key=True)
    asked_cents: Mapped[int | None]
    proposed_cents: Mapped[int | None]
    voted_cents: Mapped[int | None]
    paid_cents: Mapped[int | None]


class Tranche(Base):
    """What an agreement of several years gives to a file in a year that follows that of its campaign."""

    __tablename__ = "tranche"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount"),)

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    amount_cents: Mapped[int]
