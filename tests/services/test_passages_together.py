"""Passages made by selection, request for documents, and what takes each back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from cv_desktop.db.queries import applications as queries
from cv_desktop.db.queries import outcomes, search
from cv_desktop.db.queries.bank_accounts import rows as bank_account_rows
from cv_desktop.db.store import Store
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.services import applications, bank_accounts, completion, form
from cv_desktop.services.demonstration import ACTOR, Story

Base = Callable[[str], tuple[Store, Story]]


def _states(store: Store, story: Story) -> Counter[DisplayedStatus]:
    with store.read() as session:
        return Counter(row.status for row in queries.rows(session, call_id=story.call_id))


def test_examining_a_selection_leaves_the_others_alone_and_is_undone_as_one(base_at: Base) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        ids = [row.id for row in queries.rows(session, call_id=story.call_id)][:12]
    with store.write(ACTOR) as session:
        done = applications.examine(session, call_id=story.call_id, only=ids)
    assert _states(store, story)[DisplayedStatus.DEPOSITED] == 27
    assert done.undo is not None
    with store.write(ACTOR) as session:
        back = done.undo(session)
    assert _states(store, story) == {DisplayedStatus.DEPOSITED: 39}
    assert back.undo is not None
    with store.write(ACTOR) as session:
        back.undo(session)
    assert _states(store, story)[DisplayedStatus.DEPOSITED] == 27


def test_examining_all_at_once_or_one_selection_after_the_other_ends_the_same(base_at: Base) -> None:
    whole, story = base_at("examined")
    store, _ = base_at("imported")
    with store.read() as session:
        ids = [row.id for row in queries.rows(session, call_id=story.call_id)]
    with store.write(ACTOR) as session:
        applications.examine(session, call_id=story.call_id, only=ids)
    assert _states(store, story) == _states(whole, story)


def test_withdrawing_a_request_puts_its_letter_away(base_at: Base) -> None:
    store, story = base_at("examined")
    with store.read() as session:
        row = next(r for r in queries.rows(session, call_id=story.call_id) if r.status is DisplayedStatus.INCOMPLETE)
    with store.write(ACTOR) as session:
        applications.reopen(session, application_id=row.id, reason="Pièce reçue après coup.")
    with store.write(ACTOR) as session:
        asked = completion.ask(session, application_id=row.id)
    assert asked.nouns == {"application", "letter"}
    with store.read() as session:
        assert [x.kind for x in outcomes.of_application(session, application_id=row.id).letters] == ["AR-P"]
    assert asked.undo is not None
    with store.write(ACTOR) as session:
        asked.undo(session)
    with store.read() as session:
        assert outcomes.of_application(session, application_id=row.id).letters == ()
        assert queries.some(session, ids=[row.id])[0].status is DisplayedStatus.DEPOSITED


def test_a_new_title_is_found_by_the_search(base_at: Base) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        row = queries.rows(session, call_id=story.call_id)[3]
    with store.write(ACTOR) as session:
        form.set_field(session, application_id=row.id, name="title", text="Cœur à l’ouvrage")
    with store.read() as session:
        words = search.vocabulary(session)
        assert [x.id for x in search.found(session, text="coeur a l'ouvrage", words=words).files] == [row.id]
        assert search.found(session, text="4", words=words).files[0].id == row.id


def test_showing_an_iban_changes_nothing_but_the_journal(base_at: Base) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        row = queries.rows(session, call_id=story.call_id)[0]
        account = bank_account_rows(session, structure_id=row.structure_id)[0].id
    with store.write(ACTOR) as session:
        shown = bank_accounts.show(session, account_id=account)
    assert shown.undo is None
