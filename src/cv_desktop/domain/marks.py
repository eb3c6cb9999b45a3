"""What one member says of a file: marks, and what a sheet lacks before it may be returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion, Grid
from cv_desktop.domain.text import NBSP, quote


@dataclass(frozen=True, slots=True)
class Mark:
    """What one member says of one criterion: a level, or « sans objet », or nothing yet."""

    level: int | None = None
    not_applicable: bool = False
    comment: str = ""
    dedicated: bool = False

    @property
    def given(self) -> bool:
        return self.level is not None or self.not_applicable


Sheet = Mapping[str, Mark]


def check_mark(grid: Grid, criterion: Criterion, level: int | None, not_applicable: bool) -> None:
    """Raises UserError when the level is off the scale, or « sans objet » is not admitted there."""
    if level is not None and level not in grid.levels_of(criterion):
        raise UserError(f"Le niveau {level} n’existe pas{NBSP}: {levels_said(grid, criterion)}.")
    if not_applicable and not criterion.na_allowed:
        label = quote(criterion.label)
        raise UserError(f"{label} doit être noté{NBSP}: «{NBSP}sans objet{NBSP}» n’est pas permis pour ce critère.")


def levels_said(grid: Grid, criterion: Criterion) -> str:
    """« les niveaux vont de 0 à 3 », or « les niveaux sont 1, 3, 5, 6, 8 et 10 » when the scale has gaps."""
    held = grid.levels_of(criterion)
    if held == tuple(range(held[0], held[-1] + 1)):
        return f"les niveaux vont de {held[0]} à {held[-1]}"
    return f"les niveaux sont {', '.join(map(str, held[:-1]))} et {held[-1]}"


def missing_marks(grid: Grid, sheet: Sheet) -> tuple[str, ...]:
    """Codes of the criteria that have neither level nor « sans objet »."""
    return tuple(c.code for c in grid.criteria if not sheet.get(c.code, Mark()).given)


def missing_comments(grid: Grid, sheet: Sheet) -> tuple[str, ...]:
    """Codes of the criteria whose level asks for a sentence that is not written."""
    return tuple(
        c.code
        for c in grid.criteria
        if (mark := sheet.get(c.code)) and mark.level in grid.comments_of(c) and not mark.comment.strip()
    )


def may_return(grid: Grid, sheet: Sheet) -> None:
    """Raises UserError when marks or sentences are missing: « 2 phrases manquent : EVAL, PAR. »

    ``field`` of the refusal is the code of the first criterion to go to.
    """
    marks, comments = missing_marks(grid, sheet), missing_comments(grid, sheet)
    parts = []
    if marks:
        verb = "restent" if len(marks) > 1 else "reste"
        parts.append(f"{len(marks)} critère{_s(len(marks))} {verb} à noter{NBSP}: {', '.join(marks)}.")
    if comments:
        verb = "manquent" if len(comments) > 1 else "manque"
        parts.append(f"{len(comments)} phrase{_s(len(comments))} {verb}{NBSP}: {', '.join(comments)}.")
    if parts:
        raise UserError(" ".join(parts), field=(marks + comments)[0])


def _s(count: int) -> str:
    return "s" if count > 1 else ""
