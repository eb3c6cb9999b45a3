from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Structure(Base):
    """An association or another body that asks for grants, known once.

    ``merged_into`` names the record that took its place: such a row is kept for the undo and seen by nothing else.
    """

    __tablename__ = "structure"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(index=True)
    acronym: Mapped[str | None]
    siren: Mapped[str | None] = mapped_column(unique=True)
    siret: Mapped[str | None]
    rna: Mapped[str | None] = mapped_column(unique=True)
    no_number_reason: Mapped[str | None]
    no_number_on: Mapped[date | None]
    legal_form: Mapped[str | None]
    purpose: Mapped[str | None]
    address: Mapped[str | None]
    postal_code: Mapped[str | None]
    commune: Mapped[str | None]
    commune_code: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    employees: Mapped[int | None]
    volunteers: Mapped[int | None]
    members: Mapped[int | None]
    budget_cents: Mapped[int | None]
    created_on: Mapped[date | None]
    dissolved_on: Mapped[date | None]
    created_at: Mapped[datetime]
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"), index=True)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("structure.id"), index=True)

    __table_args__ = (Index("ix_structure_name", "name"),)


class StructureAlias(Base):
    """A name or a number under which the structure is known too: former ones, and those of records merged into it."""

    __tablename__ = "structure_alias"
    __table_args__ = (
        UniqueConstraint("structure_id", "kind", "folded"),
        CheckConstraint("kind IN ('name', 'acronym', 'siren', 'siret', 'rna')", name="kind"),
        Index("ix_structure_alias_folded", "kind", "folded"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    value: Mapped[str]
    folded: Mapped[str]
    noted_on: Mapped[date]
