from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class FormKind(Base):
    """A form of the administration, dated: the marks its pages bear, and the words of each field it asks."""

    __tablename__ = "form_kind"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    position: Mapped[int]
    label: Mapped[str]
    marks: Mapped[list[Any]]
    fields: Mapped[list[Any]]
    effective_from: Mapped[date]
    to_validate: Mapped[bool]


class FormMapping(Base):
    """What a person decided for the boxes of one form, told by their names: the field of each, empty to ignore it."""

    __tablename__ = "form_mapping"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
