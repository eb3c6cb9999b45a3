"""Ranks far from the end of the envelope, folded into one line each side."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.domain.money import NBSP, group
from cv_desktop.domain.text import counted
from cv_desktop.ui.arbitration.lines import END, SERVED, Line, Place
from cv_desktop.ui.tables.columns import Band

ABOVE, BELOW = "rangs repliés au-dessus", "rangs repliés au-dessous"
FIRST, NEAR_ABOVE, NEAR_BELOW, LEAST = 8, 4, 12, 4


def folded(lines: Sequence[Line]) -> list[Line]:
    """The first ranks, those near the end of the envelope, and one line for each run of others.

    A run shorter than ``LEAST`` is not worth folding; without an end of the envelope nothing is.
    """
    end = next((at for at, line in enumerate(lines) if line.id == END), -1)
    if end < 0:
        return list(lines)
    above, below = lines[:end], lines[end + 1 :]
    return [*_fold(above, FIRST, NEAR_ABOVE, ABOVE), lines[end], *_fold(below, NEAR_BELOW, 0, BELOW)]


def _fold(lines: Sequence[Line], first: int, last: int, key: str) -> list[Line]:
    hidden = lines[first : len(lines) - last]
    if len(hidden) < LEAST:
        return list(lines)
    rest = lines[len(lines) - last :] if last else []
    return [*lines[:first], Line(key, band=_band(hidden, first + 1 if key == ABOVE else 0)), *rest]


def _band(hidden: Sequence[Line], start: int) -> Band:
    ranks = [line.ranked.rank for line in hidden if line.ranked and line.ranked.rank is not None]
    served = [line for line in hidden if line.amount_cents and line.place in SERVED]
    whole = sum(line.place is Place.RETAINED for line in served)
    span = f"Rangs {ranks[0]} à {ranks[-1]} repliés" if ranks else f"{group(len(hidden))} dossiers sans note repliés"
    if start and served:
        told = f"{counted(len(served), 'dossier retenu')}, {whole} intégralement"
    else:
        told = f"{counted(len(hidden), 'dossier')} en attente ou écarté{'s' if len(hidden) > 1 else ''}"
    return Band(f"{span}{NBSP}:", f"{told} · Déplier", "chevrons-up-down")
