"""How an application of a list without numbers is known again in a later file of the same source."""

from __future__ import annotations

from hashlib import sha256

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import judge_siret, parse_rna, parse_siren
from cv_desktop.domain.sheets import Row
from cv_desktop.domain.text import normalised_name, words

_SHOWN = 10


def identity(source: str, row: Row, place: Row | None, name: str, title: str, asked_cents: int) -> str:
    """« SN-4F3A9C21B0 » (sans numéro), the same whenever source, structure, title and amount are the same.

    The structure is known by its SIREN, else by its RNA, else by its name.
    """
    parts = (words(source), _structure(row, place) or normalised_name(name), words(title), str(asked_cents))
    return f"SN-{sha256(chr(0).join(parts).encode()).hexdigest()[:_SHOWN].upper()}"


def _structure(row: Row, place: Row | None) -> str:
    if place is not None:
        _state, number, _why = judge_siret(place.text("siret"))
        if number:
            return number[:9]
        if siren := place.text("siren"):
            try:
                return parse_siren(siren)
            except UserError:
                pass
    for source, key in ((place, "association_rna"), (row, "rna")):
        if source is not None and (written := source.text(key)):
            try:
                return parse_rna(written)
            except UserError:
                continue
    return ""
