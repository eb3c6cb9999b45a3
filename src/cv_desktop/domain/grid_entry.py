"""What a person types in a grid, made into the next grid. Nothing here asks whether the grid may still change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from cv_desktop.domain import grid_faults
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import MEAN, MEDIAN, MERIT, TOTAL, TRANSVERSAL, Criterion, Grid, Level, anchored
from cv_desktop.domain.grid_file import TO_WRITE
from cv_desktop.domain.text import NBSP

FIELDS = {
    "code": "code",
    "label": "intitulé",
    "guide": "question guide",
    "weight": "poids",
    "axis": "volet",
    "eliminatory": "éliminatoire",
    "na_allowed": "sans objet permis",
    "scale": "échelle",
    "floor": "plancher",
    "themes": "thèmes",
    "counted": "compté dans la note",
    "comment_levels": "niveaux qui demandent une phrase",
    "dedicated": "action dédiée possible",
    "method": "méthode",
    "admitted": "niveaux admis",
}
AXES = {MERIT: "mérite", TRANSVERSAL: "transversal"}
METHODS = {MEAN: "moyenne", MEDIAN: "médiane"}
NO_LEVEL = "aucun"
_YES, _NO = ("oui", "o", "1", "x"), ("non", "n", "0", "")
_CODE = re.compile(r"[A-Z][A-Z0-9_-]{1,11}")


def words(criterion: Criterion, key: str) -> str:
    """What one field of a criterion says, as it is shown and typed; empty when the grid decides."""
    value = getattr(criterion, key)
    match key:
        case "axis":
            return AXES[criterion.axis]
        case "eliminatory" | "na_allowed" | "counted":
            return "oui" if value else "non"
        case "dedicated":
            return "" if value is None else "oui" if value else "non"
        case "method":
            return METHODS.get(value, "")
        case "themes":
            return ", ".join(value)
        case "admitted":
            return levels_words(value) if value else ""
        case "comment_levels":
            return "" if value is None else levels_words(value)
    return "" if value is None else str(value)


def levels_words(levels: Iterable[int]) -> str:
    """« 0, 1, 3 », or « aucun »."""
    return ", ".join(str(x) for x in sorted(levels)) or NO_LEVEL


def with_text(grid: Grid, code: str, key: str, text: str) -> Grid:
    """The grid once ``key`` of a criterion says ``text``. Raises UserError when it cannot say that."""
    before = grid.criterion(code)
    after = replace(before, **{key: _READERS[key](text.strip(), key)})
    if key == "scale" and after.scale != before.scale:
        after = _on_scale(grid, replace(after, admitted=()))
    if key == "admitted" and after.admitted != before.admitted:
        if after.admitted == tuple(range(grid.scale_of(after) + 1)):
            after = replace(after, admitted=())
        grid_faults.refuse_levels(grid, after)
        after = _on_scale(grid, after)
    return changed(grid, [after if c is before else c for c in grid.criteria])


def with_level(grid: Grid, code: str, rank: int, *, name: str | None = None, text: str | None = None) -> Grid:
    """The grid once the ``rank``-th written level of a criterion has this name or this text."""
    before = grid.criterion(code)
    levels = list(before.levels)
    held = levels[rank]
    said = Level(held.value, one_line(name, held.name), held.text if text is None else text.strip())
    if not said.name or not said.text:
        raise UserError(f"Le niveau {held.value} a un nom et un texte. Écrivez ce qui le mérite.", field="level")
    levels[rank] = said
    return changed(grid, [replace(c, levels=tuple(levels)) if c is before else c for c in grid.criteria])


def added(grid: Grid, after: str = "") -> tuple[Grid, str]:
    """The grid with a criterion to be written under ``after``, of the weight that lacks; gives its code."""
    taken = set(grid.codes)
    code = next(made for n in range(1, 1000) if (made := f"CRIT{n}") not in taken)
    lacking = TOTAL - grid.totals()[""]
    axis = grid.criterion(after).axis if after else MERIT
    new = _on_scale(grid, Criterion(code, "Nouveau critère", max(lacking, 1), (), axis=axis))
    criteria = list(grid.criteria)
    criteria.insert(grid.codes.index(after) + 1 if after else len(criteria), new)
    return changed(grid, criteria), code


def removed(grid: Grid, code: str) -> Grid:
    """The grid without one criterion; it keeps at least one."""
    if len(grid.criteria) < 2:
        raise UserError("Une grille a au moins un critère. Ajoutez-en un autre avant de retirer celui-ci.")
    gone = grid.criterion(code)
    return changed(grid, [c for c in grid.criteria if c is not gone])


def moved(grid: Grid, code: str, by: int) -> Grid:
    """The grid once a criterion went up (−1) or down (1); the same grid at either end."""
    criteria = list(grid.criteria)
    here = grid.codes.index(code)
    there = min(max(here + by, 0), len(criteria) - 1)
    criteria.insert(there, criteria.pop(here))
    return replace(grid, criteria=tuple(criteria))


def with_settings(
    grid: Grid, *, method: str | None = None, scale: str | None = None, comment_levels: str | None = None
) -> Grid:
    """The grid once what holds for all its criteria changed. The texts follow the scale."""
    after = grid
    if method is not None:
        after = replace(after, method=method)
    if comment_levels is not None:
        after = replace(after, comment_levels=_levels(comment_levels.strip(), "comment_levels") or frozenset())
    if scale is not None:
        highest = whole(scale.strip(), "scale")
        after = replace(after, scale=highest)
        kept = frozenset(x for x in after.comment_levels if x <= highest)
        criteria = [_on_scale(after, c) if c.scale is None and not c.admitted else c for c in grid.criteria]
        after = replace(after, criteria=tuple(criteria), comment_levels=kept)
    return changed(grid, after.criteria, after)


def changed(before: Grid, criteria: Iterable[Criterion], after: Grid | None = None) -> Grid:
    """The grid with these criteria. Raises UserError with the faults that the change brings."""
    made = replace(after or before, criteria=tuple(criteria))
    grid_faults.refuse_change(before, made)
    return made


def _on_scale(grid: Grid, criterion: Criterion) -> Criterion:
    """Its texts spread along its levels: the ends keep their place, a missing one is to be written."""
    values = anchored(grid.levels_of(criterion))
    held = list(criterion.levels)
    if len(held) > len(values) >= 2:
        held = [*held[: len(values) - 1], held[-1]]
    while len(held) < len(values):
        held.insert(max(len(held) - 1, 0), Level(0, "", TO_WRITE))
    named = [Level(v, x.name or f"Niveau {v}", x.text) for v, x in zip(values, held, strict=False)]
    return replace(criterion, levels=tuple(named))


def one_line(text: str | None, before: str) -> str:
    """What was typed without spare spaces; ``before`` when nothing was."""
    return before if text is None else " ".join(text.split())


def _label(text: str, _key: str) -> str:
    return " ".join(text.split())


def _code(text: str, key: str) -> str:
    made = text.upper()
    if not _CODE.fullmatch(made):
        raise UserError(
            f"«{NBSP}{text}{NBSP}» n’est pas un code. Écrivez de 2 à 12 lettres sans accent ou chiffres, d’abord une "
            "lettre.",
            field=key,
        )
    return made


def whole(text: str, key: str) -> int:
    """A whole number of at most three digits. Raises UserError."""
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas un nombre entier. Écrivez par exemple 10.", field=key)
    return int(text)


def _number_or_none(text: str, key: str) -> int | None:
    return whole(text, key) if text else None


def _flag(text: str, key: str) -> bool:
    bare = text.casefold()
    if bare not in _YES + _NO:
        raise UserError(f"«{NBSP}{text}{NBSP}» n’est ni oui ni non.", field=key)
    return bare in _YES


def _flag_or_none(text: str, key: str) -> bool | None:
    return _flag(text, key) if text else None


def _axis(text: str, key: str) -> str:
    return _coded(AXES, text, key, "un volet", "mérite ou transversal")


def _method(text: str, key: str) -> str | None:
    return _coded(METHODS, text, key, "une méthode", "moyenne ou médiane") if text else None


def _coded(known: dict[str, str], text: str, key: str, what: str, choices: str) -> str:
    for code, word in known.items():
        if text and word.startswith(text.casefold()):
            return code
    raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas {what}. Écrivez {choices}.", field=key)


def _themes(text: str, _key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(x.strip() for x in text.replace(";", ",").split(",") if x.strip()))


def _levels(text: str, key: str) -> frozenset[int] | None:
    if not text:
        return None
    if text.casefold() == NO_LEVEL:
        return frozenset()
    return frozenset(whole(x, key) for x in re.split(r"[ ,;]+|\bet\b", text) if x)


def _admitted(text: str, key: str) -> tuple[int, ...]:
    return tuple(sorted(_levels(text, key) or ()))


_READERS: dict[str, Callable[[str, str], Any]] = {
    "code": _code,
    "label": _label,
    "guide": _label,
    "weight": whole,
    "axis": _axis,
    "eliminatory": _flag,
    "na_allowed": _flag,
    "scale": _number_or_none,
    "floor": _number_or_none,
    "themes": _themes,
    "counted": _flag,
    "comment_levels": _levels,
    "dedicated": _flag_or_none,
    "method": _method,
    "admitted": _admitted,
}
