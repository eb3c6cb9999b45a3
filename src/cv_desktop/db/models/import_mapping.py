from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class ImportMapping(Base):
    """What a person decided for the columns of one source: the field of each folded header, empty to ignore it."""

    __tablename__ = "import_mapping"

    source: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
