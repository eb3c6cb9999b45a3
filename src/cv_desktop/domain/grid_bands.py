"""What a person does to the bands of a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import FAVORABLE, RESERVED, TOTAL, UNFAVORABLE, Band, Grid
from cv_desktop.domain.grid_entry import changed, one_line, whole
from cv_desktop.domain.text import NBSP, fold, quote

OPINIONS = {FAVORABLE: "favorable", RESERVED: "avec réserves", UNFAVORABLE: "défavorable", "": "aucun"}


def going_down(grid: Grid) -> tuple[Band, ...]:
    """The bands, the highest first."""
    return tuple(sorted(grid.bands, key=lambda b: b.start, reverse=True))


def range_words(grid: Grid, band: Band) -> str:
    """« de 60 à 100 », « de 40 à moins de 60 »: notes are exact, 59,96 is under 60."""
    above = [b.start for b in grid.bands if b.start > band.start]
    return f"de {band.start} à moins de {min(above)}" if above else f"de {band.start} à {TOTAL}"


def with_band(
    grid: Grid, code: str, *, label: str | None = None, start: str | None = None, opinion: str | None = None
) -> Grid:
    """The grid once a band has this name, begins at this note (points out of 100) or calls for this opinion.

    Raises UserError on an empty or double name, a note that is none, or bands that no more cover 0 to 100.
    """
    held = next(b for b in grid.bands if b.code == code)
    said = replace(
        held,
        label=one_line(label, held.label),
        start=held.start if start is None else whole(start.strip(), "start"),
        opinion=held.opinion if opinion is None else _opinion(opinion),
    )
    if not said.label:
        raise UserError("Une bande a un nom. Écrivez-le.", field="label")
    others = [b for b in grid.bands if b is not held]
    if any(fold(b.label) == fold(said.label) for b in others):
        raise UserError(f"Une autre bande s’appelle déjà {quote(said.label)}.", field="label")
    if held.start == 0 and said.start > 0:
        raise UserError(
            "La bande la plus basse commence à 0. Pour la raccourcir, changez le début de la suivante"
            f"{NBSP}; pour la supprimer, retirez-la.",
            field="start",
        )
    return _with(grid, [said if b is held else b for b in grid.bands])


def added(grid: Grid, above: str) -> tuple[Grid, str]:
    """The grid with the upper half of a band made a band of its own, that calls for the same opinion; gives its code.

    Raises UserError when that band is one point high.
    """
    held = next(b for b in grid.bands if b.code == above)
    top = min((b.start for b in grid.bands if b.start > held.start), default=TOTAL)
    if top - held.start < 2:
        raise UserError(f"La bande {quote(held.label)} n’a qu’un point{NBSP}: elle ne se partage pas.")
    codes, names = {b.code for b in grid.bands}, {fold(b.label) for b in grid.bands}
    code = next(made for n in range(1, TOTAL + 2) if (made := f"bande{n}") not in codes)
    label = next(
        made
        for n in range(1, TOTAL + 2)
        if fold(made := "Nouvelle bande" if n == 1 else f"Nouvelle bande {n}") not in names
    )
    new = Band(code, label, (held.start + top + 1) // 2, held.expected)
    return _with(grid, [*grid.bands, new]), code


def removed(grid: Grid, code: str) -> Grid:
    """The grid without one band: the one under it goes up to its end, or the one over the lowest down to 0.

    Raises UserError on the last one.
    """
    if len(grid.bands) < 2:
        raise UserError("Une grille a au moins une bande. Ajoutez-en une autre avant de retirer celle-ci.")
    left = sorted((b for b in grid.bands if b.code != code), key=lambda b: b.start)
    return _with(grid, [replace(left[0], start=0), *left[1:]])


def _with(grid: Grid, bands: Iterable[Band]) -> Grid:
    made = replace(grid, bands=tuple(sorted(bands, key=lambda b: b.start, reverse=True)))
    return changed(grid, made.criteria, made)


def _opinion(text: str) -> str:
    bare = fold(text.strip())
    for code, word in OPINIONS.items():
        if bare and (fold(word).startswith(bare) or bare == fold(code)):
            return code
    said = text.strip()
    raise UserError(
        f"«{NBSP}{said}{NBSP}» n’est pas un avis. Écrivez favorable, avec réserves, défavorable ou aucun.",
        field="opinion",
    )
