"""The rows of a question as the driver gives them, for lists of thousands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session


def tuples(session: Session, query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """The rows of a question about columns; the session spends as long again on each of them."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(query).all()
