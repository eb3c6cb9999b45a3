from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class ExpectedDocument(Base):
    """A document the règlement asks: the scheme's default (no call), or the campaign's own."""

    __tablename__ = "expected_document"
    __table_args__ = (
        UniqueConstraint("scheme_code", "call_id", "version", "kind"),
        CheckConstraint("condition IN ('always', 'above', 'first_request', 'renewal')", name="condition"),
        CheckConstraint("due IN ('deposit', 'payment')", name="due"),
        CheckConstraint("severity IN ('block', 'warn')", name="severity"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    scheme_code: Mapped[str] = mapped_column(ForeignKey("scheme.code"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    version: Mapped[int]
    position: Mapped[int]
    kind: Mapped[str]
    label: Mapped[str]
    condition: Mapped[str]
    threshold_cents: Mapped[int | None]
    validity_months: Mapped[int | None]
    due: Mapped[str]
    severity: Mapped[str]
    to_validate: Mapped[bool]
