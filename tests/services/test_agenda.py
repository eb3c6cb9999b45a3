from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import committee
from committee import Committee
from cv_desktop.db.queries import meetings as queries
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.services import agenda

Held = tuple[Store, Committee, str]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    base = committee.build(tmp_path / "cv-desktop.sqlite")
    with base.open() as store:
        yield store, base, committee.meeting(store, base)


def order(held: Held) -> list[str]:
    store, _base, meeting = held
    with store.read() as session:
        return [row.application_id for row in queries.agenda(session, meeting_id=meeting)]


def move(held: Held, file: str, steps: int) -> Changes:
    store, _base, meeting = held
    with store.write(committee.ACTOR) as session:
        return agenda.move(session, meeting_id=meeting, application_id=file, steps=steps)


def test_a_file_moves_and_the_step_back_restores_the_order(held: Held) -> None:
    store, base, _meeting = held
    changes = move(held, base.files[3], -2)
    assert order(held)[:4] == [base.files[0], base.files[3], base.files[1], base.files[2]]
    assert changes.undo is not None
    with store.write(committee.ACTOR) as session:
        changes.undo(session)
    assert order(held) == list(base.files)


def test_at_the_end_of_the_agenda_nothing_is_written(held: Held) -> None:
    _store, base, _meeting = held
    assert move(held, base.files[0], -1) == Changes()
    assert move(held, base.files[-1], 5) == Changes()


def test_a_file_taken_off_comes_back_last_or_at_its_place(held: Held) -> None:
    store, base, meeting = held
    key = {"meeting_id": meeting, "application_id": base.files[1]}
    with store.write(committee.ACTOR) as session:
        off = agenda.remove_from_agenda(session, **key)
    assert base.files[1] not in order(held)
    assert off.undo is not None
    with store.write(committee.ACTOR) as session:
        off.undo(session)
    assert order(held) == list(base.files)
    with store.write(committee.ACTOR) as session:
        agenda.remove_from_agenda(session, **key)
        agenda.add_to_agenda(session, **key)
    assert order(held)[-1] == base.files[1]


def test_a_file_is_not_on_the_agenda_twice(held: Held) -> None:
    store, base, meeting = held
    with pytest.raises(UserError, match="déjà à l’ordre du jour"), store.write(committee.ACTOR) as session:
        agenda.add_to_agenda(session, meeting_id=meeting, application_id=base.files[0])
