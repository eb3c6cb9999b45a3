"""A base opened to work in it."""

from __future__ import annotations

from pathlib import Path

from cv_desktop.db.engine import ask
from cv_desktop.db.store import Store

# The names only: what fills the tables knows half of the program, and is imported when one is missing.
TABLES = (
    "contrat_de_ville",
    "qpv_2024",
    "cofinanceurs",
    "comptes",
    "reglements",
    "grilles",
    "courriers",
    "seances",
    "motifs",
    "motifs_gestes",
    "decisions",
    "liens",
    "declarations",
    "formes_juridiques",
    "pieces_structure",
    "formulaires",
)


def enter(path: Path, *, actor: str, station: str = "") -> Store:
    """Opens a base; one made by an earlier program receives the reference tables it never had.

    Raises Unavailable as ``Store.open`` does.
    """
    store = Store.open(path, actor=actor, station=station)
    try:
        with store.look() as reading:
            known = {name for (name,) in ask(reading, "SELECT name FROM reference_version")}
        lacking = [name for name in TABLES if name not in known]
        if lacking:
            from cv_desktop.services import reference

            with store.write(actor) as session:
                reference.load(session, only=lacking)
    except BaseException:
        store.close()
        raise
    return store
