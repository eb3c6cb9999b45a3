"""Opens the base a command works on."""

from __future__ import annotations

import errno
import os
from argparse import Namespace
from pathlib import Path

from cv_desktop.db.queries import call_rows, calls
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import NAME, Store
from cv_desktop.domain.errors import UserError
from cv_desktop.services import opening

ACTOR = "Ligne de commande"


def base_file(arguments: Namespace) -> Path:
    folder: Path = arguments.data_dir
    return folder.expanduser().absolute() / NAME


def opened(arguments: Namespace) -> Store:
    """The base of ``--data-dir``."""
    return opening.enter(base_file(arguments), actor=ACTOR)


def call_id(store: Store, code: str) -> str:
    """The key of a campaign. Raises UserError with the codes that exist."""
    with store.read() as session:
        found = calls.id_of(session, code)
        known = [row.code for row in call_rows.rows(session)]
    if found is None:
        listed = ", ".join(known) or "aucune"
        raise UserError(f"La campagne « {code} » n’existe pas. Campagnes de cette base : {listed}.")
    return found


def require_suffix(path: Path, *known: str) -> None:
    """Raises UserError when a file to come would bear the name of another format than the one it holds."""
    if path.suffix.lower() not in known:
        raise UserError(
            f"«\u00a0{path.name}\u00a0» ne dit pas un format de cet export\u00a0: "
            f"terminez --out par {' ou '.join(known)}.",
            field="out",
        )


def may_write(path: Path) -> None:
    """Raises Unavailable when the folder of a file to come is absent or refuses, before anything is done for it."""
    with explained(path):
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "absent", str(path.parent))
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, "read-only", str(path.parent))
