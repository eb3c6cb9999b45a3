"""Reference tables of the contract, and the versions of what was loaded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class ReferenceVersion(Base):
    """Which shipped table was loaded, when, and the fingerprint of its file."""

    __tablename__ = "reference_version"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    effective_from: Mapped[date]
    sha256: Mapped[str]
    loaded_at: Mapped[datetime]


class Theme(Base):
    """An axis of the contract (volet); governance is no theme of a call."""

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    kind: Mapped[str]
    position: Mapped[int]
    closed_on: Mapped[date | None]


class Stake(Base):
    __tablename__ = "stake"

    code: Mapped[str] = mapped_column(primary_key=True)
    theme_code: Mapped[str] = mapped_column(ForeignKey("theme.code"))
    label: Mapped[str]
    position: Mapped[int]
    closed_on: Mapped[date | None]


class Objective(Base):
    __tablename__ = "objective"

    code: Mapped[str] = mapped_column(primary_key=True)
    stake_code: Mapped[str] = mapped_column(ForeignKey("stake.code"))
    label: Mapped[str]
    levers: Mapped[list[Any]]
    position: Mapped[int]
    closed_on: Mapped[date | None]


class Priority(Base):
    """One of the three transversal priorities."""

    __tablename__ = "priority"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    position: Mapped[int]


class Commune(Base):
    __tablename__ = "commune"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    postal_code: Mapped[str]


class Quarter(Base):
    """A priority quarter (QPV), by its code of the 2024 generation."""

    __tablename__ = "quarter"

    code: Mapped[str] = mapped_column(primary_key=True)
    code_2015: Mapped[str]
    name: Mapped[str]
    layer_name: Mapped[str]
    closed_on: Mapped[date | None]


class QuarterCommune(Base):
    """One quarter spans two communes."""

    __tablename__ = "quarter_commune"

    quarter_code: Mapped[str] = mapped_column(ForeignKey("quarter.code"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(ForeignKey("commune.code"), primary_key=True)


class Scheme(Base):
    """A dispositif: FIA or AAP."""

    __tablename__ = "scheme"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]


class Funder(Base):
    """A co-funder of the contract: who is public money, and the names files give it."""

    __tablename__ = "funder"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    account: Mapped[str]
    public: Mapped[bool]
    synonyms: Mapped[list[Any]]
    position: Mapped[int]
    closed_on: Mapped[date | None]
    to_validate: Mapped[bool] = mapped_column(default=True, server_default="1")


class StandardText(Base):
    """A sentence of the service (legal mention, motive), dated: a letter takes the one in force on its day."""

    __tablename__ = "standard_text"
    __table_args__ = (UniqueConstraint("key", "effective_from"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    effective_from: Mapped[date]
    text: Mapped[str]
    to_validate: Mapped[bool]
    closed_on: Mapped[date | None]


class Setting(Base):
    """A setting of the institution: name of the service, signatory, addresses."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any | None] = mapped_column(JSON)
