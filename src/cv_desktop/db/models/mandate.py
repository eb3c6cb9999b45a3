from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cv_desktop.db.base import Base
from cv_desktop.db.models.structure import Structure


class Mandate(Base):
    """What a person does in a structure, from a day to another; ``represents``: may sign for it."""

    __tablename__ = "mandate"

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    person_name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    represents: Mapped[bool]
    email: Mapped[str]
    phone: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"), index=True)

    # Never read: it has the structure written first when both are new.
    structure: Mapped[Structure] = relationship()
