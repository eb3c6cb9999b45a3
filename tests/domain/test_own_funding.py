from __future__ import annotations

import pytest

from cv_desktop.domain.budget import Funding
from cv_desktop.domain.intake import BudgetEntry
from cv_desktop.domain.own_funding import OwnNames

NAMES = OwnNames(("CAMVS", "Melun Val de Seine", "FIA", "", "Fonds de soutien aux initiatives associatives"))


@pytest.mark.parametrize(
    ("label", "ours"),
    [
        ("CAMVS - FIA", True),
        ("Communauté d’agglomération Melun-Val-de-Seine", True),
        ("fonds de soutien aux initiatives associatives", True),
        ("Ville de Melun", False),
        ("Fiat pour tous", False),
        ("", False),
    ],
)
def test_our_names_are_whole_words(label: str, ours: bool) -> None:
    assert NAMES.is_ours(label) is ours


@pytest.mark.parametrize(
    ("side", "account", "stated", "expected"),
    [
        ("produit", "74", Funding.ASKED, Funding.OURS),
        ("produit", "74", Funding.NONE, Funding.OURS),
        ("produit", "74", Funding.ACQUIRED, Funding.ACQUIRED),
        ("produit", "74", Funding.REFUSED, Funding.REFUSED),
        ("charge", "64", Funding.NONE, Funding.NONE),
        ("produit", "70", Funding.NONE, Funding.NONE),
    ],
)
def test_only_an_open_subsidy_becomes_the_grant_asked(
    side: str, account: str, stated: Funding, expected: Funding
) -> None:
    assert NAMES.state(BudgetEntry(side, account, "CAMVS", 1000), stated) is expected
