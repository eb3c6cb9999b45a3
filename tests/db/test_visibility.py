"""A member with a déport finds no trace of the file, whatever question is asked of the base."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import committee
from committee import Committee
from cv_desktop.db.queries import applications, envelopes, meetings, scenarios
from cv_desktop.db.store import Store
from cv_desktop.services import opinions as verbs
from cv_desktop.services import scenario_lines


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


def test_totals_of_a_member_leave_the_hidden_file_out(held: tuple[Store, Committee, str]) -> None:
    store, base, _meeting = held
    member, file = base.recused
    with store.read() as session:
        scenario = scenarios.retained(session, call_id=base.call)
    with store.write(committee.ACTOR) as session:
        for place, key in enumerate(base.files):
            amount = 1_000_00 + place
            scenario_lines.set_amount(session, scenario_id=scenario, application_id=key, amount_cents=amount)
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
