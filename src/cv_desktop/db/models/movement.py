from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base

_BUCKETS = "('outside', 'free', 'marked', 'submitted', 'engaged', 'called', 'paid')"


class Movement(Base):
    """Money that went from one bucket of a campaign to another: written once, never changed, never deleted.

    ``verb`` is the one that moved it. What a bucket holds is the sum of its movements and is kept nowhere else.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint(f"source IN {_BUCKETS} AND target IN {_BUCKETS} AND source <> target", name="buckets"),
        Index("ix_movement_balance", "call_id", "application_id", "source", "target", "amount_cents"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    year: Mapped[int]
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    source: Mapped[str]
    target: Mapped[str]
    amount_cents: Mapped[int]
    at: Mapped[datetime]
    verb: Mapped[str]
    reason: Mapped[str]
    lot_id: Mapped[str | None] = mapped_column(ForeignKey("lot.id"))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))
    # Of a call for payment, a payment or its rejection: its own day, and the document that says it.
    dated_on: Mapped[date | None]
    piece: Mapped[str] = mapped_column(default="", server_default="")
