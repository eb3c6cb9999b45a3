"""The tree of an envelope: what a file weighs in each of its parts, and the sentences of what cannot hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.envelopes import (
    Kind,
    Node,
    Place,
    breaches,
    caps,
    floors,
    groups,
    parts,
    refusals,
    reserve_cents,
    sums,
)

NBSP = "\u00a0"
COHESION = Node("1", Kind.THEME, "COH", "Cohésion", amount_cents=12_000_00, floor_cents=4_000_00, cap_cents=10_000_00)
NORTH = Node("2", Kind.QUARTER, "QN1", "Quartiers Nord", cap_cents=3_000_00)
ASIDE = Node("3", Kind.RESERVE, "1", "Fin d’année", amount_cents=2_000_00)


def test_a_file_belongs_to_its_session_volet_commune_and_quarters() -> None:
    place = Place("r1", "COH", ("QN1", "QN2"), "77288")
    assert groups(place) == {"round:r1", "theme:COH", "commune:77288", "quarter:QN1", "quarter:QN2"}
    assert groups(Place()) == frozenset()


def test_an_action_of_three_quarters_counts_a_third_for_each_to_the_cent() -> None:
    place = Place(theme="COH", quarters=("A", "B", "C"))
    assert parts(place, 100_00) == {"theme:COH": 10_000, "quarter:A": 3_334, "quarter:B": 3_333, "quarter:C": 3_333}
    assert sums([(place, 100_00), (Place(quarters=("A",)), 50_00)]) == {
        "theme:COH": 10_000, "quarter:A": 8_334, "quarter:B": 3_333, "quarter:C": 3_333,
    }  # fmt: skip


@given(st.integers(0, 10**9), st.integers(1, 7))
def test_the_parts_of_the_quarters_make_the_amount(cents: int, count: int) -> None:
    place = Place(quarters=tuple("ABCDEFG"[:count]))
    assert sum(parts(place, cents).values()) == cents


def test_the_limit_of_a_part_is_the_smaller_of_its_amount_and_its_cap() -> None:
    nodes = [COHESION, NORTH, ASIDE]
    assert caps(nodes) == {"theme:COH": 10_000_00, "quarter:QN1": 3_000_00}
    assert floors(nodes) == {"theme:COH": 4_000_00}
    assert reserve_cents(nodes) == 2_000_00


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        (
            [Node("1", Kind.THEME, "COH", "Cohésion", floor_cents=5_000_00, cap_cents=4_000_00)],
            f"Pour le volet «{NBSP}Cohésion{NBSP}», le plancher de 5{NBSP}000{NBSP}€ dépasse ce qui peut lui revenir, "
            f"4{NBSP}000{NBSP}€. Baissez le plancher ou relevez l’autre montant.",
        ),
        (
            [
                Node("1", Kind.COMMUNE, "1", "Melun", amount_cents=20_000_00),
                Node("2", Kind.COMMUNE, "2", "Le Mée-sur-Seine", amount_cents=13_400_00),
            ],
            f"Les parts des communes font 33{NBSP}400{NBSP}€, 3{NBSP}400{NBSP}€ de plus que l’enveloppe de "
            f"30{NBSP}000{NBSP}€. Réduisez l’une d’elles ou relevez l’enveloppe.",
        ),
        (
            [
                Node("1", Kind.QUARTER, "1", "A", floor_cents=16_000_00),
                Node("2", Kind.QUARTER, "2", "B", floor_cents=15_000_00),
            ],
            f"Les planchers par quartier font 31{NBSP}000{NBSP}€, plus que l’enveloppe de 30{NBSP}000{NBSP}€{NBSP}: "
            "ils ne peuvent pas être tous tenus.",
        ),
    ],
)
def test_a_tree_that_cannot_hold_says_why(nodes: list[Node], sentence: str) -> None:
    assert refusals(30_000_00, nodes) == [sentence]


def test_a_tree_that_holds_says_nothing() -> None:
    assert refusals(30_000_00, [NORTH, ASIDE, Node("4", Kind.ROUND, "r", "Session 1", amount_cents=30_000_00)]) == []


def test_amounts_past_a_cap_or_short_of_a_floor_are_named() -> None:
    assert breaches([COHESION, NORTH], {"theme:COH": 3_500_00, "quarter:QN1": 3_200_00}) == [
        f"Le volet «{NBSP}Cohésion{NBSP}» reçoit 3{NBSP}500{NBSP}€, 500{NBSP}€ de moins que son plancher de "
        f"4{NBSP}000{NBSP}€.",
        f"Le quartier «{NBSP}Quartiers Nord{NBSP}» reçoit 3{NBSP}200{NBSP}€, 200{NBSP}€ de plus que son plafond de "
        f"3{NBSP}000{NBSP}€.",
    ]
