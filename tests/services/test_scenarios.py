"""Several scenarios of a campaign: exactly one is retained, each is copied whole, a decision holds in all of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cv_desktop.db.queries import envelopes, scenarios
from cv_desktop.db.store import Store
from cv_desktop.domain.errors import UserError
from cv_desktop.services import decisions, scenario_lines
from cv_desktop.services import scenarios as verbs
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]


@pytest.fixture
def base(base_at: Opened) -> tuple[Store, Story]:
    return base_at("arbitrated")


def kept(store: Store, call: str) -> str:
    with store.read() as session:
        return scenarios.retained(session, call_id=call)


def amounts(store: Store, scenario: str) -> dict[str, tuple[int | None, bool, str]]:
    with store.read() as session:
        found = scenarios.lines(session, scenario_id=scenario)
    return {key: (line.amount_cents, line.locked, line.motive) for key, line in found.items()}


def labels(store: Store, call: str) -> list[str]:
    with store.read() as session:
        return [row.label for row in scenarios.rows(session, call_id=call)]


def test_a_copy_has_every_amount_and_changes_alone(base: tuple[Store, Story]) -> None:
    store, story = base
    first = kept(store, story.call_id)
    with store.read() as session:
        file = scenarios.ranking(session, scenario_id=first)[0].row.application_id
    with store.write(ACTOR) as session:
        scenario_lines.set_motive(session, scenario_id=first, application_id=file, text="Loyer déjà aidé")
        scenario_lines.set_locked(session, scenario_id=first, application_id=file, locked=True)
    with store.write(ACTOR) as session:
        _changes, copy = verbs.duplicate(session, scenario_id=first)
    assert labels(store, story.call_id) == ["A · Proposition", "B · Proposition"]
    assert amounts(store, copy) == amounts(store, first) and len(amounts(store, copy)) == 15
    assert amounts(store, copy)[file] == (240_000, True, "Loyer déjà aidé")
    with store.write(ACTOR) as session:
        scenario_lines.set_locked(session, scenario_id=copy, application_id=file, locked=False)
        scenario_lines.set_amount(session, scenario_id=copy, application_id=file, amount_cents=100_000)
    assert amounts(store, first)[file][0] == 240_000
    with store.read() as session:
        before = envelopes.buckets(session, call_id=story.call_id)
        tried = envelopes.buckets(session, call_id=story.call_id, scenario_id=copy)
    assert (before.marked_cents, tried.marked_cents) == (2_810_000, 2_670_000)


def test_retaining_another_marks_its_amounts_and_only_it_goes_to_the_vote(base: tuple[Store, Story]) -> None:
    store, story = base
    first = kept(store, story.call_id)
    with store.write(ACTOR) as session:
        _changes, copy = verbs.duplicate(session, scenario_id=first, label="Petites associations")
    with store.read() as session:
        file = scenarios.ranking(session, scenario_id=copy)[0].row.application_id
    with store.write(ACTOR) as session:
        scenario_lines.set_amount(session, scenario_id=copy, application_id=file, amount_cents=100_000)
    with pytest.raises(UserError, match="n’est pas le scénario retenu"), store.write(ACTOR) as session:
        decisions.submit(session, scenario_id=copy, label="")
    with store.write(ACTOR) as session:
        undo = verbs.retain(session, scenario_id=copy).undo
    with store.read() as session:
        assert [row.retained for row in scenarios.rows(session, call_id=story.call_id)] == [False, True]
        assert envelopes.buckets(session, call_id=story.call_id).marked_cents == 2_670_000
    assert undo is not None
    with store.write(ACTOR) as session:
        undo(session)
    assert kept(store, story.call_id) == first


def test_the_retained_one_is_never_deleted_and_another_comes_back_whole(base: tuple[Store, Story]) -> None:
    store, story = base
    first = kept(store, story.call_id)
    with store.write(ACTOR) as session:
        _changes, copy = verbs.duplicate(session, scenario_id=first)
    before = amounts(store, copy)
    with pytest.raises(UserError, match="est le scénario retenu"), store.write(ACTOR) as session:
        verbs.remove(session, scenario_id=first)
    with store.write(ACTOR) as session:
        undo = verbs.remove(session, scenario_id=copy).undo
    assert labels(store, story.call_id) == ["A · Proposition"] and amounts(store, copy) == {}
    assert undo is not None
    with store.write(ACTOR) as session:
        undo(session)
    assert labels(store, story.call_id) == ["A · Proposition", "B · Proposition"] and amounts(store, copy) == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("  ", "obligatoire"), ("x" * 41, "41 caractères.; 40 au plus"), ("a · proposition", "s’appelle déjà")],
)
def test_a_name_that_no_tab_can_bear_is_refused(base: tuple[Store, Story], name: str, sentence: str) -> None:
    store, story = base
    with store.write(ACTOR) as session:
        _changes, copy = verbs.duplicate(session, scenario_id=kept(store, story.call_id))
    with pytest.raises(UserError, match=sentence), store.write(ACTOR) as session:
        verbs.rename(session, scenario_id=copy, label=name)
    with store.write(ACTOR) as session:
        verbs.rename(session, scenario_id=copy, label="  C ·  Ordre des notes ")
    assert labels(store, story.call_id)[1] == "C · Ordre des notes"


def test_a_decision_holds_in_every_scenario(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    first = kept(store, story.call_id)
    with store.write(ACTOR) as session:
        _changes, copy = verbs.duplicate(session, scenario_id=first)
    with store.read() as session:
        file = scenarios.ranking(session, scenario_id=copy)[0].row.application_id
    with store.write(ACTOR) as session:
        scenario_lines.set_amount(session, scenario_id=copy, application_id=file, amount_cents=100_000)
    with store.write(ACTOR) as session:
        decisions.submit(session, scenario_id=first, label="Lot")
    with store.read() as session:
        row = scenarios.ranking(session, scenario_id=copy)[0].row
    assert (row.amount_cents, row.lot_state) == (240_000, "submitted")
    with pytest.raises(UserError, match="est dans le lot"), store.write(ACTOR) as session:
        scenario_lines.set_amount(session, scenario_id=copy, application_id=file, amount_cents=50_000)


def test_an_amount_wiped_out_leaves_the_base_and_the_motive_that_were_typed(base: tuple[Store, Story]) -> None:
    store, story = base
    first = kept(store, story.call_id)
    with store.read() as session:
        rows = [r.row for r in scenarios.ranking(session, scenario_id=first)][:2]
    plain, typed = ({"scenario_id": first, "application_id": row.application_id} for row in rows)
    with store.write(ACTOR) as session:
        scenario_lines.set_base(session, **typed, base_cents=270_000)
        scenario_lines.set_motive(session, **typed, text="Loyer déjà aidé")
    with store.write(ACTOR) as session:
        scenario_lines.set_amount(session, **plain, amount_cents=None)
        wiped = scenario_lines.set_amount(session, **typed, amount_cents=None)
    with store.read() as session:
        found = scenarios.lines(session, scenario_id=first)
        marked = envelopes.buckets(session, call_id=story.call_id).marked_cents
    line = found[typed["application_id"]]
    assert (line.amount_cents, line.base_cents, line.motive) == (0, 270_000, "Loyer déjà aidé")
    assert plain["application_id"] not in found and marked == 2_810_000 - 2 * 240_000
    assert wiped.undo
    with store.write(ACTOR) as session:
        wiped.undo(session)
    assert amounts(store, first)[typed["application_id"]] == (240_000, False, "Loyer déjà aidé")
