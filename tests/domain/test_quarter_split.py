"""The split of an amount between quarters: exact, declared in percents or persons, equal when nobody said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.breakdown import Item, breakdown
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.quarter_split import read_split, said_split, split, typed_split

NBSP = "\u00a0"
NAMES = ["Almont", "Lorient"]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_no_cent_is_lost_and_each_part_is_the_exact_one_to_a_cent(cents: int, weights: list[int]) -> None:
    found = split(cents, len(weights), weights)
    assert sum(found) == cents
    total = sum(weights)
    for part, weight in zip(found, weights, strict=True):
        if total:
            assert abs(part * total - cents * weight) < total


def test_the_odd_cents_go_where_rounding_cut_the_most() -> None:
    assert split(100, 3) == [34, 33, 33]
    assert split(100, 3, (1, 1, 4)) == [17, 17, 66]
    assert split(1_000_00, 2, (60_00, 40_00)) == [600_00, 400_00]
    assert split(7, 2, (0, 5)) == [0, 7]


def test_what_is_typed_is_read_and_said_again() -> None:
    assert read_split(" ", NAMES) == ()
    assert read_split("60 % / 40 %", NAMES) == (60_00, 40_00)
    assert read_split("33,33 % / 66,67 %", NAMES) == (33_33, 66_67)
    assert read_split("120 / 80", NAMES) == (120_00, 80_00)
    assert typed_split((60_00, 40_00)) == f"60{NBSP}% / 40{NBSP}%"
    assert typed_split((120_00, 80_00)) == "120 / 80"
    assert said_split(NAMES, (120_00, 80_00)) == f"Almont 60{NBSP}%, Lorient 40{NBSP}%."
    assert said_split(NAMES, ()) == "Parts égales entre Almont, Lorient."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("60 %", f"1 part pour 2 quartiers. Donnez-en une par quartier, dans cet ordre{NBSP}: Almont, Lorient."),
        ("60 % / 30 %", f"Ces parts font 90{NBSP}%{NBSP}: elles doivent faire 100{NBSP}%."),
        ("60 % / 40", "Écrivez chaque part en %, ou chacune en nombre de personnes."),
        ("² / 3", f"«{NBSP}²{NBSP}» n’est pas une part. Exemple{NBSP}: 60{NBSP}% / 40{NBSP}%, ou 120 / 80 habitants."),
        (
            "99999999999 / 1",
            f"«{NBSP}99999999999{NBSP}» n’est pas une part. "
            f"Exemple{NBSP}: 60{NBSP}% / 40{NBSP}%, ou 120 / 80 habitants.",
        ),
        ("0 / 0", "Une part au moins doit être plus grande que zéro."),
    ],
)
def test_a_split_that_cannot_be_says_what_to_type(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        read_split(text, NAMES)
    assert refusal.value.message == sentence


def test_the_totals_by_quarter_follow_the_split() -> None:
    items = [Item(3_000_00, 1_000_01, quarters=("Almont", "Lorient"), weights=(75_00, 25_00))]
    found = {total.label: (total.asked_cents, total.given_cents) for total in breakdown(items)["Quartier"]}
    assert found == {"Almont": (2_250_00, 750_01), "Lorient": (750_00, 250_00)}
