from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Application(Base):
    """A file (dossier): one action for which a structure asks a grant in a campaign."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("call_id", "seq"),
        Index("uq_application_external", "call_id", "source", "external_id", unique=True),
        CheckConstraint("asked_cents >= 0", name="asked"),
        CheckConstraint("cost_cents >= 0", name="cost"),
        CheckConstraint(
            "status IN ('draft', 'deposited', 'incomplete', 'eligible', 'ineligible', 'withdrawn')", name="status"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"), index=True)
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"), index=True)
    seq: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    external_id: Mapped[str | None]
    line: Mapped[int | None]
    status: Mapped[str]
    title: Mapped[str]
    theme_code: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    theme_label: Mapped[str]
    quarters_text: Mapped[str]
    outside_quarters: Mapped[bool]
    description: Mapped[str]
    beneficiaries: Mapped[int | None]
    women: Mapped[int | None]
    quarter_residents: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    cost_cents: Mapped[int]
    asked_cents: Mapped[int]
    equality: Mapped[str]
    participation: Mapped[str]
    ecology: Mapped[str]
    republican_contract: Mapped[bool | None]
    siret_raw: Mapped[str | None]
    deposited_at: Mapped[datetime | None]
    folded: Mapped[str]
    checks_snapshot: Mapped[Any | None] = mapped_column(JSON)
    status_reason: Mapped[str]


class ApplicationQuarter(Base):
    """The priority quarters that an action concerns."""

    __tablename__ = "application_quarter"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    quarter_code: Mapped[str] = mapped_column(ForeignKey("quarter.code"), primary_key=True)


class BudgetLine(Base):
    """A line of the action's budget, charge or produit."""

    __tablename__ = "budget_line"
    __table_args__ = (CheckConstraint("side IN ('charge', 'produit')", name="side"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    side: Mapped[str]
    position: Mapped[int]
    account: Mapped[str]
    label: Mapped[str]
    amount_cents: Mapped[int]
    state: Mapped[str]


class Document(Base):
    """A document expected or received with a file; only its name is known here."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("application_id", "kind"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    filename: Mapped[str]


class Import(Base):
    """A file read into a campaign, with its report and a copy of what it held."""

    __tablename__ = "import"

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    filename: Mapped[str]
    sha256: Mapped[str]
    imported_at: Mapped[datetime]
    report: Mapped[dict[str, Any]]
