from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class StructureDocumentKind(Base):
    """A document that a structure gives once for all its files, and how long it holds; data of the service.

    ``threshold_cents``: it is only awaited above so much of grants in the year.
    """

    __tablename__ = "structure_document_kind"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    validity_months: Mapped[int | None]
    expected: Mapped[bool]
    threshold_cents: Mapped[int | None]
    closed_on: Mapped[date | None]
    position: Mapped[int]
    effective_from: Mapped[date]
    to_validate: Mapped[bool]


class StructureDocument(Base):
    """A document received from a structure; a later one of the same kind takes its place, both are kept."""

    __tablename__ = "structure_document"

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(ForeignKey("structure_document_kind.code"))
    dated_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    received_on: Mapped[date]
    filename: Mapped[str]
    note: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(index=True)
