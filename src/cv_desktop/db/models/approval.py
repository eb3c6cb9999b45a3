from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Approval(Base):
    """An agrément that an administration gave to a structure (Cerfa 12156, part 2): which, by whom, when."""

    __tablename__ = "approval"

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"), index=True)
    label: Mapped[str]
    authority: Mapped[str]
    granted_on: Mapped[date | None]
    ends_on: Mapped[date | None]
