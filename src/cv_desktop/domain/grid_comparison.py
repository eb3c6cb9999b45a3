"""A grid as lines to compare."""

from __future__ import annotations

from cv_desktop.domain.comparison import Parts, Said
from cv_desktop.domain.grid import Criterion, Grid
from cv_desktop.domain.grid_bands import OPINIONS, going_down, range_words
from cv_desktop.domain.grid_entry import FIELDS, METHODS, levels_words, words
from cv_desktop.domain.text import NBSP, quote

WHOLE = "Grille"


def parts(grid: Grid) -> Parts:
    """What holds for all of it, its bands from the highest, then each criterion with its level texts.

    A field that follows the grid says nothing, and has no line.
    """
    whole = {
        "scale": Said(WHOLE, "Échelle", f"0 à {grid.scale}"),
        "method": Said(WHOLE, "Note du comité", METHODS[grid.method]),
        "comment_levels": Said(WHOLE, "Phrase demandée aux niveaux", levels_words(grid.comment_levels)),
        "order": Said(WHOLE, "Critères, dans l’ordre", ", ".join(grid.codes)),
    }
    bands = {
        f"band:{b.code}": Said(
            WHOLE, f"Bande {quote(b.label)}", f"{b.label}, {range_words(grid, b)}, avis {OPINIONS[b.expected]}"
        )
        for b in going_down(grid)
    }
    return {"grid": whole, "bands": bands, **{f"criterion:{c.code}": _criterion(c) for c in grid.criteria}}


def _criterion(criterion: Criterion) -> dict[str, Said]:
    code = criterion.code
    said = {
        f"{code}:{key}": Said(code, f"{label[0].upper()}{label[1:]}", value)
        for key, label in FIELDS.items()
        if key != "code" and (value := words(criterion, key))
    }
    for level in criterion.levels:
        said[f"{code}:level:{level.value}"] = Said(code, f"Niveau {level.value}", f"{level.name}{NBSP}: {level.text}")
    return said
