"""The life of a campaign: validated, opened, run in rounds, closed, reopened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.round import Round
from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import doubts as doubt_queries
from cv_desktop.db.queries import envelope_parts, facts, scenarios, standing
from cv_desktop.db.queries import expected_documents as document_queries
from cv_desktop.db.queries import rounds as round_queries
from cv_desktop.db.store import Store
from cv_desktop.domain.envelopes import Kind
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.states import Phase
from cv_desktop.services import applications, calls, decisions, doubts, expected_documents, phases, rounds, rules
from cv_desktop.services.demonstration import ACTOR, Story
from shipped import DOCUMENTS, LETTERS, OWN, PARAMETERS

Opened = Callable[[str], tuple[Store, Story]]
DAY = date(2026, 4, 15)
NBSP = "\u00a0"


@pytest.fixture
def call(new_base: Store) -> str:
    with new_base.write(ACTOR) as session:
        return calls.create(session, code="FIA-2026", scheme="FIA", year=2026, envelope_cents=3_000_000)[1]


def phase(store: Store, call_id: str, day: date = DAY) -> Phase:
    with store.read() as session:
        return standing.phase(session, call_id=call_id, day=day)


def validate_all(session: Session, call_id: str) -> None:
    waiting = [(d.kind, d.key) for d in doubt_queries.rows(session, call_id, DAY)]
    doubts.validate(session, call_id=call_id, wanted=waiting)


def test_what_is_still_to_be_validated_is_listed_and_forbids_the_opening(new_base: Store, call: str) -> None:
    with new_base.read() as session:
        waiting = doubt_queries.rows(session, call, DAY)
    kinds = [d.kind for d in waiting]
    assert (kinds.count("parameter"), kinds.count("document"), kinds.count("grid")) == (PARAMETERS, DOCUMENTS, 1)
    assert kinds.count("letter") == LETTERS and not any(d.own for d in waiting if d.kind == "letter")
    with pytest.raises(UserError, match="Il reste à valider") as refusal, new_base.write(ACTOR) as session:
        phases.open_call(session, call_id=call)
    assert f"et {OWN - 3} autres" in refusal.value.message
    assert phase(new_base, call, date(2026, 2, 1)) is Phase.PREPARATION


def test_once_all_is_validated_the_campaign_opens_and_the_way_back_brings_all_doubts_back(
    new_base: Store, call: str
) -> None:
    with new_base.write(ACTOR) as session:
        before = doubt_queries.rows(session, call, DAY)
        done = doubts.validate(session, call_id=call, wanted=[(d.kind, d.key) for d in before])
        assert doubt_queries.rows(session, call, DAY) == []
        phases.open_call(session, call_id=call)
    assert phase(new_base, call, date(2026, 2, 1)) is Phase.DEPOSIT
    assert done.undo is not None
    with new_base.write(ACTOR) as session:
        done.undo(session)
        assert doubt_queries.rows(session, call, DAY) == before


def test_a_campaign_whose_files_wait_is_not_closed(base_at: Opened) -> None:
    store, story = base_at("examined")
    with pytest.raises(UserError, match="sans décision"), store.write(ACTOR) as session:
        phases.close_call(session, call_id=story.call_id)


def test_a_closed_campaign_is_not_written_until_it_is_reopened_with_a_reason(new_base: Store, call: str) -> None:
    with new_base.write(ACTOR) as session:
        phases.close_call(session, call_id=call)
    assert phase(new_base, call) is Phase.CLOSED
    with new_base.read() as session:
        ceiling = next(r.id for r in queries.parameters(session, call) if r.parameter.key == "amount_max")
    refused = [
        lambda s: calls.set_envelope(s, call_id=call, envelope_cents=1),
        lambda s: rules.set_parameter(s, parameter_id=ceiling, text="1"),
        lambda s: expected_documents.add(s, call_id=call, label="devis"),
        lambda s: rounds.create(s, call_id=call, deposit_closes=DAY),
    ]
    for verb in refused:
        with pytest.raises(UserError, match="est close depuis le 15"), new_base.write(ACTOR) as session:
            verb(session)
    with pytest.raises(UserError, match="dix caractères"), new_base.write(ACTOR) as session:
        phases.reopen_call(session, call_id=call, reason="oubli")
    with new_base.write(ACTOR) as session:
        phases.reopen_call(session, call_id=call, reason="versement d’un solde")
        rules.set_parameter(session, parameter_id=ceiling, text="1 000")


def test_the_files_of_a_fund_fall_in_its_rounds_and_are_late_after_the_last(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.write(ACTOR) as session:
        first = rounds.create(session, call_id=story.call_id, deposit_closes=date(2026, 1, 31), share_cents=1_500_000)[
            1
        ]
        rounds.create(session, call_id=story.call_id, deposit_closes=date(2026, 2, 20), share_cents=1_500_000)
    with store.read() as session:
        found = round_queries.rows(session, story.call_id)
        deposits = session.scalars(
            select(Application.deposited_at).where(Application.call_id == story.call_id, Application.status != "draft")
        ).all()
        early = sum(moment is not None and moment.date() <= date(2026, 1, 31) for moment in deposits)
        assert found[0].files == early > 0
        late = [f for f in facts.of_call(session, story.call_id).values() if f.deposit_day and f.closes_on
                and f.deposit_day > f.closes_on]  # fmt: skip
        assert {f.closes_on for f in late} == {date(2026, 2, 20)}
        assert sum(r.files for r in found) == len(deposits) - len(late)
    with store.write(ACTOR) as session:
        key = next(iter(facts.of_call(session, story.call_id)))
        rounds.move_file(session, application_id=key, round_id=first)
        session.flush()
        assert facts.of_call(session, story.call_id, only=key)[key].closes_on == date(2026, 1, 31)


def test_a_closed_round_passes_on_what_it_did_not_grant(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        first = rounds.create(session, call_id=story.call_id, deposit_closes=date(2026, 3, 31), share_cents=2_900_000)[
            1
        ]
        rounds.create(session, call_id=story.call_id, deposit_closes=date(2026, 6, 1), share_cents=100_000)
        with pytest.raises(UserError, match="est ouvert jusqu’au"):
            rounds.close(session, round_id=round_queries.dates(session, story.call_id)[1].id)
        undo = rounds.close(session, round_id=first).undo
    with store.read() as session:
        spring, summer = round_queries.rows(session, story.call_id)
        # 28 100 € were voted in the example.
        assert (spring.granted_cents, spring.left_cents) == (2_810_000, 90_000)
        assert (summer.carried_cents, summer.available_cents) == (90_000, 190_000)
    with store.write(ACTOR) as session:
        with pytest.raises(UserError, match="est close depuis"):
            rounds.set_field(session, round_id=first, name="label", text="Autre")
        assert undo is not None
        undo(session)
        assert round_queries.rows(session, story.call_id)[1].carried_cents == 0


def test_a_round_reopened_by_mistake_is_closed_again_on_its_day(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.write(ACTOR) as session:
        key = {"call_id": story.call_id}
        first = rounds.create(session, **key, deposit_closes=date(2026, 3, 31), share_cents=2_900_000)[1]
        rounds.create(session, **key, deposit_closes=date(2026, 6, 1), share_cents=100_000)
        rounds.close(session, round_id=first)
        session.get_one(Round, first).closed_on = date(2026, 4, 2)

    def closed_on() -> date | None:
        with store.read() as session:
            return session.get_one(Round, first).closed_on

    with store.write(ACTOR) as session:
        changes = rounds.reopen(session, round_id=first)
    for day in (date(2026, 4, 2), None, date(2026, 4, 2)):
        with store.write(ACTOR) as session:
            assert changes.undo is not None
            changes = changes.undo(session)
        assert closed_on() == day


def test_what_a_closed_round_leaves_is_the_same_on_every_screen_before_the_vote(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.write(ACTOR) as session:
        key = {"call_id": story.call_id}
        first = rounds.create(session, **key, deposit_closes=date(2026, 3, 31), share_cents=2_900_000)[1]
        rounds.create(session, **key, deposit_closes=date(2026, 6, 1), share_cents=100_000)
        rounds.close(session, round_id=first)

    def told() -> list[list[tuple[int, int, int | None]]]:
        with store.read() as session:
            parts = [p for p in envelope_parts.rows(session, call_id=story.call_id) if p.node.kind is Kind.ROUND]
            shown = round_queries.rows(session, story.call_id)
        return [
            [(r.carried_cents, r.passed_cents, r.available_cents - r.passed_cents) for r in shown],
            [(p.carried_cents, p.passed_cents, p.limit_cents) for p in parts],
        ]

    # 28 100 € are marked in the example, none is decided: 900 € are left.
    left = [(0, 90_000, 2_810_000), (90_000, 0, 190_000)]
    assert told() == [left, left]
    with store.read() as session:
        said = session.scalars(select(JournalEntry.summary).where(JournalEntry.verb == "rounds.close")).one()
        retained = scenarios.retained(session, call_id=story.call_id)
    assert said.replace("\u00a0", " ").endswith("close, 900 € reportés sur la session suivante")
    with store.write(ACTOR) as session:
        decisions.submit(session, scenario_id=retained, label="Lot d’avril")
    assert told() == [left, left]


def test_a_round_is_typed_refused_removed_and_brought_back(new_base: Store, call: str) -> None:
    with new_base.write(ACTOR) as session:
        rounds.propose(session, call_id=call)
        one, two, *_others = round_queries.dates(session, call)
        with pytest.raises(UserError, match="a déjà des sessions"):
            rounds.propose(session, call_id=call)
        with pytest.raises(UserError, match="finit déjà son dépôt"):
            rounds.set_field(session, round_id=two.id, name="deposit_closes", text="23/02/2026")
        with pytest.raises(UserError, match="se tiendrait avant la fin du dépôt"):
            rounds.set_field(session, round_id=one.id, name="committee_on", text="01/02/2026")
        back = rounds.set_field(session, round_id=one.id, name="share_cents", text="8 000").undo
        assert round_queries.dates(session, call)[0].share_cents == 800_000
        assert back is not None
        back(session)
        assert round_queries.dates(session, call)[0] == one
        gone = rounds.remove(session, round_id=one.id).undo
        assert len(round_queries.dates(session, call)) == 3
        assert gone is not None
        gone(session)
        assert round_queries.dates(session, call)[0] == one


def test_documents_are_added_edited_and_removed_and_the_checks_follow(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.write(ACTOR) as session:
        key = expected_documents.add(session, call_id=story.call_id, label="Devis détaillé")[1]
        with pytest.raises(UserError, match="est déjà dans la liste"):
            expected_documents.add(session, call_id=story.call_id, label="devis détaillé")
        expected_documents.set_field(session, document_id=key, name="condition", text="si plus de 2 500 €")
        session.flush()
        results = applications.checks(session, call_id=story.call_id)
        asked = {f.id: f.asked_cents for f in session.scalars(select(Application))}
        for application, checks in results.items():
            sentence = next(c.sentence for c in checks if c.code == "missing_docs")
            assert ("Devis détaillé" in sentence) is (asked[application] > 250_000)
        back = expected_documents.remove(session, document_id=key).undo
        assert [d.document.kind for d in document_queries.rows(session, story.call_id)] == [
            "statuts",
            "rib",
            "assurance",
        ]
        assert back is not None
        back(session)
        last = document_queries.rows(session, story.call_id)[-1].document
        assert (last.kind, last.threshold_cents) == ("devis_detaille", 250_000)


def test_an_older_campaign_takes_the_parameters_its_scheme_has_gained(new_base: Store, call: str) -> None:
    with new_base.write(ACTOR) as session:
        rows = queries.parameters(session, call)
        keys = [r.id for r in rows if r.parameter.key in ("structure_amount_max", "rate_method")]
        rules.take_away(session, call_id=call, parameter_ids=keys)
        session.flush()
        assert "rate_method" not in queries.rules(session, call)
        back = rules.complete(session, call_id=call).undo
        found = queries.rules(session, call)
        assert found.text("rate_method") == "fia" and found["rate_method"].to_validate
        with pytest.raises(UserError, match="déjà tous les paramètres"):
            rules.complete(session, call_id=call)
        assert back is not None
        back(session)
        assert "rate_method" not in queries.rules(session, call)
