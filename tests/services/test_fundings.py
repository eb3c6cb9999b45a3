"""What the other funders give is recorded; the years of an agreement are engaged on the envelopes to come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from cv_desktop.db.models.application import Application, BudgetLine
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.queries import envelopes, fundings, movements
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain import campaign_concordance
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls, demonstration, programmes, proposals
from cv_desktop.services import fundings as verbs
from cv_desktop.services.demonstration import ACTOR, Story
from deposit_workbook import Book

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


def granted(store: Store) -> tuple[str, int]:
    with store.read() as session:
        decision = session.scalars(select(Decision).order_by(Decision.amount_cents.desc(), Decision.id)).first()
        assert decision
        return decision.application_id, decision.amount_cents


def free(store: Store, call: str) -> tuple[int, int]:
    with store.read() as session:
        assert movements.gaps(session) == []
        found = envelopes.buckets(session, call_id=call)
    return found.engaged_cents, found.free_cents


def test_what_the_state_voted_is_recorded_and_taken_back(base_at: Opened) -> None:
    store, story = base_at("voted")
    file, cents = granted(store)
    key = {"application_id": file, "funder": "ETAT-147"}
    with store.write(ACTOR) as session:
        verbs.set_amount(session, **key, name="asked_cents", text="4 000")
        verbs.set_amount(session, **key, name="proposed_cents", text="3 000")
        verbs.set_amount(session, **key, name="voted_cents", text="2 500")
        paid = verbs.set_amount(session, **key, name="paid_cents", text="2 000")
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verbs.set_amount(session, **key, name="paid_cents", text="2 600")
    assert refusal.value.message.startswith(f"2{NBSP}600{NBSP}€ payés dépassent ce que État, politique de la ville")
    with store.read() as session:
        state = next(r for r in fundings.of_file(session, application_id=file) if r.code == "ETAT-147")
        ours = fundings.own(session, application_id=file)
        every = fundings.of_call(session, call_id=story.call_id).values()
        total = next(r for r in fundings.summed(row for rows in every for row in rows) if r.code == "ETAT-147")
    shown = (state.asked_cents, state.proposed_cents, state.voted_cents, state.paid_cents, state.budgeted)
    assert shown == (4_000_00, 3_000_00, 2_500_00, 2_000_00, False)
    assert (ours.voted_cents, ours.paid_cents) == (cents, None)
    assert (total.voted_cents, total.paid_cents) == (2_500_00, 2_000_00)
    # Nothing of it touches the envelope: the State decides of its own share.
    assert free(store, story.call_id) == (28_100_00, 1_900_00)
    assert paid.undo
    with store.write(ACTOR) as session:
        paid.undo(session)
    with store.read() as session:
        rows = fundings.of_file(session, application_id=file)
    assert next(r for r in rows if r.code == "ETAT-147").paid_cents is None


def test_the_budget_says_what_was_asked_of_a_funder(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.write(ACTOR) as session:
        file = session.scalars(select(Application.id).where(Application.call_id == story.call_id)).first()
        assert file
        for position, cents in enumerate((1_000_00, 500_00)):
            session.add(
                BudgetLine(
                    id=f"b{position}", application_id=file, side="produit", position=90 + position, account="741",
                    label="Préfecture", amount_cents=cents, state="asked", funder_code="ETAT-147",
                )
            )  # fmt: skip
        record(session, verb="x", noun="application", noun_id=file, summary="Lignes de l’essai")
    with store.read() as session:
        rows = fundings.of_file(session, application_id=file)
    assert [(r.code, r.asked_cents, r.budgeted, r.voted_cents) for r in rows] == [("ETAT-147", 1_500_00, True, None)]


def test_the_budget_of_an_imported_file_names_its_co_funders(base_at: Opened, tmp_path: Path) -> None:
    """« Conseil départemental 77 » of a workbook is the département; what nobody voted is not a vote of nothing."""
    store, story = base_at("campaign")
    book = Book(7, 2)
    for number, label, euros in (("30000000", "Conseil départemental 77", 310), ("30000000", "Mairie de Melun", 45),
                                 ("30000001", "CD 77", 90), ("30000001", "Collectif des voisins", 60)):  # fmt: skip
        book.incomes.append([float(number), 3.0, "74", label, float(euros), "Non"])
    demonstration.deposits(store, story, book.save(tmp_path / "depots.xlsx"))
    with store.read() as session:
        every = fundings.of_call(session, call_id=story.call_id).values()
        found = fundings.summed(row for rows in every for row in rows)
    assert [(r.code, r.asked_cents, r.proposed_cents, r.voted_cents, r.paid_cents) for r in found] == [
        ("DEPARTEMENT", 400_00, None, None, None),
        ("MELUN", 45_00, None, None, None),
    ]


def test_the_years_of_an_agreement_are_engaged_when_their_campaign_exists(base_at: Opened) -> None:
    store, story = base_at("voted")
    file, _cents = granted(store)
    with store.write(ACTOR) as session:
        verbs.set_tranche(session, application_id=file, year=2027, text="2 000")
        verbs.set_tranche(session, application_id=file, year=2028, text="1 500")
    assert free(store, story.call_id) == (28_100_00, 1_900_00)
    with store.write(ACTOR) as session:
        later = calls.create(session, code="FIA-2027", scheme="FIA", year=2027, envelope_cents=25_000_00)[1]
    assert free(store, later) == (2_000_00, 23_000_00)
    # A replay of that year does not share it again.
    with store.read() as session:
        assert [proposals.promised(session, call_id=key) for key in (story.call_id, later)] == [0, 2_000_00]
        years = fundings.tranches(session, application_id=file)
        told = campaign_concordance.ticks([], 23_000_00, 0, proposals.promised(session, call_id=later))[2].words
        stands = programmes.programme(session, call_id=later).sentences[1]
    # What the concordance and the programming table name makes the envelope.
    assert told.replace("\u00a0", " ") == (
        "0 € engagés et 2 000 € par des conventions d’années passées, 23 000 € libres."
    )
    assert stands.replace("\u00a0", " ").endswith(
        "2 000 € engagés par des conventions d’années passées. Libre 23 000 €."
    )
    assert [(y.year, y.cents, y.call) for y in years] == [(2027, 2_000_00, "FIA 2027"), (2028, 1_500_00, "")]
    with store.write(ACTOR) as session:
        less = verbs.set_tranche(session, application_id=file, year=2027, text="1 200")
    assert free(store, later) == (1_200_00, 23_800_00)
    assert less.undo
    with store.write(ACTOR) as session:
        less.undo(session)
        verbs.set_tranche(session, application_id=file, year=2028, text="")
    assert free(store, later) == (2_000_00, 23_000_00)


def test_an_agreement_has_its_years(base_at: Opened) -> None:
    store, _story = base_at("voted")
    file, _cents = granted(store)
    for year in (2026, 2030):
        with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
            verbs.set_tranche(session, application_id=file, year=year, text="1 000")
        assert refusal.value.message == "Une convention signée en 2026 porte sur les années 2027 à 2029."
