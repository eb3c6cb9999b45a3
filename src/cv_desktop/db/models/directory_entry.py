from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class DirectoryEntry(Base):
    """A body as a public register describes it (RNA, SIRENE): it prefills a structure and is never one itself."""

    __tablename__ = "directory_entry"
    __table_args__ = (CheckConstraint("register IN ('rna', 'sirene')", name="register"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("import.id"), index=True)
    register: Mapped[str]
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(index=True)
    acronym: Mapped[str]
    siren: Mapped[str | None] = mapped_column(index=True)
    siret: Mapped[str | None]
    rna: Mapped[str | None] = mapped_column(index=True)
    legal_form: Mapped[str]
    purpose: Mapped[str]
    address: Mapped[str]
    postal_code: Mapped[str]
    commune: Mapped[str]
    commune_code: Mapped[str]
    website: Mapped[str]
    created_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    active: Mapped[bool]
    line: Mapped[int]
