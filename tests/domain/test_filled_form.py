"""From the boxes of a form to the fields of a file."""

from __future__ import annotations

import json

import pytest

from cv_desktop.domain import structure_fields
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import Box, FormKind, Place, fingerprint, read, recognise, unknown_sentence
from cv_desktop.paths import resource


def table(name: str) -> dict[str, object]:
    return json.loads(resource("reference", name).read_text(encoding="utf-8"))


KINDS = [FormKind.from_json(kind) for kind in table("formulaires.json")["forms"]]  # type: ignore[union-attr, attr-defined]
DEMANDE, COMPTE_RENDU = KINDS
ACCOUNTS = Accounts.from_json(table("comptes.json"))

BOXES = [
    Box("Champ 1", beside="1.1 Nom - Dénomination :", value="Les Amis du Circé"),
    Box("p1.numSiret", value="993 904 879 00018"),
    Box("Champ 3", label="1.3 Numéro RNA ou à défaut celui du récépissé en préfecture", value="W779900001"),
    Box("intitule_projet", value="Ateliers d’été"),
    Box("Champ 9", beside="Montant demandé (€)", value="2 400,00 €"),
    Box("charge_60", value="1 000,00"),
    Box("c613", label="613 Locations", value="1 400"),
    Box("p70", label="70 Vente de produits finis", value="0"),
    Box("p74", label="74 CAMVS (demandé)", value="2 400"),
    Box("cer", value="oui"),
    Box("Champ 31", beside="Réservé", value="à rappeler"),
    Box("Champ 32", beside="Sigle", value=""),
]


def test_a_box_is_known_by_its_name_its_tooltip_or_the_words_beside_it() -> None:
    filled = read(DEMANDE, BOXES, ACCOUNTS)
    assert filled.values == {
        "structure.name": "Les Amis du Circé",
        "structure.siret": "993 904 879 00018",
        "structure.rna": "W779900001",
        "title": "Ateliers d’été",
        "asked_cents": "2 400,00 €",
        "republican_contract": "oui",
    }


def test_the_amounts_of_the_accounts_are_the_budget() -> None:
    lines = read(DEMANDE, BOXES, ACCOUNTS).budget.lines
    assert [(line.account, line.amount_cents) for line in lines if line.amount_cents] == [
        ("60", 100_000),
        ("613", 140_000),
        ("74", 240_000),
    ]


def test_what_no_word_tells_is_listed_and_may_be_given_a_field() -> None:
    filled = read(DEMANDE, BOXES, ACCOUNTS)
    assert [box.title for box in filled.unknown] == ["Réservé"]
    assert unknown_sentence(filled.unknown).replace("\u00a0", " ") == "1 champ rempli n’est pas reconnu : « Réservé »."
    chosen = read(DEMANDE, BOXES, ACCOUNTS, {"Champ 31": "extra"})
    assert chosen.values["extra"] == "à rappeler"
    assert chosen.unknown == ()
    ignored = read(DEMANDE, BOXES, ACCOUNTS, {"Champ 31": ""})
    assert ignored.unknown == ()
    assert "extra" not in ignored.values


def test_a_form_is_recognised_by_its_number_else_by_its_boxes() -> None:
    assert recognise(KINDS, BOXES, "N° 15059 * 02") is COMPTE_RENDU
    assert recognise(KINDS, BOXES, "cerfa\n12156*06") is DEMANDE
    assert recognise(KINDS, BOXES, "") is DEMANDE


def test_printed_blank_and_foreign_forms_are_said_so() -> None:
    with pytest.raises(UserError, match="imprimé ou numérisé"):
        recognise(KINDS, [], "12156")
    with pytest.raises(UserError, match="Ce formulaire est vierge"):
        recognise(KINDS, [Box("a"), Box("b", label="Nom")], "12156")
    with pytest.raises(UserError, match="n’est pas reconnu"):
        recognise(KINDS, [Box("x", value="1")], "Facture")


def test_every_field_of_a_request_is_one_of_the_file_or_of_its_structure() -> None:
    from cv_desktop.domain import form

    for key in (*DEMANDE.fields, *(option.key for option in DEMANDE.options)):
        name = key.partition("+")[0]
        known = name.removeprefix("structure.") in {*structure_fields.FIELDS, "iban"} or name.startswith(
            ("structure.representative_", "approval.")
        )
        assert name in form.ALL or known, key


def test_every_field_of_the_form_that_an_instruction_needs_is_read_from_a_pdf() -> None:
    """Those of DOMAIN 5.1 that the file or its structure has a place for, besides what only a screen computes."""
    from cv_desktop.domain import form

    read_here = {key.partition("+")[0] for key in (*DEMANDE.fields, *(option.key for option in DEMANDE.options))}
    not_printed = {"deposited_at", "tranche", "tranches", "outside_reason", "lead_share", "equality", "participation",
                   "ecology", "minimum_cents"}  # fmt: skip
    assert {*form.ALL} - not_printed - read_here == set()
    of_structure = {f"structure.{name}" for name in structure_fields.FIELDS}
    assert of_structure - read_here == {
        "structure.legal_form", "structure.purpose", "structure.created_on", "structure.dissolved_on"
    }  # fmt: skip


def test_each_box_says_where_it_goes_and_why() -> None:
    places = {
        p.box.name: (p.key, p.origin) for p in read(DEMANDE, BOXES, ACCOUNTS, {"c613": "", "p74": "cost_cents"}).places
    }
    assert places["Champ 1"] == ("structure.name", "known")
    assert places["charge_60"] == ("budget.60", "budget")
    assert places["c613"] == ("", "ignored")
    assert places["p74"] == ("cost_cents", "remembered")
    assert places["Champ 31"] == ("", "unknown")
    assert places["Champ 32"] == ("structure.acronym", "known")
    given = read(DEMANDE, [Box("x", beside="Divers", value="250,00")], ACCOUNTS, {"x": "budget.758"})
    assert given.places == (Place(Box("x", beside="Divers", value="250,00"), "budget.758", "remembered"),)
    assert [(line.account, line.amount_cents) for line in given.budget.lines] == [("758", 25_000)]


def test_two_boxes_given_to_one_field_make_its_text_and_a_first_name_comes_first() -> None:
    boxes = [Box("a", value="Rue du Marché"), Box("b", value="Bâtiment C"), Box("n", beside="Nom du représentant légal",
             value="Exemple"), Box("p", beside="Prénom du représentant légal", value="Zoé")]  # fmt: skip
    filled = read(DEMANDE, boxes, ACCOUNTS, {"a": "structure.address", "b": "structure.address"})
    assert filled.values == {
        "structure.address": "Rue du Marché Bâtiment C",
        "structure.representative_name": "Zoé Exemple",
    }


def test_a_tick_may_stand_for_one_answer_of_a_field() -> None:
    ticks = [
        Box("a", beside="Première demande", value="oui", tick=True),
        Box("b", beside="Renouvellement", tick=True),
        Box("c", label="Supérieur à 500 000 €", value="oui", tick=True),
    ]
    assert read(DEMANDE, ticks, ACCOUNTS).values == {"renewal": "Première demande", "public_aid_above_limit": "Oui"}


def test_a_form_is_known_by_the_names_of_its_boxes_whatever_they_hold() -> None:
    assert fingerprint([Box("b", value="1"), Box("a")]) == fingerprint([Box("a", value="x"), Box("b")])
    assert fingerprint([Box("a")]) != fingerprint([Box("a"), Box("b")])
