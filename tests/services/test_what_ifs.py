"""A campaign replayed under other rules: who enters and who leaves, worked out by hand; nothing is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cv_desktop.db.queries import journal, scenarios
from cv_desktop.db.store import Store
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.what_if import WhatIf
from cv_desktop.services import what_ifs
from cv_desktop.services.demonstration import Story

Opened = Callable[[str], tuple[Store, Story]]


def tried(store: Store, call: str, rule: str = "skip", **changes: object) -> WhatIf:
    with store.read() as session:
        given = {"values": {}} | changes
        return what_ifs.answer(what_ifs.ask(session, call_id=call, rule=rule, **given))  # type: ignore[arg-type]


def numbers(store: Store, call: str) -> list[str]:
    with store.read() as session:
        key = scenarios.retained(session, call_id=call)
        return [r.row.number for r in scenarios.ranking(session, scenario_id=key)]


@pytest.mark.parametrize("stage", ["arbitrated", "voted"])
def test_a_larger_envelope_lets_files_enter_whatever_was_decided(base_at: Opened, stage: str) -> None:
    store, story = base_at(stage)
    with store.read() as session:
        before = journal.rows(session, limit=1)
    found = tried(store, story.call_id, envelope_cents=3_300_000)
    order = numbers(store, story.call_id)
    assert found.entering and not found.leaving and not found.changed
    assert {m.number for m in found.entering} < {*order}
    assert sum(m.after_cents for m in found.entering) + found.left_cents[1] == found.left_cents[0] + 300_000
    with store.read() as session:
        assert journal.rows(session, limit=1) == before


def test_a_lower_maximum_changes_amounts_and_lets_others_in(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    found = tried(store, story.call_id, values={"amount_max": 200_000})
    assert all(m.after_cents == 200_000 for m in found.changed)
    assert {m.before_cents for m in found.changed} == {300_000}
    assert found.entering and not found.leaving
    for dimension in ("Volet", "Quartier", "Commune", "Taille", "Ancienneté"):
        own = [s for s in found.shifts if s.dimension == dimension]
        more = sum(s.after.given_cents - s.before.given_cents for s in own)
        assert more == found.left_cents[0] - found.left_cents[1], dimension


def test_the_same_rules_change_nothing_and_a_rate_that_is_none_is_refused(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    assert tried(store, story.call_id, "best").moved == ()
    with pytest.raises(UserError, match="va de 1 à 100"):
        tried(store, story.call_id, rate=0)


def test_a_campaign_without_opinion_says_so(base_at: Opened) -> None:
    store, story = base_at("marked")
    with pytest.raises(UserError, match="Aucun dossier de cette campagne"):
        tried(store, story.call_id)
