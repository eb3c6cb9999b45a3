"""The files already brought into a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, Import


@dataclass(frozen=True, slots=True)
class ImportRow:
    """``report`` is what was kept of the reading: rows, drafts, duplicates, refused, already, problems."""

    id: str
    filename: str
    sha256: str
    imported_at: datetime
    applications: int
    report: dict[str, Any]


def rows(session: Session, *, call_id: str) -> list[ImportRow]:
    """The imports of a campaign, the newest first."""
    query = (
        select(
            Import.id,
            Import.filename,
            Import.sha256,
            Import.imported_at,
            func.count(Application.id),
            Import.report,
        )
        .outerjoin(Application, Application.import_id == Import.id)
        .where(Import.call_id == call_id)
        .group_by(Import.id)
        .order_by(Import.imported_at.desc())
    )
    return [ImportRow(*row) for row in session.execute(query)]
