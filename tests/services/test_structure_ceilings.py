"""What a structure may receive in the year holds the lot, its act and what follows a decision."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.derogation import Derogation
from cv_desktop.db.queries import calls as parameters
from cv_desktop.db.queries import year_amounts
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.store import Store
from cv_desktop.db.work import now, record
from cv_desktop.domain.structure_ceiling import YearFile
from cv_desktop.services import boards, decisions, lot_changes, lot_lines, proposals, rules, scenario_lines, versions
from cv_desktop.services.demonstration import ACTOR, Story
from services.lot_desk import ACT, Desk, served

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


@pytest.fixture
def desk(base_at: Opened) -> Desk:
    return Desk(*base_at("arbitrated"))


def pair(desk: Desk) -> tuple[ArbitrationRow, ArbitrationRow]:
    """Two files, of 2 400 € each, made those of one structure."""
    first, second = served(desk)[:2]
    assert (first.amount_cents, second.amount_cents) == (2_400_00, 2_400_00)
    with desk.store.write(ACTOR) as session:
        structure = session.get_one(Application, first.application_id).structure_id
        session.get_one(Application, second.application_id).structure_id = structure
        record(session, verb="test", noun="application", noun_id="", summary="Deux dossiers d’une structure")
    return first, second


def most(desk: Desk, euros: str) -> None:
    with desk.store.read() as session:
        known = parameters.parameters(session, desk.story.call_id)
        key = next(row.id for row in known if row.parameter.key == "structure_amount_max")
    desk.do(rules.set_parameter, parameter_id=key, text=euros)


def dispense(desk: Desk, file: ArbitrationRow) -> None:
    with desk.store.write(ACTOR) as session:
        session.add(
            Derogation(
                id="dérogation", application_id=file.application_id, code="over_structure_year", item="",
                reason="Deux actions distinctes.", author=ACTOR, given_at=now(session),
            )
        )  # fmt: skip
        record(session, verb="test", noun="application", noun_id="", summary="Dérogation")


def test_two_files_of_a_structure_are_held_to_its_maximum_from_the_lot_to_its_act(desk: Desk) -> None:
    first, second = pair(desk)
    lot = {"scenario_id": desk.retained(), "label": "Lot"}
    most(desk, "4 000")
    told = (
        f"«{NBSP}{first.structure}{NBSP}» aurait 4{NBSP}800{NBSP}€ en 2026, 800{NBSP}€ de plus que le maximum par "
        f"structure et par an, 4{NBSP}000{NBSP}€ (article{NBSP}5){NBSP}: 2{NBSP}400{NBSP}€ pour {first.number}, "
        f"2{NBSP}400{NBSP}€ pour {second.number}."
    )
    assert desk.refused(decisions.submit, **lot).startswith(f"{first.number}{NBSP}: {told} {second.number}{NBSP}: ")
    key = {"scenario_id": desk.retained(), "application_id": second.application_id}
    desk.do(scenario_lines.set_amount, **key, amount_cents=1_600_00)
    made = desk.submit()
    # In the lot, the second file is not raised; lowered since, the maximum stops the act.
    line = {"lot_id": made, "application_id": second.application_id}
    assert f"{second.number}{NBSP}: «" in desk.refused(lot_lines.set_amount, **line, amount_cents=1_700_00)
    most(desk, "3 900")
    assert f"Montant hors bornes{NBSP}: {first.number}" in desk.refused(decisions.record_act, lot_id=made, **ACT)
    desk.do(lot_lines.set_amount, **line, amount_cents=1_500_00)
    desk.do(decisions.record_act, lot_id=made, **ACT)
    # Once decided, less is always possible, more is not.
    given = {"application_id": first.application_id, "reason": "Montant revu par le comité."}
    assert f"100{NBSP}€ de plus que le maximum" in desk.refused(versions.reopen, **given, amount_cents=2_500_00)
    most(desk, "3 000")
    desk.do(versions.reopen, **given, amount_cents=2_300_00)


def test_the_maximum_lowered_after_two_lots_stops_the_later_one_only(desk: Desk) -> None:
    """2 400 € of one structure in each lot; 4 000 € at most since."""
    second = pair(desk)[1]
    earlier = desk.submit()
    out = {"lot_id": earlier, "application_id": second.application_id, "reason": "Pièce à vérifier avant le vote."}
    desk.do(lot_lines.return_file, **out)
    key = {"scenario_id": desk.retained(), "application_id": second.application_id}
    desk.do(scenario_lines.set_amount, **key, amount_cents=2_400_00)
    later = desk.submit()
    most(desk, "4 000")
    act = {**ACT, "number": "2026-B-015"}
    assert f"Montant hors bornes{NBSP}: {second.number}." in desk.refused(decisions.record_act, lot_id=later, **act)
    desk.do(decisions.record_act, lot_id=earlier, **ACT)
    assert f"Montant hors bornes{NBSP}: {second.number}." in desk.refused(decisions.record_act, lot_id=later, **act)
    desk.do(lot_lines.set_amount, lot_id=later, application_id=second.application_id, amount_cents=1_600_00)
    desk.do(decisions.record_act, lot_id=later, **act)


def test_what_was_decided_counts_for_a_file_that_an_older_base_made_ineligible_since(desk: Desk) -> None:
    first, second = pair(desk)
    with desk.store.write(ACTOR) as session:
        session.get_one(Application, second.application_id).status = "deposited"
        record(session, verb="test", noun="application", noun_id="", summary="Pas encore instruit")
    desk.empty(second.application_id)
    desk.do(decisions.record_act, lot_id=desk.submit(), **ACT)
    most(desk, "4 000")
    with desk.store.write(ACTOR) as session:
        session.get_one(Application, first.application_id).status = "ineligible"
        session.get_one(Application, second.application_id).status = "eligible"
        record(session, verb="test", noun="application", noun_id="", summary="Jugé autrement après l’acte")
    key = {"scenario_id": desk.retained(), "application_id": second.application_id}
    desk.do(scenario_lines.set_amount, **key, amount_cents=2_400_00)
    refused = desk.refused(decisions.submit, scenario_id=desk.retained(), label="Lot")
    assert refused.startswith(f"{second.number}{NBSP}: «{NBSP}{first.structure}{NBSP}» aurait 4{NBSP}800{NBSP}€")


def test_a_derogation_sets_the_maximum_aside_and_a_promotion_is_held_to_it(desk: Desk) -> None:
    first, second = pair(desk)
    desk.empty(second.application_id)
    most(desk, "4 000")
    desk.do(decisions.record_act, lot_id=desk.submit(waiting=True), **ACT)
    amounts = {second.application_id: 2_400_00}
    assert f"{second.number}{NBSP}: «{NBSP}{first.structure}" in desk.refused(
        versions.promote, call_id=desk.story.call_id, amounts=amounts
    )

    def proposed() -> versions.Promotion:
        with desk.store.read() as session:
            found = versions.promotions(session, call_id=desk.story.call_id)
        return next(x for x in found if x.row.application_id == second.application_id)

    assert proposed().cents == 0 and "de plus que le maximum par structure et par an" in proposed().words
    dispense(desk, second)
    assert proposed().cents > 0
    lot = desk.do(versions.promote, call_id=desk.story.call_id, amounts=amounts)[1]
    with desk.store.read() as session:
        assert lot_changes.since(session, lot_id=lot) == ()


def test_a_proposal_and_the_near_misses_count_what_another_campaign_gave_and_leave_out_who_is_dispensed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """4 000 € a year, 1 000 € given by another campaign: 3 000 € are left for the two files."""
    first, second = pair(desk)
    most(desk, "4 000")
    real = year_amounts.held
    with desk.store.read() as session:
        structure = session.get_one(Application, first.application_id).structure_id
    elsewhere = YearFile("ailleurs", "AAP-2026-0001", structure, first.structure, 1_000_00)
    monkeypatch.setattr(year_amounts, "held", lambda session, **given: [*real(session, **given), elsewhere])

    def told() -> tuple[int, list[int]]:
        with desk.store.read() as session:
            board = boards.read(session, call_id=desk.story.call_id, wanted="", viewer=None)
            asked = proposals.ask(session, scenario_id=desk.retained(), rule="best").instance
        names = {name for file in asked.files for name in file.groups if name.startswith("structure:")}
        return board.left[f"structure:{structure}"], [asked.caps[name] for name in names]

    assert told() == (3_000_00 - 4_800_00, [3_000_00])
    dispense(desk, second)
    left, _caps = told()
    assert left == 3_000_00 - 2_400_00
