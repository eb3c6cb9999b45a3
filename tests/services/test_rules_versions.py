"""A règlement that judged a file is never changed under it: the next edit opens a version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.rules_version import RulesVersion
from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import rules as versions_queries
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Step
from cv_desktop.domain.errors import UserError
from cv_desktop.services import applications, rules, rules_versions
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
DAY = date(2026, 4, 15)


def ceiling(session: Session, call_id: str) -> str:
    return next(row.id for row in queries.parameters(session, call_id) if row.parameter.key == "amount_max")


def change(store: Store, call_id: str, text: str) -> Step:
    with store.write(ACTOR) as session:
        changes = rules.set_parameter(session, parameter_id=ceiling(session, call_id), text=text)
    assert changes.undo is not None
    return changes.undo


def versions(store: Store, call_id: str) -> list[tuple[int, bool]]:
    """(number, frozen) of each version."""
    with store.read() as session:
        query = select(RulesVersion).where(RulesVersion.call_id == call_id).order_by(RulesVersion.number)
        return [(v.number, v.content is not None) for v in session.scalars(query)]


def test_before_any_file_is_judged_the_first_version_is_edited(base_at: Opened) -> None:
    store, story = base_at("imported")
    change(store, story.call_id, "2 500")
    assert versions(store, story.call_id) == [(1, False)]


def test_an_edit_after_a_file_was_judged_opens_a_version_and_keeps_what_the_first_one_said(base_at: Opened) -> None:
    store, story = base_at("examined")
    change(store, story.call_id, "2 500")
    change(store, story.call_id, "2 000")
    assert versions(store, story.call_id) == [(1, True), (2, False)]
    with store.read() as session:
        first, second = session.scalars(select(RulesVersion).order_by(RulesVersion.number)).all()
        frozen = {p["key"]: p["value"] for p in first.content["parameters"]}
        judged = set(session.scalars(select(Application.rules_version_id).where(Application.checks_snapshot != "null")))
        assert second.effective_from == DAY
        assert frozen["amount_max"] == 300_000
        assert [d["kind"] for d in first.content["documents"]] == ["statuts", "rib", "assurance"]
        assert first.id in judged and second.id not in judged
        assert queries.rules(session, story.call_id).cents("amount_max") == 200_000


def test_a_file_is_held_to_the_version_that_judged_it_and_the_others_to_the_current_one(base_at: Opened) -> None:
    store, story = base_at("examined")
    change(store, story.call_id, "2 000")
    with store.read() as session:
        found = {}
        for file in session.scalars(select(Application).where(Application.call_id == story.call_id)):
            version = versions_queries.version_of_application(session, file.id)
            ceiling_of = versions_queries.of_application(session, file.id).cents("amount_max")
            found[file.status] = (ceiling_of, version.number if version else None)
    assert found["eligible"] == found["ineligible"] == (300_000, 1)
    assert found["incomplete"] == (200_000, None)


def test_to_confirm_a_value_opens_no_version(base_at: Opened) -> None:
    store, story = base_at("examined")
    with store.write(ACTOR) as session:
        rules.validate_parameters(session, parameter_ids=[ceiling(session, story.call_id)])
    assert versions(store, story.call_id) == [(1, False)]


def test_the_way_back_takes_the_new_version_with_it_and_forth_again(base_at: Opened) -> None:
    store, story = base_at("examined")
    back = change(store, story.call_id, "2 500")
    with store.write(ACTOR) as session:
        forth = back(session).undo
    assert versions(store, story.call_id) == [(1, False)]
    assert forth is not None
    with store.write(ACTOR) as session:
        forth(session)
    assert versions(store, story.call_id) == [(1, True), (2, False)]
    with store.read() as session:
        assert queries.rules(session, story.call_id).cents("amount_max") == 250_000


def test_a_version_that_judged_a_file_is_not_taken_back(base_at: Opened) -> None:
    store, story = base_at("examined")
    back = change(store, story.call_id, "3 001")
    with store.write(ACTOR) as session:
        file = session.scalars(select(Application).where(Application.status == "eligible").limit(1)).one()
        applications.reopen(session, application_id=file.id, reason="pièce reçue par courrier")
        assert file.rules_version_id is None
        applications.declare_eligible(session, application_id=file.id)
        assert file.rules_version_id == rules_versions.current(session, story.call_id).id
    with store.write(ACTOR) as session:
        back(session)
    assert versions(store, story.call_id) == [(1, True), (2, True), (3, False)]


def test_a_passage_undone_leaves_the_version_it_was_judged_under(base_at: Opened) -> None:
    store, _story = base_at("examined")
    with store.write(ACTOR) as session:
        file = session.scalars(select(Application).where(Application.status == "eligible").limit(1)).one()
        first = file.rules_version_id
        back = applications.reopen(session, application_id=file.id, reason="pièce reçue par courrier").undo
        assert back is not None
        back(session)
        assert file.rules_version_id == first is not None


def test_since_when_a_version_applies_is_said_within_reason(base_at: Opened) -> None:
    store, story = base_at("examined")
    change(store, story.call_id, "2 500")
    with store.write(ACTOR) as session:
        with pytest.raises(UserError, match="est à venir"):
            rules_versions.set_effective(session, call_id=story.call_id, day=date(2026, 4, 16))
        first = session.scalars(select(RulesVersion).where(RulesVersion.number == 1)).one()
        first.effective_from = date(2026, 4, 1)
        with pytest.raises(UserError, match="ne peut pas commencer avant"):
            rules_versions.set_effective(session, call_id=story.call_id, day=date(2026, 3, 31))
        changes = rules_versions.set_effective(session, call_id=story.call_id, day=date(2026, 4, 2))
        assert rules_versions.current(session, story.call_id).effective_from == date(2026, 4, 2)
        assert changes.undo is not None
        changes.undo(session)
        assert rules_versions.current(session, story.call_id).effective_from == DAY
