"""Bases written by earlier programs open here with all they held."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from cv_desktop.db import migrations
from cv_desktop.db.queries import movements, scenarios, search
from cv_desktop.db.store import NAME, Store
from cv_desktop.services import exclusions, scenario_lines
from cv_desktop.services.demonstration import Story

SCRIPTS = Path(migrations.__file__).parent
OldBase = Callable[[str, str], Path]
Opened = Callable[[str], tuple[Store, Story]]


@pytest.fixture
def old_base(tmp_path: Path) -> OldBase:
    """A base at an earlier revision, filled by a script of statements of that time."""

    def at(revision: str, script: str) -> Path:
        path = tmp_path / NAME
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        engine.dispose()
        with closing(sqlite3.connect(path)) as base:
            base.executescript(script)
        return path

    return at


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as base:
        return list(base.execute(query))


FILE = (
    "INSERT INTO application VALUES ('{id}', 'c', 's', NULL, {seq}, 'FIA-2026-000{seq}', 'x', NULL, NULL, '{status}', "
    "'Un atelier', NULL, '', '', 0, '', NULL, NULL, NULL, NULL, NULL, 0, 100000, '', '', '', NULL, NULL, NULL, '', "
    "{checks}, '');"
)
CHECKS = json.dumps(
    [
        {"code": "missing_docs", "status": "fail", "remedy": "complete", "sentence": "Il manque une pièce : RIB."},
        {"code": "late", "status": "pass", "remedy": "none", "sentence": ""},
    ]
)
FIRST = (
    "INSERT INTO setting VALUES ('app_version', '\"1.0\"'); INSERT INTO scheme VALUES ('FIA', 'Fonds');"
    "INSERT INTO call VALUES ('c', 'FIA-2026', 'FIA', 2026, 'FIA 2026', 0, 0, '2026-01-02 08:00:00');"
    "INSERT INTO structure (id, name, folded_name, created_at) VALUES ('s', 'Exemple', 'exemple', '2026-01-02 08:00');"
    + FILE.format(id="asked", seq=1, status="incomplete", checks=f"'{CHECKS}'")
    + FILE.format(id="waiting", seq=2, status="incomplete", checks=f"'{CHECKS}'")
    + FILE.format(id="sound", seq=3, status="eligible", checks="'[]'")
    + "INSERT INTO rules_parameter VALUES ('r', 'FIA', 'c', 'completion_days', 1, 1, '', 'Délai', '', 'days', '21',"
    " 'none', 'none', NULL, '2026-01-01', 0);" + "INSERT INTO document VALUES ('d', 'asked', 'statuts', 'statuts.pdf');"
    "INSERT INTO letter_template VALUES ('t', 'AR-P', 'Demande de pièces', 1, '2026-01-01', '{}', 1);"
    "INSERT INTO letter (id, call_id, application_id, template_id, kind, state, prepared_at, year, seq, number,"
    " dated_on) VALUES"
    " ('l', 'c', 'asked', 't', 'AR-P', 'issued', '2026-03-03 08:00:00', 2026, 1, 'CO-2026-0001', '2026-03-03');"
)


def test_the_requests_for_documents_of_the_first_program_are_kept_with_their_delay(old_base: OldBase) -> None:
    path = old_base("0001", FIRST)
    Store.open(path).close()
    found = rows(path, "SELECT application_id, letter_id, asked_on, due_on, closed_on, items FROM completion")
    items = json.dumps([{"code": "missing_docs", "item": "", "text": "Il manque une pièce : RIB."}])
    assert sorted(found, key=str) == [
        ("asked", "l", "2026-03-03", "2026-03-24", None, items),
        ("waiting", None, None, None, None, items),
    ]
    assert rows(path, "SELECT kind, filename, state, reason, received_on FROM document") == [
        ("statuts", "statuts.pdf", "received", "", None)
    ]
    assert rows(path, "SELECT count(*) FROM application") == [(3,)]


def test_the_account_and_the_representative_of_a_structure_become_lines_of_its_record(old_base: OldBase) -> None:
    script = FIRST + (
        "UPDATE structure SET iban = 'FR7699999000011234567890152', representative_name = 'Élie Témoin', "
        "representative_role = 'Président' WHERE id = 's';"
        "INSERT INTO structure (id, name, folded_name, created_at) "
        "VALUES ('t', 'Modèle', 'modele', '2026-02-03 08:00');"
    )
    path = old_base("0001", script)
    Store.open(path).close()
    accounts = "SELECT structure_id, iban, since, until, validated_by FROM bank_account"
    assert rows(path, accounts) == [("s", "FR7699999000011234567890152", "2026-01-02", None, "")]
    persons = "SELECT structure_id, person_name, folded_name, role, represents FROM mandate"
    assert rows(path, persons) == [("s", "Élie Témoin", "elie temoin", "Président", 1)]
    columns = {name for (name,) in rows(path, "SELECT name FROM pragma_table_info('structure')")}
    assert "iban" not in columns and "representative_name" not in columns and "merged_into" in columns


def test_files_are_found_without_the_folded_text_that_earlier_bases_kept(old_base: OldBase) -> None:
    path = old_base("0001", FIRST.replace("'Un atelier'", "'Un verger'", 1))
    with Store.open(path) as store, store.read() as session:
        found = search.found(session, text="verger", words=search.vocabulary(session))
    assert [(file.number, file.title) for file in found.files] == [("FIA-2026-0001", "Un verger")]
    assert rows(path, "SELECT name FROM pragma_table_info('application') WHERE name = 'folded'") == []


def test_the_first_scenario_of_each_campaign_is_the_retained_one(old_base: OldBase) -> None:
    call = "INSERT INTO call VALUES ('{id}', '{id}', 'FIA', 2026, '{id}', 1, 0, '2026-01-01', NULL, NULL);"
    scenario = "INSERT INTO scenario VALUES ('{id}', '{call}', {position}, 'A · Proposition');"
    path = old_base(
        "0015",
        "INSERT INTO scheme VALUES ('FIA', 'x');"
        + "".join(call.format(id=x) for x in ("c", "d"))
        + scenario.format(id="late", call="c", position=1)
        + scenario.format(id="first", call="c", position=0)
        + scenario.format(id="own", call="d", position=0),
    )
    Store.open(path).close()
    assert rows(path, "SELECT id FROM scenario WHERE retained ORDER BY id") == [("first",), ("own",)]
    with pytest.raises(sqlite3.IntegrityError):
        rows(path, "UPDATE scenario SET retained = 1")


def test_what_was_decided_submitted_and_proposed_becomes_movements(old_base: OldBase) -> None:
    lot = (
        "INSERT INTO lot (id, call_id, label, state, submitted_at) "
        "VALUES ('{0}', 'c', '{0}', '{1}', '2026-04-01 08:00');"
    )
    lot_line = (
        "INSERT INTO lot_line (lot_id, application_id, outcome, amount_cents, score, motive) "
        "VALUES ('{0}', '{1}', 'partial', {2}, '', '');"
    )
    path = old_base(
        "0001",
        FIRST
        + "UPDATE call SET envelope_cents = 1000000;"
        + "INSERT INTO scenario (id, call_id, position, label) VALUES ('k', 'c', 0, 'A');"
        + "".join(
            "INSERT INTO scenario_line (scenario_id, application_id, amount_cents, locked, motive) "
            f"VALUES ('k', '{file}', {cents}, 0, '');"
            for file, cents in (("sound", 50_000), ("waiting", 20_000), ("asked", 10_000))
        )
        + lot.format("voted", "voted")
        + lot.format("new", "submitted")
        + lot_line.format("voted", "sound", 50_000)
        + lot_line.format("new", "waiting", 20_000)
        + "INSERT INTO decision (id, application_id, lot_id, outcome, amount_cents, motive, decided_at) "
        "VALUES ('d', 'sound', 'voted', 'partial', 50000, 'Crédits limités.', '2026-04-02 08:00');",
    )
    with Store.open(path) as store, store.read() as session:
        assert movements.gaps(session) == []
        assert movements.totals(session, call_id="c") == {
            "envelope": 1_000_000, "engaged": 50_000, "submitted": 20_000, "marked": 10_000,
        }  # fmt: skip
        (moved,) = movements.of_file(session, application_id="sound")
        assert (moved.source, moved.target, moved.cents) == ("free", "engaged", 50_000)
    assert rows(path, "SELECT motive, supersedes_id, condition FROM decision") == [("Crédits limités.", None, "")]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        rows(path, "UPDATE movement SET amount_cents = 1")


def test_what_an_exclusion_took_is_found_in_the_journal_of_a_base_that_kept_it_nowhere_else(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.read() as session:
        scenario = scenarios.retained(session, call_id=story.call_id)
        given = {
            row.row.application_id: row.row.amount_cents for row in scenarios.ranking(session, scenario_id=scenario)
        }
    one, back, by_hand = [key for key, cents in given.items() if cents][:3]
    with store.write("Essai") as session:
        scenario_lines.set_locked(session, scenario_id=scenario, application_id=one, locked=True)
        for key in (one, back):
            exclusions.set_excluded(session, scenario_id=scenario, application_id=key, excluded=True)
        exclusions.set_excluded(session, scenario_id=scenario, application_id=back, excluded=False)
        for key in (back, by_hand):
            scenario_lines.set_amount(session, scenario_id=scenario, application_id=key, amount_cents=0)
            scenario_lines.set_locked(session, scenario_id=scenario, application_id=key, locked=True)
    store.close()
    with closing(sqlite3.connect(store.path)) as base:
        base.executescript(
            "ALTER TABLE scenario_line DROP COLUMN taken; UPDATE alembic_version SET version_num = '0029';"
        )
    with Store.open(store.path) as again:
        with again.write("Essai") as session:
            for key in (one, back, by_hand):
                exclusions.set_excluded(session, scenario_id=scenario, application_id=key, excluded=False)
        with again.read() as session:
            lines = scenarios.lines(session, scenario_id=scenario)
    assert [(lines[key].amount_cents, lines[key].locked) for key in (one, back, by_hand)] == [
        (given[one], True), (0, False), (0, False),
    ]  # fmt: skip
