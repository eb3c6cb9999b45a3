"""Which grid each file is graded on: the version its sheets were begun with, less the criteria of other themes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationObjective
from cv_desktop.db.models.bundle import Bundle
from cv_desktop.db.models.call import Grid
from cv_desktop.db.models.meeting import Review
from cv_desktop.db.queries import calls
from cv_desktop.db.queries.calls import GridRow
from cv_desktop.domain.grid import Grid as Content

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileGrids:
    """The grids of a campaign. ``of(file)`` costs a look-up: files of the same version and themes share one."""

    newest: Content
    versions: Mapping[str, Content]
    version_of: Mapping[str, str]
    themes: Mapping[str, frozenset[str]]
    _made: dict[tuple[str, frozenset[str]], Content] = field(default_factory=dict)

    def of(self, application_id: str) -> Content:
        version = self.version_of.get(application_id, "")
        themes = self.themes.get(application_id, _NONE)
        found = self._made.get((version, themes))
        if found is None:
            found = self.versions.get(version, self.newest).for_themes(themes)
            self._made[version, themes] = found
        return found

    def reweighed(self, weights: Mapping[str, int]) -> FileGrids:
        """The same grids, every version of them, with other weights for these criteria."""
        versions = {key: grid.reweighed(weights) for key, grid in self.versions.items()}
        return FileGrids(self.newest.reweighed(weights), versions, self.version_of, self.themes)


def of_call(session: Session, *, call_id: str) -> FileGrids:
    """The grids of every file of a campaign."""
    kept = session.execute(select(Grid.id, Grid.content).where(Grid.call_id == call_id).order_by(Grid.version)).all()
    versions = {key: Content.from_json(content) for key, content in kept}
    newest = versions[kept[-1][0]]
    version_of = _versions(session, call_id) if len(versions) > 1 else {}
    limited = any(grid.limited for grid in versions.values())
    return FileGrids(newest, versions, version_of, themes(session, call_id=call_id) if limited else {})


def themes(session: Session, *, call_id: str) -> dict[str, frozenset[str]]:
    """The volet and the objectives of each file of a campaign, by their codes: what a criterion may be limited to."""
    return _themes(session, Application.call_id == call_id)


def of_file(session: Session, *, application_id: str) -> GridRow:
    """The grid that the sheets of one file are filled with, begun or not."""
    found = session.scalars(_begun(), {"file": application_id}).first()
    if found is not None:
        row = calls.grid_row(found)
    else:
        call_id = session.scalars(select(Application.call_id).where(Application.id == application_id)).one()
        row = calls.grid(session, call_id)
    if not row.grid.limited:
        return row
    held = _themes(session, Application.id == application_id)
    return replace(row, grid=row.grid.for_themes(held.get(application_id, _NONE)))


# Written down once: it is asked at every key of a member.
@cache
def _begun() -> Select[Grid]:
    return (
        select(Grid)
        .join(Review, Review.grid_id == Grid.id)
        .where(Review.application_id == bindparam("file"))
        .order_by(Grid.version.desc())
        .limit(1)
    )


def versions(session: Session, *, call_id: str) -> list[GridRow]:
    """Every version of the grid of a campaign, the newest first."""
    query = select(Grid).where(Grid.call_id == call_id).order_by(Grid.version.desc())
    return [calls.grid_row(row) for row in session.scalars(query)]


def served(session: Session, *, grid_id: str) -> bool:
    """Whether a mark was given with a version, or a sheet taken away from the computer: it changes no more."""
    grid = session.get_one(Grid, grid_id)
    if grid.frozen_at is not None:
        return True
    return (
        session.scalar(
            select(or_(exists().where(Bundle.grid_id == grid_id), exists().where(Review.grid_id == grid_id)))
        )
        is True
    )


def _versions(session: Session, call_id: str) -> dict[str, str]:
    begun = (
        select(Review.application_id, Review.grid_id)
        .join(Application, Application.id == Review.application_id)
        .join(Grid, Grid.id == Review.grid_id)
        .where(Application.call_id == call_id)
        .order_by(Grid.version)
        .distinct()
    )
    return dict(session.execute(begun).all())


def _themes(session: Session, which: ColumnElement[bool]) -> dict[str, frozenset[str]]:
    """The volet and the objectives of each file, by their codes."""
    found: dict[str, set[str]] = defaultdict(set)
    own = select(Application.id, Application.theme_code).where(which, Application.theme_code.is_not(None))
    served = (
        select(ApplicationObjective.application_id, ApplicationObjective.objective_code)
        .join(Application, Application.id == ApplicationObjective.application_id)
        .where(which)
    )
    for query in (own, served):
        for file, code in session.execute(query):
            found[file].add(str(code))
    return {file: frozenset(codes) for file, codes in found.items()}
