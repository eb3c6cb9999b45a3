"""A base made from nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db.refusals import explained
from cv_desktop.db.store import NAME, Store
from cv_desktop.db.work import Clock, system_clock
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls, reference, settings


def create(
    folder: Path,
    *,
    actor: str,
    service: str = "",
    city: str = "",
    scheme: str = "",
    clock: Clock = system_clock,
    first: Callable[[Session], object] | None = None,
) -> Path:
    """Makes the base of ``folder`` with the reference tables, the service and a first campaign of ``scheme`` if named.

    ``first`` is done in the same unit of work. The base takes its name once it is whole: stopped or refused
    before that, it leaves nothing that could be opened. Returns the file. Raises UserError when a base is
    already there, Unavailable when the folder refuses.
    """
    path = folder / NAME
    if path.exists():
        raise UserError(f"Une base existe déjà dans « {folder} ». Ouvrez-la, ou choisissez un autre dossier.")
    partial = path.with_name(f"{path.stem}-en-cours.sqlite")
    _clear(partial)
    try:
        with Store.open(partial, create=True, clock=clock, actor=actor) as store, store.write(actor) as session:
            reference.load(session)
            for key, value in (("direction", service), ("city", city)):
                if value:
                    settings.set_value(session, key=key, value=value)
            if scheme:
                year = local(clock()).year
                calls.create(session, code=f"{scheme}-{year}", scheme=scheme, year=year, envelope_cents=0)
            if first is not None:
                first(session)
        with explained(path):
            partial.replace(path)
    finally:
        _clear(partial)
    return path


def _clear(partial: Path) -> None:
    with explained(partial):
        for left in partial.parent.glob(f"{partial.stem}.*"):
            left.unlink()
