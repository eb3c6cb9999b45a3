from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Convention(Base):
    """The convention of a decision: signed by both parties or not yet, its essential data published or not.

    ``letter_id`` is the convention or the amendment made here; None for one signed elsewhere, whose ``reference`` is
    then what the service calls it.
    """

    __tablename__ = "convention"
    __table_args__ = (CheckConstraint("letter_id IS NOT NULL OR reference <> ''", name="named"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), index=True)
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"), unique=True)
    reference: Mapped[str] = mapped_column(default="", server_default="")
    authority_signed_on: Mapped[date | None]
    structure_signed_on: Mapped[date | None]
    structure_signatory: Mapped[str] = mapped_column(default="", server_default="")
    published_on: Mapped[date | None]
