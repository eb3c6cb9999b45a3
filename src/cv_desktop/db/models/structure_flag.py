from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class StructureFlag(Base):
    """What the service must not forget of a structure: a report missing, a dispute; lifted with a reason."""

    __tablename__ = "structure_flag"
    __table_args__ = (CheckConstraint("kind IN ('missing_report', 'dispute', 'other')", name="kind"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    since: Mapped[date]
    reason: Mapped[str]
    author: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str]
    lifted_reason: Mapped[str]
