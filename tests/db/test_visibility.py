"""A member with a déport finds no trace of the file, whatever question is asked of the base."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import committee
from committee import Committee
from cv_desktop.db import queries
from cv_desktop.db.queries import application_records, applications, envelopes, meetings, visibility
from cv_desktop.db.store import Store
from cv_desktop.services import opinions as verbs
from cv_desktop.services import scenarios

Query = Callable[..., Any]


def questions() -> list[Query]:
    """Every public query that knows who asks."""
    found: list[Query] = []
    for module in pkgutil.iter_modules(queries.__path__):
        loaded = importlib.import_module(f"{queries.__name__}.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_") and loaded is not visibility
            if own and "viewer" in inspect.signature(function).parameters:
                found.append(function)
    return found


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Committee, str]]:
    """A meeting held, its sheets revealed and an opinion given on every file, the hidden one included."""
    folder: Path = tmp_path_factory.mktemp("visibility")
    base = committee.build(folder / "cv-desktop.sqlite")
    with base.open() as store:
        committee.mark_all(store, base)
        meeting = committee.meeting(store, base, revealed=True)
        with store.write(committee.ACTOR) as session:
            for file in base.files:
                verbs.give(
                    session,
                    meeting_id=meeting,
                    application_id=file,
                    opinion="adjourned",
                    reason="Le comité attend des précisions.",
                )
        yield store, base, meeting


@pytest.mark.parametrize("query", questions(), ids=lambda q: f"{q.__module__.rsplit('.', 1)[-1]}.{q.__name__}")
def test_a_query_that_has_a_viewer_hides_the_file_of_a_deport(query: Query, held: tuple[Store, Committee, str]) -> None:
    store, base, meeting = held
    member, file = base.recused
    with store.read() as session:
        row = application_records.record(session, application_id=file)
        assert row is not None
        known: dict[str, Any] = {
            "call_id": base.call,
            "application_id": file,
            "meeting_id": meeting,
            "structure_id": row.row.structure_id,
            "kept_id": row.row.structure_id,
            "merged_id": row.row.structure_id,
            "scenario_id": envelopes.first_scenario(session, call_id=base.call),
            "member_id": member,
            "day": committee.clock().date(),
            "today": committee.clock().date(),
            "ids": list(base.files),
            "text": row.row.title,
            "year": 2020,
            "words": row.row.title,
        }
        parameters = inspect.signature(query).parameters.values()
        wanted = [p for p in parameters if p.name not in ("session", "reading", "viewer") and p.default is p.empty]
        missing = [p.name for p in wanted if p.name not in known]
        assert not missing, f"say here what {missing} is, so that {query.__name__} can be asked"
        arguments = {p.name: known[p.name] for p in wanted}
        answer = repr(query(session, **arguments, viewer=member))
    for trace in (file, row.row.number):
        assert trace not in answer


def test_totals_of_a_member_leave_the_hidden_file_out(held: tuple[Store, Committee, str]) -> None:
    store, base, _meeting = held
    member, file = base.recused
    with store.read() as session:
        scenario = envelopes.first_scenario(session, call_id=base.call)
    with store.write(committee.ACTOR) as session:
        for place, key in enumerate(base.files):
            amount = 1_000_00 + place
            scenarios.set_amount(session, scenario_id=scenario, application_id=key, amount_cents=amount)
    own = 1_000_00 + base.files.index(file)
    with store.read() as session:
        whole = envelopes.buckets(session, call_id=base.call)
        seen = envelopes.buckets(session, call_id=base.call, viewer=member)
        other = envelopes.buckets(session, call_id=base.call, viewer=base.members[1])
    assert whole.marked_cents - seen.marked_cents == own
    assert other == whole


def test_the_officer_sees_what_the_member_does_not(held: tuple[Store, Committee, str]) -> None:
    store, base, meeting = held
    _member, file = base.recused
    with store.read() as session:
        assert file in {row.id for row in applications.rows(session, call_id=base.call)}
        assert file in {row.application_id for row in meetings.agenda(session, meeting_id=meeting)}


def test_the_queue_says_how_many_files_are_hidden_and_leaves_no_gap(held: tuple[Store, Committee, str]) -> None:
    store, base, meeting = held
    member, file = base.recused
    with store.read() as session:
        rows, hidden = meetings.queue(session, call_id=base.call, member_id=member)
        ranks = [row.position for row in meetings.agenda(session, meeting_id=meeting, viewer=member)]
        counted = meetings.rows(session, call_id=base.call, viewer=member)[0].files
    assert hidden == 1
    assert file not in {row.application_id for row in rows}
    assert ranks == list(range(len(base.files) - 1))
    assert counted == len(base.files) - 1


def test_another_member_keeps_the_whole_queue(held: tuple[Store, Committee, str]) -> None:
    store, base, _meeting = held
    with store.read() as session:
        rows, hidden = meetings.queue(session, call_id=base.call, member_id=base.members[1])
    assert hidden == 0
    assert [row.application_id for row in rows] == list(base.files)
