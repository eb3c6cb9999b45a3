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
    # What the Cerfa 12156 asks besides. ``full_time`` is in hundredths, ``local_*`` the register of Alsace-Moselle.
    mail_address: Mapped[str | None]
    delegated_commune: Mapped[str | None]
    local_court: Mapped[str | None]
    local_volume: Mapped[str | None]
    local_folio: Mapped[str | None]
    local_registered_on: Mapped[date | None]
    public_utility: Mapped[bool | None]
    public_utility_on: Mapped[date | None]
    taxed: Mapped[bool | None]
    networks: Mapped[str | None]
    member_bodies: Mapped[str | None]
    service_volunteers: Mapped[int | None]
    aided_jobs: Mapped[int | None]
    full_time: Mapped[int | None]
    seconded: Mapped[int | None]
    member_women: Mapped[int | None]
    member_men: Mapped[int | None]
    exercise_starts_on: Mapped[date | None]
    exercise_ends_on: Mapped[date | None]
    income_cents: Mapped[int | None]
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
