from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Link(Base):
    """What ties a member to a structure, or to one file of it: a déport once ``confirmed``.

    A link that was confirmed and no longer holds is ``dismissed`` with ``confirmed_at`` kept: the register shows both.
    """

    __tablename__ = "link"
    __table_args__ = (
        CheckConstraint("state IN ('suspected', 'confirmed', 'dismissed')", name="state"),
        Index("ix_link_member_id", "member_id", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str]
    declared: Mapped[bool]
    evidence: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str]
