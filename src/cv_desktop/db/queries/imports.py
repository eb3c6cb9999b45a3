"""The files already brought into a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, Import


@dataclass(frozen=True, slots=True)
class ImportRow:
    """``report`` is what was kept of the reading: rows, drafts, duplicates, refused, already, problems.

    ``kind`` is what the file held; ``applications`` counts those of the campaign that came from it.
    """

    id: str
    filename: str
    sha256: str
    imported_at: datetime
    applications: int
    report: dict[str, Any]
    kind: str = "applications"

    @property
    def records(self) -> int:
        """What the import brought: applications, past grants or associations."""
        return self.applications if self.kind == "applications" else int(self.report.get("accepted", 0))


def rows(session: Session, *, call_id: str) -> list[ImportRow]:
    """The imports of a campaign, and those that belong to no campaign, the newest first."""
    query = (
        select(
            Import.id,
            Import.filename,
            Import.sha256,
            Import.imported_at,
            func.count(Application.id),
            Import.report,
            Import.kind,
        )
        .outerjoin(Application, Application.import_id == Import.id)
        .where(or_(Import.call_id == call_id, Import.call_id.is_(None)))
        .group_by(Import.id)
        .order_by(Import.imported_at.desc())
    )
    return [ImportRow(*row) for row in session.execute(query)]
