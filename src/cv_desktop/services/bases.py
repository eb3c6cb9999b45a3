"""A base made from nothing."""

from __future__ import annotations

from pathlib import Path

from cv_desktop.db.store import NAME, Store
from cv_desktop.db.work import Clock, system_clock
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls, reference, settings


def create(
    folder: Path, *, actor: str, service: str = "", city: str = "", scheme: str = "", clock: Clock = system_clock
) -> Path:
    """Makes the base of ``folder`` with the reference tables, the service and a first campaign of ``scheme`` if named.

    Returns the file. Raises UserError when a base is already there, Unavailable when the folder refuses.
    """
    path = folder / NAME
    if path.exists():
        raise UserError(f"Une base existe déjà dans « {folder} ». Ouvrez-la, ou choisissez un autre dossier.")
    with Store.open(path, create=True, clock=clock, actor=actor) as store, store.write(actor) as session:
        reference.load(session)
        for key, value in (("direction", service), ("city", city)):
            if value:
                settings.set_value(session, key=key, value=value)
        if scheme:
            year = local(clock()).year
            calls.create(session, code=f"{scheme}-{year}", scheme=scheme, year=year, envelope_cents=0)
    return path
