from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class RulesVersion(Base):
    """A version of the règlement of a campaign.

    The newest one is what the parameters say now, and has no ``content``; the others keep theirs, frozen with the
    files that were judged under them.
    """

    __tablename__ = "rules_version"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    effective_from: Mapped[date]
    created_at: Mapped[datetime]
    content: Mapped[Any | None] = mapped_column(JSON)
