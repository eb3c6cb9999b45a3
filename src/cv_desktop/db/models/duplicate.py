from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class DistinctPair(Base):
    """Two structures that look alike and that a person said are two, once for ever; ``first_id`` is the lesser key."""

    __tablename__ = "distinct_pair"
    __table_args__ = (CheckConstraint("first_id < second_id", name="order"),)

    first_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), primary_key=True)
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]


class StructureMerge(Base):
    """One merge, with every value it changed: enough to give all of it back. ``kept_back`` is what could not be."""

    __tablename__ = "structure_merge"

    id: Mapped[str] = mapped_column(primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    merged_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    kept_name: Mapped[str]
    merged_name: Mapped[str]
    merged_at: Mapped[datetime]
    merged_by: Mapped[str]
    changes: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]
    kept_back: Mapped[list[Any]]
