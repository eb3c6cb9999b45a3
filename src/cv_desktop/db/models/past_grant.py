from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class PastGrant(Base):
    """A grant of another year or another authority, as a list says it; the structure may not be known here.

    ``in_kind``: a room, staff, printing, at the value that the authority gives it.
    """

    __tablename__ = "past_grant"
    __table_args__ = (Index("ix_past_grant_year", "year"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str | None] = mapped_column(ForeignKey("structure.id", ondelete="SET NULL"), index=True)
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"), index=True)
    year: Mapped[int]
    funder: Mapped[str]
    scheme: Mapped[str]
    title: Mapped[str]
    asked_cents: Mapped[int | None]
    granted_cents: Mapped[int | None]
    paid_cents: Mapped[int | None]
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(index=True)
    siret: Mapped[str]
    rna: Mapped[str]
    line: Mapped[int | None]
    in_kind: Mapped[bool] = mapped_column(default=False, server_default="0")
