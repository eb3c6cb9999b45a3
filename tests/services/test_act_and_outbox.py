"""What the screens of the arbitration and of the letters rely on: exclusion, dates of an act, only re-read letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import envelopes, scenarios
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.documents.print_run import merge
from cv_desktop.domain.errors import UserError
from cv_desktop.services import (
    ballot,
    decisions,
    exclusions,
    letter_texts,
    letters,
    proposals,
    scenario_lines,
    settings,
)
from cv_desktop.services import scenarios as copies
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.printing import print_run

Opened = Callable[[str], tuple[Store, Story]]


def scenario_of(store: Store, story: Story) -> str:
    with store.read() as session:
        return scenarios.retained(session, call_id=story.call_id)


def first(store: Store, scenario: str) -> scenarios.ArbitrationRow:
    with store.read() as session:
        return scenarios.ranking(session, scenario_id=scenario)[0].row


def test_an_exclusion_is_kept_by_a_proposal_and_undone_whole(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    scenario = scenario_of(store, story)
    before = first(store, scenario)
    key = {"scenario_id": scenario, "application_id": before.application_id}
    with store.write(ACTOR) as session:
        scenario_lines.set_locked(session, **key, locked=True)
        changes = exclusions.set_excluded(session, **key, excluded=True)
        proposals.propose(session, scenario_id=scenario, rate=50)
    assert (first(store, scenario).amount_cents, first(store, scenario).locked) == (0, True)
    with store.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    after = first(store, scenario)
    assert (after.amount_cents, after.locked) == (before.amount_cents, True)


def test_a_file_excluded_from_two_windows_is_taken_up_once_with_what_it_had(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    scenario = scenario_of(store, story)
    before = first(store, scenario)
    key = {"scenario_id": scenario, "application_id": before.application_id}

    def press(*, excluded: bool) -> tuple[int | None, bool]:
        with store.write(ACTOR) as session:
            exclusions.set_excluded(session, **key, excluded=excluded)
        row = first(store, scenario)
        return row.amount_cents, row.locked

    assert press(excluded=True) == press(excluded=True) == (0, True)
    assert press(excluded=False) == (before.amount_cents, False)
    # Locked at nothing by hand, it has nothing that an exclusion took away.
    with store.write(ACTOR) as session:
        scenario_lines.set_amount(session, **key, amount_cents=0)
        scenario_lines.set_locked(session, **key, locked=True)
    assert press(excluded=False) == (0, False)


def test_what_an_exclusion_took_follows_the_file_into_a_copy_and_goes_with_another_amount(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    scenario = scenario_of(store, story)
    before = first(store, scenario)
    key = {"application_id": before.application_id}
    with store.write(ACTOR) as session:
        exclusions.set_excluded(session, scenario_id=scenario, **key, excluded=True)
        _changes, copy = copies.duplicate(session, scenario_id=scenario)
        exclusions.set_excluded(session, scenario_id=copy, **key, excluded=False)
    assert (first(store, copy).amount_cents, first(store, copy).locked) == (before.amount_cents, False)
    # Unlocked and excluded again, it is taken up as it was; given another amount meanwhile, it is not.
    with store.write(ACTOR) as session:
        scenario_lines.set_locked(session, scenario_id=scenario, **key, locked=False)
        exclusions.set_excluded(session, scenario_id=scenario, **key, excluded=True)
        exclusions.set_excluded(session, scenario_id=scenario, **key, excluded=False)
    assert first(store, scenario).amount_cents == before.amount_cents
    with store.write(ACTOR) as session:
        exclusions.set_excluded(session, scenario_id=scenario, **key, excluded=True)
        scenario_lines.set_locked(session, scenario_id=scenario, **key, locked=False)
        scenario_lines.set_amount(session, scenario_id=scenario, **key, amount_cents=50_000)
        scenario_lines.set_amount(session, scenario_id=scenario, **key, amount_cents=0)
        scenario_lines.set_locked(session, scenario_id=scenario, **key, locked=True)
        exclusions.set_excluded(session, scenario_id=scenario, **key, excluded=False)
    assert first(store, scenario).amount_cents == 0


def test_a_pasted_block_is_one_step_back(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    scenario = scenario_of(store, story)
    with store.read() as session:
        rows = [r.row for r in scenarios.ranking(session, scenario_id=scenario)][:3]
    with store.write(ACTOR) as session:
        changes = scenario_lines.set_amounts(
            session, scenario_id=scenario, amounts={row.application_id: 50_000 for row in rows}
        )
    assert first(store, scenario).amount_cents == 50_000
    with store.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    assert first(store, scenario).amount_cents == rows[0].amount_cents


def test_the_ballot_says_what_submit_would_refuse(base_at: Opened) -> None:
    store, story = base_at("met")
    scenario = scenario_of(store, story)
    with store.read() as session:
        found = ballot.ballot(session, scenario_id=scenario, call_id=story.call_id)
    assert found.overspent
    assert found.guards[0].state == "block"
    with store.write(ACTOR) as session, pytest.raises(UserError, match="dépasse l’enveloppe"):
        decisions.submit(session, scenario_id=scenario, label="")


def test_the_dates_of_an_act_are_checked_undone_and_frozen_by_a_letter(base_at: Opened) -> None:
    store, story = base_at("voted")

    def put(sent: date | None, published: date | None) -> object:
        with store.write(ACTOR) as session:
            return decisions.set_act_dates(
                session, lot_id=story.lot_id, sent_to_prefect_on=sent, published_on=published
            )

    with pytest.raises(UserError) as early:
        put(date(2026, 4, 13), None)
    assert early.value.field == "sent_to_prefect_on"
    with pytest.raises(UserError) as late:
        put(date(2026, 4, 15), date(2026, 4, 16))
    assert late.value.field == "published_on"
    changes = put(None, None)
    with store.write(ACTOR) as session:
        changes.undo(session)  # type: ignore[attr-defined]
    with store.read() as session:
        lot = envelopes.lots(session, call_id=story.call_id)[0]
    assert (lot.sent_to_prefect_on, lot.published_on) == (date(2026, 4, 15), date(2026, 4, 15))
    told, _story = base_at("told")
    with told.write(ACTOR) as session, pytest.raises(UserError, match="ne changent plus"):
        decisions.set_act_dates(session, lot_id=story.lot_id, sent_to_prefect_on=None, published_on=None)


def test_a_letter_nobody_re_read_is_not_issued(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
    with store.read() as session:
        waiting = [row.id for row in outbox.rows(session, call_id=story.call_id) if not row.number]
    with pytest.raises(UserError, match="à relire"):
        letters.issue(store, actor=ACTOR, letter_ids=waiting, render=letter_pdf.render, only_read=True)
    with store.write(ACTOR) as session:
        letters.mark_all(session, letter_ids=waiting[:2], read=True)
    seen: list[tuple[int, int]] = []

    def one_only(done: int, total: int, _name: str) -> bool:
        seen.append((done, total))
        return done < 1

    _changes, issued = letters.issue(
        store, actor=ACTOR, letter_ids=waiting[:2], render=letter_pdf.render, progress=one_only, only_read=True
    )
    assert len(issued) == 1
    assert issued[0].path.exists()
    assert seen[0] == (0, 2)
    with store.read() as session:
        counts = outbox.counts(session, call_id=story.call_id)
    assert (counts["to_read"], counts["read"], counts["issued"]) == (13, 1, 64)


def test_the_page_follows_the_settings_of_the_service_until_it_is_issued(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
    with store.read() as session:
        first, second = letters.not_issued(session, call_id=story.call_id)[:2]
    letters.issue(store, actor=ACTOR, letter_ids=[first], render=letter_pdf.render)
    with store.write(ACTOR) as session:
        settings.set_value(session, key="letter_window", value="35")
        settings.set_value(session, key="letter_no_code", value="oui")
        settings.set_value(session, key="letter_double_sided", value="oui")
    with store.read() as session:
        kept, made = (letters.compose(session, letter_id=key) for key in (first, second))
    assert ((kept.window, kept.coded), (made.window, made.coded)) == ((45, True), (35, False))
    letters.issue(store, actor=ACTOR, letter_ids=[second], render=letter_pdf.render)
    run = print_run(store, actor=ACTOR, letter_ids=[first, second], render=letter_pdf.render, merge=merge)
    assert len(PdfReader(BytesIO(run)).pages) == 3
    assert letters.restore_files(store, letter_pdf.render) == []


def test_what_was_typed_for_a_letter_no_longer_due_goes_to_the_next_one_or_stays_in_the_journal(
    base_at: Opened,
) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
        session.flush()
        one, other = (session.get_one(Letter, key) for key in letters.not_issued(session, call_id=story.call_id)[:2])
        for letter in (one, other):
            text = letter_texts.text(session, letter_id=letter.id)
            own = [{"type": "paragraph", "text": f"Phrase propre à {letter.id}."}, *text.blocks]
            letter.given = {"blocks": own}
        typed = one.given, other.given
        # A decision replaced by another of the same outcome, then by one of another outcome.
        assert other.kind == "ATT-P"
        one.decision_id, other.kind = None, "ATT"
        gone, file = (one.id, other.id), one.application_id
        record(session, verb="test", noun="letter", noun_id=one.id, summary="Décision de l’essai")
    with store.write(ACTOR) as session:
        changes = letters.prepare(session, call_id=story.call_id)
        session.flush()
        kept = letters.remaining(session, letter_ids=[key for _noun, key in changes.touched])
    assert sorted(kept.values()) == [False, True]
    assert {key for _noun, key in changes.touched} == {*kept, *gone}
    made = next(key for key, typed_for in kept.items() if typed_for)
    with store.read() as session:
        again = session.get_one(Letter, made)
        assert (again.application_id, again.given, again.state) == (file, typed[0], "to_read")
        said = session.execute(select(JournalEntry.verb, JournalEntry.summary, JournalEntry.before)).all()
    put_away = [(summary, before) for verb, summary, before in said if verb == "letters.put_away"]
    assert [before for _summary, before in put_away] == [*typed]
    assert "gardé ici" in put_away[1][0]
    assert said[-1].summary == "2 courriers préparés, 2 courriers retirés"


def test_a_sign_that_the_font_lacks_is_named_and_stops_the_letter(base_at: Opened) -> None:
    store, story = base_at("examined")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id, kinds=["AR"])
        key = letters.not_issued(session, call_id=story.call_id)[0]
        file = session.get_one(Application, session.get_one(Letter, key).application_id)
        session.get_one(Structure, file.structure_id).name = "Les Amis du 中国 et de l’été ŵ"
        record(session, verb="test", noun="structure", noun_id=file.structure_id, summary="Nom de l’essai")
    with store.read() as session:
        (found,) = letters.missing(session, letter_ids=[key])[key]
    assert found.source == "structure"
    assert "« 中国 » ne s’imprime pas" in found.label.replace("\u00a0", " ")
    with pytest.raises(UserError, match="ne s’imprime pas"), store.write(ACTOR) as session:
        letters.mark_read(session, letter_id=key)
