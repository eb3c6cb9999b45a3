"""Relevé, decisions, envelope and letters of a campaign: the same sums by hand, and each way of parting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import text

from cv_desktop.db.queries import campaign_concordance, envelopes, scenarios
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.campaign_concordance import Row, sums, ticks
from cv_desktop.domain.concordance import AGREED, DIFFERENT, WAITING
from cv_desktop.services import (
    ballot,
    concordance_files,
    decisions,
    endings,
    hand_letters,
    letters,
    movements,
    scenario_lines,
)
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


def seen(store: Store, story: Story) -> tuple[list[Row], list[str]]:
    with store.read() as session:
        rows = campaign_concordance.rows(session, call_id=story.call_id)
        free = envelopes.buckets(session, call_id=story.call_id).free_cents
    return rows, [tick.state for tick in ticks(rows, free)]


def test_a_told_campaign_says_28_100_at_the_four_places(base_at: Opened) -> None:
    store, story = base_at("told")
    rows, states = seen(store, story)
    total = sums(rows)
    assert (total.decided, total.held, total.letters) == (28_100_00, 28_100_00, 28_100_00)
    assert states == [AGREED, AGREED, AGREED, AGREED]
    assert [row.gap for row in rows if row.gap] == []
    assert all(row.letter for row in rows if row.decided_cents is not None)
    # What an act put off is no decision; its letter is one of those issued, as in the export of the decisions.
    (put_off,) = [row for row in rows if row.adjourned]
    assert (put_off.outcome, put_off.decided_cents, bool(put_off.letter)) == ("Ajourné", None, True)
    told = ticks(rows, 0)
    assert told[1].words.endswith(" 1 ajournement.")
    assert told[3].words.startswith(f"{sum(bool(row.letter) for row in rows)} courriers émis, ")


def test_before_the_vote_and_before_the_letters_it_waits(base_at: Opened) -> None:
    assert seen(*base_at("arbitrated"))[1] == [AGREED, WAITING, AGREED, WAITING]
    assert seen(*base_at("voted"))[1] == [AGREED, AGREED, AGREED, WAITING]


def test_an_award_given_up_after_its_letter_is_no_gap(base_at: Opened) -> None:
    store, story = base_at("told")
    rows, _states = seen(store, story)
    row = next(row for row in rows if row.decided_cents)
    with store.write(ACTOR) as session:
        file = session.execute(text("SELECT id FROM application WHERE number = :n"), {"n": row.number}).scalar_one()
        endings.end(session, application_id=file, kind="renounced", reason="L’association renonce.")
    rows, states = seen(store, story)
    assert DIFFERENT not in states
    assert sums(rows).decided == sums(rows).held == 28_100_00 - (row.decided_cents or 0)


def test_an_amount_changed_behind_the_verbs_is_seen_and_exported(base_at: Opened) -> None:
    store, story = base_at("told")
    with store.write(ACTOR) as session:
        session.execute(text("UPDATE decision SET amount_cents = amount_cents - 10000 WHERE amount_cents = 240000"))
        record(session, verb="x", noun="call", noun_id=story.call_id, summary="Montants changés pour l’essai")
    rows, states = seen(store, story)
    assert states[2] == DIFFERENT and states[3] == DIFFERENT
    wrong = [row for row in rows if row.gap]
    assert wrong and all(row.gap == f"décidé 2{NBSP}300{NBSP}€, engagé 2{NBSP}400{NBSP}€" for row in wrong)
    book = concordance_files.xlsx(store, call_id=story.call_id, actor=ACTOR)
    lines = list(load_workbook(BytesIO(book)).active.iter_rows(min_row=2, values_only=True))
    files = [line for line in lines if line[0]]
    assert len(files) == len(rows)
    assert sum(line[6] for line in files) == 28_100
    assert sum(bool(line[10]) for line in files) == len(wrong)
    total = next(line for line in lines if line[1] == "Ensemble, dossiers décidés")
    assert (total[5], total[6]) == (28_100 - 100 * len(wrong), 28_100)


def test_letters_that_decide_nothing_change_no_total_and_a_withdrawal_waits_for_its_own(base_at: Opened) -> None:
    """A payment of 1 000 of the 2 400 euros granted, told by its letter, is no gap between decision and letters."""
    store, story = base_at("told")
    file, number = granted(store)
    with store.write(ACTOR) as session:
        movements.call_payment(session, application_id=file, cents=1_000_00)
        answers = {"montant": "1 000", "nature": "avance", "verse_le": "15/04/2026", "bordereau": "2026-118"}
        hand_letters.prepare(session, application_id=file, kind="VER", answers=answers)
    issue(store, story)
    rows, states = seen(store, story)
    assert states == [AGREED] * 4 and sums(rows).letters == 28_100_00
    assert next(row.gap for row in rows if row.number == number) == ""
    other, taken = granted(store, 1)
    with store.write(ACTOR) as session:
        endings.end(session, application_id=other, kind="illegal", reason="Pièce fausse, reconnue par l’association.")
    rows, states = seen(store, story)
    assert states == [AGREED, AGREED, AGREED, WAITING]
    assert next((row.letter, row.expects_letter) for row in rows if row.number == taken) == ("", True)


def test_a_file_that_waits_on_the_list_has_a_letter_too(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.write(ACTOR) as session:
        scenario = scenarios.retained(session, call_id=story.call_id)
        lot = decisions.submit(session, scenario_id=scenario, label="", waiting=True)[1]
    act = {"body": "Bureau communautaire", "number": "2026-B-014", "act_on": date(2026, 4, 14)}
    sent = {"sent_to_prefect_on": date(2026, 4, 15), "published_on": date(2026, 4, 15)}
    with store.write(ACTOR) as session:
        decisions.record_act(session, lot_id=lot, **act, **sent)
        letters.prepare(session, call_id=story.call_id, kinds=("ATT", "ATT-P", "REF", "AJ"))
    issue(store, story)
    with store.read() as session:
        rows = campaign_concordance.rows(session, call_id=story.call_id)
        told = ticks(rows, 0)[3]
    assert (told.state, told.words.partition(". ")[2]) == (WAITING, "1 courrier à émettre.")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id, kinds=("ATTENTE",))
    issue(store, story)
    assert seen(store, story)[1][3] == AGREED


def test_a_full_grant_above_the_opinion_asks_why_and_is_a_gap_without_a_motive(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.read() as session:
        scenario = scenarios.retained(session, call_id=story.call_id)
        chosen = [r.row for r in scenarios.ranking(session, scenario_id=scenario)]
    file = next(row for row in chosen if row.asked_cents == 3_000_00 and row.amount_cents == 2_400_00)
    others = {row.application_id: row.amount_cents for row in chosen}
    key = {"scenario_id": scenario, "application_id": file.application_id}

    def motives() -> ballot.Guard:
        with store.read() as session:
            found = ballot.ballot(session, scenario_id=scenario, call_id=story.call_id)
        return next(guard for guard in found.guards if guard.code == "motives")

    with store.write(ACTOR) as session:
        scenario_lines.set_amount(session, **key, amount_cents=3_000_00)
    # Twelve reductions, a refusal and an adjournment wait for a motive too: theirs is the usual one, this has none.
    assert motives().details == (
        f"Écrivez pourquoi{NBSP}: {file.number}. La concordance le relèvera.",
        f"14 dossiers sans motif propre{NBSP}: le courrier portera le motif type.",
    )
    with store.write(ACTOR) as session:
        for other in others:
            if other != file.application_id:
                scenario_lines.set_motive(session, scenario_id=scenario, application_id=other, text="Motif propre.")
    assert (motives().state, motives().label) == ("warn", "1 dossier au-dessus de l’avis, sans motif")
    with store.write(ACTOR) as session:
        lot = decisions.submit(session, scenario_id=scenario, label="")[1]
        decisions.record_act(session, lot_id=lot, body="Bureau", number="2026-B-014", act_on=date(2026, 4, 14))
    rows, states = seen(store, story)
    assert states[0] == DIFFERENT
    assert next(row.gap for row in rows if row.number == file.number) == (
        f"proposé 2{NBSP}400{NBSP}€, décidé 3{NBSP}000{NBSP}€ sans motif"
    )


def granted(store: Store, place: int = 0) -> tuple[str, str]:
    with store.read() as session:
        query = text(
            "SELECT a.id, a.number FROM application a JOIN decision d ON d.application_id = a.id "
            "WHERE d.amount_cents = 240000 ORDER BY a.number"
        )
        key, number = session.execute(query).all()[place]
    return key, number


def issue(store: Store, story: Story) -> None:
    with store.read() as session:
        waiting = letters.not_issued(session, call_id=story.call_id)
    letters.issue(store, actor=ACTOR, letter_ids=waiting, render=lambda _content: b"%PDF-1.7 essai")
