from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class PendingLine(Base):
    """A line that an import left out, until a later import takes it or a person dismisses it.

    ``problems`` are the sentences that say why; the line itself is in the file kept beside the base.
    """

    __tablename__ = "pending_line"
    __table_args__ = (CheckConstraint("settled_as IN ('', 'imported', 'dismissed')", name="settled_as"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), index=True)
    line: Mapped[int]
    number: Mapped[str]
    label: Mapped[str]
    problems: Mapped[list[Any]]
    settled_as: Mapped[str] = mapped_column(default="", server_default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[str | None] = mapped_column(ForeignKey("import.id", ondelete="SET NULL"), index=True)
