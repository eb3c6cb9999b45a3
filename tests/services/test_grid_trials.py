"""A grid tried on the marked files of a base: déports, marks not revealed and changed grids."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

import committee
from cv_desktop.db.queries import grids, scores
from cv_desktop.domain.marks import Mark as Given
from cv_desktop.domain.scoring import committee_note
from cv_desktop.services import grid_edits, grid_trials
from cv_desktop.services import grids as verbs


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> committee.Committee:
    made = committee.build(tmp_path_factory.mktemp("essai") / "cv-desktop.sqlite")
    with made.open() as store:
        committee.mark_all(store, made)
    return made


def test_nothing_is_tried_before_the_revelation_then_the_new_version_moves_files(base: committee.Committee) -> None:
    with base.open() as store:
        with store.read() as session:
            hidden = grid_trials.replay(session, call_id=base.call, source_id=base.call)
        assert not hidden.files and hidden.unmarked >= len(base.files)
        committee.meeting(store, base, revealed=True)
        with store.read() as session:
            same = grid_trials.replay(session, call_id=base.call, source_id=base.call)
            before = scores.notes(session, call_id=base.call)
        assert {f.id for f in same.files} == set(base.files) and not same.changed
        assert {f.id: f.after.note.note for f in same.files if f.after} == before
        with store.write(committee.ACTOR) as session:
            verbs.create_version(session, call_id=base.call)
        with store.read() as session:
            new = grids.versions(session, call_id=base.call)[0]
        with store.write(committee.ACTOR) as session:
            grid_edits.set_band(session, grid_id=new.id, code="favorable", start="100")
        with store.read() as session:
            tried = grid_trials.replay(session, call_id=base.call, source_id=base.call)
            given = scores.sheets(session, call_id=base.call)
            assert scores.notes(session, call_id=base.call) == before
        held = new.grid
        for file in tried.files:
            notes = committee_note(held, [{c: Given(v) for c, v in s.items()} for s in given[file.id].values()])
            assert file.before.note.note == notes.note
            was = not notes.eliminated and notes.band is not None and notes.band.code == "favorable"
            assert file.changed == was and file.way == (-1 if was else 0)
        assert tried.changed


def test_the_sheets_and_the_files_of_a_deport_are_out(base: committee.Committee) -> None:
    member, recused = base.recused
    with base.open() as store, store.read() as session:
        whole = grid_trials.replay(session, call_id=base.call, source_id=base.call)
        seen = grid_trials.replay(session, call_id=base.call, source_id=base.call, viewer=member)
        (file,) = (f for f in whole.files if f.id == recused)
    assert recused not in {f.id for f in seen.files} and len(seen.files) == len(whole.files) - 1
    assert max(len(c.levels) for c in file.before.note.criteria) == len(base.members) - 1


def test_the_export_says_each_file_those_that_change_first(base: committee.Committee, tmp_path: Path) -> None:
    with base.open() as store:
        with store.write(committee.ACTOR) as session:
            _, made = grid_trials.export(session, call_id=base.call, source_id=base.call, path_name="essai.xlsx")
        with store.read() as session:
            found = grid_trials.replay(session, call_id=base.call, source_id=base.call)
    rows = list(openpyxl.load_workbook(BytesIO(made)).active.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(found.files)
    ways = [row[10] for row in rows]
    assert ways == ["descend"] * len(found.changed) + [None] * (len(rows) - len(found.changed))
    first = found.changed[0]
    assert rows[0][0] == first.number and rows[0][7:10:2] == (first.before.word, first.after and first.after.word)
