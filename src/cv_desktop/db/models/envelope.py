from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Envelope(Base):
    """A part of a campaign's envelope: of a volet, a quarter, a commune, a funder, or kept in reserve.

    The whole is ``call.envelope_cents`` and the share of a session ``round.share_cents``: neither is written twice.
    A session has a row here only for its floor or its cap.
    """

    __tablename__ = "envelope"
    __table_args__ = (
        UniqueConstraint("call_id", "kind", "key"),
        CheckConstraint("kind IN ('round', 'theme', 'quarter', 'commune', 'funder', 'reserve')", name="kind"),
        CheckConstraint("kind <> 'round' OR amount_cents IS NULL", name="round"),
        CheckConstraint("amount_cents >= 0 AND floor_cents >= 0 AND cap_cents >= 0", name="positive"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[str]
    key: Mapped[str]
    label: Mapped[str]
    amount_cents: Mapped[int | None]
    floor_cents: Mapped[int | None]
    cap_cents: Mapped[int | None]
    position: Mapped[int]
