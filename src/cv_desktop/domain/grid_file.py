"""A grid alone as a file: JSON that a person may also write by hand.

By hand, ``levels`` may be left out: four texts to be written then stand along the scale, and the grid is « à valider ».
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import MEAN, Grid, anchored
from cv_desktop.domain.text import NBSP, quote

FORMAT = "cv-desktop-grille"
VERSION = 1
MOST_BYTES = 1_000_000
TO_WRITE = "Texte à écrire."
_BANDS = (("favorable", "Favorable", 60), ("reserve", "Réservée", 40), ("defavorable", "Défavorable", 0))


def dump(grid: Grid) -> bytes:
    """The file: readable JSON, the same bytes for the same grid."""
    document = {"format": FORMAT, "version": VERSION, **grid.to_json()}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def load(raw: bytes, name: str) -> Grid:
    """The grid that a file holds. Raises UserError saying what is wrong in it; a later format is refused."""
    try:
        document = json.loads(raw) if len(raw) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("criteria"), list):
        raise UserError(
            f"{quote(name)} n’est pas une grille. Choisissez un fichier JSON exporté par «{NBSP}grid export{NBSP}»."
        )
    version = document.get("version", VERSION)
    if document.get("format", FORMAT) != FORMAT or not isinstance(version, int) or version > VERSION:
        raise UserError(f"{quote(name)} n’est pas une grille que cette version du logiciel sait lire.")
    scale = document.get("scale", 3)
    criteria = [_criterion(c, rank, scale, name) for rank, c in enumerate(document["criteria"], 1)]
    if not criteria:
        raise UserError(f"La grille de {quote(name)} n’a aucun critère.")
    complete = {
        "scale": scale,
        "method": document.get("method", MEAN),
        "comment_levels": document.get("comment_levels", []),
        "bands": document.get("bands", [{"code": c, "label": w, "from": s} for c, w, s in _BANDS]),
        "criteria": criteria,
    }
    try:
        grid = Grid.from_json(complete)
        problems = grid.problems()
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UserError(
            f"{quote(name)} ne convient pas{NBSP}: une bande ou un critère n’a pas la forme attendue. Comparez-le à "
            "une grille exportée."
        ) from None
    if problems:
        raise UserError(f"La grille de {quote(name)} ne convient pas{NBSP}: {' '.join(problems)}")
    return grid


def to_write(grid: Grid) -> tuple[str, ...]:
    """Codes of the criteria whose texts are still to be written."""
    return tuple(c.code for c in grid.criteria if any(x.text == TO_WRITE for x in c.levels))


def _criterion(data: Any, rank: int, scale: object, name: str) -> dict[str, Any]:
    where = f"Dans {quote(name)}, le critère n°{NBSP}{rank}"
    if not isinstance(data, Mapping) or not isinstance(data.get("code"), str) or not data["code"].strip():
        raise UserError(f"{where} n’a pas de code.")
    for key, kind, word in (
        ("weight", int, "un poids entier"),
        ("scale", int, "une échelle entière"),
        ("floor", int, "un plancher entier"),
        ("admitted", list, "une liste de niveaux admis"),
        ("themes", list, "une liste de volets"),
    ):
        value = data.get(key)
        if (value is None and key != "weight") or (isinstance(value, kind) and not isinstance(value, bool)):
            continue
        if key == "weight" and value is None and data.get("counted") is False:
            continue
        raise UserError(f"{where} ({data['code']}) attend {word}{NBSP}: «{NBSP}{key}{NBSP}».")
    made = {**data, "label": data.get("label") or data["code"], "weight": data.get("weight") or 0}
    if not data.get("levels"):
        made["levels"] = _anchors(data.get("admitted"), data.get("scale") or scale)
    return made


def _anchors(admitted: Any, scale: Any) -> list[dict[str, Any]]:
    try:
        values = sorted(int(x) for x in admitted) if admitted else list(range(int(scale) + 1))
    except (TypeError, ValueError):
        return []
    if len(values) < 2:
        return []
    return [{"value": value, "name": f"Niveau {value}", "text": TO_WRITE} for value in anchored(values)]
