"""« Annuler et remplacer »: version 2 says what it cancels, both are kept, and nothing is prepared twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cv_desktop.db.queries import completions
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import plain
from cv_desktop.services import dispatches, letter_files, letters, replacements, signatures
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
REASON = "Le nom de l’action était faux"


def rows(store: Store, story: Story) -> list[LetterRow]:
    with store.read() as session:
        return outbox.rows(session, call_id=story.call_id)


def issue(store: Store, *keys: str) -> None:
    with store.write(ACTOR) as session:
        letters.mark_all(session, letter_ids=keys, read=True)
    letters.issue(store, actor=ACTOR, letter_ids=keys, render=letter_pdf.render, only_read=True)


def test_the_second_version_cancels_the_first_and_both_are_kept(base_at: Opened) -> None:
    store, story = base_at("told")
    old = next(row for row in rows(store, story) if row.kind == "REF")
    day = old.dated_on
    assert day is not None
    with store.write(ACTOR) as session:
        person = register.rows(session)[0].id
        signatures.by_hand(session, letter_ids=[old.id], signatory_id=person, signed_on=day)
        dispatches.send(session, letter_ids=[old.id], channel="hand", sent_on=day)
        _changes, key = replacements.replace(session, letter_id=old.id, reason=REASON)
    issue(store, key)
    first, second = (
        row for row in rows(store, story) if row.application_id == old.application_id and row.kind == "REF"
    )
    assert (first.state, first.edition, second.state, second.edition) == ("replaced", 1, "issued", 2)
    assert first.signed is not None and first.sent is not None
    assert int(second.number[-4:]) == max(int(row.number[-4:]) for row in rows(store, story) if row.number)
    with store.read() as session:
        said = letters.compose(session, letter_id=key)
        assert f"Annule et remplace notre courrier {old.number} du 15\u00a0avril 2026" in map(plain, said.references)
        assert letter_files.damages(session, letter_ids=[first.id, second.id]) == {}
        # The first one no longer counts: the delay runs from the receipt of the one that replaces it.
        decision = outbox.to_sign(session, [old.id])[0]
        assert decision.state == "replaced"
    with store.write(ACTOR) as session:
        with pytest.raises(UserError, match=f"{old.number} est déjà remplacé par {second.number}"):
            replacements.replace(session, letter_id=old.id, reason=REASON)
        with pytest.raises(UserError, match="Signez le courrier qui le remplace"):
            signatures.by_hand(session, letter_ids=[old.id], signatory_id=person, signed_on=day)
        # The second version is replaced in its turn.
        _changes, third = replacements.replace(session, letter_id=key, reason=REASON)
    assert next(row for row in rows(store, story) if row.id == third).edition == 3


def test_preparing_the_campaign_neither_doubles_nor_drops_a_replacement(base_at: Opened) -> None:
    store, story = base_at("told")
    chosen = {row.kind: row for row in rows(store, story)}
    before = len(rows(store, story))
    with store.write(ACTOR) as session:
        made = [replacements.replace(session, letter_id=row.id, reason=REASON)[1] for row in chosen.values()]
        assert letters.prepare(session, call_id=story.call_id).touched == frozenset()
    assert len(rows(store, story)) == before + len(made)
    assert {row.state for row in rows(store, story) if row.id in made} == {"to_read"}


def test_the_delay_of_a_request_runs_again_with_the_letter_that_replaces_it(base_at: Opened) -> None:
    store, story = base_at("written")
    old = next(row for row in rows(store, story) if row.kind == "AR-P")
    with store.write(ACTOR) as session:
        changes, key = replacements.replace(session, letter_id=old.id, reason=REASON)
    issue(store, key)
    with store.read() as session:
        (asked,) = completions.of_file(session, application_id=old.application_id)
    new = next(row for row in rows(store, story) if row.id == key)
    assert asked.letter == new.number
    assert changes.undo is not None
    with store.write(ACTOR) as session, pytest.raises(UserError, match="est émis"):
        changes.undo(session)


def test_a_replacement_given_up_leaves_the_first_letter_as_it_was(base_at: Opened) -> None:
    store, story = base_at("told")
    old = next(row for row in rows(store, story) if row.kind == "AR-P")
    before = rows(store, story)
    with store.write(ACTOR) as session:
        with pytest.raises(UserError, match="dix caractères"):
            replacements.replace(session, letter_id=old.id, reason="faute")
        changes, _key = replacements.replace(session, letter_id=old.id, reason=REASON)
    assert next(row for row in rows(store, story) if row.id == old.id).state == "replaced"
    with store.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    assert rows(store, story) == before
