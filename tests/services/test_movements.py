"""No verb breaks the sum: random histories on a real base, and the same proof run by « verify »."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Decision, DecisionEnd, Lot, LotLine, ScenarioLine
from cv_desktop.db.models.movement import Movement
from cv_desktop.db.queries import envelopes, movements
from cv_desktop.db.queries import scenarios as marking
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.movements import Bucket
from cv_desktop.services import (
    calls,
    decisions,
    drafts,
    endings,
    exclusions,
    fundings,
    lot_lines,
    proposals,
    scenario_lines,
    scenarios,
    versions,
)
from cv_desktop.services import movements as verbs
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
REASON = "Essai d’une histoire au hasard."
# A few in each run of the tests; thousands when asked: HISTORIES=5000 pytest tests/services/test_movements.py
HISTORIES = int(os.environ.get("HISTORIES", "60"))
AMOUNTS = st.integers(0, 60).map(lambda n: n * 5_000)


def test_the_example_is_28_100_engaged_and_1_900_free(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        assert movements.totals(session, call_id=story.call_id) == {"envelope": 30_000_00, "engaged": 28_100_00}
        assert movements.gaps(session) == []
        found = envelopes.buckets(session, call_id=story.call_id)
        assert (found.envelope_cents, found.free_cents) == (30_000_00, 1_900_00)
        decision = session.scalars(select(Decision).where(Decision.amount_cents > 0)).first()
        assert decision
        told, cents = movements.of_file(session, application_id=decision.application_id), decision.amount_cents
    ways = [(x.source, x.target) for x in told]
    assert ways[-2:] == [(Bucket.MARKED, Bucket.SUBMITTED), (Bucket.SUBMITTED, Bucket.ENGAGED)]
    assert {x.cents for x in told[-2:]} == {cents}


def test_money_called_then_paid_then_rejected(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        decision = session.scalars(select(Decision).order_by(Decision.amount_cents.desc())).first()
        assert decision
        file, cents = decision.application_id, decision.amount_cents
    with store.write(ACTOR) as session:
        verbs.call_payment(session, application_id=file, cents=cents)
        verbs.pay(session, application_id=file, cents=cents - 50_00)
        verbs.reject_payment(session, application_id=file, cents=50_00, reason="RIB refusé par le comptable.")
    with store.read() as session:
        assert movements.gaps(session) == []
        held = movements.balances(session, call_id=story.call_id, files=[file])[file]
        found = envelopes.buckets(session, call_id=story.call_id)
    assert held == {Bucket.PAID: cents - 50_00, Bucket.ENGAGED: 50_00}
    assert (found.decided_cents, found.free_cents, found.paid_cents) == (28_100_00, 1_900_00, cents - 50_00)
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verbs.pay(session, application_id=file, cents=1_00)
    assert f"n’a que 0{NBSP}€ en «{NBSP}appelé{NBSP}»" in refusal.value.message


def test_a_movement_is_never_changed_nor_deleted(base_at: Opened) -> None:
    store, _story = base_at("arbitrated")
    for statement in ("UPDATE movement SET amount_cents = 1", "DELETE FROM movement"):
        with pytest.raises(IntegrityError, match="append-only"), store.write(ACTOR) as session:
            session.execute(text(statement))


def test_an_amount_written_behind_the_verbs_is_named(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.write(ACTOR) as session:
        row = marking.ranking(session, scenario_id=marking.retained(session, call_id=story.call_id))[0].row
        session.execute(
            text("UPDATE scenario_line SET amount_cents = amount_cents - 5000 WHERE application_id = :file"),
            {"file": row.application_id},
        )
        assert [gap.sentence for gap in movements.gaps(session)] == [
            f"FIA 2026, {row.number}{NBSP}: les mouvements disent 50{NBSP}€ de plus que ce qui est écrit (marqué)."
        ]
        session.rollback()


class Histories(RuleBasedStateMachine):
    """Any verb, in any order, on the files of the example; a refused one leaves nothing, as in the store."""

    def __init__(self, session: Session, story: Story) -> None:
        super().__init__()
        self.session, self.call = session, story.call_id
        self.undos: list[Step] = []
        self.acts = 0
        self.all = session.begin_nested()

    @initialize()
    def begin(self) -> None:
        self.scenario = marking.retained(self.session, call_id=self.call)
        self.files = sorted(r.row.application_id for r in marking.ranking(self.session, scenario_id=self.scenario))

    def teardown(self) -> None:
        self.all.rollback()
        self.session.expire_all()

    def attempt(self, verb: Callable[..., Any], **arguments: Any) -> None:
        point = self.session.begin_nested()
        try:
            result = verb(self.session, **arguments)
            self.session.flush()
        except UserError:
            point.rollback()
            self.session.expire_all()
            return
        point.commit()
        changes: Changes = result[0] if isinstance(result, tuple) else result
        if changes.undo is not None:
            self.undos.append(changes.undo)

    def lot(self, state: str, index: int) -> str | None:
        found = self.session.scalars(
            select(Lot.id).where(Lot.call_id == self.call, Lot.state == state).order_by(Lot.id)
        ).all()
        return found[index % len(found)] if found else None

    @rule(file=st.integers(0, 99), cents=AMOUNTS)
    def amount(self, file: int, cents: int) -> None:
        key = self.files[file % len(self.files)]
        self.attempt(
            scenario_lines.set_amount, scenario_id=self.scenario, application_id=key, amount_cents=cents or None
        )

    @rule(file=st.integers(0, 99), excluded=st.booleans())
    def exclude(self, file: int, excluded: bool) -> None:
        key = self.files[file % len(self.files)]
        self.attempt(exclusions.set_excluded, scenario_id=self.scenario, application_id=key, excluded=excluded)

    @rule(rate=st.integers(1, 100))
    def propose(self, rate: int) -> None:
        self.attempt(proposals.propose, scenario_id=self.scenario, rate=rate)

    @rule(index=st.integers(0, 9), verb=st.sampled_from([scenarios.duplicate, scenarios.retain, scenarios.remove]))
    def another_scenario(self, index: int, verb: Callable[..., Any]) -> None:
        known = marking.rows(self.session, call_id=self.call)
        self.scenario = known[index % len(known)].id
        self.attempt(verb, scenario_id=self.scenario)
        self.scenario = marking.retained(self.session, call_id=self.call)

    @rule(cents=st.integers(0, 50_000_00))
    def envelope(self, cents: int) -> None:
        self.attempt(calls.set_envelope, call_id=self.call, envelope_cents=cents)

    @rule(waiting=st.booleans())
    def submit(self, waiting: bool) -> None:
        self.attempt(decisions.submit, scenario_id=self.scenario, label="", reason=REASON, waiting=waiting)

    @rule(index=st.integers(0, 9), file=st.integers(0, 99), cents=AMOUNTS)
    def amend(self, index: int, file: int, cents: int) -> None:
        key = {"lot_id": self.lot("submitted", index), "application_id": self.files[file % len(self.files)]}
        if key["lot_id"]:
            self.attempt(lot_lines.set_amount, **key, amount_cents=cents)

    @rule(
        index=st.integers(0, 9), file=st.integers(0, 99), outcome=st.sampled_from(["refused", "adjourned", "waiting"])
    )
    def settle_without(self, index: int, file: int, outcome: str) -> None:
        if lot := self.lot("submitted", index):
            key = self.files[file % len(self.files)]
            self.attempt(lot_lines.set_outcome, lot_id=lot, application_id=key, outcome=outcome)

    @rule(index=st.integers(0, 9), file=st.integers(0, 99))
    def return_one(self, index: int, file: int) -> None:
        if lot := self.lot("submitted", index):
            key = self.files[file % len(self.files)]
            self.attempt(lot_lines.return_file, lot_id=lot, application_id=key, reason=REASON)

    @rule(file=st.integers(0, 99), cents=AMOUNTS)
    def reopen(self, file: int, cents: int) -> None:
        key = self.files[file % len(self.files)]
        self.attempt(versions.reopen, application_id=key, amount_cents=cents, reason=REASON)

    @rule()
    def promote(self) -> None:
        amounts = {p.row.id: p.cents for p in versions.promotions(self.session, call_id=self.call)}
        self.attempt(versions.promote, call_id=self.call, amounts=amounts)

    @rule(file=st.integers(0, 99), kind=st.sampled_from(["renounced", "illegal", "unmet"]))
    def end(self, file: int, kind: str) -> None:
        self.attempt(endings.end, application_id=self.files[file % len(self.files)], kind=kind, reason=REASON)

    @rule(index=st.integers(0, 9))
    def send_back(self, index: int) -> None:
        if lot := self.lot("submitted", index):
            self.attempt(decisions.return_lot, lot_id=lot, reason=REASON)

    @rule(index=st.integers(0, 9))
    def vote(self, index: int) -> None:
        if lot := self.lot("submitted", index):
            self.acts += 1
            number = f"essai-{self.acts}"
            self.attempt(decisions.record_act, lot_id=lot, body="Bureau", number=number, act_on=date(2026, 4, 14))

    @rule(file=st.integers(0, 99))
    def withdraw(self, file: int) -> None:
        self.attempt(drafts.withdraw, application_id=self.files[file % len(self.files)], reason=REASON)

    @rule(
        file=st.integers(0, 99),
        cents=AMOUNTS,
        verb=st.sampled_from([verbs.call_payment, verbs.pay, verbs.reject_payment, verbs.take_back_payment]),
    )
    def pay(self, file: int, cents: int, verb: Callable[..., Any]) -> None:
        self.attempt(verb, application_id=self.files[file % len(self.files)], cents=cents)

    @rule(file=st.integers(0, 99), years=st.integers(1, 3), cents=AMOUNTS)
    def agree(self, file: int, years: int, cents: int) -> None:
        key, text = self.files[file % len(self.files)], str(cents // 100) if cents else ""
        self.attempt(fundings.set_tranche, application_id=key, year=2026 + years, text=text)

    @rule(years=st.integers(1, 3))
    def next_campaign(self, years: int) -> None:
        year = 2026 + years
        self.attempt(calls.create, code=f"FIA-{year}", scheme="FIA", year=year, envelope_cents=10_000_00)

    @rule(index=st.integers(0, 9))
    def undo(self, index: int) -> None:
        if self.undos:
            step = self.undos.pop(-1 - index % len(self.undos))
            self.attempt(lambda session: step(session))

    @invariant()
    def nothing_is_lost(self) -> None:
        assert [gap.sentence for gap in movements.gaps(self.session)] == []
        # The same, told another way: each table read by itself, without any movement.
        found = envelopes.buckets(self.session, call_id=self.call)
        ended = set(self.session.scalars(select(DecisionEnd.decision_id)))
        replaced = set(self.session.scalars(select(Decision.supersedes_id)))
        every = {d.id: d for d in self.session.scalars(select(Decision))}
        given = sum(d.amount_cents for d in every.values() if d.id not in ended | replaced)
        lines = self.session.scalars(select(LotLine).join(Lot).where(Lot.state == "submitted"))
        waiting = sum(
            max(0, x.amount_cents - (every[x.supersedes_id].amount_cents if x.supersedes_id else 0))
            for x in lines
            if x.outcome != "returned"
        )
        assert found.decided_cents == given
        assert found.submitted_cents == waiting
        proposed = self.session.scalar(select(func.sum(ScenarioLine.amount_cents))) or 0
        assert found.marked_cents <= proposed
        assert found.free_cents + found.marked_cents + found.submitted_cents + given == found.envelope_cents


def test_no_history_of_verbs_loses_a_cent(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.write(ACTOR, rehearsal=True) as session:
        run_state_machine_as_test(
            lambda: Histories(session, story),
            settings=settings(
                max_examples=HISTORIES,
                stateful_step_count=8,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert session.scalar(select(func.count()).select_from(Movement))
