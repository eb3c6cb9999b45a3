"""What waits for the service at each stage of a campaign, and where the campaign stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from cv_desktop.db.models.decision import Decision
from cv_desktop.db.queries import application_records, applications, letters, recent, standing, tasks
from cv_desktop.db.queries import signatories as registered
from cv_desktop.db.queries.tasks import Task
from cv_desktop.db.store import Store
from cv_desktop.domain.states import Phase
from cv_desktop.services import calls, dispatches, endings, meetings, members, rules, signatories
from cv_desktop.services.demonstration import ACTOR, Story

TODAY = date(2026, 4, 15)
Opened = Callable[[str], tuple[Store, Story]]


def found(store: Store, day: date = TODAY, viewer: str | None = None) -> dict[str, Task]:
    with store.read() as session:
        return {task.kind: task for task in tasks.rows(session, day=day, viewer=viewer)}


@pytest.mark.parametrize(
    ("stage", "phase"),
    [
        ("campaign", Phase.PREPARATION),
        ("imported", Phase.INSTRUCTION),
        ("marked", Phase.INSTRUCTION),
        ("met", Phase.ARBITRATION),
        ("voted", Phase.NOTIFICATION),
        ("told", Phase.EXECUTION),
    ],
)
def test_a_campaign_stands_where_its_files_are(base_at: Opened, stage: str, phase: Phase) -> None:
    store, story = base_at(stage)
    with store.read() as session:
        assert standing.phase(session, call_id=story.call_id, day=TODAY) is phase


def test_files_may_be_deposited_until_the_last_day(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        assert standing.phase(session, call_id=story.call_id, day=date(2026, 3, 31)) is Phase.DEPOSIT


def test_a_meeting_under_way_is_where_the_campaign_stands(base_at: Opened) -> None:
    store, story = base_at("marked")
    with store.write(ACTOR) as session:
        meetings.create(session, call_id=story.call_id, label="Comité", held_on=date(2026, 4, 20))
    with store.read() as session:
        assert standing.phase(session, call_id=story.call_id, day=TODAY) is Phase.MEETINGS


def test_a_new_base_waits_for_a_campaign_and_for_the_names(new_base: Store) -> None:
    assert set(found(new_base)) == {"no_call", "signatory", "agent"}


def test_deposited_files_wait_for_their_passage(base_at: Opened) -> None:
    store, _story = base_at("imported")
    task = found(store)["examine"]
    assert task.count == task.total > 0
    with store.read() as session:
        record = application_records.record(session, application_id=task.target)
    assert record is not None and record.row.number.endswith("0001")


def test_a_delay_that_is_over_names_its_file_and_its_day(base_at: Opened) -> None:
    store, story = base_at("written")
    assert "late_file" not in found(store) and "late_files" not in found(store)
    after = date(2026, 5, 10)
    late = found(store, after)["late_files"]
    assert late.due is not None and late.due < after
    with store.read() as session:
        waiting = [r for r in applications.rows(session, call_id=story.call_id) if r.status.value == "incomplete"]
    assert late.count == len(waiting)


def test_sheets_are_waited_for_before_the_meeting(base_at: Opened) -> None:
    store, story = base_at("written")
    with store.write(ACTOR) as session:
        for name in ("Alix Exemple", "Charlie Modèle"):
            members.add(session, call_id=story.call_id, name=name, body="")
        meetings.create(session, call_id=story.call_id, label="Comité n° 1", held_on=date(2026, 4, 20))
    task = found(store)["sheets"]
    assert (task.due, task.name, task.noun) == (date(2026, 4, 20), "Comité n° 1", "meeting")
    assert task.count == task.total
    assert "schedule" not in found(store)


def test_opinions_wait_for_a_lot_and_decisions_for_letters(base_at: Opened) -> None:
    store, _story = base_at("arbitrated")
    assert found(store)["submit"].count > 0
    store, _story = base_at("voted")
    assert "submit" not in found(store)
    with store.read() as session:
        decided = standing.standing(session, call_id=_story.call_id).decided
    assert found(store)["prepare"].count == decided


def test_letters_issued_wait_for_their_signature_then_for_their_receipts(base_at: Opened) -> None:
    store, story = base_at("told")
    with store.read() as session:
        keys = [row.id for row in letters.rows(session, call_id=story.call_id)]
    waiting = found(store)
    assert set(waiting) == {"sign", "validate"}
    assert (waiting["sign"].count, waiting["sign"].noun, waiting["sign"].target) == (len(keys), "outbox", "to_sign")
    with store.write(ACTOR) as session:
        sent_on = session.info["work"].clock().date()
        dispatches.send(session, letter_ids=keys[:3], channel="lrar", sent_on=sent_on)
        dispatches.send(session, letter_ids=keys[3:], channel="hand", sent_on=sent_on)
    assert set(found(store)) == {"validate"}
    with store.read() as session:
        back = {row.sent.reminder_on for row in letters.rows(session, call_id=story.call_id) if row.sent}
        due = max(day for day in back if day)
        late = {task.kind: task for task in tasks.rows(session, day=due, call_id=story.call_id)}
    assert (late["receipts"].count, late["receipts"].due, late["receipts"].target) == (3, due, "overdue")
    with store.write(ACTOR) as session:
        dispatches.receive(session, dates=dict.fromkeys(keys[:3], sent_on))
        assert "receipts" not in {task.kind for task in tasks.rows(session, day=due, call_id=story.call_id)}


def test_a_name_given_is_no_task_any_more(new_base: Store) -> None:
    with new_base.write(ACTOR) as session:
        (first,) = registered.rows(session)
        signatories.change(session, signatory_id=first.id, values={"name": "Dominique Exemple"})
    assert "signatory" not in found(new_base)


def test_an_envelope_at_zero_is_a_task(new_base: Store) -> None:
    with new_base.write(ACTOR) as session:
        _changes, key = calls.create(session, code="FIA-2026", scheme="FIA", year=2026, envelope_cents=0)
    assert found(new_base)["envelope"].target == key


def test_a_member_finds_no_trace_of_the_file_of_a_recusal(base_at: Opened) -> None:
    store, story = base_at("marked")
    member = story.member_ids[0]
    everything, seen = found(store)["schedule"], found(store, viewer=member)["schedule"]
    assert seen.count == everything.count - 1
    with store.read() as session:
        hidden = {r.id for r in applications.rows(session, call_id=story.call_id)} - {
            r.id for r in applications.rows(session, call_id=story.call_id, viewer=member)
        }
        (key,) = hidden
        assert not recent.rows(session, seen=[("application", key)], viewer=member)
        assert recent.rows(session, seen=[("application", key)])[0].id == key


def test_the_dates_ahead_begin_with_the_nearest(base_at: Opened) -> None:
    store, _story = base_at("written")
    with store.read() as session:
        before = tasks.coming(session, day=date(2025, 12, 1))
        now = tasks.coming(session, day=TODAY)
    assert [c.what for c in before][:2] == ["opens", "closes"]
    assert [c.what for c in now] == ["completion"]


def test_defaults_are_validated_together_and_taken_back_together(base_at: Opened) -> None:
    from cv_desktop.db.queries import calls as queries

    store, story = base_at("campaign")
    with store.read() as session:
        keys = [p.id for p in queries.parameters(session, story.call_id)][:3]
    with store.write(ACTOR) as session:
        changes = rules.validate_parameters(session, parameter_ids=keys)
    before = found(store)["validate"].count
    assert changes.undo is not None
    with store.write(ACTOR) as session:
        again = changes.undo(session)
    assert found(store)["validate"].count == before + 3
    assert again.undo is not None
    with store.write(ACTOR) as session:
        again.undo(session)
    assert found(store)["validate"].count == before


def test_a_gracious_recourse_is_to_answer_until_silence_rejects_it(base_at: Opened) -> None:
    """Filed on 15 April, it may be answered until 15 June (CJA R421-2); one before the court is not the service's."""
    store, _story = base_at("voted")
    with store.write(ACTOR) as session:
        decision = session.scalars(select(Decision).order_by(Decision.id)).first()
        assert decision is not None
        _changes, gracious = endings.file_recourse(
            session, decision_id=decision.id, kind="gracious", filed_on=date(2026, 4, 15)
        )
        endings.file_recourse(session, decision_id=decision.id, kind="court", filed_on=date(2026, 4, 15))
        file = decision.application_id
    task = found(store)["recourses"]
    assert (task.count, task.due, task.target) == (1, date(2026, 6, 15), file)
    assert "recourses" in found(store, date(2026, 6, 15)) and "recourses" not in found(store, date(2026, 6, 16))
    with store.write(ACTOR) as session:
        endings.answer_recourse(session, recourse_id=gracious, outcome="rejected", answered_on=date(2026, 4, 15))
    assert "recourses" not in found(store)
    with store.write(ACTOR) as session:
        endings.answer_recourse(session, recourse_id=gracious, outcome="", answered_on=None)
    assert "recourses" in found(store)
    with store.write(ACTOR) as session:
        endings.end(session, application_id=file, kind="illegal", reason="Une pièce était fausse.")
    assert "recourses" not in found(store), "a decision withdrawn waits for no answer"
