"""The note added up in the base is the note of the sheets that count, whatever was marked, kept out or not returned."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

import committee
from committee import Committee
from cv_desktop.db.models.meeting import Mark, Recusal, Review
from cv_desktop.db.queries import calls, scores
from cv_desktop.db.store import Store
from cv_desktop.domain import marks, scoring

FILES = 3
NOTHING, AWAY = "nothing", "away"  # no mark at all, « sans objet »
MARKS = st.sampled_from((0, 1, 2, 3, AWAY, NOTHING))


@dataclass(frozen=True)
class Drawn:
    """One member's sheet on one file. ``recusal``: "" none, "lifted" or "in force"."""

    marks: dict[str, int | str]
    returned: bool
    recusal: str

    @property
    def counts(self) -> bool:
        return self.returned and self.recusal != "in force"

    @property
    def sheet(self) -> dict[str, marks.Mark]:
        return {
            code: marks.Mark(None, True) if mark == AWAY else marks.Mark(int(mark))
            for code, mark in self.marks.items()
            if mark != NOTHING
        }


class NotKept(Exception):
    """Ends a unit of work whose writes only serve one question."""


@pytest.fixture(scope="module")
def revealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Committee]]:
    """A meeting revealed, its sheets and its déports taken away: each case brings its own."""
    base = committee.build(tmp_path_factory.mktemp("scores") / "cv-desktop.sqlite")
    with base.open() as store:
        committee.mark_all(store, base)
        committee.meeting(store, base, revealed=True)
        yield store, base


def sheets(codes: tuple[str, ...]) -> st.SearchStrategy[list[Drawn]]:
    one = st.builds(
        Drawn,
        st.fixed_dictionaries(dict.fromkeys(codes, MARKS)),
        returned=st.sampled_from((True, True, True, False)),
        recusal=st.sampled_from(("", "", "lifted", "in force")),
    )
    size = FILES * len(committee.NAMES)
    return st.lists(one, min_size=size, max_size=size)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_note_of_the_base_is_the_note_of_the_sheets_that_count(
    revealed: tuple[Store, Committee], data: st.DataObject
) -> None:
    store, base = revealed
    with store.read() as session:
        row = calls.grid(session, base.call)
    files = base.files[:FILES]
    places = [(file, member) for file in files for member in base.members]
    drawn = dict(zip(places, data.draw(sheets(row.grid.codes)), strict=True))
    expected = {
        file: scoring.committee_note(row.grid, [x.sheet for (key, _), x in drawn.items() if key == file and x.counts])
        for file in files
    }
    with contextlib.suppress(NotKept), store.write(committee.ACTOR) as session:
        for model in (Mark, Review, Recusal):
            session.execute(delete(model))
        for (file, member), one in drawn.items():
            key = f"{file}/{member}"
            returned = committee.clock() if one.returned else None
            session.add(Review(id=key, application_id=file, member_id=member, grid_id=row.id, returned_at=returned))
            session.flush()
            for code, mark in one.sheet.items():
                session.add(
                    Mark(
                        review_id=key,
                        criterion=code,
                        level=mark.level,
                        not_applicable=mark.not_applicable,
                        dedicated=False,
                        comment="",
                        marked_at=committee.clock(),
                    )
                )
            if one.recusal:
                session.add(
                    Recusal(
                        id=key,
                        member_id=member,
                        application_id=file,
                        reason="Trésorier.",
                        declared_at=committee.clock(),
                        lifted_at=committee.clock() if one.recusal == "lifted" else None,
                    )
                )
        session.flush()
        found = scores.notes(session, call_id=base.call)
        assert {file: found.get(file) for file in files} == {file: expected[file].note for file in files}
        told = scores.committees(session, call_id=base.call)
        assert all(note == expected[file] for file, note in told.items())
        raise NotKept


def test_a_criterion_the_grid_does_not_have_weighs_nothing(revealed: tuple[Store, Committee]) -> None:
    store, base = revealed
    with store.read() as session:
        before = scores.notes(session, call_id=base.call)
    assert set(before) == set(base.files)
    with contextlib.suppress(NotKept), store.write(committee.ACTOR) as session:
        for review in session.scalars(select(Review)).all():
            session.add(
                Mark(
                    review_id=review.id,
                    criterion="AUTRE",
                    level=3,
                    not_applicable=False,
                    dedicated=False,
                    comment="",
                    marked_at=committee.clock(),
                )
            )
        session.flush()
        assert scores.notes(session, call_id=base.call) == before
        raise NotKept
