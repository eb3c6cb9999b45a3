"""What forbids the use of a grid, said one sentence each."""

from __future__ import annotations

from collections.abc import Iterable

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import ANCHORS, LARGEST_SCALE, MEAN, MEDIAN, OPINIONS, TOTAL, Band, Criterion, Grid
from cv_desktop.domain.text import NBSP, quote


def refuse(grid: Grid) -> None:
    """Raises UserError with all that is wrong in a grid."""
    if found := of(grid):
        raise UserError(" ".join(found))


def refuse_use(grid: Grid) -> None:
    """Raises UserError when a grid being written is not ready for its first mark or sheet."""
    if found := of(grid):
        raise UserError(
            f"La grille n’est pas prête{NBSP}: {' '.join(found)} Complétez-la dans Campagnes, onglet Grille."
        )


def refuse_change(before: Grid, after: Grid) -> None:
    """Raises UserError with the faults that a change brings. A sum of weights in progress is no fault."""
    known = _but_weights(before)
    if found := [x for x in _but_weights(after) if x not in known]:
        raise UserError(" ".join(found))


def refuse_levels(grid: Grid, criterion: Criterion) -> None:
    """Raises UserError when the levels admitted do not climb to the scale of the criterion."""
    scale, held = grid.scale_of(criterion), criterion.admitted
    if held and (len(held) < 2 or held[-1] != scale):
        raise UserError(
            f"Les niveaux admis de {criterion.code} montent jusqu’à {scale}, sans être moins de deux. Changez d’abord "
            "l’échelle pour aller plus haut ou moins haut.",
            field="admitted",
        )


def of(grid: Grid) -> tuple[str, ...]:
    """The sentences that forbid the use of a grid; empty when it is sound."""
    return (*_weights(grid), *_but_weights(grid))


def _but_weights(grid: Grid) -> tuple[str, ...]:
    codes = grid.codes
    found = [f"Le code {c} sert deux fois." for c in dict.fromkeys(codes) if codes.count(c) > 1]
    if not 1 <= grid.scale <= LARGEST_SCALE:
        found.append(f"L’échelle va de 1 à {LARGEST_SCALE}{NBSP}; elle est à {grid.scale}.")
    for criterion in grid.criteria:
        found += _criterion(grid, criterion)
    found += _bands(grid.bands)
    found += _method(grid.method, "")
    found += _comments(grid.comment_levels, range(grid.scale + 1), "")
    return tuple(found)


def _weights(grid: Grid) -> list[str]:
    totals = grid.totals()
    if not any(not c.themes and c.counted for c in grid.criteria):
        return ["Un critère au moins vaut pour tous les dossiers et compte dans la note."]
    found = []
    for theme, total in totals.items():
        of_theme = f" pour {quote(theme)}" if theme else ""
        if total > TOTAL:
            found.append(f"Les poids{of_theme} font {total}{NBSP}; il y en a {total - TOTAL} de trop.")
    most = max(totals.values())
    if most < TOTAL:
        found.append(f"Les poids font {most}{NBSP}; il en manque {TOTAL - most}.")
    return found


def _criterion(grid: Grid, criterion: Criterion) -> list[str]:
    found, code, scale = [], criterion.code, grid.scale_of(criterion)
    if not criterion.label.strip():
        found.append(f"{code} n’a pas d’intitulé.")
    if criterion.counted and criterion.weight < 1:
        found.append(f"Le poids de {code} est de {criterion.weight}{NBSP}; il commence à 1.")
    if criterion.scale is not None and not 1 <= scale <= LARGEST_SCALE:
        return [*found, f"L’échelle de {code} va de 1 à {LARGEST_SCALE}{NBSP}; elle est à {scale}."]
    possible = grid.levels_of(criterion)
    if list(possible) != sorted(set(possible)) or len(possible) < 2 or possible[0] < 0 or possible[-1] != scale:
        return [*found, f"Les niveaux admis de {code} montent jusqu’à {scale}, sans être moins de deux."]
    found += _anchors(criterion, possible)
    if criterion.floor is not None and not possible[0] < criterion.floor <= scale:
        found.append(f"Le plancher de {code} est à {criterion.floor}{NBSP}; il va de {possible[0] + 1} à {scale}.")
    if criterion.comment_levels is not None:
        found += _comments(criterion.comment_levels, possible, f" de {code}")
    if criterion.method is not None:
        found += _method(criterion.method, f" de {code}")
    return found


def _anchors(criterion: Criterion, possible: tuple[int, ...]) -> list[str]:
    """Four texts whatever the scale; a scale of fewer levels has as many texts as levels."""
    found, wanted = [], min(ANCHORS, len(possible))
    written = [x for x in criterion.levels if x.name.strip() and x.text.strip()]
    if len(criterion.levels) != wanted or len(written) != wanted:
        count = f"{len(written)} texte{'s' if len(written) > 1 else ''}"
        found.append(f"{criterion.code} a {count} de niveau{NBSP}; il en faut {wanted}.")
    values = [x.value for x in criterion.levels]
    low, high = possible[0], possible[-1]
    rising = values == sorted(set(values)) and set(values) <= set(possible)
    if values and (not rising or values[0] != low or values[-1] != high):
        found.append(f"Les niveaux de {criterion.code} vont de {low} à {high} en montant.")
    return found


def _comments(levels: Iterable[int], possible: Iterable[int], of_what: str) -> list[str]:
    held = tuple(possible)
    out = sorted(x for x in levels if x not in held)
    if not out:
        return []
    return [f"Une phrase est demandée pour le niveau {out[0]}{of_what}, hors de l’échelle de {held[0]} à {held[-1]}."]


def _method(method: str, of_what: str) -> list[str]:
    if method in (MEAN, MEDIAN):
        return []
    return [f"La méthode{of_what} «{NBSP}{method}{NBSP}» est inconnue{NBSP}: moyenne ou médiane."]


def _bands(bands: tuple[Band, ...]) -> list[str]:
    starts = [b.start for b in bands]
    if 0 not in starts:
        return [f"Une bande commence à 0{NBSP}; la plus basse commence à {min(starts, default=TOTAL)}."]
    if len(set(starts)) != len(starts):
        return ["Deux bandes commencent à la même note."]
    if any(not 0 <= x <= TOTAL for x in starts):
        return ["Une bande commence entre 0 et 100."]
    if any(b.expected not in ("", *OPINIONS) for b in bands):
        return ["L’avis attendu d’une bande est favorable, avec réserves, défavorable, ou aucun."]
    return []
