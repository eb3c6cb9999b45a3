"""An import of marks taken back: a sentence typed here comes back, and what a person changed since is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import committee
from committee import Committee
from cv_desktop.db.models.application import Application
from cv_desktop.db.queries import calls, scores
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.services import marks, marks_removal, readings, reviews


@pytest.fixture
def built(tmp_path: Path) -> Iterator[tuple[Store, Committee]]:
    base = committee.build(tmp_path / "cv-desktop.sqlite")
    with base.open() as store:
        yield store, base


def imported(store: Store, base: Committee, folder: Path) -> Changes:
    """Two criteria of Béatrice Témoin on the first file: the first has a sentence typed here, and no level."""
    with store.read() as session:
        first, second = calls.grid(session, base.call).grid.codes[:2]
        number = session.get_one(Application, base.files[0]).number
    with store.write(committee.ACTOR) as session:
        key = {"application_id": base.files[0], "member_id": base.members[1]}
        reviews.set_comment(session, **key, criterion=first, text="Phrase tapée ici.")
    path = folder / "notes.csv"
    lines = f"{number};Béatrice Témoin;{first};2;Du fichier\n{number};Béatrice Témoin;{second};3;\n"
    path.write_text("numero;membre;critere;niveau;commentaire\n" + lines, encoding="utf-8")
    file = readings.open_file(path)
    with store.read() as session:
        plan = marks.examine(session, call_id=base.call, file=file)
    assert plan.marks == 2 and not plan.refused
    with store.write(committee.ACTOR) as session:
        return marks.write(session, call_id=base.call, plan=plan, said=marks.file_said(file))


def sheet(store: Store, base: Committee) -> list[tuple[int | None, str]]:
    with store.read() as session:
        held = scores.sheet(session, application_id=base.files[0], member_id=base.members[1])
    return [(mark.level, mark.comment) for mark in held.values()]


def test_the_line_it_filled_has_its_sentence_and_no_level_again(built: tuple[Store, Committee], tmp_path: Path) -> None:
    store, base = built
    changes = imported(store, base, tmp_path)
    assert sheet(store, base) == [(2, "Phrase tapée ici."), (3, "")]
    assert changes.undo is not None
    with store.write(committee.ACTOR) as session:
        changes.undo(session)
    assert sheet(store, base) == [(None, "Phrase tapée ici.")]
    with pytest.raises(UserError, match="déjà défait"), store.write(committee.ACTOR) as session:
        changes.undo(session)


def test_a_mark_changed_by_hand_since_keeps_the_import(built: tuple[Store, Committee], tmp_path: Path) -> None:
    store, base = built
    changes = imported(store, base, tmp_path)
    assert changes.undo is not None
    with store.read() as session:
        code = calls.grid(session, base.call).grid.codes[1]
        number = session.get_one(Application, base.files[0]).number
    with store.write(committee.ACTOR) as session:
        session.info["work"].clock = lambda: committee.clock().replace(hour=9)
        key = {"application_id": base.files[0], "member_id": base.members[1]}
        reviews.set_mark(session, **key, criterion=code, level=1)
    with pytest.raises(UserError) as refusal, store.write(committee.ACTOR) as session:
        marks_removal.undo(session, **changes.undo.arguments)
    assert refusal.value.message.startswith(f"Des notes de cet import ont été changées depuis sur {number}")
    assert sheet(store, base)[1] == (1, "")
