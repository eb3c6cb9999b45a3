"""A campaign set up from another: the next year's, or a file exported elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cv_desktop.db.queries import call_rows
from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import expected_documents as documents
from cv_desktop.db.queries import rounds as round_queries
from cv_desktop.db.store import Store
from cv_desktop.domain import configuration, sealed_file
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls, configurations, expected_documents, rounds, rules
from cv_desktop.services.demonstration import ACTOR

NBSP = "\u00a0"


@pytest.fixture
def call(new_base: Store) -> str:
    with new_base.write(ACTOR) as session:
        key = calls.create(session, code="FIA-2026", scheme="FIA", year=2026, envelope_cents=3_000_000)[1]
        ceiling = next(r.id for r in queries.parameters(session, key) if r.parameter.key == "amount_max")
        rules.set_parameter(session, parameter_id=ceiling, text="2 500")
        expected_documents.add(session, call_id=key, label="devis")
        rounds.propose(session, call_id=key)
    return key


def exported(store: Store, key: str) -> bytes:
    with store.read() as session:
        return configuration.dump(configurations.of_call(session, call_id=key))


def test_last_years_campaign_moves_by_a_year_without_its_amounts(new_base: Store, call: str) -> None:
    with new_base.write(ACTOR) as session:
        key = configurations.duplicate(session, call_id=call, code="FIA-2027", year=2027)[1]
    with new_base.read() as session:
        row = call_rows.row(session, key)
        assert row is not None
        assert (row.code, row.label, row.year, row.envelope_cents) == ("FIA-2027", "FIA 2027", 2027, 0)
        found = round_queries.dates(session, key)
        assert [(r.deposit_closes, r.share_cents) for r in found[:2]] == [
            (date(2027, 2, 23), None),
            (date(2027, 5, 25), None),
        ]
        copied = queries.rules(session, key)
        assert copied.cents("amount_max") == 250_000 and copied["amount_max"].to_validate
        assert str(copied.day("deposit_closes", 2027)) == "2027-03-31"
        assert [d.document.kind for d in documents.rows(session, key)] == ["statuts", "rib", "assurance", "devis"]
        assert queries.grid(session, key).grid == queries.grid(session, call).grid


def test_a_file_exported_here_makes_the_same_campaign_there(new_base: Store, call: str) -> None:
    raw = exported(new_base, call)
    wanted = configuration.load(raw, "fia.json")
    with new_base.write(ACTOR) as session:
        key = configurations.create(session, configuration=wanted, code="FIA-2026-B")[1]
    with new_base.read() as session:
        assert queries.rules(session, key) == queries.rules(session, call)
    again = json.loads(exported(new_base, key))
    first = json.loads(raw)
    assert again["content"].pop("code") == "FIA-2026-B" and first["content"].pop("code") == "FIA-2026"
    assert again["content"] == first["content"]
    assert exported(new_base, call) == raw


def test_a_code_already_taken_is_refused_and_writes_nothing(new_base: Store, call: str) -> None:
    wanted = configuration.load(exported(new_base, call), "fia.json")
    with pytest.raises(UserError, match="existe déjà"), new_base.write(ACTOR) as session:
        configurations.create(session, configuration=wanted)
    with new_base.read() as session:
        assert len(call_rows.rows(session)) == 1


def resealed(raw: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """A file changed with care: its checksum follows."""
    document = json.loads(raw)
    change(document["content"])
    document["sha256"] = sealed_file.checksum(document["content"])
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda raw: b"", "n’est pas un paramétrage de campagne"),
        (lambda raw: raw[:900], "n’est pas un paramétrage de campagne"),
        (lambda raw: b"[" * 100_000, "n’est pas un paramétrage de campagne"),
        (lambda raw: b"\xff\xfe\x00", "n’est pas un paramétrage de campagne"),
        (lambda raw: raw + b" " * configuration.MOST_BYTES, "n’est pas un paramétrage de campagne"),
        (lambda raw: raw.replace(b'"version": 1,', b'"version": 9,', 1), "vient d’une version plus récente"),
        (lambda raw: raw.replace(b"250000", b"950000", 1), "a été modifié ou coupé après son export"),
        (
            lambda raw: resealed(raw, lambda c: c["parameters"][3].update(value="beaucoup")),
            f"le paramètre n°{NBSP}4 («{NBSP}Numéro SIRET{NBSP}») ne convient pas",
        ),
        (lambda raw: resealed(raw, lambda c: c["rounds"][0].update(share_cents=10**30)), "un nombre hors de portée"),
        (lambda raw: resealed(raw, lambda c: c.update(label="FIA\x00")), "signes illisibles"),
        (lambda raw: resealed(raw, lambda c: c["parameters"][0].update(unit="heures")), f"le paramètre n°{NBSP}1"),
        (lambda raw: resealed(raw, lambda c: c["parameters"][0].update(check=["late"])), f"le paramètre n°{NBSP}1"),
        (lambda raw: resealed(raw, lambda c: c["documents"][1].update(to_validate="oui")), f"la pièce n°{NBSP}2"),
        (lambda raw: resealed(raw, lambda c: c["rounds"][0].update(rolls_over=3)), f"la session n°{NBSP}1"),
        (lambda raw: resealed(raw, lambda c: c["rounds"][0].update(label=None)), f"la session n°{NBSP}1"),
        (lambda raw: resealed(raw, lambda c: c["grid"]["bands"][0].update(label=7)), "est incomplet"),
        (lambda raw: resealed(raw, lambda c: c["grid"]["criteria"][0].update(eliminatory="non")), "est incomplet"),
        (lambda raw: resealed(raw, lambda c: c.update(code=["FIA"])), "est incomplet"),
        (lambda raw: resealed(raw, lambda c: c["documents"].append(c["documents"][0])), "deux fois la pièce"),
        (lambda raw: resealed(raw, lambda c: c.pop("rounds")), f"la partie «{NBSP}rounds{NBSP}» manque"),
        (lambda raw: resealed(raw, lambda c: c.pop("grid")), "est incomplet"),
        (lambda raw: resealed(raw, lambda c: c.update(envelope_cents=-1)), "est incomplet"),
        (lambda raw: resealed(raw, lambda c: c["grid"]["criteria"][0].update(weight=99)), "La grille de"),
    ],
)
def test_a_file_that_is_no_sound_configuration_is_refused_with_a_sentence(
    new_base: Store, call: str, make: Callable[[bytes], bytes], sentence: str
) -> None:
    with pytest.raises(UserError) as refusal:
        configuration.load(make(exported(new_base, call)), "fia.json")
    assert sentence in refusal.value.message
    assert f"«{NBSP}fia.json{NBSP}»" in refusal.value.message
