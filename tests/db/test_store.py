"""Opening a base, and what each unit of work promises."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from conftest import Opened
from cv_desktop.db import engine as engines
from cv_desktop.db import journal
from cv_desktop.db.models.application import Application, BudgetLine, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision, Letter, ScenarioLine
from cv_desktop.db.models.meeting import Mark
from cv_desktop.db.models.reference import Setting
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications, institution
from cv_desktop.db.store import NAME, Store, Unjournaled
from cv_desktop.db.work import record
from cv_desktop.domain.errors import Unavailable
from cv_desktop.services import bases, settings
from cv_desktop.services.demonstration import ACTOR, clock
from unprivileged import command

FULL = "Le disque est plein : la dernière modification n’est pas enregistrée. Libérez de la place, puis réessayez."


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(Unavailable) as refusal:
        Store.open(path, **options)
    return refusal.value.message


def change(store: Store, value: str = "Autre service") -> None:
    with store.write(ACTOR) as session:
        settings.set_value(session, key="direction", value=value)


def direction(store: Store) -> object:
    with store.read() as session:
        return session.get_one(Setting, "direction").value


def entries(store: Store) -> int:
    with store.read() as session:
        return journal.verify(session).entries


# -- opening ------------------------------------------------------------------------------------------------------


def test_a_base_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path) -> None:
    message = refused(tmp_path / NAME)
    assert message == f"Aucune base dans « {tmp_path} ». Créez-la, ou choisissez un autre dossier."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"Bonjour", b"SQLite format 3\x00" + b"\x01" * 4096], ids=["empty", "text", "torn"]
)
def test_a_file_that_is_no_base_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    message = refused(path)
    assert f"Le fichier « {NAME} » n’est pas une base de CV Desktop" in message
    assert path.read_bytes() == content


def test_the_base_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
        other.commit()
    before = path.read_bytes()
    assert refused(path) == f"Le fichier « {NAME} » n’est pas une base de CV Desktop."
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_base_of_a_later_version_is_refused_and_nothing_of_it_changes(
    new_base: Store, tmp_path: Path, mode: str
) -> None:
    new_base.close()
    path = tmp_path / NAME
    shutil.copy(new_base.path, path)
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"PRAGMA journal_mode={mode}")
        base.execute("UPDATE alembic_version SET version_num = '0999'")
        base.execute("UPDATE setting SET value = '\"1.4\"' WHERE key = 'app_version'")
        base.commit()
    before = path.read_bytes()
    message = refused(path)
    assert message == (
        "Cette base vient d’une version plus récente (1.4). Mettez l’application à jour ; rien n’a été modifié."
    )
    assert path.read_bytes() == before


def test_a_damaged_base_is_named_with_what_to_do(base_at: Callable[[str], Opened]) -> None:
    store, _story = base_at("imported")
    store.close()
    size = store.path.stat().st_size
    with store.path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))
    with (
        pytest.raises(Unavailable) as refusal,
        Store.open(store.path, clock=clock) as damaged,
        damaged.read() as session,
    ):
        for table in (Application, Structure, BudgetLine, Document):
            session.scalars(select(table)).all()
        journal.verify(session)
    assert refusal.value.message == (
        f"Le fichier « {NAME} » n’est pas une base de CV Desktop, ou il est abîmé. Restaurez la dernière sauvegarde."
    )


def test_the_second_instance_is_told_who_has_the_base_and_since_when(new_base: Store) -> None:
    source = textwrap.dedent(
        f"""
        from pathlib import Path
        from cv_desktop.db.store import Store
        from cv_desktop.domain.errors import Unavailable
        try:
            Store.open(Path({str(new_base.path)!r}))
        except Unavailable as refusal:
            print(refusal.message)
        """
    )
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == f"La base est déjà ouverte sur ce poste par {ACTOR} depuis 10 h 00."
    change(new_base)
    new_base.close()
    with Store.open(new_base.path) as again:
        assert direction(again) == "Autre service"


def test_a_lock_left_by_a_program_that_died_holds_nobody_up(new_base: Store) -> None:
    source = f"""
import os
from pathlib import Path
from cv_desktop.db.store import Store
Store.open(Path({str(new_base.path)!r}), actor="Camille")
os._exit(9)
"""
    new_base.close()
    subprocess.run([sys.executable, "-c", source], check=False)
    with Store.open(new_base.path) as store:
        assert direction(store) == "Direction de la politique de la ville"


def test_a_network_share_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"proc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\n//serveur/partage {tmp_path}/un\\040partage cifs rw 0 0\n"
    )
    monkeypatch.setattr(engines, "Path", lambda name: mounts if name == "/proc/mounts" else Path(name))
    share = tmp_path / "un partage"
    (share / "Base").mkdir(parents=True)
    message = (
        "Ce dossier est sur un partage réseau. La base doit être sur ce poste pour ne pas être abîmée ; "
        "les sauvegardes peuvent aller sur le partage."
    )
    assert refused(share / "Base" / NAME, create=True) == message
    assert list((share / "Base").iterdir()) == []
    assert engines.on_network(Path("//serveur/partage"))
    assert not engines.on_network(tmp_path)


def test_a_folder_without_rights_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    base = bases.create(tmp_path / "base", actor=ACTOR)
    base.with_suffix(".lock").unlink(missing_ok=True)
    before = base.read_bytes()
    base.chmod(0o444)
    base.parent.chmod(0o555)
    run = command("verify", "--data-dir", base.parent)
    base.parent.chmod(0o755)
    assert run.returncode == 2
    assert run.stderr.strip() == (
        f"Le dossier « {base.parent} » ne peut pas être modifié. Choisissez un autre dossier ou demandez les droits."
    )
    assert base.read_bytes() == before
    assert sorted(path.name for path in base.parent.iterdir()) == [NAME]


def test_a_base_takes_its_name_once_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_session: Session) -> None:
        raise Unavailable(FULL)

    with pytest.raises(Unavailable):
        bases.create(tmp_path / "base", actor=ACTOR, first=stop)
    assert list((tmp_path / "base").iterdir()) == []
    assert bases.create(tmp_path / "base", actor=ACTOR).name == NAME
    assert sorted(path.name for path in (tmp_path / "base").iterdir()) == [NAME]


def test_every_connection_checks_references_and_waits_for_the_disk(new_base: Store) -> None:
    with new_base.read() as session:
        connection = session.connection()
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "synchronous", "journal_mode")
        }
    assert asked == {"foreign_keys": 1, "synchronous": 2, "journal_mode": "wal"}


# -- one unit of work ---------------------------------------------------------------------------------------------


def test_what_fails_in_the_middle_leaves_nothing(new_base: Store) -> None:
    before = entries(new_base)
    with pytest.raises(ZeroDivisionError), new_base.write(ACTOR) as session:
        settings.set_value(session, key="direction", value="Perdue")
        session.flush()
        _ = 1 // 0
    assert direction(new_base) == "Direction de la politique de la ville"
    assert entries(new_base) == before


def test_a_rehearsal_runs_everything_and_keeps_nothing(new_base: Store) -> None:
    before = entries(new_base)
    with new_base.write(ACTOR, rehearsal=True) as session:
        settings.set_value(session, key="direction", value="Pour voir")
        session.flush()
        assert session.get_one(Setting, "direction").value == "Pour voir"
    assert direction(new_base) == "Direction de la politique de la ville"
    assert entries(new_base) == before


def test_a_question_in_text_finds_what_its_session_wrote_and_another_finds_it_once_kept(new_base: Store) -> None:
    def said(reading: Session | sqlite3.Connection) -> object:
        return institution.values(reading).get("direction")

    change(new_base, "Direction une")
    with new_base.write(ACTOR) as session:
        session.get_one(Setting, "direction").value = "Direction deux"
        record(session, verb="x", noun="settings", noun_id="direction", summary="y")
        assert said(session) == "Direction deux"
        with new_base.look() as aside:
            assert said(aside) == "Direction une"
    with new_base.look() as aside:
        assert said(aside) == "Direction deux"


def test_a_text_question_on_a_damaged_base_is_refused_in_the_same_words(base_at: Callable[[str], Opened]) -> None:
    store, story = base_at("imported")
    store.close()
    with closing(sqlite3.connect(store.path)) as driver:
        (page,) = driver.execute("SELECT rootpage FROM sqlite_master WHERE name = 'application'").fetchone()
        (size,) = driver.execute("PRAGMA page_size").fetchone()
    with store.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    with (
        Store.open(store.path, clock=clock) as damaged,
        pytest.raises(Unavailable, match="n’est pas une base de CV Desktop, ou il est abîmé"),
        damaged.look() as aside,
    ):
        applications.rows(aside, call_id=story.call_id)


def test_reading_writes_nothing_even_when_a_row_was_changed(new_base: Store) -> None:
    with new_base.read() as session:
        session.get_one(Setting, "direction").value = "Par mégarde"
    assert direction(new_base) == "Direction de la politique de la ville"


@pytest.mark.parametrize(
    "write",
    [
        lambda session: setattr(session.get_one(Setting, "direction"), "value", "En cachette"),
        lambda session: session.execute(insert(Setting), [{"key": "cachette", "value": 1}]),
        lambda session: session.execute(delete(Setting).where(Setting.key == "direction")),
    ],
    ids=["object", "insert", "delete"],
)
def test_a_write_without_a_word_in_the_journal_is_refused(new_base: Store, write: Callable[[Session], object]) -> None:
    with pytest.raises(Unjournaled), new_base.write(ACTOR) as session:
        write(session)
    assert direction(new_base) == "Direction de la politique de la ville"


def test_the_journal_says_who_when_and_from_where(new_base: Store) -> None:
    change(new_base)
    with new_base.read() as session:
        table = journal.JournalEntry
        last = session.execute(select(*table.__table__.columns).order_by(table.seq.desc()).limit(1)).one()
    assert (last.actor, last.verb, last.noun, last.noun_id) == (ACTOR, "settings.set_value", "settings", "direction")
    assert last.at == datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
    assert last.station == new_base.station != ""
    assert (last.before, last.after) == ("Direction de la politique de la ville", "Autre service")


# -- the disk -----------------------------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_nothing_is_written(new_base: Store) -> None:
    before = entries(new_base)

    @event.listens_for(new_base._engine, "begin")
    def _no_more_room(connection: Any) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with pytest.raises(Unavailable) as refusal, new_base.write(ACTOR) as session:
        for number in range(200):
            record(session, verb="x", noun="settings", noun_id=str(number), summary="y" * 500)
        settings.set_value(session, key="address", value="x" * 100_000)
    assert refusal.value.message == FULL
    event.remove(new_base._engine, "begin", _no_more_room)
    assert entries(new_base) == before
    change(new_base)
    assert entries(new_base) == before + 1


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of the size of files there")
def test_a_file_that_cannot_grow_is_a_full_disk_too(base_at: Callable[[str], Opened]) -> None:
    store, _story = base_at("imported")
    store.close()
    source = textwrap.dedent(
        f"""
        import resource
        from pathlib import Path
        from cv_desktop.db.store import Store
        from cv_desktop.domain.errors import Unavailable
        from cv_desktop.services import settings
        with Store.open(Path({str(store.path)!r})) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
            try:
                with store.write("Camille") as session:
                    settings.set_value(session, key="direction", value="é" * 300_000)
            except Unavailable as refusal:
                print(refusal.message)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        """
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == FULL, run.stderr
    with Store.open(store.path, clock=clock) as again:
        assert direction(again) == "Direction de la politique de la ville"
        with again.read() as session:
            assert journal.verify(session).sound


# -- what the schema refuses --------------------------------------------------------------------------------------


def copied(row: Any, **values: Any) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in row.__table__.columns} | values


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Application, {"id": "x", "seq": 900, "number": "X-900", "external_id": "900", "asked_cents": -1}),
        (Application, {"id": "x", "seq": 900, "number": "X-900", "external_id": "900", "cost_cents": -1}),
        (Application, {"id": "x", "seq": 900, "number": "X-900", "external_id": "900", "status": "autre"}),
        (Application, {"id": "x", "seq": 900, "number": "X-900", "external_id": "900", "structure_id": "personne"}),
        (Application, {"id": "x", "number": "X-900", "external_id": "900"}),  # same rank in the campaign
        (Application, {"id": "x", "seq": 900, "external_id": "900"}),  # same number
        (Application, {"id": "x", "seq": 900, "number": "X-900"}),  # same number at the source
        (BudgetLine, {"id": "x", "side": "autre"}),
        (Call, {"id": "x"}),  # same code
        (Call, {"id": "x", "code": "AUTRE", "envelope_cents": -1}),
        (Structure, {"id": "x"}),  # same SIREN
        (ScenarioLine, {"application_id": "autre"}),
        (Mark, {"criterion": "AUTRE", "level": 2, "not_applicable": True}),
        (Decision, {"id": "x"}),  # twice in one act
        (Decision, {"id": "x", "lot_id": "autre"}),
        (Letter, {"id": "x", "seq": 900}),  # same number
        (Letter, {"id": "x", "number": "CO-2026-0900"}),  # same rank in the year
        (Letter, {"id": "x", "seq": None}),  # a number without its rank
        (Letter, {"id": "x", "seq": 900, "number": "CO-2026-0900", "state": "perdu"}),
    ],
)
def test_the_base_itself_refuses_what_makes_no_sense(
    base_at: Callable[[str], Opened], table: Any, values: dict[str, Any]
) -> None:
    store, _story = base_at("told")
    with pytest.raises(IntegrityError), store.write(ACTOR) as session:
        like = session.scalars(select(table).limit(1)).one()
        session.execute(insert(table), [copied(like, **values)])


@pytest.mark.parametrize(
    ("outcome", "cents"), [("granted", 0), ("partial", 0), ("refused", 100), ("adjourned", 100), ("granted", -100)]
)
def test_a_decision_gives_money_or_does_not(base_at: Callable[[str], Opened], outcome: str, cents: int) -> None:
    store, _story = base_at("voted")
    with pytest.raises(IntegrityError), store.write(ACTOR) as session:
        session.scalars(select(Decision).limit(1)).one().outcome = outcome
        session.scalars(select(Decision).limit(1)).one().amount_cents = cents
        session.flush()


def test_a_moment_without_its_zone_is_refused(new_base: Store) -> None:
    with pytest.raises(Exception, match="time zone"), new_base.write(ACTOR) as session:
        record(session, verb="x", noun="settings", noun_id="x", summary="x")
        session.add(
            Call(
                id="x", code="X", scheme_code="FIA", year=2026, label="x", envelope_cents=0, example=False,
                created_at=datetime(2026, 1, 1),  # noqa: DTZ001
            )
        )  # fmt: skip
