from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Indicator(Base):
    """An indicator of the association's own; those that every action has are columns of the file."""

    __tablename__ = "indicator"

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    label: Mapped[str]
    unit: Mapped[str]
    planned: Mapped[int | None]
