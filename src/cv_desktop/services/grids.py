"""The grid of a campaign taken from a file: in place of one that nobody used, or as a new version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, Grid
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.grid import Grid as Content
from cv_desktop.domain.grid_file import to_write


def put(session: Session, *, call_id: str, grid: Content, said: str) -> tuple[Changes, int]:
    """Make ``grid`` the grid of a campaign; gives its version. ``said`` tells where it comes from.

    A grid with a mark stays as it is, with its marks: the next version is added. Raises UserError on a faulty grid.
    """
    grid.validate()
    row = session.scalars(select(Grid).where(Grid.call_id == call_id).order_by(Grid.version.desc()).limit(1)).one()
    content, doubtful = grid.to_json(), bool(to_write(grid))
    if row.frozen_at is None:
        back = {"grid_id": row.id, "content": dict(row.content), "to_validate": row.to_validate}
        row.content, row.to_validate = content, doubtful
        version, undo = row.version, Step(_restore, back)
    else:
        version = row.version + 1
        new = Grid(
            id=new_id(session),
            scheme_code=row.scheme_code,
            call_id=call_id,
            version=version,
            effective_from=today(session),
            content=content,
            frozen_at=None,
            to_validate=doubtful,
        )
        session.add(new)
        session.flush()
        row, undo = new, None
    call = session.get_one(Call, call_id)
    record(
        session,
        verb="grids.put",
        noun="grid",
        noun_id=row.id,
        summary=f"{call.label}\u00a0: grille version {version} prise {said}",
        after=content,
        source="import",
    )
    return Changes.of("call", call_id, undo=undo), version


def _restore(session: Session, *, grid_id: str, content: dict[str, Any], to_validate: bool) -> Changes:
    """The grid as it was before a file took its place."""
    row = session.get_one(Grid, grid_id)
    row.content, row.to_validate = content, to_validate
    record(
        session,
        verb="grids.put",
        noun="grid",
        noun_id=row.id,
        summary=f"Grille version {row.version} remise comme avant l’import",
        after=content,
    )
    return Changes.of("call", row.call_id or "")
