"""The verbs of a campaign: what they refuse, in which words, and what undoing them gives back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.base import Base
from cv_desktop.db.models.application import Application, BudgetLine
from cv_desktop.db.models.call import Grid
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications as files
from cv_desktop.db.queries import calls as campaigns
from cv_desktop.db.queries import envelopes, scenarios, scores, search
from cv_desktop.db.queries import meetings as rooms
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.services import (
    applications,
    bank_accounts,
    budgets,
    calls,
    decisions,
    documents,
    form,
    letters,
    meetings,
    members,
    proposals,
    reviews,
    rules,
    scenario_lines,
    structures,
)
from cv_desktop.services import settings as house
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
Verb = Callable[[Session], Any]
NBSP = "\u00a0"
IBAN = "FR76 9999 9000 0112 3456 7890 152"
# What keeps its trace on purpose: the journal, and the movements of money, each taken back by another one.
TRACE = {"journal", "journal_head", "movement"}


def refused(store: Store, verb: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verb(session, **arguments)
    return refusal.value.message


def snapshot(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in TRACE
        }


def file_id(store: Store, story: Story, number: str) -> str:
    with store.read() as session:
        return next(r.id for r in files.rows(session, call_id=story.call_id) if r.external_id == number)


def test_a_campaign_refuses_a_bad_code_year_and_envelope(new_base: Store) -> None:
    create = {"code": "FIA-2026", "scheme": "FIA", "year": 2026, "envelope_cents": 100}
    with new_base.write(ACTOR) as session:
        calls.create(session, **create)
    assert refused(new_base, calls.create, **create).startswith(f"La campagne «{NBSP}FIA-2026{NBSP}» existe déjà.")
    assert "n’est pas un code" in refused(new_base, calls.create, **{**create, "code": "été 26"})
    assert "n’existe pas" in refused(new_base, calls.create, **{**create, "code": "X-1", "scheme": "FPH"})
    assert "hors de portée" in refused(new_base, calls.create, **{**create, "code": "X-1", "year": 1998})
    assert "négative" in refused(new_base, calls.create, **{**create, "code": "X-1", "envelope_cents": -1})


def test_a_file_with_a_broken_rule_is_not_declared_eligible(base_at: Opened) -> None:
    store, story = base_at("imported")
    unbalanced = file_id(store, story, "20170006")
    sentence = refused(store, applications.declare_eligible, application_id=unbalanced)
    assert sentence == f"Le dossier ne peut pas être déclaré recevable{NBSP}: budget équilibré (article{NBSP}6)."
    sentence = refused(store, applications.declare_ineligible, application_id=unbalanced)
    assert sentence.startswith("Ces points se complètent")
    with store.write(ACTOR) as session:
        applications.ask_completion(session, application_id=unbalanced)
        line = session.scalars(
            select(BudgetLine).where(BudgetLine.application_id == unbalanced, BudgetLine.side == "produit")
        ).first()
        assert line is not None
        budgets.set_cents(session, line_id=line.id, cents=line.amount_cents - 24_000)
        session.flush()
        applications.declare_eligible(session, application_id=unbalanced)
    sentence = refused(store, form.set_field, application_id=unbalanced, name="title", text="Autre")
    assert "rouvrez-le pour le modifier" in sentence
    assert refused(store, applications.reopen, application_id=unbalanced, reason="bof").startswith("Indiquez le motif")


def test_the_checks_frozen_at_the_passage_do_not_move_with_the_rules(base_at: Opened) -> None:
    store, story = base_at("examined")
    eligible = file_id(store, story, "20170009")
    with store.read() as session:
        ceiling = next(p for p in campaigns.parameters(session, story.call_id) if p.parameter.key == "amount_max")
        before = applications.checks_of(session, application_id=eligible)
    with store.write(ACTOR) as session:
        rules.set_parameter(session, parameter_id=ceiling.id, text="1 000")
    with store.read() as session:
        assert applications.checks_of(session, application_id=eligible) == before
        now = applications.checks(session, call_id=story.call_id)[eligible]
    assert next(r for r in now if r.code == "over_ceiling").blocks


def test_numbers_of_a_structure_are_checked_and_never_shared(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        first, other = (session.get_one(Application, file_id(store, story, n)) for n in ("20170009", "20170010"))
        keys = first.structure_id, other.structure_id
        siret = session.execute(select(Structure.siret).where(Structure.id == keys[1])).scalar_one()
    wrong = {"structure_id": keys[0], "name": "siret"}
    assert refused(store, structures.set_field, **wrong, value="1234567890123").startswith("Ce SIRET a 13 chiffres")
    assert "a déjà le SIREN" in refused(store, structures.set_field, **wrong, value=siret)
    assert "IBAN" in refused(store, bank_accounts.add, structure_id=keys[0], iban="FR7612345")


def test_a_recused_member_neither_sees_nor_marks_and_his_marks_no_longer_count(base_at: Opened) -> None:
    store, story = base_at("marked")
    with store.read() as session:
        hidden = next(r for r in rooms.recusals(session, call_id=story.call_id))
        listed = {r.id for r in files.rows(session, call_id=story.call_id, viewer=hidden.member_id)}
        other = next(r for r in files.rows(session, call_id=story.call_id, viewer=hidden.member_id) if r.progress)
        assert hidden.application_id not in listed
        words = search.vocabulary(session)
        assert search.found(session, text=hidden.number, words=words).files
        assert not search.found(session, text=hidden.number, words=words, viewer=hidden.member_id).files
    key = {"application_id": hidden.application_id, "member_id": hidden.member_id, "criterion": "PERT"}
    assert refused(store, reviews.set_mark, **key, level=2).startswith("Un déport est enregistré")
    late = story.member_ids[1]
    target = next(iter(listed & set(_eligible(store, story))))
    with store.write(ACTOR) as session:
        meetings.declare_recusal(
            session, member_id=late, application_id=target, reason="Lien déclaré après la notation."
        )
    with store.write(ACTOR) as session:
        _changes, room = meetings.create(session, call_id=story.call_id, label="Comité", held_on=date(2026, 4, 9))
    with store.read() as session:
        assert scores.returned_sheets(session, room)[_number(store, target)] == (5, 5)
    assert other.id in listed


def _eligible(store: Store, story: Story) -> list[str]:
    with store.read() as session:
        return [r.id for r in files.rows(session, call_id=story.call_id) if r.status.value == "eligible"]


def _number(store: Store, key: str) -> str:
    with store.read() as session:
        return session.get_one(Application, key).number


def test_no_note_is_read_before_the_revelation_and_none_changes_after(base_at: Opened) -> None:
    store, story = base_at("marked")
    with store.read() as session:
        assert scores.committees(session, call_id=story.call_id) == {}
        assert scores.notes(session, call_id=story.call_id) == {}
    store, story = base_at("met")
    file = _first_noted(store, story)
    sentence = refused(
        store, reviews.set_mark, application_id=file, member_id=story.member_ids[3], criterion="PERT", level=0
    )
    assert "ont été révélées" in sentence


def _first_noted(store: Store, story: Story) -> str:
    with store.read() as session:
        return next(iter(scores.committees(session, call_id=story.call_id)))


def test_the_grid_freezes_at_the_first_mark(base_at: Opened) -> None:
    store, story = base_at("examined")
    with store.write(ACTOR) as session:
        _changes, member = members.add(session, call_id=story.call_id, name="Alix Exemple", body="Ville")
    with store.read() as session:
        assert campaigns.grid(session, story.call_id).frozen_at is None
    with store.write(ACTOR) as session:
        reviews.set_mark(
            session, application_id=_eligible(store, story)[0], member_id=member, criterion="PERT", level=2
        )
    with store.read() as session:
        assert session.scalars(select(Grid.frozen_at).where(Grid.call_id == story.call_id)).one() is not None


def test_a_sheet_is_returned_whole(base_at: Opened) -> None:
    store, story = base_at("examined")
    file = _eligible(store, story)[0]
    with store.write(ACTOR) as session:
        _changes, member = members.add(session, call_id=story.call_id, name="Alix Exemple", body="Ville")
    with store.write(ACTOR) as session:
        for code in ("PERT", "PUBL", "FAIS", "PART", "BUDG", "EVAL", "EFH", "PAR"):
            level = 1 if code in ("EVAL", "PAR") else 2
            reviews.set_mark(session, application_id=file, member_id=member, criterion=code, level=level)
    sentence = refused(store, reviews.hand_in, application_id=file, member_id=member)
    assert sentence == f"1 critère reste à noter{NBSP}: TED. 2 phrases manquent{NBSP}: EVAL, PAR."


def test_a_lot_out_of_bounds_is_refused_and_the_vote_needs_its_act(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.read() as session:
        scenario = scenarios.retained(session, call_id=story.call_id)
        first = scenarios.ranking(session, scenario_id=scenario)[0].row
    with store.write(ACTOR) as session:
        scenario_lines.set_amount(
            session, scenario_id=scenario, application_id=first.application_id, amount_cents=first.asked_cents + 5_000
        )
    sentence = refused(store, decisions.submit, scenario_id=scenario, label="Lot")
    assert f"dépasse la demande de 50{NBSP}€" in sentence
    with store.write(ACTOR) as session:
        scenario_lines.set_amount(
            session, scenario_id=scenario, application_id=first.application_id, amount_cents=240_000
        )
    with store.write(ACTOR) as session:
        _changes, lot = decisions.submit(session, scenario_id=scenario, label="Lot")
    act = {"lot_id": lot, "body": "Bureau communautaire", "number": "1", "act_on": date(2026, 4, 14)}
    assert refused(store, decisions.record_act, **{**act, "number": ""}) == "Le numéro de l’acte est obligatoire."
    assert "qui n’est pas venu" in refused(store, decisions.record_act, **{**act, "act_on": date(2026, 5, 1)})
    with store.write(ACTOR) as session:
        decisions.record_act(session, **act)
        letters.prepare(session, call_id=story.call_id)
    with store.read() as session:
        contents = [
            letters.compose(session, letter_id=key) for key in letters.not_issued(session, call_id=story.call_id)
        ]
    award = next(c for c in contents if c.kind == "ATT-P")
    assert [m.sentence for m in award.missing] == [
        "La délibération n’a pas de date de transmission.",
        "La délibération n’a pas de date de publication.",
    ]
    assert refused(store, decisions.return_lot, lot_id=lot, reason="Erreur de montant") == (
        "Ce lot est déjà voté ou retourné."
    )


def test_a_full_award_has_the_letter_of_a_full_award(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.read() as session:
        scenario = scenarios.retained(session, call_id=story.call_id)
        rows = [r.row for r in scenarios.ranking(session, scenario_id=scenario)]
    small = next(r for r in rows if r.asked_cents == 80_000)
    with store.write(ACTOR) as session:
        scenario_lines.set_amount(
            session, scenario_id=scenario, application_id=small.application_id, amount_cents=small.asked_cents
        )
        _changes, lot = decisions.submit(session, scenario_id=scenario, label="Lot")
        session.flush()
        decisions.record_act(
            session,
            lot_id=lot,
            body="Bureau communautaire",
            number="2026-B-014",
            act_on=date(2026, 4, 14),
            sent_to_prefect_on=date(2026, 4, 15),
            published_on=date(2026, 4, 15),
        )
        letters.prepare(session, call_id=story.call_id, kinds=("ATT", "ATT-P", "REF", "AJ"))
    with store.read() as session:
        contents = [
            letters.compose(session, letter_id=key) for key in letters.not_issued(session, call_id=story.call_id)
        ]
    kinds = sorted(c.kind for c in contents)
    assert kinds == ["AJ", "ATT", *["ATT-P"] * 12, "REF"]
    assert all(c.complete for c in contents)


def _undoable(base_at: Opened) -> list[tuple[Store, str, Verb]]:
    imported, first = base_at("imported")
    arbitrated, last = base_at("arbitrated")
    file = file_id(imported, first, "20170009")
    with imported.read() as session:
        structure = session.get_one(Application, file).structure_id
        line = session.scalars(select(BudgetLine.id).where(BudgetLine.application_id == file)).first()
    with arbitrated.read() as session:
        scenario = scenarios.retained(session, call_id=last.call_id)
        ranked = scenarios.ranking(session, scenario_id=scenario)[0].row.application_id
    amount = {"scenario_id": scenario, "application_id": ranked}
    return [
        (imported, "envelope", lambda s: calls.set_envelope(s, call_id=first.call_id, envelope_cents=1)),
        (imported, "label", lambda s: calls.set_label(s, call_id=first.call_id, label="Autre")),
        (imported, "setting", lambda s: house.set_value(s, key="city", value="Melun")),
        (
            imported,
            "field",
            lambda s: form.set_field(s, application_id=file, name="asked_cents", text="1 234,56"),
        ),
        (imported, "budget", lambda s: budgets.set_cents(s, line_id=line or "", cents=7)),
        (imported, "document", lambda s: documents.remove(s, application_id=file, kind="rib")),
        (imported, "eligible", lambda s: applications.declare_eligible(s, application_id=file)),
        (
            imported,
            "structure",
            lambda s: structures.set_field(s, structure_id=structure, name="phone", value="0199000001"),
        ),
        (imported, "iban", lambda s: bank_accounts.add(s, structure_id=structure, iban=IBAN)),
        (imported, "member", lambda s: members.add(s, call_id=first.call_id, name="Zoé Témoin", body="X")),
        (arbitrated, "amount", lambda s: scenario_lines.set_amount(s, **amount, amount_cents=50_000)),
        (arbitrated, "lock", lambda s: scenario_lines.set_locked(s, **amount, locked=True)),
        (arbitrated, "motive", lambda s: scenario_lines.set_motive(s, **amount, text="Motif")),
        (arbitrated, "proposal", lambda s: proposals.propose(s, scenario_id=scenario, rate=40)),
    ]


def test_undoing_gives_every_table_back_as_it_was(base_at: Opened) -> None:
    wrong = []
    for store, name, verb in _undoable(base_at):
        before = snapshot(store)
        with store.write(ACTOR) as session:
            result = verb(session)
        changes: Changes = result[0] if isinstance(result, tuple) else result
        assert changes.undo is not None, name
        if snapshot(store) == before:
            wrong.append(f"{name} changed nothing")
        with store.write(ACTOR) as session:
            changes.undo(session)
        after = snapshot(store)
        # A document put back is another row of the same document.
        tables = [t for t in before if t != "document" and before[t] != after[t]]
        if tables:
            wrong.append(f"{name}: {tables}")
    assert not wrong


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["amount", "propose", "submit", "return", "vote"]), st.integers(0, 60)), max_size=12
    )
)
def test_the_buckets_always_add_up_to_the_envelope(base_at: Opened, history: list[tuple[str, int]]) -> None:
    store, story = base_at("arbitrated")
    with store.read() as session:
        scenario = scenarios.retained(session, call_id=story.call_id)
    for number, (gesture, value) in enumerate(history):
        with store.read() as session:
            ranked = scenarios.ranking(session, scenario_id=scenario)
            waiting = [lot.id for lot in envelopes.lots(session, call_id=story.call_id) if lot.state == "submitted"]
        row = ranked[value % len(ranked)].row
        try:
            with store.write(ACTOR) as session:
                match gesture:
                    case "amount":
                        scenario_lines.set_amount(
                            session,
                            scenario_id=scenario,
                            application_id=row.application_id,
                            amount_cents=value * 5_000,
                        )
                    case "propose":
                        proposals.propose(session, scenario_id=scenario, rate=value + 1)
                    case "submit":
                        decisions.submit(session, scenario_id=scenario, label="", reason="Dépassement accepté.")
                    case "return" if waiting:
                        decisions.return_lot(session, lot_id=waiting[0], reason="Retour à l’arbitrage.")
                    case "vote" if waiting:
                        decisions.record_act(
                            session, lot_id=waiting[0], body="Bureau", number=str(number), act_on=date(2026, 4, 14)
                        )
        except UserError:
            pass
        with store.read() as session:
            found = envelopes.buckets(session, call_id=story.call_id)
            rows = [r.row for r in scenarios.ranking(session, scenario_id=scenario)]
        total = found.free_cents + found.marked_cents + found.submitted_cents + found.engaged_cents
        assert total == found.envelope_cents == 30_000_00
        assert found.marked_cents == sum(r.amount_cents or 0 for r in rows if r.lot_id is None)
