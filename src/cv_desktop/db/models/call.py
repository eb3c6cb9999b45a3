from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Call(Base):
    """A campaign of a scheme for one year; ``opened_on`` once its règlement was validated, ``closed_on`` at its end."""

    __tablename__ = "call"
    __table_args__ = (CheckConstraint("envelope_cents >= 0", name="envelope"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    scheme_code: Mapped[str] = mapped_column(ForeignKey("scheme.code"))
    year: Mapped[int]
    label: Mapped[str]
    envelope_cents: Mapped[int]
    example: Mapped[bool]
    created_at: Mapped[datetime]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]


class RulesParameter(Base):
    """A value of the règlement: the scheme's default (no call), or the campaign's own."""

    __tablename__ = "rules_parameter"
    __table_args__ = (UniqueConstraint("scheme_code", "call_id", "key", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    scheme_code: Mapped[str] = mapped_column(ForeignKey("scheme.code"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    key: Mapped[str]
    version: Mapped[int]
    position: Mapped[int]
    article: Mapped[str]
    label: Mapped[str]
    hint: Mapped[str]
    unit: Mapped[str]
    value: Mapped[Any | None] = mapped_column(JSON)
    severity: Mapped[str]
    remedy: Mapped[str]
    check: Mapped[str | None]
    effective_from: Mapped[date]
    to_validate: Mapped[bool]


class Grid(Base):
    """A version of the marking grid, frozen from its first mark."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("scheme_code", "call_id", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    scheme_code: Mapped[str] = mapped_column(ForeignKey("scheme.code"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    version: Mapped[int]
    effective_from: Mapped[date]
    content: Mapped[dict[str, Any]]
    frozen_at: Mapped[datetime | None]
    to_validate: Mapped[bool]


class LetterTemplate(Base):
    """A version of the text of one kind of letter, for every campaign or for one of them."""

    __tablename__ = "letter_template"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    kind: Mapped[str]
    label: Mapped[str]
    version: Mapped[int]
    effective_from: Mapped[date]
    content: Mapped[dict[str, Any]]
    to_validate: Mapped[bool]
