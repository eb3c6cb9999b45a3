from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Structure(Base):
    """An association or another body that asks for grants, known once."""

    __tablename__ = "structure"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(index=True)
    siren: Mapped[str | None] = mapped_column(unique=True)
    siret: Mapped[str | None]
    rna: Mapped[str | None] = mapped_column(unique=True)
    legal_form: Mapped[str | None]
    address: Mapped[str | None]
    postal_code: Mapped[str | None]
    commune: Mapped[str | None]
    commune_code: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    representative_name: Mapped[str | None]
    representative_role: Mapped[str | None]
    iban: Mapped[str | None]
    created_on: Mapped[date | None]
    created_at: Mapped[datetime]
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"), index=True)

    __table_args__ = (Index("ix_structure_name", "name"),)
