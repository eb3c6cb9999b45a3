from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class ImportValue(Base):
    """What the last file said of an application, field by field: whatever differs was changed by a person."""

    __tablename__ = "import_value"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    values: Mapped[dict[str, Any]]
