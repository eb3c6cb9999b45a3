"""Derogations given to files, those in force and those lifted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.derogation import Derogation


@dataclass(frozen=True, slots=True)
class DerogationRow:
    """``code`` is the check, ``item`` the document when a single one is dispensed."""

    id: str
    code: str
    item: str
    reason: str
    author: str
    given_at: datetime
    lifted_at: datetime | None
    lifted_by: str


def rows(session: Session, *, application_id: str) -> list[DerogationRow]:
    """The derogations of a file, the last first."""
    query = select(Derogation).where(Derogation.application_id == application_id).order_by(Derogation.given_at.desc())
    return [
        DerogationRow(d.id, d.code, d.item, d.reason, d.author, d.given_at, d.lifted_at, d.lifted_by or "")
        for d in session.scalars(query)
    ]


def in_force(session: Session, condition: ColumnElement[bool]) -> dict[str, dict[tuple[str, str], str]]:
    """The reason of each derogation in force, by file then by (check, document)."""
    query = (
        select(Derogation.application_id, Derogation.code, Derogation.item, Derogation.reason)
        .join(Application, Application.id == Derogation.application_id)
        .where(condition, Derogation.lifted_at.is_(None))
    )
    found: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for file, code, item, reason in session.execute(query):
        found[file][code, item] = reason
    return found
