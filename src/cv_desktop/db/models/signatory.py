"""Who signs the letters, by which delegation; and what was signed, sent and received of each letter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Signatory(Base):
    """Somebody who signs; the first active one by ``position`` is printed under the letters.

    ``own_power`` is a signature that needs no delegation: the president of the authority.
    """

    __tablename__ = "signatory"

    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    quality: Mapped[str]
    own_power: Mapped[bool]
    active: Mapped[bool]
    image_name: Mapped[str]
    image_sha256: Mapped[str | None] = mapped_column(ForeignKey("attachment.sha256"), index=True)


class Delegation(Base):
    """An arrêté by which somebody signs: which campaigns (codes of calls or schemes), which kinds, up to how much.

    An empty ``scope`` or ``kinds`` is all of them; no ceiling is no limit.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        CheckConstraint("ceiling_cents IS NULL OR ceiling_cents > 0", name="ceiling"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), index=True)
    reference: Mapped[str]
    dated_on: Mapped[date | None]
    scope: Mapped[list[Any]] = mapped_column(JSON)
    kinds: Mapped[list[Any]] = mapped_column(JSON)
    ceiling_cents: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Signature(Base):
    """The signature of a letter: one, never changed; ``sha256`` is the signed file, kept beside the issued one.

    By hand it is the scanned copy, once it came back.
    """

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("letter_id"),
        CheckConstraint("way IN ('image', 'pades', 'parapheur', 'hand')", name="way"),
        CheckConstraint("sha256 IS NOT NULL OR way = 'hand'", name="file"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    way: Mapped[str]
    signatory_id: Mapped[str | None] = mapped_column(ForeignKey("signatory.id"), index=True)
    delegation_id: Mapped[str | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    signer: Mapped[str]
    signed_at: Mapped[datetime]
    filename: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("attachment.sha256"), index=True)


class Dispatch(Base):
    """How a letter left and when it arrived: the delay of appeal runs from ``received_on``."""

    __tablename__ = "dispatch"
    __table_args__ = (
        UniqueConstraint("letter_id"),
        CheckConstraint("channel IN ('post', 'lrar', 'email', 'hand')", name="channel"),
        CheckConstraint("received_on IS NULL OR received_on >= sent_on", name="dates"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    channel: Mapped[str]
    sent_on: Mapped[date]
    registered_number: Mapped[str]
    proof_name: Mapped[str]
    proof_sha256: Mapped[str | None] = mapped_column(ForeignKey("attachment.sha256"), index=True)
    received_on: Mapped[date | None]
    reminder_on: Mapped[date | None]
