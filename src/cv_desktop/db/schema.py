"""The schema of a base: its revision, and the way from an older one to this program's."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cv_desktop import __version__
from cv_desktop.db.migrations import HEAD
from cv_desktop.domain.errors import Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine


def examine(path: Path) -> str | None:
    """The revision written in a base, which is only read; None when it holds no table of ours.

    Raises Unavailable when it was written by a later program: its revision is unknown here.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"alembic_version", "setting"} <= tables:
            return None
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        (version,) = connection.execute("SELECT value FROM setting WHERE key = 'app_version'").fetchone() or ("",)
    if revision > HEAD:
        raise Unavailable(
            f"Cette base vient d’une version plus récente ({_said(version)}). "
            "Mettez l’application à jour ; rien n’a été modifié."
        )
    return str(revision)


def upgrade(engine: Engine) -> None:
    """Bring the schema to ``HEAD`` in one transaction; foreign keys are checked last.

    Raises Unavailable when a reference is broken: nothing is then kept.
    """
    # Half a second of import, for the one opening in a hundred that needs it.
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import text

    from cv_desktop.db import levels, search

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.connect() as connection:
        # Rebuilding a table drops it, which enforced references forbid; the pragma is deaf inside a transaction.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            connection = connection.execution_options(begin="IMMEDIATE")
            with connection.begin():
                config.attributes["connection"] = connection
                search.release(connection)
                levels.release(connection)
                command.upgrade(config, "head")
                # A step may have rebuilt a table, which takes its triggers away.
                search.install(connection)
                levels.install(connection)
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise Unavailable(
                        f"La base contient {len(broken)} renvoi(s) vers une fiche absente. Rien n’a été modifié ; "
                        "restaurez la dernière sauvegarde."
                    )
                connection.execute(
                    text(
                        "INSERT INTO setting (key, value) VALUES ('app_version', :v) "
                        "ON CONFLICT (key) DO UPDATE SET value = :v"
                    ),
                    {"v": f'"{__version__}"'},
                )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _said(version: str) -> str:
    return version.strip('"') or "inconnue"
