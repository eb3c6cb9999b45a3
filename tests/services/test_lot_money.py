"""What the act of a lot is asked about money: what the lot itself adds, beyond what a reason already answered for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.queries import calls as calls_read
from cv_desktop.db.queries import envelope_parts, envelopes
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.store import Store
from cv_desktop.services import (
    ballot,
    calls,
    decisions,
    endings,
    fundings,
    lot_changes,
    lot_lines,
    rules,
    scenario_lines,
    versions,
)
from cv_desktop.services import envelopes as limits
from cv_desktop.services.demonstration import Story
from services.lot_desk import ACT, Desk, served

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
WHY = "Dépassement accepté par le comité de pilotage."
AGAIN = "Retournez le lot et soumettez-le de nouveau"


@pytest.fixture
def desk(base_at: Opened) -> Desk:
    """28 100 € are proposed of an envelope of 30 000 €."""
    return Desk(*base_at("arbitrated"))


def envelope(desk: Desk, euros: int) -> None:
    desk.do(calls.set_envelope, call_id=desk.story.call_id, envelope_cents=euros * 100)


def cap(desk: Desk, file: ArbitrationRow, *, less: int) -> str:
    """Caps the volet of a file so many euros below what goes to it; gives the name of the part."""
    with desk.store.read() as session:
        theme = envelope_parts.places(session, call_id=desk.story.call_id)[file.application_id].theme
        rows = {row.id: row for row in envelope_parts.rows(session, call_id=desk.story.call_id)}
    text = str(rows[f"theme:{theme}"].given_cents // 100 - less)
    given: dict[str, Any] = {"kind": "theme", "key": theme, "name": "cap_cents", "text": text}
    desk.do(limits.set_limit, call_id=desk.story.call_id, **given)
    return f"theme:{theme}"


def vote(desk: Desk, lot: str, number: str = "2026-B-014") -> None:
    desk.do(decisions.record_act, lot_id=lot, **{**ACT, "number": number})


def left_out(desk: Desk, lot: str, file: ArbitrationRow) -> None:
    given = {"lot_id": lot, "application_id": file.application_id, "reason": "Pièce à vérifier avant le vote."}
    desk.do(lot_lines.return_file, **given)


def put(desk: Desk, file: ArbitrationRow, cents: int | None) -> None:
    given = {"scenario_id": desk.retained(), "application_id": file.application_id, "amount_cents": cents}
    desk.do(scenario_lines.set_amount, **given)


def test_a_reduction_is_voted_while_the_envelope_and_a_volet_are_over(desk: Desk) -> None:
    first, second = served(desk)[:2]
    vote(desk, desk.submit())
    envelope(desk, 20_000)
    for file in (first, second):
        cap(desk, file, less=4_000)
    for number, (file, cents) in enumerate(((first, 0), (second, 500_00))):
        reopened = {"application_id": file.application_id, "amount_cents": cents, "reason": "Crédits réduits."}
        vote(desk, desk.do(versions.reopen, **reopened)[1], f"2026-B-02{number}")
    gone = (first.amount_cents or 0) + (second.amount_cents or 0) - 500_00
    with desk.store.read() as session:
        assert envelopes.buckets(session, call_id=desk.story.call_id).decided_cents == 28_100_00 - gone


def test_what_one_lot_overruns_with_a_reason_stops_no_other_lot(desk: Desk) -> None:
    file = served(desk)[0]
    honest = desk.submit()
    left_out(desk, honest, file)
    envelope(desk, 26_000)  # 25 700 € await their vote.
    put(desk, file, 2_400_00)
    over = desk.submit(reason=WHY)
    with desk.store.read() as session:
        assert [lot_changes.since(session, lot_id=lot) for lot in (honest, over)] == [(), ()]
    vote(desk, over, "2026-B-015")
    vote(desk, honest)


def test_the_reason_of_a_later_lot_does_not_answer_for_what_an_earlier_one_lacks(desk: Desk) -> None:
    """25 700 € await their vote when the envelope falls to 25 000 €; 2 400 € more are submitted with a reason."""
    file = served(desk)[0]
    first = desk.submit()
    left_out(desk, first, file)
    part = cap(desk, file, less=2_000)
    envelope(desk, 25_000)
    put(desk, file, 2_400_00)
    over = desk.submit(reason=WHY)
    lacks = f"L’enveloppe ne suffit plus{NBSP}: il manque 700{NBSP}€."
    assert lacks in desk.refused(decisions.record_act, lot_id=first, **ACT)
    # The later one, whose reason spoke of 3 100 €, is voted; what it added itself is all that it answers for.
    vote(desk, over, "2026-B-015")
    assert f"il manque 3{NBSP}100{NBSP}€." in desk.refused(decisions.record_act, lot_id=first, **ACT)
    envelope(desk, 25_700)
    with desk.store.read() as session:
        assert lot_changes.since(session, lot_id=first) == ()
    # The same of a volet: it was 2 000 € over its cap, all added by the later lot; 500 € more are nobody's.
    envelope(desk, 30_000)
    key = {"kind": "theme", "key": part.partition(":")[2], "name": "cap_cents"}
    with desk.store.read() as session:
        row = next(x for x in envelope_parts.rows(session, call_id=desk.story.call_id) if x.id == part)
    lower = row.given_cents - 2_400_00 - 100_00
    desk.do(limits.set_limit, call_id=desk.story.call_id, **key, text=str(lower // 100))
    assert f"2{NBSP}500{NBSP}€ de plus que son plafond" in desk.refused(decisions.record_act, lot_id=first, **ACT)
    desk.do(limits.set_limit, call_id=desk.story.call_id, **key, text=str((lower + 500_00) // 100))
    vote(desk, first)


def test_a_later_lot_waits_behind_an_earlier_one_but_not_once_voted(desk: Desk) -> None:
    """The envelope loses 2 400 €: the lot submitted first is voted, the other one lacks them; and the other way."""
    file = served(desk)[0]
    first = desk.submit()
    left_out(desk, first, file)
    put(desk, file, 2_400_00)
    second = desk.submit()
    envelope(desk, 25_700)
    assert f"il manque 2{NBSP}400{NBSP}€." in desk.refused(decisions.record_act, lot_id=second, **ACT)
    envelope(desk, 28_100)
    vote(desk, second, "2026-B-015")
    envelope(desk, 25_700)
    assert f"il manque 2{NBSP}400{NBSP}€." in desk.refused(decisions.record_act, lot_id=first, **ACT)
    # Given back, the money of the other one is the first one's again.
    given = {"application_id": file.application_id, "kind": "unmet", "reason": "Action abandonnée."}
    desk.do(endings.end, **given)
    vote(desk, first)


def test_a_lot_of_refusals_is_voted_in_a_volet_that_is_over_its_cap(desk: Desk) -> None:
    file = served(desk)[0]
    cap(desk, file, less=3_000)
    over = desk.submit(reason=WHY)
    left_out(desk, over, file)
    vote(desk, over)
    put(desk, file, None)
    vote(desk, desk.submit(), "2026-B-015")


def test_refusals_only_ask_no_reason_of_an_envelope_that_is_over_nor_of_its_reserve(desk: Desk) -> None:
    file = served(desk)[0]
    lot = desk.submit()
    left_out(desk, lot, file)
    vote(desk, lot)
    put(desk, file, None)
    key = {"kind": "reserve", "key": "reserve", "name": "amount_cents", "text": "10 000"}
    desk.do(limits.set_limit, call_id=desk.story.call_id, **key)
    for amount in (30_000, 20_000):  # 25 700 € are decided: the reserve is begun, then the envelope is over
        envelope(desk, amount)
        with desk.store.read() as session:
            found = ballot.ballot(session, scenario_id=desk.retained(), call_id=desk.story.call_id)
        assert (found.needs_reason, found.overspent, found.excess) == (False, False, ())
    vote(desk, desk.submit(), "2026-B-015")


def test_a_reason_holds_for_the_overrun_that_it_was_given_for(desk: Desk) -> None:
    file = served(desk)[0]
    envelope(desk, 28_000)
    part = cap(desk, file, less=300)
    lot = desk.submit(reason=WHY)
    with desk.store.read() as session:
        assert lot_changes.since(session, lot_id=lot) == ()
        said = session.scalars(select(JournalEntry).where(JournalEntry.verb == lot_changes.EXCUSED)).one()
        assert f"de 100{NBSP}€.{NBSP}; Plafond" in said.summary
        assert said.after["parts"] == {part: 300_00, lot_changes.RESERVE: 0}
    envelope(desk, 10_000)
    sentence = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert f"L’enveloppe ne suffit plus{NBSP}: il manque 18{NBSP}100{NBSP}€." in sentence and AGAIN in sentence
    envelope(desk, 28_000)
    cap(desk, file, less=800)
    sentence = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert f"800{NBSP}€ de plus que son plafond" in sentence and AGAIN in sentence
    # Submitted again, the reason answers for what is over today.
    desk.do(decisions.return_lot, lot_id=lot, reason="Plafond du volet baissé.")
    vote(desk, desk.submit(reason=WHY))


def test_the_act_asks_about_the_reserve_that_its_lot_did_not_use(desk: Desk) -> None:
    """28 100 € of 30 000 €, 1 000 € kept aside: 900 € are left beside it."""
    key = {"kind": "reserve", "key": "reserve", "name": "amount_cents"}
    desk.do(limits.set_limit, call_id=desk.story.call_id, **key, text="1 000")
    lot = desk.submit()
    envelope(desk, 28_500)
    sentence = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert f"600{NBSP}€ sont pris sur la réserve de 1{NBSP}000{NBSP}€." in sentence and AGAIN in sentence
    # Submitted again with a reason, it is asked about no more than it used; below nothing, the envelope is.
    desk.do(decisions.return_lot, lot_id=lot, reason="Enveloppe réduite.")
    lot = desk.submit(reason=WHY)
    envelope(desk, 28_400)
    assert f"700{NBSP}€ sont pris sur la réserve" in desk.refused(decisions.record_act, lot_id=lot, **ACT)
    envelope(desk, 28_000)
    assert f"il manque 100{NBSP}€." in desk.refused(decisions.record_act, lot_id=lot, **ACT)
    envelope(desk, 28_600)
    vote(desk, lot)


def test_a_reason_that_nothing_called_for_excuses_nothing_later(desk: Desk) -> None:
    file = served(desk)[0]
    lot = desk.submit(reason="Vote attendu avant l’été.")
    cap(desk, file, less=300)
    assert f"300{NBSP}€ de plus que son plafond" in desk.refused(decisions.record_act, lot_id=lot, **ACT)
    with desk.store.read() as session:
        said = session.scalars(select(JournalEntry).where(JournalEntry.verb == lot_changes.EXCUSED)).one()
        assert said.summary.endswith("soumis avec un motif que rien ne demandait") and said.reason.startswith("Vote")


def test_a_decision_put_to_the_vote_again_is_not_ended_meanwhile(desk: Desk) -> None:
    """Ended, it gave its money back; the new act gave it again with nothing held for it."""
    file = served(desk)[0]
    vote(desk, desk.submit())
    key = {"application_id": file.application_id}
    again = desk.do(versions.reopen, **key, amount_cents=1_900_00, reason="Réduction voulue par le comité.")[1]
    ended = {**key, "kind": "unmet", "reason": "Conditions non respectées."}
    assert desk.refused(endings.end, **ended) == (
        f"{file.number} attend un nouveau vote dans «{NBSP}Réouverture de {file.number}{NBSP}»{NBSP}: retournez ce lot "
        "à l’arbitrage, puis retirez la décision."
    )
    desk.do(decisions.return_lot, lot_id=again, reason="Décision à retirer d’abord.")
    desk.do(endings.end, **ended)
    assert desk.buckets() == (4_300, 0, 0, 25_700)


def test_a_lot_submitted_before_the_journal_kept_what_it_excuses_is_voted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelope(desk, 28_000)
    cap(desk, served(desk)[0], less=300)
    with monkeypatch.context() as before:
        before.setattr(lot_changes, "excuse", lambda *_given, **_more: None)
        lot = desk.submit(reason=WHY)
    envelope(desk, 27_900)
    assert f"il manque 200{NBSP}€" in desk.refused(decisions.record_act, lot_id=lot, **ACT)
    envelope(desk, 28_000)
    vote(desk, lot)


@pytest.mark.parametrize("kept", [{}, ["Plafond du volet dépassé."]])
def test_a_lot_whose_reason_spoke_of_the_reserve_before_the_journal_kept_its_sum_is_voted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kept: object
) -> None:
    """28 100 € of 30 000 €, 2 500 € kept aside: 600 € of these are used, with a reason."""
    key = {"kind": "reserve", "key": "reserve", "name": "amount_cents", "text": "2 500"}
    desk.do(limits.set_limit, call_id=desk.story.call_id, **key)
    told = lot_changes.record

    def silent(session: Session, *, after: dict[str, Any], **given: Any) -> None:
        told(session, after=after | {"parts": kept}, **given)

    with monkeypatch.context() as before:
        before.setattr(lot_changes, "record", silent)
        lot = desk.submit(reason=WHY)
    vote(desk, lot)


def test_a_lot_or_an_act_stopped_at_its_very_end_leaves_nothing_of_it(desk: Desk) -> None:
    class Stop(Exception):
        pass

    def at_the_end(done: int, total: int, _item: str) -> None:
        if done == total:
            raise Stop

    with pytest.raises(Stop):
        desk.submit(tell=at_the_end)
    assert desk.buckets() == (1_900, 28_100, 0, 0)
    lot = desk.submit()
    with pytest.raises(Stop):
        desk.do(decisions.record_act, lot_id=lot, **ACT, tell=at_the_end)
    assert desk.buckets() == (1_900, 0, 28_100, 0)
    vote(desk, lot)
    assert desk.buckets() == (1_900, 0, 0, 28_100)


def test_an_award_under_the_minimum_of_the_reglement_is_refused_a_reason_or_a_motive(desk: Desk) -> None:
    one, other = [row for row in served(desk) if not row.motive and row.asked_cents > 600_00][:2]
    for file in (one, other):
        put(desk, file, 400_00)
    said = f"400{NBSP}€ est sous le minimum, 500{NBSP}€ (article{NBSP}5)."
    refused = desk.refused(decisions.submit, scenario_id=desk.retained(), label="")
    assert refused.startswith(
        f"2 montants sous le minimum du règlement. Écrivez pourquoi dans le motif ({one.number}, "
    )
    assert f"{one.number}{NBSP}: {said}" in refused
    why = {"scenario_id": desk.retained(), "application_id": one.application_id, "text": "Une seule sortie est aidée."}
    desk.do(scenario_lines.set_motive, **why)
    lot = desk.submit(reason="Petites aides voulues par le comité.")
    # Lowered once more by those who vote, it is a small award that nobody explained.
    line = {"lot_id": lot, "application_id": other.application_id}
    desk.do(lot_lines.set_amount, **line, amount_cents=350_00)
    refused = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert f"Montant sous le minimum, sans motif{NBSP}: {other.number}. Écrivez son motif dans le lot" in refused
    desk.do(lot_lines.set_motive, **line, text="Deux séances au lieu de dix.")
    vote(desk, lot)


def test_a_minimum_that_blocks_is_out_of_bounds(desk: Desk) -> None:
    with desk.store.read() as session:
        key = next(x.id for x in calls_read.parameters(session, desk.story.call_id) if x.parameter.key == "amount_min")
    desk.do(rules.set_severity, parameter_id=key, severity="block")
    file = served(desk)[0]
    put(desk, file, 400_00)
    said = f"{file.number}{NBSP}: 400{NBSP}€ est sous le minimum, 500{NBSP}€ (article{NBSP}5)."
    assert desk.refused(decisions.submit, scenario_id=desk.retained(), label="") == said


def test_an_agreement_that_overruns_a_year_to_come_is_told_before_the_vote_and_stops_nothing(desk: Desk) -> None:
    """1 500 € and 2 000 € of 2027, for an envelope of 3 000 €: 500 € lack; 2028 has no campaign yet."""
    one, other = served(desk)[:2]
    later = desk.do(calls.create, code="FIA-2027", scheme="FIA", year=2027, envelope_cents=3_000_00)[1]
    for file, year, text in ((one, 2027, "1 500"), (other, 2027, "2 000"), (other, 2028, "900")):
        desk.do(fundings.set_tranche, application_id=file.application_id, year=year, text=text)

    def told() -> list[tuple[str, str]]:
        with desk.store.read() as session:
            found = ballot.ballot(session, scenario_id=desk.retained(), call_id=desk.story.call_id)
        return [(f"{x.state} {x.label}", " ".join(x.details)) for x in found.guards if x.code == "agreements"]

    years = (
        f"2027{NBSP}: 3{NBSP}500{NBSP}€ engagés sur «{NBSP}FIA 2027{NBSP}», où 3{NBSP}000{NBSP}€ sont libres{NBSP}: il "
        f"manque 500{NBSP}€. 2028{NBSP}: 900{NBSP}€ engagés dès que la campagne existera."
    )
    assert told() == [(f"warn Conventions{NBSP}: l’enveloppe de 2027 ne suffit pas", years)]
    # A file that receives nothing engages nothing.
    put(desk, one, None)
    assert told()[0][0].startswith("pass ")
    put(desk, one, 2_400_00)
    lot = desk.submit()
    with desk.store.read() as session:
        assert [x.code for x in lot_changes.since(session, lot_id=lot)] == ["agreements"]
    vote(desk, lot)
    with desk.store.read() as session:
        assert envelopes.buckets(session, call_id=later).free_cents == -500_00
        engaged = fundings.missing(session, application_id=one.application_id, year=2027)
    assert engaged == (
        f"2027{NBSP}: 1{NBSP}500{NBSP}€ engagés sur «{NBSP}FIA 2027{NBSP}», où 1{NBSP}000{NBSP}€ sont libres{NBSP}: il "
        f"manque 500{NBSP}€."
    )
