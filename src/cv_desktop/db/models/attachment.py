from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Attachment(Base):
    """The content of a document, kept once under ``pieces/`` in the base's folder by its SHA-256.

    Its row outlives the documents that named it: a backup carries what the table lists.
    """

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"), CheckConstraint("size >= 0", name="size"))

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[datetime]


class ApplicationAttachment(Base):
    """A content joined to a file under the name it came with; ``kind`` is the expected document it answers."""

    __tablename__ = "application_attachment"

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    position: Mapped[int]
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("attachment.sha256"), index=True)
    added_at: Mapped[datetime]
