from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cv_desktop.db.base import Base
from cv_desktop.db.models.structure import Structure


class BankAccount(Base):
    """An account of a structure; the current one is that without ``until``. Never erased, only followed by another."""

    __tablename__ = "bank_account"

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    iban: Mapped[str] = mapped_column(index=True)
    bic: Mapped[str]
    holder: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    validated_by: Mapped[str]
    validated_at: Mapped[datetime | None]
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"), index=True)

    # Never read: it has the structure written first when both are new.
    structure: Mapped[Structure] = relationship()
