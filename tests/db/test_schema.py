"""The schema: what the steps make is what the models say; an older base is copied aside, then brought along whole."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from cv_desktop.db import migrations, schema, search
from cv_desktop.db import store as stores
from cv_desktop.db.base import Base
from cv_desktop.db.engine import connect
from cv_desktop.db.models import every
from cv_desktop.db.store import Store
from cv_desktop.domain.errors import Unavailable
from cv_desktop.services.demonstration import ACTOR, clock

SCRIPTS = Path(migrations.__file__).parent
STEP = """
from alembic import op
import sqlalchemy as sa
revision = "0099"
down_revision = "{head}"
branch_labels = depends_on = None

def upgrade() -> None:
    with op.batch_alter_table("structure") as batch:
        batch.add_column(sa.Column("nickname", sa.String(), nullable=False, server_default="aucun"))
    {more}
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of steps of a program to come, which has one more than this one."""
    folder = tmp_path / "plus_tard" / "migrations"
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "__file__", str(folder.parent / "schema.py"))
    monkeypatch.setattr(schema, "HEAD", "0099")
    monkeypatch.setattr(stores, "HEAD", "0099")
    return folder / "versions" / "0099_a_step.py"


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as base:
        return list(base.execute(query))


def test_the_steps_make_the_schema_of_the_models(new_base: Store) -> None:
    assert every.__all__ == sorted(
        path.stem for path in Path(every.__file__).parent.glob("[a-z]*.py") if path.stem != "every"
    )
    with new_base.read() as session:
        differences = compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)
    # The index of the search is no table of the models: it is derived, and has its own tests.
    assert [found for found in differences if not getattr(found[1], "name", "").startswith("search_")] == []


def test_every_rule_of_the_models_is_in_the_base(new_base: Store) -> None:
    """Alembic does not compare the conditions of a table: their names and their texts are looked for."""
    written = "\n".join(
        str(sql) for (sql,) in rows(new_base.path, "SELECT sql FROM sqlite_master WHERE type = 'table'")
    )
    named = [
        c
        for table in Base.metadata.tables.values()
        for c in table.constraints
        if c.name and str(c.name).startswith("ck_")
    ]
    assert len(named) > 10
    for constraint in named:
        assert str(constraint.name) in written
        assert str(constraint.sqltext) in written  # type: ignore[attr-defined]
    triggers = {name for (name,) in rows(new_base.path, "SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert {"journal_no_update", "journal_no_delete"} <= triggers


def test_the_program_knows_the_last_of_its_steps() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [migrations.HEAD]
    assert all(not step.module.__dict__.get("downgrade") for step in script.walk_revisions())


def test_a_new_base_says_its_revision_and_the_program_that_made_it(new_base: Store) -> None:
    assert rows(new_base.path, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]
    assert schema.examine(new_base.path) == migrations.HEAD
    assert rows(new_base.path, "PRAGMA foreign_key_check") == []
    assert rows(new_base.path, "PRAGMA integrity_check") == [("ok",)]


def test_an_older_base_is_copied_aside_then_brought_along(new_base: Store, later: Path) -> None:
    later.write_text(STEP.format(head=migrations.HEAD, more=""))
    new_base.close()
    before = rows(new_base.path, "SELECT * FROM setting ORDER BY key")
    with Store.open(new_base.path, clock=clock) as store:
        assert store.path == new_base.path
    assert rows(new_base.path, "SELECT version_num FROM alembic_version") == [("0099",)]
    assert ("nickname",) in rows(new_base.path, "SELECT name FROM pragma_table_info('structure')")
    copy = new_base.path.with_name(f"cv-desktop-avant-0099-depuis-{migrations.HEAD}.sqlite")
    assert rows(copy, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]
    assert rows(copy, "SELECT * FROM setting ORDER BY key") == before
    assert ("nickname",) not in rows(copy, "SELECT name FROM pragma_table_info('structure')")


def test_a_step_that_fails_leaves_the_base_as_it_was(new_base: Store, later: Path) -> None:
    later.write_text(STEP.format(head=migrations.HEAD, more="raise RuntimeError('step')"))
    new_base.close()
    with pytest.raises(RuntimeError, match="step"):
        Store.open(new_base.path)
    assert rows(new_base.path, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]
    assert ("nickname",) not in rows(new_base.path, "SELECT name FROM pragma_table_info('structure')")


def test_a_step_that_breaks_a_reference_is_refused_and_undone(new_base: Store, later: Path) -> None:
    statement = "INSERT INTO member (id, call_id, position, name, body) VALUES ('x', 'nulle part', 0, 'x', 'x')"
    later.write_text(STEP.format(head=migrations.HEAD, more=f'op.execute("{statement}")'))
    new_base.close()
    with pytest.raises(Unavailable) as refusal:
        Store.open(new_base.path)
    assert refusal.value.message == (
        "La base contient 1 renvoi(s) vers une fiche absente. Rien n’a été modifié ; restaurez la dernière sauvegarde."
    )
    assert rows(new_base.path, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]
    assert rows(new_base.path, "SELECT count(*) FROM member") == [(0,)]


def test_the_base_can_be_opened_again_after_a_refused_step(new_base: Store, later: Path) -> None:
    later.write_text(STEP.format(head=migrations.HEAD, more="raise RuntimeError('step')"))
    new_base.close()
    with pytest.raises(RuntimeError):
        Store.open(new_base.path)
    later.write_text(STEP.format(head=migrations.HEAD, more=""))
    with Store.open(new_base.path) as store, store.read() as session:
        assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert ACTOR


FIRST_ROWS = """
INSERT INTO scheme (code, label) VALUES ('FIA', 'Fonds d’initiatives associatives');
INSERT INTO call (id, code, scheme_code, year, label, envelope_cents, example, created_at)
  VALUES ('c', 'FIA-2025', 'FIA', 2025, 'FIA 2025', 3000000, 0, '2025-01-02 08:00:00');
INSERT INTO structure (id, name, folded_name, created_at) VALUES ('s', 'Repair’Almont', 'repair almont', '2025-01-02');
INSERT INTO application (id, call_id, structure_id, seq, number, source, status, title, theme_label, quarters_text,
  outside_quarters, description, cost_cents, asked_cents, equality, participation, ecology, folded, status_reason)
  VALUES ('a', 'c', 's', 1, 'FIA-2025-0001', 'import', 'deposited', 'Café réparation', '', '', 0, '', 500000, 120000,
  '', '', '', 'fia-2025-0001 repair almont cafe reparation', '');
INSERT INTO budget_line (id, application_id, side, position, account, label, amount_cents, state)
  VALUES ('b', 'a', 'charge', 0, '606', 'Outils', 12050, '');
CREATE TRIGGER search_structure_renamed AFTER UPDATE OF name ON structure BEGIN
  UPDATE application SET folded = '' WHERE structure_id = new.id; END;
"""
# Since that step a file keeps no folded text.
UNFOLDED = "0010"
LATER_ROWS = FIRST_ROWS.partition("CREATE TRIGGER")[0]
for folded in ("folded, status_reason", "'fia-2025-0001 repair almont cafe reparation', ''"):
    LATER_ROWS = LATER_ROWS.replace(folded, folded.rpartition(", ")[2])
EARLIER = [path.stem[:4] for path in sorted((SCRIPTS / "versions").glob("0*.py"))][:-1]


@pytest.mark.parametrize("revision", EARLIER)
def test_a_base_of_every_earlier_revision_opens_with_what_it_held(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "ancienne" / "cv-desktop.sqlite"
    path.parent.mkdir()
    engine = connect(path)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.execution_options(begin="IMMEDIATE").connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(path)) as base:
        base.executescript(FIRST_ROWS if revision < UNFOLDED else LATER_ROWS)
    with Store.open(path, clock=clock):
        pass
    assert rows(path, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]
    assert rows(path, "SELECT number, title, asked_cents, goals FROM application") == [
        ("FIA-2025-0001", "Café réparation", 120000, "")
    ]
    assert rows(path, "SELECT account, amount_cents FROM budget_line") == [("606", 12050)]
    assert rows(path, "SELECT name FROM structure") == [("Repair’Almont",)]


def test_no_trigger_of_the_search_stands_while_a_migration_rebuilds_a_table(tmp_path: Path) -> None:
    path = tmp_path / "cv-desktop.sqlite"
    Store.open(path, create=True, clock=clock).close()
    with create_engine(f"sqlite:///{path}").connect() as connection:
        search.release(connection)
        connection.exec_driver_sql("ALTER TABLE decision RENAME TO decision_old")
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%search@_%' ESCAPE '@'"
        assert connection.exec_driver_sql(triggers).all() == []
