"""The documents a règlement asks: who owes them, as typed and as shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.expected_documents import ExpectedDocument
from domain.samples import FIA, nb

ACCOUNTS = ExpectedDocument("comptes", "comptes de l’exercice clos")


def owed(document: ExpectedDocument, cents: int | None, first: bool | None) -> bool:
    return document.applies(asked_cents=cents, first_request=first)


def test_a_document_is_owed_above_an_amount_and_not_at_it() -> None:
    above = replace(ACCOUNTS, condition="above", threshold_cents=2_300_000)
    assert [owed(above, cents, None) for cents in (2_300_000, 2_300_001, None)] == [False, True, False]
    assert above.condition_words == nb("si plus de 23~000~€")


def test_a_first_request_owes_what_a_renewal_does_not() -> None:
    receipt = replace(ACCOUNTS, condition="first_request")
    assert [owed(receipt, 1, first) for first in (True, False, None)] == [True, False, True]
    report = replace(ACCOUNTS, condition="renewal")
    assert [owed(report, 1, first) for first in (True, False, None)] == [False, True, False]


def test_only_what_is_due_at_the_deposit_is_owed_with_the_file() -> None:
    insurance = replace(ACCOUNTS, kind="assurance", due="payment")
    rules = type(FIA)(FIA.values(), [*FIA.documents, insurance])
    assert [d.kind for d in rules.documents_at_deposit(asked_cents=1, first_request=None)] == ["statuts", "rib"]


@pytest.mark.parametrize(
    ("text", "condition", "cents"),
    [
        ("toujours", "always", None),
        ("Si première demande", "first_request", None),
        ("premiere demande", "first_request", None),
        ("renouvellement", "renewal", None),
        ("si plus de 23 000 €", "above", 2_300_000),
        ("> 1500,50", "above", 150_050),
    ],
)
def test_a_condition_is_typed_as_it_is_said(text: str, condition: str, cents: int | None) -> None:
    typed = ACCOUNTS.with_text("condition", text)
    assert (typed.condition, typed.threshold_cents) == (condition, cents)


def test_validity_and_term_are_typed_too() -> None:
    assert ACCOUNTS.with_text("validity", "18 mois").validity_words == nb("18~mois")
    assert replace(ACCOUNTS, validity_months=3).with_text("validity", "").validity_months is None
    assert ACCOUNTS.with_text("due", "versement").due_words == "avant le versement"
    assert ACCOUNTS.with_text("severity", "avertit").severity == "warn"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("validity", "souvent", "«~souvent~» n’est pas un nombre de mois. Exemple~: 12."),
        ("due", "demain", "«~demain~» n’est pas une échéance. Écrivez au dépôt ou avant le versement."),
        ("label", "  ", "Le nom de la pièce est obligatoire."),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(field: str, text: str, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        ACCOUNTS.with_text(field, text)
    assert refusal.value.message == nb(sentence)


@pytest.mark.parametrize(
    "wrong",
    [
        {"condition": "jamais"},
        {"condition": "above"},
        {"threshold_cents": 5},
        {"due": "un jour"},
        {"severity": "none"},
        {"validity_months": -1},
        {"label": ""},
    ],
)
def test_a_reference_file_with_a_wrong_code_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ExpectedDocument.from_json({**ACCOUNTS.to_json(), **wrong})
    assert ExpectedDocument.from_json(ACCOUNTS.to_json()) == ACCOUNTS
