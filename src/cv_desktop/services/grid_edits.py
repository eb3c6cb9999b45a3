"""The grid of a campaign changed in place, one gesture at a time, until it serves."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from cv_desktop.db.queries import form
from cv_desktop.db.work import record
from cv_desktop.domain import grid_bands, grid_entry
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion
from cv_desktop.domain.grid import Grid as Content
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import grids


def set_field(session: Session, *, grid_id: str, code: str, key: str, text: str) -> Changes:
    """Give one field of a criterion (a key of ``grid_entry.FIELDS``) what a person typed; empty, it follows the grid.

    Raises UserError when the text does not fit, when the grid would be faulty, or once it served.
    """

    def make(grid: Content) -> tuple[Content, str]:
        after = grid_entry.with_text(grid, code, key, text)
        if key == "themes":
            _known_themes(session, grid.criterion(code), after.criteria[grid.codes.index(code)])
        held, now = grid.criterion(code), after.criteria[grid.codes.index(code)]
        said = f"{_said(grid_entry.words(held, key))} → {_said(grid_entry.words(now, key))}"
        return after, f"{code}, {grid_entry.FIELDS[key]}{NBSP}: {said}"

    return _write(session, grid_id, make)


def set_level(
    session: Session, *, grid_id: str, code: str, rank: int, name: str | None = None, text: str | None = None
) -> Changes:
    """Give the ``rank``-th written level of a criterion (from 0) its name or its text. Raises UserError if empty."""

    def make(grid: Content) -> tuple[Content, str]:
        after = grid_entry.with_level(grid, code, rank, name=name, text=text)
        return after, f"{code}, texte du niveau {grid.criterion(code).levels[rank].value}"

    return _write(session, grid_id, make)


def add_criterion(session: Session, *, grid_id: str, after: str = "") -> tuple[Changes, str]:
    """A criterion to be written, under ``after`` or at the end; gives its code."""
    codes = []

    def make(grid: Content) -> tuple[Content, str]:
        made, code = grid_entry.added(grid, after)
        codes.append(code)
        return made, f"critère {code} ajouté"

    return _write(session, grid_id, make), codes[0]


def remove_criterion(session: Session, *, grid_id: str, code: str) -> Changes:
    """Take a criterion away. Raises UserError on the last one."""

    def make(grid: Content) -> tuple[Content, str]:
        return grid_entry.removed(grid, code), f"critère {code} retiré ({quote(grid.criterion(code).label)})"

    return _write(session, grid_id, make)


def move_criterion(session: Session, *, grid_id: str, code: str, by: int) -> Changes:
    """Move a criterion up (−1) or down (1)."""

    def make(grid: Content) -> tuple[Content, str]:
        after = grid_entry.moved(grid, code, by)
        return after, f"{code} en {after.codes.index(code) + 1}e place"

    return _write(session, grid_id, make)


def set_method(session: Session, *, grid_id: str, method: str) -> Changes:
    """Mean or median of the members, for the criteria that say nothing else."""
    word = grid_entry.METHODS[method]
    return _write(session, grid_id, lambda grid: (grid_entry.with_settings(grid, method=method), f"{word} des membres"))


def set_scale(session: Session, *, grid_id: str, text: str) -> Changes:
    """The highest level of the criteria that have no scale of their own; their texts follow it."""

    def make(grid: Content) -> tuple[Content, str]:
        after = grid_entry.with_settings(grid, scale=text)
        return after, f"échelle 0 à {grid.scale} → 0 à {after.scale}"

    return _write(session, grid_id, make)


def set_comment_levels(session: Session, *, grid_id: str, text: str) -> Changes:
    """The levels that ask for a sentence, for the criteria that say nothing else: « 0, 3 », or « aucun »."""

    def make(grid: Content) -> tuple[Content, str]:
        after = grid_entry.with_settings(grid, comment_levels=text)
        return after, f"phrase demandée, niveaux {grid_entry.levels_words(after.comment_levels)}"

    return _write(session, grid_id, make)


def set_band(
    session: Session,
    *,
    grid_id: str,
    code: str,
    label: str | None = None,
    start: str | None = None,
    opinion: str | None = None,
) -> Changes:
    """Give a band its name, the note it begins at (points out of 100) or the opinion it calls for, as typed."""

    def make(grid: Content) -> tuple[Content, str]:
        after = grid_bands.with_band(grid, code, label=label, start=start, opinion=opinion)
        band = next(b for b in after.bands if b.code == code)
        wanted = grid_bands.OPINIONS[band.expected]
        return after, f"bande {quote(band.label)} {grid_bands.range_words(after, band)}, avis attendu{NBSP}: {wanted}"

    return _write(session, grid_id, make)


def add_band(session: Session, *, grid_id: str, above: str) -> tuple[Changes, str]:
    """Cut a band in two, the upper half to be named; gives the code of the new one."""
    codes = []

    def make(grid: Content) -> tuple[Content, str]:
        made, code = grid_bands.added(grid, above)
        codes.append(code)
        band = next(b for b in made.bands if b.code == code)
        return made, f"bande {quote(band.label)} ajoutée, {grid_bands.range_words(made, band)}"

    return _write(session, grid_id, make), codes[0]


def remove_band(session: Session, *, grid_id: str, code: str) -> Changes:
    """Take a band away; its neighbour takes its notes. Raises UserError on the last one."""

    def make(grid: Content) -> tuple[Content, str]:
        label = next(b.label for b in grid.bands if b.code == code)
        return grid_bands.removed(grid, code), f"bande {quote(label)} retirée"

    return _write(session, grid_id, make)


def _write(session: Session, grid_id: str, make: Callable[[Content], tuple[Content, str]]) -> Changes:
    row = grids.changeable(session, grid_id)
    before = dict(row.content)
    held = Content.from_json(before)
    after, said = make(held)
    if after == held:
        return Changes()
    undo = Step(grids.restore, {"grid_id": grid_id, "content": before, "to_validate": row.to_validate})
    row.content = after.to_json()
    record(
        session,
        verb="grid_edits.change",
        noun="grid",
        noun_id=grid_id,
        summary=f"Grille version {row.version}, {said}",
        before=before,
        after=row.content,
    )
    return Changes.of("grid", grid_id, row.call_id or "", undo=undo)


def _known_themes(session: Session, before: Criterion, after: Criterion) -> None:
    """Raises UserError when a theme that was added is no volet nor objective of the service."""
    added = [x for x in after.themes if x not in before.themes]
    known = {choice.code for choice in form.themes(session)} if added else set()
    if strangers := [x for x in added if x not in known]:
        raise UserError(
            f"{quote(strangers[0])} n’est ni un volet ni un objectif. Choisissez dans la liste de «{NBSP}Réglages du "
            f"critère{NBSP}», ou ajoutez-le dans Réglages, Référentiels.",
            field="themes",
        )


def _said(text: str) -> str:
    return text or "comme la grille"
