from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Partner(Base):
    """A member of the consortium besides its lead; ``share`` of the budget in hundredths of a percent."""

    __tablename__ = "partner"
    __table_args__ = (CheckConstraint("share IS NULL OR share BETWEEN 0 AND 10000", name="share"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    structure_id: Mapped[str | None] = mapped_column(ForeignKey("structure.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    siret: Mapped[str | None]
    role: Mapped[str]
    share: Mapped[int | None]
