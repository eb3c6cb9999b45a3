"""What a lot is asked about who gave its opinions, and what its act is asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import LotLine
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import AgendaItem, Meeting, Member, PresenceMove
from cv_desktop.db.models.signatory import Signatory
from cv_desktop.db.queries import calls as parameters
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.hours import moment_of
from cv_desktop.domain.votes import Votes
from cv_desktop.services import (
    applications,
    ballot,
    decisions,
    drafts,
    links,
    lot_changes,
    lot_lines,
    members,
    presence,
    rules,
    signatories,
    structure_lines,
    versions,
    vote_files,
)
from cv_desktop.services.demonstration import ACTOR, Story
from services.lot_desk import ACT, Desk, served

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


@pytest.fixture
def desk(base_at: Opened) -> Desk:
    return Desk(*base_at("arbitrated"))


def structure_of(desk: Desk, file: ArbitrationRow) -> str:
    with desk.store.read() as session:
        return session.get_one(Application, file.application_id).structure_id


def mandate(desk: Desk, file: ArbitrationRow, name: str, role: str) -> str:
    """Somebody of the structure of a file; gives the structure."""
    structure = structure_of(desk, file)
    values = {"person_name": name, "role": role}
    desk.do(structure_lines.add, kind="mandate", structure_id=structure, values=values)
    return structure


def test_a_possible_link_is_answered_or_excused_before_the_lot(desk: Desk) -> None:
    """A member bears the name of the president of an association, a signatory that of a treasurer."""
    first, second = served(desk)[:2]
    structure = mandate(desk, first, "Bénédicte Témoin", "Présidente")
    mandate(desk, second, "Zélie Exemple", "Trésorier")
    with desk.store.read() as session:
        signing = session.scalars(select(Signatory.id).where(Signatory.active)).first()
    desk.do(signatories.change, signatory_id=signing, values={"name": "Zélie Exemple"})
    lot = {"scenario_id": desk.retained(), "label": "Lot"}
    sentence = desk.refused(decisions.submit, **lot)
    assert sentence.startswith(f"2 liens possibles sans réponse{NBSP}: {first.number}, {second.number}. Confirmez")
    assert f"{first.number}{NBSP}: Bénédicte Témoin (membre) et «{NBSP}{first.structure}{NBSP}»." in sentence
    assert f"{second.number}{NBSP}: Zélie Exemple (signataire) et «{NBSP}{second.structure}{NBSP}»." in sentence
    assert "dix caractères" in desk.refused(decisions.submit, **lot, reason="ok")
    # Answered, it is not asked again; the signatory's needs the reason of the lot, kept with it.
    dismissed = {"member_id": desk.story.member_ids[1], "structure_id": structure}
    desk.do(links.dismiss, **dismissed, reason="Homonyme, vérifié avec elle.")
    assert desk.refused(decisions.submit, **lot).startswith(f"1 lien possible sans réponse{NBSP}: {second.number}.")
    key = desk.do(decisions.submit, **lot, reason="La vice-présidente signera ce courrier.")[1]
    with desk.store.read() as session:
        said = session.scalars(select(JournalEntry).where(JournalEntry.verb == "lot_changes.excuse")).one()
        assert (said.reason, said.noun_id) == ("La vice-présidente signera ce courrier.", key)
        assert f"1 lien possible sans réponse{NBSP}: {second.number}" in said.summary
    # What the reason excused is not asked again by the act.
    with desk.store.read() as session:
        assert lot_changes.since(session, lot_id=key) == ()
    desk.do(decisions.return_lot, lot_id=key, reason="Signataire à inscrire parmi les agents.")
    # Enrolled among the officers, the signatory is answered for like anybody else.
    assert "un signataire, une fois inscrit parmi les agents" in desk.refused(decisions.submit, **lot)
    given = {"call_id": desk.story.call_id, "name": "Zélie Exemple", "body": "", "kind": "officer"}
    officer = desk.do(members.add, **given)[1]
    assert f"{second.number}{NBSP}: Zélie Exemple (agent) et" in desk.refused(decisions.submit, **lot)
    dismissed = {"member_id": officer, "structure_id": structure_of(desk, second)}
    desk.do(links.dismiss, **dismissed, reason="Homonyme, vérifié avec elle.")
    desk.do(decisions.record_act, lot_id=desk.do(decisions.submit, **lot)[1], **ACT)


def test_a_deport_found_after_the_submission_stops_the_act_until_the_file_leaves_the_lot(desk: Desk) -> None:
    lot, file = desk.submit(), served(desk)[0]
    with desk.store.read() as session:
        assert lot_changes.since(session, lot_id=lot) == ()
    given = {"member_id": desk.story.member_ids[1], "structure_id": structure_of(desk, file), "kind": "mandate"}
    changes = desk.do(links.confirm, **given, reason="Trésorière de l’association.")[0]
    sentence = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert sentence.startswith(
        f"Depuis la soumission du lot, le 15{NBSP}avril 2026{NBSP}: Avis rendu devant un membre à écarter{NBSP}: "
        f"{file.number}. Retournez ce dossier à l’arbitrage"
    )
    assert f"{file.number}{NBSP}: Bénédicte Témoin, aujourd’hui en déport, était dans la salle." in sentence
    # Taken back, nothing stands in the way; confirmed again, the file leaves the lot and the others are voted.
    desk.do(lambda session: changes.undo(session))
    with desk.store.read() as session:
        assert lot_changes.since(session, lot_id=lot) == ()
    desk.do(links.confirm, **given, reason="Trésorière de l’association.")
    desk.do(lot_lines.return_file, lot_id=lot, application_id=file.application_id, reason="Déport de la trésorière.")
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    assert desk.buckets()[3] == 28_100 - (file.amount_cents or 0) // 100


def test_a_link_found_after_the_submission_is_answered_before_the_act(desk: Desk) -> None:
    lot, file = desk.submit(), served(desk)[0]
    structure = mandate(desk, file, "Charlie Modèle", "Trésorier")
    sentence = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert f"Lien possible sans réponse{NBSP}: {file.number}. Confirmez-le ou écartez-le" in sentence
    dismissed = {"member_id": desk.story.member_ids[2], "structure_id": structure}
    desk.do(links.dismiss, **dismissed, reason="Homonyme, vérifié avec lui.")
    desk.do(decisions.record_act, lot_id=lot, **ACT)


def test_a_maximum_lowered_after_the_submission_stops_the_act(desk: Desk) -> None:
    lot = desk.submit()
    with desk.store.read() as session:
        known = parameters.parameters(session, desk.story.call_id)
        most = next(row for row in known if row.parameter.key == "amount_max")
    over = sorted(row.number for row in desk.rows() if (row.amount_cents or 0) > 2_000_00)
    desk.do(rules.set_parameter, parameter_id=most.id, text="2 000")
    sentence = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert f"Montant hors bornes{NBSP}: {over[0]}" in sentence and "Corrigez-le dans le lot" in sentence


def test_a_promotion_and_a_reopening_know_what_was_found_of_their_opinion(desk: Desk) -> None:
    waits = served(desk)[0]
    desk.empty(waits.application_id)
    desk.do(decisions.record_act, lot_id=desk.submit(waiting=True), **ACT)
    given = {"member_id": desk.story.member_ids[1], "structure_id": structure_of(desk, waits), "kind": "mandate"}
    desk.do(links.confirm, **given, reason="Trésorière de l’association.")
    amounts = {waits.application_id: waits.amount_cents}
    sentence = desk.refused(versions.promote, call_id=desk.story.call_id, amounts=amounts)
    assert sentence.startswith(f"Avis rendu devant un membre à écarter{NBSP}: {waits.number}.")
    assert "rouvrez sa décision avec un motif" in sentence
    # Reopened with a reason that answers for it, the act is recorded.
    reason = "Avis confirmé sans la trésorière, note au dossier."
    reopened = {"application_id": waits.application_id, "amount_cents": waits.amount_cents, "reason": reason}
    again = desk.do(versions.reopen, **reopened)[1]
    desk.do(decisions.record_act, lot_id=again, **{**ACT, "number": "2026-B-015"})


def test_a_departure_corrected_after_the_opinion_is_seen_by_the_quorum_of_the_lot(desk: Desk) -> None:
    """Six voices, four needed: three of them had left at 14 h 10, whatever was written when the opinion was given."""
    file = served(desk)[0]
    with desk.store.write(ACTOR) as session:
        item = session.scalars(select(AgendaItem).where(AgendaItem.application_id == file.application_id)).one()
        meeting = session.get_one(Meeting, item.meeting_id)
        item.given_at = moment_of(meeting.held_on, time(15, 0))
        meeting.opened_at = moment_of(meeting.held_on, time(14, 0))
        for place, member in enumerate(desk.story.member_ids[1:4]):
            at = moment_of(meeting.held_on, time(16 if place else 14, 30))
            session.add(
                PresenceMove(
                    id=f"départ {place}", meeting_id=meeting.id, member_id=member, seq=100 + place, at=at, kind="out",
                    why="departure", application_id=None,
                )
            )  # fmt: skip
        record(session, verb="presence.leave", noun="meeting", noun_id=meeting.id, summary="Départs de l’essai")
    lot = desk.submit()
    with desk.store.write(ACTOR) as session:
        for place in (0, 1, 2):
            move = session.get_one(PresenceMove, f"départ {place}")
            move.at = moment_of(meeting.held_on, time(14, 10))
            record(
                session, verb="presence.correct", noun="meeting", noun_id=meeting.id, after=move.at.isoformat(),
                summary=f"{session.get_one(Member, move.member_id).name} part à 14 h 10",
            )  # fmt: skip
    sentence = desk.refused(decisions.record_act, lot_id=lot, **ACT)
    assert f"Avis rendu sans quorum{NBSP}: {file.number}. Retournez ce dossier à l’arbitrage" in sentence
    assert f"{file.number}{NBSP}: 3 voix présentes à " in sentence and "il en fallait 4." in sentence
    desk.do(decisions.return_lot, lot_id=lot, reason="Quorum perdu à 14 h 10.")
    sentence = desk.refused(decisions.submit, scenario_id=desk.retained(), label="Lot")
    assert sentence.startswith(f"1 avis rendu sans quorum{NBSP}: {file.number}.")


def test_a_correction_is_that_of_its_member_whatever_the_names(desk: Desk) -> None:
    """Six voices, four needed. The name of one member begins that of another; three had left at 14 h 10."""
    file = served(desk)[0]
    first, second, third = own = desk.story.member_ids[1:4]
    desk.do(members.set_field, member_id=second, name="name", text="Bénédicte Témoin Exemple")
    with desk.store.write(ACTOR) as session:
        held = session.scalars(select(Meeting)).one()
        held.opened_at, held.state = moment_of(held.held_on, time(14, 0)), "open"
        item = session.scalars(select(AgendaItem).where(AgendaItem.application_id == file.application_id)).one()
        item.given_at = moment_of(held.held_on, time(15, 0))
        exits = select(PresenceMove).where(PresenceMove.member_id.in_(own), PresenceMove.why == "departure")
        for move in session.scalars(exits):
            session.delete(move)
        for place, member in enumerate(own):
            at = moment_of(held.held_on, time(16, 0) if place else time(14, 10))
            session.add(
                PresenceMove(
                    id=f"départ {member}", meeting_id=held.id, member_id=member, seq=100 + place, at=at, kind="out",
                    why="departure", application_id=None,
                )
            )  # fmt: skip
        record(session, verb="presence.leave", noun="meeting", noun_id=held.id, summary="Départs de l’essai")
    for member in (second, third):
        desk.do(presence.correct, move_id=f"départ {member}", at=moment_of(held.held_on, time(14, 10)))
    # The first left at an hour that nobody corrected: typed after the votes, perhaps.
    assert guards_of(desk)["quorum"].state == "warn"
    desk.do(presence.correct, move_id=f"départ {first}", at=moment_of(held.held_on, time(14, 11)))
    # A name mended since takes no correction away.
    desk.do(members.set_field, member_id=second, name="name", text="Claire Modèle")
    quorum = guards_of(desk)["quorum"]
    assert quorum.state == "block" and quorum.facts[0].startswith(f"{file.number}{NBSP}: 3 voix présentes à ")


def test_of_an_opinion_typed_another_day_the_departures_are_told(desk: Desk) -> None:
    """The hour of the opinions is not known: three voices of six left before the end, four are needed."""
    with desk.store.write(ACTOR) as session:
        held = session.scalars(select(Meeting)).one()
        for place, member in enumerate(desk.story.member_ids[1:4]):
            at = moment_of(held.held_on, time(14, 10 + place))
            session.add(
                PresenceMove(
                    id=f"départ {place}", meeting_id=held.id, member_id=member, seq=100 + place, at=at, kind="out",
                    why="departure", application_id=None,
                )
            )  # fmt: skip
        record(session, verb="presence.leave", noun="meeting", noun_id=held.id, summary="Départs de l’essai")
    with desk.store.read() as session:
        found = ballot.ballot(session, scenario_id=desk.retained(), call_id=desk.story.call_id)
    (quorum,) = (guard for guard in found.guards if guard.code == "quorum")
    assert quorum.state == "warn" and "dont le quorum dépend de l’heure des départs" in quorum.label
    assert f"Bénédicte Témoin (14{NBSP}h{NBSP}10)" in quorum.details[0]


def test_an_act_is_never_before_its_opinions_nor_before_the_act_that_it_replaces(desk: Desk) -> None:
    lot, file = desk.submit(), served(desk)[0]
    early = {**ACT, "act_on": date(2026, 4, 8)}
    assert desk.refused(decisions.record_act, lot_id=lot, **early) == (
        f"Le 8{NBSP}avril 2026 précède la séance du 9{NBSP}avril 2026, qui a donné les avis."
    )
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    given = {"application_id": file.application_id, "amount_cents": 500_00, "reason": "Montant revu à la baisse."}
    again = desk.do(versions.reopen, **given)[1]
    late = {**ACT, "number": "2026-B-015", "act_on": date(2026, 4, 13)}
    assert desk.refused(decisions.record_act, lot_id=again, **late) == (
        f"Le 13{NBSP}avril 2026 précède l’acte n°{NBSP}2026-B-014 du 14{NBSP}avril 2026, qu’il remplace."
    )
    # The annex of the second act says what it replaces, and why, beside the note of the first.
    with desk.store.read() as session:
        scores = [session.get_one(LotLine, (key, file.application_id)).score for key in (lot, again)]
    assert scores[0] and scores[0] == scores[1]
    pages = vote_files.export(desk.store, lot_id=again, medium="pdf", actor=ACTOR)
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pages)).pages).split())
    assert "Au lieu de 2 400 €. Montant revu à la baisse." in told.replace(NBSP, " ")
    desk.do(decisions.record_act, lot_id=again, **{**late, "act_on": date(2026, 4, 15)}, votes=Votes(20, 3, 0))
    pages = vote_files.export(desk.store, lot_id=again, medium="pdf", actor=ACTOR)
    told = PdfReader(BytesIO(pages)).pages[0].extract_text().replace(NBSP, " ")
    assert "acte n° 2026-B-015 du 15 avril 2026, 20 voix pour, 3 contre." in " ".join(told.split())


def test_an_act_sets_no_condition_that_was_due_before_it(desk: Desk) -> None:
    lot, file = desk.submit(), served(desk)[0]
    key = {"lot_id": lot, "application_id": file.application_id}
    desk.do(lot_lines.set_condition, **key, text="Budget signé à remettre.", due_on=date(2026, 4, 16))
    with desk.store.write(ACTOR) as session:  # as if written a few days earlier
        session.get_one(LotLine, (lot, file.application_id)).condition_due_on = date(2026, 4, 14)
        record(session, verb="test", noun="lot", noun_id=lot, summary="Réserve d’avant")
    assert desk.refused(decisions.record_act, lot_id=lot, **ACT) == (
        f"{file.number}{NBSP}: la réserve serait à lever avant le 14{NBSP}avril 2026, et l’acte est du 14{NBSP}avril "
        "2026. Donnez-lui un autre jour dans le lot."
    )
    desk.do(lot_lines.set_condition, **key, text="Budget signé à remettre.", due_on=date(2026, 5, 15))
    desk.do(decisions.record_act, lot_id=lot, **ACT)


def test_what_awaits_its_vote_or_is_decided_is_neither_withdrawn_nor_instructed_again(desk: Desk) -> None:
    lot, file = desk.submit(), served(desk)[0]
    again = {"application_id": file.application_id, "reason": "Pièce fausse découverte hier."}
    told = f"{file.number} attend son vote dans «{NBSP}Lot d’avril{NBSP}»{NBSP}: retournez-le d’abord à l’arbitrage"
    for verb in (drafts.withdraw, applications.reopen):
        assert desk.refused(verb, **again).startswith(told)
    desk.do(lot_lines.return_file, lot_id=lot, application_id=file.application_id, reason="Retrait de l’association.")
    passed = desk.do(applications.reopen, **again)
    desk.do(lambda session: passed.undo(session))
    desk.do(decisions.record_act, lot_id=lot, **ACT)
    desk.do(decisions.record_act, lot_id=desk.submit(), **{**ACT, "number": "2026-B-015"})
    assert desk.refused(applications.reopen, **again).startswith(f"{file.number} est décidé{NBSP}: rouvrez ou retirez")


def test_a_decided_file_that_an_older_base_reopened_finds_its_passage_and_is_reduced(desk: Desk) -> None:
    """It stopped the passage of all the others, and its award could only be taken away whole."""
    file = served(desk)[0]
    desk.do(decisions.record_act, lot_id=desk.submit(), **ACT)
    with desk.store.write(ACTOR) as session:
        session.get_one(Application, file.application_id).status = "deposited"
        record(session, verb="applications.reopen", noun="application", noun_id="", summary="Rouvert avant ce jour")
    desk.do(applications.examine, call_id=desk.story.call_id)
    given = {"application_id": file.application_id, "reason": "Réduction voulue par le comité."}
    lot = desk.do(versions.reopen, **given, amount_cents=1_900_00)[1]
    desk.do(decisions.record_act, lot_id=lot, **{**ACT, "number": "2026-B-016"})


def test_a_file_that_is_eligible_no_more_receives_nothing(desk: Desk) -> None:
    first, second = served(desk)[:2]
    for file in (first, second):
        desk.do(applications.reopen, application_id=file.application_id, reason="Pièce fausse découverte hier.")
    sentence = desk.refused(decisions.submit, scenario_id=desk.retained(), label="Lot")
    for file in (first, second):
        assert f"{file.number}{NBSP}: Dossier «{NBSP}Déposé{NBSP}»{NBSP}: aucun montant n’est possible" in sentence
        desk.empty(file.application_id)
    # Without an amount they stay out of the lot, and wait to be instructed.
    with desk.store.read() as session:
        files = ballot.ballot(session, scenario_id=desk.retained(), call_id=desk.story.call_id).files
    lot = desk.submit()
    with desk.store.read() as session:
        kept = {line.application_id for line in session.scalars(select(LotLine).where(LotLine.lot_id == lot))}
    assert len(kept) == files == len(desk.rows()) - 2 and not kept & {first.application_id, second.application_id}
    # Were the passage of a file of the lot taken back by other means, its act would see it.
    other = next(row for row in served(desk) if row.application_id in kept)
    with desk.store.write(ACTOR) as session:
        session.get_one(Application, other.application_id).status = "ineligible"
        record(session, verb="test", noun="application", noun_id="", summary="Irrecevable")
    assert f"{other.number}{NBSP}: Dossier «{NBSP}Irrecevable{NBSP}»" in desk.refused(
        decisions.record_act, lot_id=lot, **ACT
    )


def guards_of(desk: Desk) -> dict[str, ballot.Guard]:
    with desk.store.read() as session:
        found = ballot.ballot(session, scenario_id=desk.retained(), call_id=desk.story.call_id)
    return {guard.code: guard for guard in found.guards}


def test_opinions_typed_the_same_evening_keep_the_room_of_their_vote(desk: Desk) -> None:
    """Typed at 17 h 45 from paper: three members of six had left at 16 h 40, after the votes, the others at 18 h."""
    file = served(desk)[1]
    with desk.store.write(ACTOR) as session:
        held = session.scalars(select(Meeting)).one()
        held.opened_at = moment_of(held.held_on, time(17, 40))
        for item in session.scalars(select(AgendaItem)):
            item.given_at = moment_of(held.held_on, time(17, 45))
        exits = select(PresenceMove).where(PresenceMove.kind == "out", PresenceMove.why == "departure")
        for move in session.scalars(exits):
            session.delete(move)
        for place, member in enumerate(desk.story.member_ids):
            at = moment_of(held.held_on, time(18, 0) if place > 2 else time(16, 40))
            session.add(
                PresenceMove(
                    id=f"départ {place}", meeting_id=held.id, member_id=member, seq=100 + place, at=at, kind="out",
                    why="departure", application_id=None,
                )
            )  # fmt: skip
        record(session, verb="presence.leave", noun="meeting", noun_id=held.id, summary="Départs de l’essai")
    q = guards_of(desk)["quorum"]
    assert q.state == "warn", q
    given = {"member_id": desk.story.member_ids[1], "structure_id": structure_of(desk, file), "kind": "mandate"}
    desk.do(links.confirm, **given, reason="Trésorière de l’association.")
    recusals = guards_of(desk)["recusals"]
    told = f"{file.number}{NBSP}: Bénédicte Témoin, aujourd’hui en déport, était dans la salle."
    assert (recusals.state, recusals.facts) == ("block", (told,))


def test_who_left_the_committee_is_still_compared_for_the_files_heard(desk: Desk) -> None:
    """She sat on 9 April, and is gone on the 10th; then she signs, and is compared for every file."""
    file = served(desk)[1]
    structure = mandate(desk, file, "Bénédicte Témoin", "Trésorière")
    gone = {"member_id": desk.story.member_ids[1], "name": "left_on", "text": "10/04/2026"}
    desk.do(members.set_field, **gone)
    told = f"{file.number}{NBSP}: Bénédicte Témoin (membre) et "
    assert guards_of(desk)["links"].facts[0].startswith(told)
    with desk.store.read() as session:
        signing = session.scalars(select(Signatory.id).where(Signatory.active)).first()
    desk.do(signatories.change, signatory_id=signing, values={"name": "Bénédicte Témoin"})
    (fact,) = guards_of(desk)["links"].facts
    assert fact.startswith(f"{file.number}{NBSP}: Bénédicte Témoin (signataire) et ")
    dismissed = {"member_id": desk.story.member_ids[1], "structure_id": structure}
    desk.do(links.dismiss, **dismissed, reason="Homonyme, vérifié avec elle.")
    assert guards_of(desk)["links"].state == "pass"


def test_who_left_the_committee_without_sitting_is_compared_once_signatory(desk: Desk) -> None:
    file = served(desk)[1]
    mandate(desk, file, "Zélie Exemple", "Trésorier")
    key = desk.do(members.add, call_id=desk.story.call_id, name="Zélie Exemple", body="", kind="member")[1]
    desk.do(members.set_field, member_id=key, name="left_on", text="10/04/2026")
    assert guards_of(desk)["links"].state == "pass"
    with desk.store.read() as session:
        signing = session.scalars(select(Signatory.id).where(Signatory.active)).first()
    desk.do(signatories.change, signatory_id=signing, values={"name": "Zélie Exemple"})
    (fact,) = guards_of(desk)["links"].facts
    assert fact.startswith(f"{file.number}{NBSP}: Zélie Exemple (signataire) et ")
