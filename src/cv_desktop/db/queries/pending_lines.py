"""The lines that imports left out and that still wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Import
from cv_desktop.db.models.pending_line import PendingLine


@dataclass(frozen=True, slots=True)
class PendingRow:
    """``sha256`` and ``filename`` say which kept file holds the line; ``problems`` why it was left out."""

    id: str
    filename: str
    sha256: str
    source: str
    imported_at: datetime
    line: int
    number: str
    label: str
    problems: tuple[str, ...]
    kind: str = "applications"


def rows(session: Session, *, call_id: str) -> list[PendingRow]:
    """What waits in « Import à reprendre » for a campaign, and the lines of past grants; the newest file first."""
    query = (
        select(
            PendingLine.id,
            Import.filename,
            Import.sha256,
            Import.source,
            Import.imported_at,
            PendingLine.line,
            PendingLine.number,
            PendingLine.label,
            PendingLine.problems,
            Import.kind,
        )
        .join(Import, Import.id == PendingLine.import_id)
        .where(_of(call_id), PendingLine.settled_as == "")
        .order_by(Import.imported_at.desc(), PendingLine.line)
    )
    return [replace(PendingRow(*row), problems=tuple(row.problems)) for row in session.execute(query)]


def count(session: Session, *, call_id: str) -> int:
    """How many lines wait."""
    query = select(func.count()).select_from(PendingLine).join(Import, Import.id == PendingLine.import_id)
    return session.scalar(query.where(_of(call_id), PendingLine.settled_as == "")) or 0


def _of(call_id: str) -> ColumnElement[bool]:
    # Past grants belong to no campaign: their lines wait wherever one imports.
    return or_(Import.call_id == call_id, Import.call_id.is_(None))
