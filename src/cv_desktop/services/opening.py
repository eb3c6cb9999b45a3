"""A base opened to work in it."""

from __future__ import annotations

from pathlib import Path

from cv_desktop.db.engine import ask
from cv_desktop.db.store import Store

# The names and the versions only: what fills the tables knows half of the program, and is imported when one is due.
TABLES = {
    "contrat_de_ville": 1,
    "qpv_2024": 1,
    "cofinanceurs": 1,
    "comptes": 1,
    "reglements": 6,
    "grilles": 1,
    "courriels": 1,
    "courriers": 5,
    "courriers_suivi": 5,
    "conventions": 3,
    "seances": 2,
    "motifs": 1,
    "motifs_gestes": 1,
    "decisions": 3,
    "liens": 1,
    "declarations": 1,
    "formes_juridiques": 1,
    "pieces_structure": 1,
    "formulaires": 1,
}


def enter(path: Path, *, actor: str, station: str = "") -> Store:
    """Opens a base; one made by an earlier program receives what its reference tables lack.

    Raises Unavailable as ``Store.open`` does.
    """
    store = Store.open(path, actor=actor, station=station)
    try:
        with store.look() as reading:
            known = dict(ask(reading, "SELECT name, max(version) FROM reference_version GROUP BY name"))
        lacking = [name for name, version in TABLES.items() if known.get(name, 0) < version]
        if lacking:
            from cv_desktop.services import reference

            with store.write(actor) as session:
                reference.load(session, only=lacking)
    except BaseException:
        store.close()
        raise
    return store
