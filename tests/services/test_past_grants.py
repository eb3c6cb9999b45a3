"""A list of past grants comes in and goes out whole."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.pending_line import PendingLine
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.services import mappings, past_grants
from cv_desktop.services.demonstration import ACTOR
from grant_lists import history

LIST = (["Association", "Montant voté", "Montant demandé"], ["Club Exemple", 100, 150], ["Amis Témoin", 50, 50])


def count(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(PastGrant)) or 0


def test_an_import_is_undone_by_the_step_it_answers(new_base: Store) -> None:
    with new_base.write(ACTOR) as session:
        changes, key = past_grants.run(session, history=history(*LIST), filename="liste.csv", sha256="a")
    assert count(new_base) == 2
    with new_base.write(ACTOR) as session, pytest.raises(UserError, match="déjà dans la base"):
        past_grants.run(session, history=history(*LIST), filename="liste.csv", sha256="a")
    assert changes.undo is not None
    with new_base.write(ACTOR) as session:
        changes.undo(session)
    assert count(new_base) == 0
    with new_base.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM import").scalar() == 0
    assert key


def test_a_list_without_a_year_takes_the_one_that_is_said(new_base: Store) -> None:
    read = history(*LIST, name="Feuil1")
    assert any("L’année des subventions n’est écrite nulle part" in p.message for p in read.problems)
    with new_base.write(ACTOR) as session:
        past_grants.run(session, history=read, filename="liste.csv", sha256="a", year=2019)
    with new_base.read() as session:
        rows = session.execute(select(PastGrant.name, PastGrant.year, PastGrant.asked_cents, PastGrant.granted_cents))
        assert sorted(tuple(row) for row in rows) == [
            ("Amis Témoin", 2019, 50_00, 50_00), ("Club Exemple", 2019, 150_00, 100_00),
        ]  # fmt: skip


def test_columns_chosen_for_a_source_are_remembered_and_forgotten(new_base: Store) -> None:
    asked = {"source": "Ville Exemple", "kind": "history"}
    with new_base.write(ACTOR) as session:
        mappings.remember(session, **asked, mapping={"colonne b": "name"})
    with new_base.write(ACTOR) as session:
        changes = mappings.remember(session, **asked, mapping={"colonne c": "name", "notes": ""})
    with new_base.read() as session:
        assert mappings.remembered(session, **asked) == {"colonne c": "name", "notes": ""}
        assert mappings.remembered(session, source="Ville Exemple", kind="applications") == {}
    assert changes.undo is not None
    with new_base.write(ACTOR) as session:
        changes.undo(session)
    with new_base.read() as session:
        assert mappings.remembered(session, **asked) == {"colonne b": "name"}


def waiting(store: Store) -> list[tuple[int, str, list[str]]]:
    with store.read() as session:
        rows = session.scalars(select(PendingLine).where(PendingLine.settled_as == ""))
        return [(row.line, row.label, row.problems) for row in rows]


def test_an_import_undone_is_done_again(new_base: Store) -> None:
    with new_base.write(ACTOR) as session:
        changes, _key = past_grants.run(session, history=history(*LIST), filename="liste.csv", sha256="a")
    for expected in (0, 2, 0):
        assert changes.undo is not None
        with new_base.write(ACTOR) as session:
            made = changes.undo(session)
            changes = made if isinstance(made, Changes) else made[0]
        assert count(new_base) == expected


def test_a_line_that_could_not_be_read_waits_until_it_is_mended(new_base: Store) -> None:
    bad = (*LIST, ["Chorale Modèle", "beaucoup", ""])
    with new_base.write(ACTOR) as session:
        past_grants.run(session, history=history(*bad), filename="liste.csv", sha256="a")
    ((line, label, problems),) = waiting(new_base)
    assert (line, label, problems[0].startswith("Montant voté")) == (4, "Chorale Modèle", True)
    mended = (*LIST, ["Chorale Modèle", 70, ""])
    with new_base.write(ACTOR) as session:
        changes, _key = past_grants.run(session, history=history(*mended), filename="liste.csv", sha256="a")
    # The two first lines are there already.
    assert (count(new_base), waiting(new_base)) == (3, [])
    assert changes.undo is not None
    with new_base.write(ACTOR) as session:
        changes.undo(session)
    assert count(new_base) == 2
    assert [(line, label) for line, label, _problems in waiting(new_base)] == [(4, "Chorale Modèle")]
