from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Declaration(Base):
    """What a member declared of one file on a signed form: no link, or a link of a ``kind`` told in ``text``.

    ``whole``: the link is with the structure, whatever its file. Nothing is hidden until a person confirms the link.
    """

    __tablename__ = "declaration"

    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    linked: Mapped[bool]
    whole: Mapped[bool]
    kind: Mapped[str]
    text: Mapped[str]
    declared_on: Mapped[date]
    noted_at: Mapped[datetime]
