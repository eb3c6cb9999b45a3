from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Report(Base):
    """A financial report (Cerfa 15059) as the association sent it; ``application_id`` is the file it is about.

    ``answers`` are its texts by key; ``sha256`` the PDF it was read from.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("structure_id", "sha256"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id", ondelete="SET NULL"), index=True)
    year: Mapped[int]
    title: Mapped[str]
    subsidy_cents: Mapped[int | None]
    answers: Mapped[dict[str, Any]]
    signatory_name: Mapped[str]
    signed_on: Mapped[date | None]
    received_on: Mapped[date]
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("attachment.sha256"), index=True)


class ReportLine(Base):
    """An account of the table of a report; a column is None when its box is empty."""

    __tablename__ = "report_line"
    __table_args__ = (CheckConstraint("side IN ('charge', 'produit')", name="side"),)

    report_id: Mapped[str] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[str]
    account: Mapped[str]
    label: Mapped[str]
    planned_cents: Mapped[int | None]
    realised_cents: Mapped[int | None]
