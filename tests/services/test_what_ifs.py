"""A campaign replayed under other rules: who enters and who leaves, worked out by hand; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest

from cv_desktop.db.queries import journal, scenarios, scores
from cv_desktop.db.store import Store
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.what_if import WhatIf
from cv_desktop.services import envelopes, proposals, what_ifs
from cv_desktop.services.demonstration import Story

Opened = Callable[[str], tuple[Store, Story]]


def tried(store: Store, call: str, rule: str = "skip", **changes: object) -> WhatIf:
    with store.read() as session:
        given = {"values": {}} | changes
        return what_ifs.answer(what_ifs.ask(session, call_id=call, rule=rule, **given))  # type: ignore[arg-type]


def numbers(store: Store, call: str) -> list[str]:
    with store.read() as session:
        key = scenarios.retained(session, call_id=call)
        return [r.row.number for r in scenarios.ranking(session, scenario_id=key)]


@pytest.mark.parametrize("stage", ["arbitrated", "voted"])
def test_a_larger_envelope_lets_files_enter_whatever_was_decided(base_at: Opened, stage: str) -> None:
    store, story = base_at(stage)
    with store.read() as session:
        before = journal.rows(session, limit=1)
    found = tried(store, story.call_id, envelope_cents=3_300_000)
    order = numbers(store, story.call_id)
    assert found.entering and not found.leaving and not found.changed
    assert {m.number for m in found.entering} < {*order}
    assert sum(m.after_cents for m in found.entering) + found.left_cents[1] == found.left_cents[0] + 300_000
    with store.read() as session:
        assert journal.rows(session, limit=1) == before


def test_a_lower_maximum_changes_amounts_and_lets_others_in(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    found = tried(store, story.call_id, values={"amount_max": 200_000})
    assert all(m.after_cents == 200_000 for m in found.changed)
    assert {m.before_cents for m in found.changed} == {300_000}
    assert found.entering and not found.leaving
    for dimension in ("Volet", "Quartier", "Commune", "Taille", "Ancienneté"):
        own = [s for s in found.shifts if s.dimension == dimension]
        more = sum(s.after.given_cents - s.before.given_cents for s in own)
        assert more == found.left_cents[0] - found.left_cents[1], dimension


def test_the_same_rules_change_nothing_and_a_rate_that_is_none_is_refused(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    assert tried(store, story.call_id, "best").moved == ()
    with pytest.raises(UserError, match="va de 1 à 100"):
        tried(store, story.call_id, rate=0)
    with pytest.raises(UserError, match="essayé, 100\u00a0€, est sous le minimum, 500\u00a0€"):
        tried(store, story.call_id, values={"amount_max": 10_000})


def test_what_an_agreement_of_an_earlier_year_engages_is_not_shared(
    base_at: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, story = base_at("arbitrated")
    monkeypatch.setattr(proposals, "promised", lambda _session, *, call_id: 500_000)
    with store.read() as session:
        pair = what_ifs.ask(session, call_id=story.call_id, rule="skip", values={})
    found = what_ifs.answer(pair)
    assert sum(m.before_cents for m in found.files) + found.before.left_cents == 2_500_000
    assert what_ifs.doubts(pair, found)[0].replace("\u00a0", " ") == (
        "5 000 € de l’enveloppe sont engagés par des conventions d’années passées : ils ne sont pas partagés."
    )


def test_a_campaign_without_opinion_says_so(base_at: Opened) -> None:
    store, story = base_at("marked")
    with pytest.raises(UserError, match="Aucun dossier de cette campagne"):
        tried(store, story.call_id)


def short(found: WhatIf) -> list[tuple[str, int, int]]:
    return [(m.number[-4:], m.before_cents, m.after_cents) for m in found.moved]


def test_a_cap_on_a_volet_or_a_quarter_is_worked_out_by_hand(base_at: Opened) -> None:
    """30 000 €, requests of 3 000 € but 0013 (1 400 €) and 0024 (800 €): nine whole, then 0019, then 0024 at the end.

    0035, 0010 and 0012 are of one quarter, 0015, 0018 and 0010 of one volet.
    """
    store, story = base_at("arbitrated")
    by_quarter = tried(store, story.call_id, caps={"quarter:QN07708M": 600_000})
    assert short(by_quarter) == [("0012", 300_000, 0), ("0033", 0, 300_000)]
    assert by_quarter.left_cents == (80_000, 80_000)
    moved = {(s.after.label, s.before.given_cents, s.after.given_cents) for s in by_quarter.shifts}
    assert ("Plaine du Lys - Bernard de Poret", 900_000, 600_000) in moved
    assert ("L’Almont", 80_000, 380_000) in moved
    by_volet = tried(store, story.call_id, caps={"theme:PTP": 500_000})
    assert short(by_volet) == [("0018", 300_000, 0), ("0010", 300_000, 0), ("0033", 0, 300_000), ("0017", 0, 300_000)]


def test_a_cap_in_force_is_lifted_by_an_empty_field_and_one_under_its_floor_is_refused(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.write("Camille Témoin") as session:
        for name, text in (("cap_cents", "5000"), ("floor_cents", "3000")):
            envelopes.set_limit(session, call_id=story.call_id, kind="theme", key="PTP", name=name, text=text)
    found = tried(store, story.call_id, caps={"theme:PTP": None})
    assert {m.number[-4:] for m in found.entering} == {"0018", "0010"}
    assert {m.number[-4:] for m in found.leaving} == {"0033", "0017"}
    with pytest.raises(UserError, match="2\u00a0000\u00a0€, est sous son plancher de 3\u00a0000\u00a0€"):
        tried(store, story.call_id, caps={"theme:PTP": 200_000})


def test_other_weights_make_other_notes_and_files_that_they_tie_are_named_not_chosen(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.read() as session:
        grid = what_ifs.levers(session, call_id=story.call_id).grid
        only = {c.code: 10 if c.code == "EFH" else 0 for c in grid.criteria}
        pair = what_ifs.ask(session, call_id=story.call_id, rule="skip", values={}, weights=only)
        sheets = scores.sheets(session, call_id=story.call_id)
        numbers_of = {r.row.number: r.row.application_id for r in scenarios.ranking(
            session, scenario_id=scenarios.retained(session, call_id=story.call_id))}  # fmt: skip
        assert scores.notes(session, call_id=story.call_id) == {
            key: note.note for key, note in scores.committees(session, call_id=story.call_id).items()
        }
    for file in pair.files:
        given = [levels["EFH"] for levels in sheets[numbers_of[file.number]].values() if "EFH" in levels]
        assert file.notes[1] == Fraction(100 * sum(given), 3 * len(given))
    found = what_ifs.answer(pair)
    assert found.after.ties
    assert not {*found.after.ties} & {*found.after.given}
    assert any("égalité de notes à départager" in line for line in what_ifs.doubts(pair, found))
    assert "Poids de «\u00a0Participation des habitants\u00a0»\u00a0: 10 → 0." in what_ifs.told(pair)
    with pytest.raises(UserError, match="Au moins un critère"):
        tried(store, story.call_id, weights=dict.fromkeys(only, 0))


def test_the_workbook_says_what_was_replayed_and_its_totals_are_those_of_its_files(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    with store.read() as session:
        pair = what_ifs.ask(
            session, call_id=story.call_id, rule="skip", values={"amount_max": 200_000}, caps={"theme:PTP": 500_000}
        )
    found = what_ifs.answer(pair)
    book = openpyxl.load_workbook(BytesIO(what_ifs.export(store, pair=pair, found=found, actor="Camille Témoin")))
    said = [" ".join(str(x) for x in row if x) for row in book["Essai"].iter_rows(min_row=2, values_only=True)]
    assert any("Maximum par dossier 3\u00a0000\u00a0€ → 2\u00a0000\u00a0€" in line for line in said)
    assert any("Plafond du volet" in line and "aucun → 5\u00a0000\u00a0€" in line for line in said)
    assert any("comme si rien n’était verrouillé" in line for line in said)
    head, *rows = book["Dossiers"].iter_rows(values_only=True)
    files = [dict(zip(head, row, strict=True)) for row in rows if row[0] and str(row[0]).startswith("FIA")]
    assert len(files) == 15
    head, *rows = book["Totaux"].iter_rows(values_only=True)
    for row in (dict(zip(head, r, strict=True)) for r in rows):
        if row["Par"] == "Volet":
            own = [f for f in files if f["Volet"] == row["Valeur"]]
            assert (row["Avant"], row["Après"]) == (sum(f["Avant"] for f in own), sum(f["Après"] for f in own))
            assert (row["Servis avant"], row["Servis après"]) == (
                sum(f["Avant"] > 0 for f in own), sum(f["Après"] > 0 for f in own),
            )  # fmt: skip
    whole = dict(zip(head, rows[0], strict=True))
    assert whole["Après"] == sum(f["Après"] for f in files) == 30_000 - found.left_cents[1] / 100
    with store.read() as session:
        assert journal.rows(session, limit=1)[0].summary.startswith("Essai de règles exporté")
