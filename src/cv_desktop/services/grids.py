"""The grid of a campaign: its versions, and a grid taken from a file in place of one that nobody used."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, Grid
from cv_desktop.db.queries import grids as queries
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Grid as Content
from cv_desktop.domain.grid_file import to_write
from cv_desktop.services import phases


def put(session: Session, *, call_id: str, grid: Content, said: str) -> tuple[Changes, int]:
    """Make ``grid`` the grid of a campaign; gives its version. ``said`` tells where it comes from.

    A grid that served stays as it is, with its marks: the next version is added. Raises UserError on a faulty grid.
    """
    grid.validate()
    row, content, doubtful = _newest(session, call_id), grid.to_json(), bool(to_write(grid))
    if not queries.served(session, grid_id=row.id):
        undo = Step(restore, {"grid_id": row.id, "content": dict(row.content), "to_validate": row.to_validate})
        row.content, row.to_validate = content, doubtful
    else:
        row = _add(session, row, content, doubtful)
        undo = Step(drop, {"grid_id": row.id})
    call = session.get_one(Call, call_id)
    record(
        session,
        verb="grids.put",
        noun="grid",
        noun_id=row.id,
        summary=f"{call.label}\u00a0: grille version {row.version} prise {said}",
        after=content,
        source="import",
    )
    return Changes.of("call", call_id, undo=undo), row.version


def create_version(session: Session, *, call_id: str) -> Changes:
    """The next version, a copy of one that served, to be changed; old sheets keep theirs.

    Raises UserError when the newest has not served: it is the one to change.
    """
    phases.of_open(session, call_id)
    row = _newest(session, call_id)
    if not queries.served(session, grid_id=row.id):
        raise UserError(f"La version {row.version} n’a pas encore servi\u00a0: modifiez-la.")
    new = _add(session, row, dict(row.content), row.to_validate)
    record(
        session,
        verb="grids.create_version",
        noun="grid",
        noun_id=new.id,
        summary=f"Grille version {new.version} créée, copie de la version {row.version}",
        after=new.content,
    )
    return Changes.of("grid", new.id, call_id, undo=Step(drop, {"grid_id": new.id}))


def drop(session: Session, *, grid_id: str) -> Changes:
    """Take back a version just added. Raises UserError once it served."""
    row = changeable(session, grid_id)
    call_id, content, doubtful = row.call_id or "", dict(row.content), row.to_validate
    record(
        session,
        verb="grids.drop",
        noun="grid",
        noun_id=grid_id,
        summary=f"Grille version {row.version} retirée",
        before=content,
    )
    session.delete(row)
    session.flush()
    back = Step(_add_again, {"call_id": call_id, "content": content, "to_validate": doubtful})
    return Changes.of("grid", grid_id, call_id, undo=back)


def restore(session: Session, *, grid_id: str, content: dict[str, Any], to_validate: bool) -> Changes:
    """The grid as it was before a change. Raises UserError once it served."""
    row = changeable(session, grid_id)
    back = {"grid_id": grid_id, "content": dict(row.content), "to_validate": row.to_validate}
    row.content, row.to_validate = content, to_validate
    record(
        session,
        verb="grids.restore",
        noun="grid",
        noun_id=row.id,
        summary=f"Grille version {row.version} remise comme avant",
        before=back["content"],
        after=content,
    )
    return Changes.of("grid", grid_id, row.call_id or "", undo=Step(restore, back))


def changeable(session: Session, grid_id: str) -> Grid:
    """The version, when it may still be written. Raises UserError once it served, or when its campaign is closed."""
    row = session.get_one(Grid, grid_id)
    phases.of_open(session, row.call_id or "")
    if queries.served(session, grid_id=grid_id):
        raise UserError(f"Cette grille a servi. Créez une version {row.version + 1} pour la modifier.")
    return row


def _newest(session: Session, call_id: str) -> Grid:
    return session.scalars(select(Grid).where(Grid.call_id == call_id).order_by(Grid.version.desc()).limit(1)).one()


def _add(session: Session, row: Grid, content: dict[str, Any], doubtful: bool) -> Grid:
    new = Grid(
        id=new_id(session),
        scheme_code=row.scheme_code,
        call_id=row.call_id,
        version=row.version + 1,
        effective_from=today(session),
        content=content,
        frozen_at=None,
        to_validate=doubtful,
    )
    session.add(new)
    session.flush()
    return new


def _add_again(session: Session, *, call_id: str, content: dict[str, Any], to_validate: bool) -> Changes:
    new = _add(session, _newest(session, call_id), content, to_validate)
    record(
        session,
        verb="grids.create_version",
        noun="grid",
        noun_id=new.id,
        summary=f"Grille version {new.version} remise",
        after=content,
    )
    return Changes.of("grid", new.id, call_id, undo=Step(drop, {"grid_id": new.id}))
