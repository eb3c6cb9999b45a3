"""The chain of the journal: whatever is changed afterwards is named, the first entry first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Opened
from cv_desktop.db import journal
from cv_desktop.db.journal import FIRST, Verification, digest
from cv_desktop.db.store import Store


@pytest.fixture
def sealed(base_at: Callable[[str], Opened]) -> Store:
    return base_at("examined")[0]


def tampered(store: Store, *statements: str, triggers: bool = False) -> Verification:
    """What the verification says once somebody went round the program with another one."""
    with closing(sqlite3.connect(store.path)) as base:
        if not triggers:
            base.execute("DROP TRIGGER journal_no_update")
            base.execute("DROP TRIGGER journal_no_delete")
        for statement in statements:
            base.execute(statement)
        base.commit()
    with store.read() as session:
        return journal.verify(session)


def last(path: Path) -> int:
    with closing(sqlite3.connect(path)) as base:
        number: int = base.execute("SELECT max(seq) FROM journal").fetchone()[0]
    return number


def test_an_untouched_journal_holds(sealed: Store) -> None:
    with sealed.read() as session:
        found = journal.verify(session)
    assert found == Verification(last(sealed.path))
    assert found.sound
    assert found.entries > 80


def test_the_first_entry_is_chained_to_nothing_and_each_other_to_the_one_before() -> None:
    one = digest(FIRST, {"seq": 1})
    assert one != digest(FIRST, {"seq": 2})
    assert digest(one, {"seq": 2}) != digest(FIRST, {"seq": 2})
    assert digest(FIRST, {"b": "é", "a": None}) == digest(FIRST, {"a": None, "b": "é"})


@pytest.mark.parametrize(
    "column",
    ["actor", "station", "verb", "noun", "noun_id", "summary", "reason", "source"],
)
def test_a_changed_word_is_named(sealed: Store, column: str) -> None:
    found = tampered(sealed, f"UPDATE journal SET {column} = {column} || '.' WHERE seq = 7")
    assert (found.bad, found.why) == (7, "L’écriture 7 du journal a été modifiée après coup.")


@pytest.mark.parametrize(
    ("column", "value"), [("before", "'\"autre\"'"), ("after", "'\"autre\"'"), ("at", "'2026-01-01 00:00:00.000000'")]
)
def test_a_changed_value_or_day_is_named(sealed: Store, column: str, value: str) -> None:
    found = tampered(sealed, f"UPDATE journal SET {column} = {value} WHERE seq = 9")
    assert (found.bad, found.why) == (9, "L’écriture 9 du journal a été modifiée après coup.")


@pytest.mark.parametrize(("column", "value"), [("at", "'hier'"), ("before", "'{'"), ("after", "''")])
def test_an_entry_made_unreadable_is_named(sealed: Store, column: str, value: str) -> None:
    found = tampered(sealed, f"UPDATE journal SET {column} = {value} WHERE seq = 9")
    assert (found.bad, found.why) == (9, "L’écriture 9 du journal a été modifiée : elle est illisible.")


def test_a_changed_entry_with_its_own_hash_made_again_breaks_the_next_one(sealed: Store) -> None:
    with closing(sqlite3.connect(sealed.path)) as base:
        hashes = dict(base.execute("SELECT seq, hash FROM journal"))
    found = tampered(sealed, f"UPDATE journal SET hash = '{hashes[4]}' WHERE seq = 5")
    assert found.bad == 5


def test_a_deleted_entry_is_missed(sealed: Store) -> None:
    found = tampered(sealed, "DELETE FROM journal WHERE seq = 12")
    assert (found.bad, found.why) == (12, "L’écriture 12 du journal manque.")


def test_the_first_entry_deleted_is_missed(sealed: Store) -> None:
    assert tampered(sealed, "DELETE FROM journal WHERE seq = 1").bad == 1


def test_the_last_entry_deleted_is_missed(sealed: Store) -> None:
    end = last(sealed.path)
    found = tampered(sealed, f"DELETE FROM journal WHERE seq = {end}")
    assert (found.bad, found.why) == (end, f"L’écriture {end} du journal manque à la fin.")


def test_everything_deleted_is_missed(sealed: Store) -> None:
    assert tampered(sealed, "DELETE FROM journal").bad == 1


def test_two_entries_swapped_are_named(sealed: Store) -> None:
    found = tampered(
        sealed,
        "UPDATE journal SET seq = -1 WHERE seq = 20",
        "UPDATE journal SET seq = 20 WHERE seq = 21",
        "UPDATE journal SET seq = 21 WHERE seq = -1",
    )
    assert found.bad == 20


def test_a_deleted_entry_closed_up_by_renumbering_is_named(sealed: Store) -> None:
    end = last(sealed.path)
    shift = [f"UPDATE journal SET seq = {number - 1} WHERE seq = {number}" for number in range(13, end + 1)]
    assert tampered(sealed, "DELETE FROM journal WHERE seq = 12", *shift).bad == 12


def test_an_added_entry_is_named(sealed: Store) -> None:
    end = last(sealed.path)
    columns = "at, actor, station, verb, noun, noun_id, summary, before, after, reason, source, hash"
    found = tampered(
        sealed, f"INSERT INTO journal (seq, {columns}) SELECT {end + 1}, {columns} FROM journal WHERE seq = {end}"
    )
    assert found.bad == end + 1
    assert not found.sound


@pytest.mark.parametrize("statement", ["UPDATE journal SET reason = 'autre' WHERE seq = 3", "DELETE FROM journal"])
def test_the_base_itself_refuses_to_change_an_entry(sealed: Store, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        tampered(sealed, statement, triggers=True)
    with sealed.read() as session:
        assert journal.verify(session).sound
