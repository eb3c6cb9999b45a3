"""From the lot to what follows its act: a file returned, the list promoted, a decision reopened, ended, challenged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.attachment import Attachment
from cv_desktop.db.models.decision import Decision, Letter, Lot, LotLine, Recourse
from cv_desktop.db.models.meeting import AgendaItem, Member, PresenceMove
from cv_desktop.db.models.reference import Quarter
from cv_desktop.db.models.report import Report
from cv_desktop.db.queries import calls as parameters
from cv_desktop.db.queries import (
    envelope_parts,
    movements,
    outcomes,
    scenarios,
    settings,
    tasks,
    waiting,
)
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.breakdown import breakdown
from cv_desktop.domain.envelopes import Kind
from cv_desktop.domain.letters import text_of
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.domain.votes import Votes
from cv_desktop.services import (
    ballot,
    calls,
    conditions,
    decisions,
    declarations,
    endings,
    exports,
    hand_letters,
    letter_fields,
    letters,
    links,
    lot_lines,
    objectives,
    programmes,
    rules,
    scenario_lines,
    versions,
)
from cv_desktop.services import envelopes as envelopes_verbs
from cv_desktop.services import movements as movements_verbs
from cv_desktop.services.demonstration import ACTOR, Story
from services.lot_desk import ACT, Desk, served

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
REASON = "Montant revu avec l’association."


@pytest.fixture
def desk(base_at: Opened) -> Desk:
    return Desk(*base_at("arbitrated"))


def test_one_file_is_taken_back_from_a_lot_and_the_others_stay(desk: Desk) -> None:
    assert desk.buckets() == (1_900, 28_100, 0, 0)
    file, other = served(desk)[:2]
    lot = desk.submit()
    assert desk.buckets() == (1_900, 0, 28_100, 0)
    euros = (file.amount_cents or 0) // 100
    assert desk.refused(lot_lines.return_file, lot_id=lot, application_id=file.application_id, reason="non").startswith(
        "Indiquez le motif du retour"
    )
    desk.do(lot_lines.return_file, lot_id=lot, application_id=file.application_id, reason=REASON)
    assert desk.buckets() == (1_900, euros, 28_100 - euros, 0)
    now = {row.application_id: row for row in desk.rows()}
    assert now[file.application_id].lot_id is None and now[other.application_id].lot_id == lot
    desk.do(decisions.record_act, lot_id=lot, **ACT, votes=Votes(19, 2, 1))
    assert desk.buckets() == (1_900, euros, 0, 28_100 - euros)
    with desk.store.read() as session:
        decided = session.scalars(select(Decision.application_id)).all()
    assert file.application_id not in decided and len(decided) == len(now) - 1
    again = desk.submit()
    desk.do(decisions.record_act, lot_id=again, **{**ACT, "number": "2026-B-015"})
    assert desk.buckets() == (1_900, 0, 0, 28_100)


def test_the_waiting_list_is_promoted_when_credits_return(desk: Desk) -> None:
    first, second, *_others, given_up = served(desk)
    for row in (first, second):
        desk.empty(row.application_id)
    lot = desk.submit(waiting=True)
    with desk.store.read() as session:
        ranks = {
            x.application_id: x.rank
            for x in session.scalars(select(LotLine).where(LotLine.lot_id == lot, LotLine.outcome == "waiting"))
        }
    # Others may have had no money from the start: the list follows the notes.
    assert sorted(ranks.values()) == list(range(1, len(ranks) + 1))
    assert ranks[first.application_id] < ranks[second.application_id]
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    assert desk.status(first.application_id) is DisplayedStatus.WAITING
    kept = (first.amount_cents or 0) // 100 + (second.amount_cents or 0) // 100
    assert desk.buckets() == (1_900 + kept, 0, 0, 28_100 - kept)
    desk.do(endings.end, application_id=given_up.application_id, kind="renounced", reason="L’association renonce.")
    back = (given_up.amount_cents or 0) // 100
    free = 1_900 + kept + back
    assert desk.buckets() == (free, 0, 0, 28_100 - kept - back)
    with desk.store.read() as session:
        proposed = versions.promotions(session, call_id=desk.story.call_id)
    left = free
    for one in proposed:
        wanted = one.row.asked_cents // 100
        assert one.cents == (wanted * 100 if wanted <= left else 0), one.words
        left -= one.cents // 100
    assert proposed[0].row.number == first.number and proposed[0].words == "Entre pour toute sa demande."
    amounts = {one.row.id: one.cents for one in proposed}
    later = {second.application_id: amounts[second.application_id]}
    assert later[second.application_id] and "motif" in desk.refused(
        versions.promote, call_id=desk.story.call_id, amounts=later
    )
    new = desk.do(versions.promote, call_id=desk.story.call_id, amounts=amounts)[1]
    total = sum(amounts.values()) // 100
    assert desk.buckets() == (free - total, 0, total, 28_100 - kept - back)
    desk.do(decisions.record_act, lot_id=new, **{**ACT, "number": "2026-B-016"})
    assert desk.buckets() == (free - total, 0, 0, 28_100 - kept - back + total)
    assert desk.status(first.application_id) is DisplayedStatus.GRANTED
    with desk.store.read() as session:
        assert first.number not in {r.number for r in waiting.rows(session, call_id=desk.story.call_id)}


def test_files_of_the_same_note_wait_together_and_the_officer_chooses(desk: Desk) -> None:
    first, second = served(desk)[:2]
    for row in (first, second):
        desk.empty(row.application_id)
    lot = desk.submit(waiting=True)
    both = {first.application_id, second.application_id}
    with desk.store.write(ACTOR) as session:
        for line in session.scalars(select(LotLine).where(LotLine.lot_id == lot, LotLine.outcome == "waiting")):
            line.rank, line.score = (1, "15,00") if line.application_id in both else (3, "9,00")
        record(session, verb="decisions.submit", noun="lot", noun_id=lot, summary="Notes de l’essai")
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    kept = 28_100_00 - (first.amount_cents or 0) - (second.amount_cents or 0)
    desk.do(calls.set_envelope, call_id=desk.story.call_id, envelope_cents=kept + max(first.asked_cents, 1))
    with desk.store.read() as session:
        proposed = {x.row.application_id: x for x in versions.promotions(session, call_id=desk.story.call_id)}
    numbers = ", ".join(sorted((first.number, second.number)))
    for key in both:
        assert proposed[key].cents == 0
        assert proposed[key].words.startswith(f"À égalité de note ({numbers}){NBSP}: ")
    others = {x.words for key, x in proposed.items() if key not in both}
    assert others <= {f"Attend le choix entre {numbers}, à égalité avant lui."}


def test_what_a_waiting_file_lacks_brings_its_rounded_minimum(desk: Desk) -> None:
    """It needs 1 020 € by steps of 50 € and 1 030 € are free, of which 1 000 € may be given: 20 € more are 1 050 €."""
    file = served(desk)[0]
    desk.empty(file.application_id)
    with desk.store.write(ACTOR) as session:
        session.get_one(Application, file.application_id).minimum_cents = 1_020_00
        record(session, verb="test", noun="application", noun_id="", summary="Minimum de l’essai")
    desk.do(decisions.record_act, lot_id=desk.submit(waiting=True), **ACT)
    kept = 28_100_00 - (file.amount_cents or 0)
    desk.do(calls.set_envelope, call_id=desk.story.call_id, envelope_cents=kept + 1_030_00)
    with desk.store.read() as session:
        first = versions.promotions(session, call_id=desk.story.call_id)[0]
    assert (first.row.number, first.cents, first.words) == (file.number, 0, f"Il manque 20{NBSP}€.")


def test_a_promotion_never_exceeds_what_is_free(desk: Desk) -> None:
    file = served(desk)[0]
    desk.empty(file.application_id)
    lot = desk.submit(waiting=True)
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    desk.do(calls.set_envelope, call_id=desk.story.call_id, envelope_cents=28_100_00 - (file.amount_cents or 0))
    sentence = desk.refused(versions.promote, call_id=desk.story.call_id, amounts={file.application_id: 500_00})
    assert sentence == f"Ces promotions font 500{NBSP}€{NBSP}: 0{NBSP}€ sont libres."


def test_a_reopened_decision_makes_a_new_version_and_keeps_the_old(desk: Desk) -> None:
    file = served(desk)[0]
    before = (file.amount_cents or 0) // 100
    lot = desk.submit()
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    more = before + 100
    new = desk.do(versions.reopen, application_id=file.application_id, amount_cents=more * 100, reason=REASON)[1]
    # The decision in force still counts: only what is added waits for its vote.
    assert desk.buckets() == (1_800, 0, 100, 28_100)
    assert "attend déjà son vote" in desk.refused(
        versions.reopen, application_id=file.application_id, amount_cents=0, reason=REASON
    )
    desk.do(decisions.record_act, lot_id=new, **{**ACT, "number": "2026-B-020"})
    assert desk.buckets() == (1_800, 0, 0, 28_200)
    desk.do(letters.prepare, call_id=desk.story.call_id)
    with desk.store.read() as session:
        told = next(
            text_of(letters.compose(session, letter_id=key))
            for key in letters.not_issued(session, call_id=desk.story.call_id)
            if _file_of(session, key) == file.application_id
        )
    # Nobody holds two decisions without being told which one stands.
    assert f"la décision prise par délibération n°{NBSP}2026-B-014 du 14{NBSP}avril 2026." in told
    with desk.store.read() as session:
        both = outcomes.of_application(session, application_id=file.application_id).decisions
    assert [(d.amount_cents // 100, d.in_force) for d in both] == [(before, False), (more, True)]
    assert both[1].motive == REASON
    lower = desk.do(versions.reopen, application_id=file.application_id, amount_cents=0, reason=REASON)[1]
    assert desk.buckets() == (1_800, 0, 0, 28_200)
    desk.do(decisions.return_lot, lot_id=lower, reason="Vote reporté à la prochaine séance.")
    assert desk.buckets() == (1_800, 0, 0, 28_200)


def test_an_award_put_to_the_vote_again_counts_to_the_cent_as_the_programming_table_says(desk: Desk) -> None:
    """Thirds of 500 then of 200 more are not those of 700: Enveloppes counted a cent more in the second quarter."""
    first = served(desk)[0].application_id
    with desk.store.write(ACTOR) as session:
        session.get_one(Application, first).outside_quarters = False
        codes = session.scalars(select(Quarter.code).order_by(Quarter.code).limit(3)).all()
        objectives.write_quarters(session, session.get_one(Application, first), codes, outside=False)
        scenario = scenarios.retained(session, call_id=desk.story.call_id)
        scenario_lines.set_amount(session, scenario_id=scenario, application_id=first, amount_cents=500_00)
    lot = desk.submit()
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    desk.do(versions.reopen, application_id=first, amount_cents=700_00, reason=REASON)
    with desk.store.read() as session:
        rows = envelope_parts.rows(session, call_id=desk.story.call_id)
        table = breakdown(programmes.programme(session, call_id=desk.story.call_id).items)["Quartier"]
    held = {row.node.label: row.given_cents for row in rows if row.node.kind is Kind.QUARTER and row.files}
    assert held == {total.label: total.given_cents for total in table if total.label != "Hors quartier"}
    assert sum(row.submitted_cents for row in rows if row.node.kind is Kind.QUARTER) == 200_00


def test_an_act_is_withdrawn_within_four_months_and_its_money_is_free(desk: Desk) -> None:
    file = served(desk)[0]
    desk.meet_on(date(2025, 12, 4))
    lot = desk.submit()
    desk.do(decisions.record_act, lot_id=lot, **{**ACT, "act_on": date(2025, 12, 10)})
    assert desk.refused(endings.end, application_id=file.application_id, kind="illegal", reason=REASON) == (
        f"Une décision illégale se retire dans les quatre mois (CRPA L242-1){NBSP}: jusqu’au 10{NBSP}avril 2026 "
        "pour celle-ci. Si les conditions de la subvention n’ont pas été respectées, choisissez ce motif."
    )
    desk.do(endings.end, application_id=file.application_id, kind="unmet", reason="Action abandonnée en mars.")
    euros = (file.amount_cents or 0) // 100
    assert desk.buckets() == (1_900 + euros, 0, 0, 28_100 - euros)
    assert desk.status(file.application_id) is DisplayedStatus.REVOKED
    with desk.store.read() as session:
        table = exports.decisions_table(session, call_id=desk.story.call_id)
    titles = [column.title for column in exports.COLUMNS]
    granted, decided = titles.index("Accordé"), titles.index("Décision")
    assert sum(line[granted] or 0 for line in table) == 28_100_00 - euros * 100  # type: ignore[misc]
    assert next(line[decided] for line in table if line[0] == file.number) == "Décision retirée"
    assert "il n’y a rien à retirer" in desk.refused(
        endings.end, application_id=file.application_id, kind="unmet", reason=REASON
    )


def test_what_the_votes_reject_and_what_no_delegation_covers_is_no_act(desk: Desk) -> None:
    lot = desk.submit()
    assert desk.refused(decisions.record_act, lot_id=lot, **ACT, votes=Votes(4, 9, 1)) == (
        f"4 pour, 9 contre{NBSP}: l’acte n’est pas adopté. Retournez le lot à l’arbitrage, ou corrigez les votes."
    )
    with desk.store.read() as session:
        known = parameters.parameters(session, desk.story.call_id)
        ceiling = next(row for row in known if row.parameter.key == "delegation_max")
    desk.do(rules.set_parameter, parameter_id=ceiling.id, text="2 000")
    above = [row.number for row in served(desk) if (row.amount_cents or 0) > 2_000_00]
    sentence = desk.refused(decisions.record_act, lot_id=lot, **{**ACT, "body": "Président"}, delegated=True)
    assert sentence.startswith(f"La délégation du président s’arrête à 2{NBSP}000{NBSP}€ par dossier{NBSP}; ")
    assert len(above) > 6
    assert sorted(number for number in above if number in sentence) == sorted(above)[:6]
    assert f"et {len(above) - 6} autres" in sentence
    desk.do(rules.set_parameter, parameter_id=ceiling.id, text="3 000")
    desk.do(decisions.record_act, lot_id=lot, **{**ACT, "body": "Monsieur le Maire"}, delegated=True)
    assert desk.buckets() == (1_900, 0, 0, 28_100)
    with desk.store.read() as session:
        named = letter_fields.act_named(session.get_one(Lot, lot))
    assert named == f"décision n°{NBSP}2026-B-014 du 14{NBSP}avril 2026", "not what an assembly voted"


def test_a_condition_and_a_coded_refusal_reach_the_letter(desk: Desk) -> None:
    file, other = served(desk)[:2]
    lot = desk.submit()
    key = {"lot_id": lot, "application_id": file.application_id}
    assert "Indiquez le jour, à venir" in desk.refused(
        lot_lines.set_condition, **key, text="Remettre le bilan de 2025", due_on=date(2026, 4, 1)
    )
    desk.do(lot_lines.set_condition, **key, text="Remettre le bilan de 2025", due_on=date(2026, 6, 30))
    refusal = {"lot_id": lot, "application_id": other.application_id}
    assert "ce n’est pas un refus" in desk.refused(lot_lines.set_refusal, **refusal, code="motif_refus_objet")
    desk.do(lot_lines.set_outcome, **refusal, outcome="refused")
    undone = desk.do(lot_lines.set_refusal, **refusal, code="motif_refus_budget")
    desk.do(lambda session: undone.undo(session))
    desk.do(lot_lines.set_refusal, **refusal, code="motif_refus_objet")
    euros = (other.amount_cents or 0) // 100
    assert desk.buckets() == (1_900 + euros, 0, 28_100 - euros, 0)
    desk.do(
        decisions.record_act, lot_id=lot, **ACT, sent_to_prefect_on=date(2026, 4, 15), published_on=date(2026, 4, 15)
    )
    desk.do(letters.prepare, call_id=desk.story.call_id)
    with desk.store.read() as session:
        words = settings.text_in_force(session, "motif_refus_objet", date(2026, 4, 15))
        found = {
            letters.compose(session, letter_id=key).kind + str(file_of): letters.compose(session, letter_id=key)
            for key in letters.not_issued(session, call_id=desk.story.call_id)
            for file_of in [_file_of(session, key)]
        }
        decision = session.scalars(select(Decision).where(Decision.application_id == other.application_id)).one()
        session.expunge(decision)
    assert (decision.outcome, decision.refusal_code, decision.motive) == ("refused", "motif_refus_objet", words)
    award = next(content for kind, content in found.items() if kind.endswith(file.application_id))
    refusal_letter = next(content for kind, content in found.items() if kind.endswith(other.application_id))
    assert award.complete and refusal_letter.complete
    told = repr(award).replace("\\xa0", NBSP)
    assert "sous réserve" in told and "Remettre le bilan de 2025" in told and f"30{NBSP}juin 2026" in told
    # Sixty days of the notification would end before the condition is due: they run from its lifting.
    page = text_of(award)
    assert f"dans les 60{NBSP}jours de la levée de la réserve." in page and "jours de la notification" not in page
    assert refusal_letter.kind == "REF" and words in repr(refusal_letter)


def test_a_condition_is_lifted_before_anything_is_called_or_paid(desk: Desk) -> None:
    file, other = served(desk)[:2]
    lot, key = desk.submit(), {"application_id": file.application_id}
    text = "Remettre le bilan de 2025"
    desk.do(lot_lines.set_condition, lot_id=lot, **key, text=text, due_on=date(2026, 6, 30))
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    cents = file.amount_cents or 0
    assert desk.refused(movements_verbs.call_payment, **key, cents=cents) == (
        f"{file.number} est accordé sous réserve, à lever avant le 30{NBSP}juin 2026{NBSP}: {text}. "
        f"Rien n’est versé avant{NBSP}: levez d’abord la réserve."
    )
    with desk.store.read() as session:
        choice = next(x for x in hand_letters.choices(session, application_id=file.application_id) if x.kind == "VER")
        for day, expected in ((date(2026, 6, 30), []), (date(2026, 7, 1), [(1, file.number)])):
            found = tasks.rows(session, day=day, call_id=desk.story.call_id)
            assert [(x.count, x.name) for x in found if x.kind == "conditions"] == expected
        coming = tasks.coming(session, day=date(2026, 4, 15), call_id=desk.story.call_id)
        assert [x.day for x in coming if x.what == "condition"] == [date(2026, 6, 30)]
    assert "levez d’abord la réserve" in choice.reason
    given = {**key, "proof": "Bilan 2025 reçu le 14 avril, vérifié par C. Témoin"}
    assert "n’a pas de réserve" in desk.refused(
        conditions.lift, application_id=other.application_id, lifted_on=date(2026, 4, 15), proof=given["proof"]
    )
    assert "n’est pas encore venu" in desk.refused(conditions.lift, **given, lifted_on=date(2026, 4, 16))
    assert "précède l’acte" in desk.refused(conditions.lift, **given, lifted_on=date(2026, 4, 13))
    assert desk.refused(conditions.lift, **key, proof="Vu", lifted_on=date(2026, 4, 15)).startswith(
        "Dites ce qui lève la réserve"
    )
    lifted = desk.do(conditions.lift, **given, lifted_on=date(2026, 4, 15))
    again = desk.do(lambda session: lifted.undo(session))
    assert "levez d’abord" in desk.refused(movements_verbs.call_payment, **key, cents=cents)
    desk.do(lambda session: again.undo(session))
    called = {"dated_on": date(2026, 4, 15), "piece": "Liste n° 3"}
    desk.do(movements_verbs.call_payment, **key, cents=cents, **called)
    assert "ne se remet plus" in desk.refused(conditions.put_back, **key)
    early = desk.refused(movements_verbs.pay, **key, cents=cents, dated_on=date(2026, 4, 14))
    assert early == f"{file.number}{NBSP}: le 14{NBSP}avril 2026 précède la levée de la réserve, le 15{NBSP}avril 2026."
    with desk.store.read() as session:
        table = exports.decisions_table(session, call_id=desk.story.call_id)
        moved = movements.of_file(session, application_id=file.application_id)[-1]
    titles = [column.title for column in exports.COLUMNS]
    line = dict(zip(titles, next(line for line in table if line[0] == file.number), strict=True))
    asked = {"Sous réserve de": text, "À lever avant le": date(2026, 6, 30), "Levée le": date(2026, 4, 15)}
    assert {title: line[title] for title in asked} == asked
    assert (line["Appelé"], line["Payé"]) == (cents, None)
    assert (moved.dated_on, moved.piece, moved.of_payment) == (date(2026, 4, 15), "Liste n° 3", True)


def test_a_condition_not_lifted_goes_with_the_grant_that_is_reopened(desk: Desk) -> None:
    file = served(desk)[0]
    lot, key = desk.submit(), {"application_id": file.application_id}
    desk.do(lot_lines.set_condition, lot_id=lot, **key, text="Remettre le bilan de 2025", due_on=date(2026, 6, 30))
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    lower = (file.amount_cents or 0) - 100_00
    new = desk.do(versions.reopen, **key, amount_cents=lower, reason=REASON)[1]
    desk.do(decisions.record_act, lot_id=new, **{**ACT, "number": "2026-B-020"})
    assert "Remettre le bilan de 2025" in desk.refused(movements_verbs.call_payment, **key, cents=100_00)


def test_what_is_added_after_a_lot_stays_under_the_caps_of_the_envelope(desk: Desk) -> None:
    waits = served(desk)[0]
    desk.empty(waits.application_id)
    lot, call = desk.submit(waiting=True), desk.story.call_id
    with desk.store.read() as session:
        commune = envelope_parts.places(session, call_id=call)[waits.application_id].commune
        part = next(row for row in envelope_parts.rows(session, call_id=call) if row.id == f"commune:{commune}")
    held = (part.submitted_cents + part.decided_cents) // 100
    limit = {"kind": "commune", "key": commune, "name": "cap_cents", "text": str(held)}
    desk.do(envelopes_verbs.set_limit, call_id=call, **limit)
    more = {"lot_id": lot, "application_id": waits.application_id, "amount_cents": 500_00}
    assert f"500{NBSP}€ de plus que son plafond de" in desk.refused(lot_lines.set_amount, **more)
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    amounts = {waits.application_id: 500_00}
    assert f"500{NBSP}€ de plus que son plafond de" in desk.refused(versions.promote, call_id=call, amounts=amounts)
    with desk.store.read() as session:
        proposed = versions.promotions(session, call_id=call)
    words = next(one.words for one in proposed if one.row.application_id == waits.application_id)
    assert "de plus que son plafond de" in words


def test_the_balance_waits_for_the_report_and_a_payment_has_its_day(desk: Desk) -> None:
    """Four fifths of 2 400 euros, 1 920, may be called before the report of the action."""
    file = next(row for row in served(desk) if row.amount_cents == 2_400_00)
    key = {"application_id": file.application_id}
    with desk.store.read() as session:
        known = parameters.parameters(session, desk.story.call_id)
        share = next(row for row in known if row.parameter.key == "payment_advance")
    desk.do(rules.set_parameter, parameter_id=share.id, text="80")
    with desk.store.write(ACTOR) as session:
        # Judged under the règlement as it stands, not the version frozen before this change.
        session.get_one(Application, file.application_id).rules_version_id = None
        record(session, verb="rules.set_parameter", noun="application", noun_id="", summary="Version de l’essai")
    desk.do(decisions.record_act, lot_id=desk.submit(), **ACT)
    assert "le solde attend le bilan" in desk.refused(movements_verbs.call_payment, **key, cents=1_920_01)
    assert "précède l’acte" in desk.refused(movements_verbs.call_payment, **key, cents=1_00, dated_on=date(2026, 4, 13))
    desk.do(movements_verbs.call_payment, **key, cents=1_920_00)
    sentence = desk.refused(movements_verbs.call_payment, **key, cents=480_00)
    assert f"80{NBSP}% au plus sont versés, 1{NBSP}920{NBSP}€ (article{NBSP}14)" in sentence
    assert "n’est pas encore venu" in desk.refused(
        movements_verbs.pay, **key, cents=1_920_00, dated_on=date(2026, 4, 16)
    )
    assert desk.refused(movements_verbs.pay, **key, cents=1_920_00, dated_on=date(2026, 4, 14)) == (
        f"Le 14{NBSP}avril 2026, {file.number} n’avait encore que 0{NBSP}€ en «{NBSP}appelé{NBSP}». Vérifiez le jour."
    )
    desk.do(movements_verbs.pay, **key, cents=1_920_00, dated_on=date(2026, 4, 15), piece="Mandat 118")
    with desk.store.write(ACTOR) as session:
        owner = session.get_one(Application, file.application_id).structure_id
        sha = "0" * 64
        session.add(Attachment(sha256=sha, size=1, media_type="application/pdf", added_at=datetime.now(UTC)))
        session.flush()
        session.add(
            Report(
                id="r1", structure_id=owner, application_id=file.application_id, year=2026, title="Bilan",
                subsidy_cents=2_400_00, answers={}, signatory_name="", signed_on=None, received_on=date(2026, 4, 15),
                filename="bilan.pdf", sha256=sha,
            )
        )  # fmt: skip
        record(session, verb="reports.receive", noun="structure", noun_id=owner, summary="Bilan reçu")
    desk.do(movements_verbs.call_payment, **key, cents=480_00)
    assert desk.buckets() == (1_900, 0, 0, 28_100)


def _file_of(session: Any, letter_id: str) -> str:
    return str(session.get_one(Letter, letter_id).application_id)


def test_a_recourse_has_its_days(desk: Desk) -> None:
    desk.meet_on(date(2026, 1, 29))
    lot = desk.submit()
    desk.do(decisions.record_act, lot_id=lot, **{**ACT, "act_on": date(2026, 2, 3)})
    with desk.store.read() as session:
        decision = session.scalars(select(Decision).where(Decision.outcome == "refused")).first()
        assert decision
        key, number = decision.id, session.get_one(Application, decision.application_id).number
    assert number
    given = {"decision_id": key, "kind": "gracious", "filed_on": date(2026, 3, 2), "notified_on": date(2026, 2, 10)}
    assert "n’est pas encore venu" in desk.refused(endings.file_recourse, **{**given, "filed_on": date(2026, 5, 2)})
    filed, recourse = desk.do(endings.file_recourse, **given)
    assert desk.refused(endings.answer_recourse, recourse_id=recourse, outcome="rejected", answered_on=None).startswith(
        "Indiquez le jour de la réponse"
    )
    desk.do(endings.answer_recourse, recourse_id=recourse, outcome="rejected", answered_on=date(2026, 4, 10))
    with desk.store.read() as session:
        row = session.get_one(Recourse, recourse)
        assert (row.outcome, row.answered_on) == ("rejected", date(2026, 4, 10))
    # Erased by mistake, it comes back with its answer; what follows on the way back still finds it.
    erased = desk.do(endings.remove_recourse, recourse_id=recourse)
    desk.do(lambda session: erased.undo(session))
    with desk.store.read() as session:
        row = session.get_one(Recourse, recourse)
        assert (row.outcome, row.answered_on, row.notified_on) == (
            "rejected", date(2026, 4, 10), date(2026, 2, 10),
        )  # fmt: skip
    desk.do(lambda session: filed.undo(session))
    with desk.store.read() as session:
        assert session.get(Recourse, recourse) is None


def test_an_opinion_that_counted_a_voice_kept_out_since_does_not_go_to_the_vote(desk: Desk) -> None:
    file = served(desk)[0]
    with desk.store.read() as session:
        structure = session.get_one(Application, file.application_id).structure_id
    member = desk.story.member_ids[1]
    reason = "Trésorière de l’association."
    confirmed = desk.do(links.confirm, member_id=member, structure_id=structure, kind="mandate", reason=reason)[1]
    with desk.store.read() as session:
        scenario = scenarios.retained(session, call_id=desk.story.call_id)
    sentence = desk.refused(decisions.submit, scenario_id=scenario, label="Lot")
    assert sentence.startswith(f"Avis rendu devant un membre à écarter{NBSP}: {file.number}")
    with desk.store.read() as session:
        name = session.get_one(Member, member).name
    assert f"{file.number}{NBSP}: {name}, aujourd’hui en déport, était dans la salle." in sentence
    # A link that a member declares after the meeting waits for a decision: until then the lot waits too.
    other, further = served(desk)[1:3]
    desk.do(links.forget, link_id=confirmed)
    said = {"linked": True, "whole": False, "kind": "family", "text": "Mon frère y est salarié."}
    desk.do(
        declarations.declare,
        member_id=member,
        application_ids=[other.application_id],
        declared_on=date(2026, 4, 14),
        **said,
    )
    sentence = desk.refused(decisions.submit, scenario_id=scenario, label="Lot")
    assert f"{other.number}{NBSP}: {name}, qui y déclare un lien encore à confirmer, était dans la salle." in sentence
    assert file.number not in sentence and further.number not in sentence


def test_a_lot_refuses_an_opinion_given_without_quorum_unless_the_reglement_lets_a_reason_excuse_it(
    desk: Desk,
) -> None:
    with desk.store.write(ACTOR) as session:
        file = served(desk)[0]
        item = session.scalars(select(AgendaItem).where(AgendaItem.application_id == file.application_id)).one()
        room = dict(item.room or {})
        item.room = room | {"counted": 3, "needed": 4, "voices": room["voices"][:3]}
        record(session, verb="opinions.give", noun="application", noun_id=file.application_id, summary="Essai")
    lot = {"scenario_id": desk.retained(), "label": "Lot"}
    sentence = desk.refused(decisions.submit, **lot)
    assert sentence.startswith(f"1 avis rendu sans quorum{NBSP}: {file.number}. Rouvrez la séance")
    assert f"{file.number}{NBSP}: 3 voix présentes à " in sentence and "il en fallait 4." in sentence
    assert sentence == desk.refused(decisions.submit, **lot, reason=REASON)
    with desk.store.read() as session:
        weighed = ballot.ballot(session, scenario_id=lot["scenario_id"], call_id=desk.story.call_id)
    assert weighed.blocked and not weighed.needs_reason
    with desk.store.read() as session:
        known = parameters.parameters(session, desk.story.call_id)
        excused = next(row for row in known if row.parameter.key == "quorum_excused")
    desk.do(rules.set_parameter, parameter_id=excused.id, text="oui")
    with desk.store.read() as session:
        weighed = ballot.ballot(session, scenario_id=lot["scenario_id"], call_id=desk.story.call_id)
    assert weighed.needs_reason and not weighed.blocked
    assert "Indiquez le motif pour lequel le lot les porte." in desk.refused(decisions.submit, **lot)
    desk.do(decisions.submit, **lot, reason="Urgence reconnue par le bureau.")


def test_an_entry_found_wrong_takes_its_voice_from_the_quorum_of_the_lot(desk: Desk) -> None:
    with desk.store.write(ACTOR) as session:
        moves = session.scalars(select(PresenceMove).order_by(PresenceMove.at, PresenceMove.seq)).all()
        voices = len({move.member_id for move in moves})
        needed = next(room["needed"] for room in session.scalars(select(AgendaItem.room)) if room)
        gone = {move.member_id for move in moves[: voices - needed + 1]}
        for move in moves:
            if move.member_id in gone:
                session.delete(move)
        record(session, verb="presence.withdraw", noun="meeting", noun_id="", summary="Entrées retirées")
    sentence = desk.refused(decisions.submit, scenario_id=desk.retained(), label="Lot")
    assert "avis rendus sans quorum" in sentence
    assert f"il en fallait {needed}." in sentence


def test_an_award_of_the_lot_stays_under_the_eligible_base(desk: Desk) -> None:
    """The committee works on a base of 2 000 euros: neither the lot nor a reopening gives more."""
    file = next(row for row in served(desk) if row.asked_cents == 3_000_00 and row.amount_cents == 2_400_00)
    key = {"application_id": file.application_id}
    desk.do(scenario_lines.set_amount, scenario_id=desk.retained(), **key, amount_cents=2_000_00)
    desk.do(scenario_lines.set_base, scenario_id=desk.retained(), **key, base_cents=2_000_00)
    lot = desk.submit()
    over = f"{file.number}{NBSP}: 2{NBSP}400{NBSP}€ dépasse la base éligible de 400{NBSP}€."
    assert desk.refused(lot_lines.set_amount, lot_id=lot, **key, amount_cents=2_400_00) == over
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    assert desk.refused(versions.reopen, **key, amount_cents=2_400_00, reason=REASON) == over


def test_an_award_changed_in_the_lot_never_keeps_the_reason_of_a_refusal(desk: Desk) -> None:
    file = served(desk)[0]
    lot = desk.submit()
    key = {"lot_id": lot, "application_id": file.application_id}

    def reason() -> str:
        with desk.store.read() as session:
            return session.get_one(LotLine, (lot, file.application_id)).motive

    with desk.store.read() as session:
        partial, refused = (
            settings.text_in_force(session, name, date(2026, 4, 15)) for name in ("motif_partiel", "motif_enveloppe")
        )
    desk.do(lot_lines.set_outcome, **key, outcome="refused")
    assert reason() == refused
    desk.do(lot_lines.set_refusal, **key, code="motif_refus_objet")
    desk.do(lot_lines.set_amount, **key, amount_cents=1_000_00)
    assert reason() == partial
    undone = desk.do(lot_lines.set_motive, **key, text=" Le budget a été revu en séance. ")
    assert reason() == "Le budget a été revu en séance."
    desk.do(lot_lines.set_amount, **key, amount_cents=900_00)
    assert reason() == "Le budget a été revu en séance."
    desk.do(lambda session: undone.undo(session))
    assert reason() == partial
    desk.do(lot_lines.set_amount, **key, amount_cents=file.asked_cents)
    assert reason() == ""


def test_an_award_raised_in_the_lot_stays_in_the_envelope_and_on_the_step(desk: Desk) -> None:
    """1 900 € are free: three files take 600 more each, a fourth has 100 left."""
    files = [row for row in served(desk) if row.asked_cents == 3_000_00 and row.amount_cents == 2_400_00][:4]
    lot = desk.submit()
    for file in files[:3]:
        desk.do(lot_lines.set_amount, lot_id=lot, application_id=file.application_id, amount_cents=3_000_00)
    key = {"lot_id": lot, "application_id": files[3].application_id}
    assert desk.refused(lot_lines.set_amount, **key, amount_cents=3_000_00) == (
        f"600{NBSP}€ de plus pour {files[3].number}{NBSP}: 100{NBSP}€ sont libres. Réduisez d’abord un autre dossier."
    )
    assert "n’est pas arrondi à 50" in desk.refused(lot_lines.set_amount, **key, amount_cents=2_430_00)
    desk.do(lot_lines.set_amount, **key, amount_cents=2_500_00)
    assert desk.buckets() == (0, 0, 30_000, 0)
