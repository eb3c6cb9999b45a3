"""The schema of a base: its revision, and the way from an older one to this program's."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from cv_desktop import __version__
from cv_desktop.db.migrations import HEAD
from cv_desktop.domain.errors import Unavailable


def revision_of(connection: Connection) -> str | None:
    """The revision written in a base; None when it holds no table of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _program_version(connection: Connection) -> str:
    found = connection.execute(text("SELECT value FROM setting WHERE key = 'app_version'")).scalar()
    return str(found).strip('"') if found else "inconnue"


def refuse_newer(connection: Connection) -> None:
    """Raise Unavailable when the base was written by a later program: its revision is unknown here."""
    revision = revision_of(connection)
    if revision is not None and revision > HEAD:
        raise Unavailable(
            f"Cette base vient d’une version plus récente ({_program_version(connection)}). "
            "Mettez l’application à jour ; rien n’a été modifié."
        )


def upgrade(engine: Engine) -> None:
    """Bring the schema to ``HEAD`` in one transaction; foreign keys are checked last.

    Raises Unavailable when a reference is broken: nothing is then kept.
    """
    # Half a second of import, for the one opening in a hundred that needs it.
    from alembic import command
    from alembic.config import Config

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
                command.upgrade(config, "head")
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
