"""Copies of a base: whole or not at all, kept in a rotation, never put over anything."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from conftest import Opened
from cv_desktop.db import backup, journal
from cv_desktop.db.migrations import HEAD
from cv_desktop.db.store import NAME, Store
from cv_desktop.domain.errors import Unavailable
from cv_desktop.services.demonstration import clock
from unprivileged import command


@pytest.fixture
def saved(base_at: Callable[[str], Opened], tmp_path: Path) -> Path:
    """A copy made while the base is open."""
    store, _story = base_at("written")
    target = tmp_path / "copie.sqlite"
    backup.copy(store.path, target)
    return target


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(Unavailable) as refusal:
        verb()
    return refusal.value.message


def test_a_copy_says_what_it_holds(saved: Path) -> None:
    content = backup.inspect(saved)
    assert (content.revision, content.applications, content.letters) == (HEAD, 39, 63)
    assert content.structures == 30
    assert content.version
    assert content.last_entry.startswith("2026-04-15 08:00")
    assert not saved.with_name("copie.sqlite.part").exists()


def test_a_copy_of_an_open_base_holds_what_was_just_written(base_at: Callable[[str], Opened], tmp_path: Path) -> None:
    store, _story = base_at("examined")
    assert store.path.with_name(NAME + "-wal").exists()
    backup.copy(store.path, tmp_path / "copie.sqlite")
    with Store.open(tmp_path / "copie.sqlite", clock=clock) as copied, copied.read() as there, store.read() as here:
        assert journal.verify(there) == journal.verify(here)
        assert journal.verify(there).sound


def test_a_restored_base_opens_and_its_journal_holds(saved: Path, tmp_path: Path) -> None:
    base = tmp_path / "ailleurs" / "Base" / NAME
    assert backup.restore(saved, base).applications == 39
    with Store.open(base, clock=clock) as store, store.read() as session:
        assert journal.verify(session).sound
    assert sorted(path.name for path in base.parent.iterdir() if path.suffix != ".lock") == [NAME]


def test_a_restoration_never_takes_the_place_of_a_base(saved: Path, new_base: Store) -> None:
    before = new_base.path.read_bytes()
    message = refused(lambda: backup.restore(saved, new_base.path))
    assert message == (
        f"Une base existe déjà dans « {new_base.folder} ». Choisissez un autre dossier : la restauration n’écrase rien."
    )
    assert new_base.path.read_bytes() == before


def test_a_copy_never_takes_the_place_of_its_base(new_base: Store, tmp_path: Path) -> None:
    before = new_base.path.read_bytes()
    link = tmp_path / "lien.sqlite"
    link.symlink_to(new_base.path)
    for target in (new_base.path, new_base.folder / ".." / new_base.folder.name / NAME, link):
        message = refused(lambda target=target: backup.copy(new_base.path, target))  # type: ignore[misc]
        assert message == "La sauvegarde prendrait la place de la base. Choisissez un autre nom de fichier."
    assert new_base.path.read_bytes() == before


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    assert refused(lambda: backup.inspect(path)) == "Le fichier « notes.sqlite » n’existe pas."
    path.write_bytes(b"")
    assert (
        refused(lambda: backup.inspect(path)) == "Le fichier « notes.sqlite » n’est pas une sauvegarde de CV Desktop."
    )
    path.write_bytes(b"Bonjour" * 500)
    assert refused(lambda: backup.inspect(path)) == (
        "Le fichier «\u00a0notes.sqlite\u00a0» n’est pas une sauvegarde, ou il est abîmé. Choisissez-en une autre."
    )


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_backup_is_refused_and_nothing_is_restored(saved: Path, tmp_path: Path, damage: str) -> None:
    size = saved.stat().st_size
    with saved.open("r+b") as file:
        if damage == "cut":
            file.truncate(size // 2)
        else:
            file.seek(size // 3)
            file.write(os.urandom(size // 3))
    base = tmp_path / "ailleurs" / NAME
    assert "abîmé" in refused(lambda: backup.restore(saved, base))
    assert not base.parent.exists()


def test_the_backup_of_a_later_version_is_refused(saved: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(saved)) as base:
        base.execute("UPDATE alembic_version SET version_num = '0999'")
        base.execute("UPDATE setting SET value = '\"2.0\"' WHERE key = 'app_version'")
        base.commit()
    message = refused(lambda: backup.restore(saved, tmp_path / "ailleurs" / NAME))
    assert message == (
        "Cette sauvegarde vient d’une version plus récente (2.0). Mettez l’application à jour ; rien n’a été modifié."
    )
    assert not (tmp_path / "ailleurs").exists()


def test_a_copy_that_fails_leaves_the_last_one(new_base: Store, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused(lambda: backup.copy(new_base.path, saved)).startswith("Le disque est plein")
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.glob("copie*")] == ["copie.sqlite"]


def test_a_folder_that_is_not_there_is_named(new_base: Store, tmp_path: Path) -> None:
    message = refused(lambda: backup.copy(new_base.path, tmp_path / "absent" / "copie.sqlite"))
    assert str(tmp_path / "absent") in message


def test_a_folder_without_rights_is_named(saved: Path, tmp_path: Path) -> None:
    closed = tmp_path / "fermé"
    closed.mkdir()
    closed.chmod(0o555)
    run = command("restore", saved, "--data-dir", closed)
    assert run.returncode == 2
    assert run.stderr.strip() == (
        f"Le dossier « {closed} » ne peut pas être modifié. Choisissez un autre dossier ou demandez les droits."
    )
    assert list(closed.iterdir()) == []


# -- rotation -----------------------------------------------------------------------------------------------------


def named(moment: datetime) -> str:
    return f"sauvegarde-{moment:%Y-%m-%d-%H%M%S}.sqlite"


def rotated(base: Path, folder: Path, moments: list[datetime], now: datetime) -> list[str]:
    folder.mkdir()
    for moment in moments:
        (folder / named(moment)).write_bytes(b"x")
    backup.rotate(base, folder, now)
    return sorted(path.name for path in folder.iterdir())


NOW = datetime(2026, 12, 31, 18, 0, 0)  # noqa: DTZ001 (a Thursday)


def test_the_last_ten_of_a_day_are_kept(new_base: Store, tmp_path: Path) -> None:
    moments = [NOW - timedelta(minutes=10 * rank) for rank in range(1, 25)]
    kept = rotated(new_base.path, tmp_path / "s", moments, NOW)
    assert kept == sorted(named(moment) for moment in [NOW, *moments[:9]])


def test_one_a_week_for_eight_weeks_and_one_a_month_for_twelve(new_base: Store, tmp_path: Path) -> None:
    moments = [NOW - timedelta(days=rank) for rank in range(1, 500)]
    kept = rotated(new_base.path, tmp_path / "s", moments, NOW)
    # 31 December 2026 is a Thursday: the last ten days, then the Sundays that end the six weeks before them,
    # then the last day of the months that these do not hold.
    days = [NOW - timedelta(days=rank) for rank in range(10)]
    sundays = [datetime(2026, 12, 20, 18) - timedelta(weeks=rank) for rank in range(6)]  # noqa: DTZ001
    ends = [(2026, 11, 30), (2026, 10, 31), (2026, 9, 30), (2026, 8, 31), (2026, 7, 31), (2026, 6, 30),
            (2026, 5, 31), (2026, 4, 30), (2026, 3, 31), (2026, 2, 28), (2026, 1, 31)]  # fmt: skip
    months = [datetime(year, month, day, 18) for year, month, day in ends]  # noqa: DTZ001
    assert kept == sorted({named(moment) for moment in [*days, *sundays, *months]})


def test_what_a_person_put_there_is_never_thrown_away(new_base: Store, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    own = ["sauvegarde-avant-vote.sqlite", "sauvegarde-2020.sqlite", "notes.txt"]
    for name in own:
        (folder / name).write_text("x")
    for rank in range(30):
        (folder / named(NOW - timedelta(hours=rank + 1))).write_bytes(b"x")
    backup.rotate(new_base.path, folder, NOW)
    assert set(own) <= {path.name for path in folder.iterdir()}


def test_nothing_is_thrown_away_when_the_new_backup_fails(new_base: Store, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    moments = [NOW - timedelta(minutes=rank) for rank in range(1, 40)]
    for moment in moments:
        (folder / named(moment)).write_bytes(b"x")
    torn = tmp_path / NAME
    shutil.copy(new_base.path, torn)
    with torn.open("r+b") as file:
        file.write(b"?" * 200)
    refused(lambda: backup.rotate(torn, folder, NOW))
    assert sorted(path.name for path in folder.iterdir()) == sorted(named(moment) for moment in moments)
