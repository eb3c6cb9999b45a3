from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Derogation(Base):
    """A rule somebody set aside for one file, with the reason; lifted, it is kept.

    ``code`` is the check; ``item`` is the document when a single one is dispensed, empty otherwise.
    """

    __tablename__ = "derogation"

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    item: Mapped[str]
    reason: Mapped[str]
    author: Mapped[str]
    given_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
