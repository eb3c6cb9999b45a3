"""Totals by volet, quartier, commune, size and newcomers: each adds up to the whole, to the cent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.breakdown import DIMENSIONS, Item, Total, breakdown, whole

ITEMS = [
    Item(300_000, 240_000, "Cohésion", ("L’Almont",), "Melun", True, newcomer=True),
    Item(100_001, 100_001, "Cohésion", ("L’Almont", "Mézereaux"), "Melun", False),
    Item(200_000, 0, "", (), "", None),
]


def test_a_file_counts_where_it_belongs_and_by_parts_in_several_quarters() -> None:
    found = breakdown(ITEMS)
    assert found["Volet"] == [Total("Cohésion", 2, 2, 400_001, 340_001), Total("Non renseigné", 1, 0, 200_000, 0)]
    assert found["Quartier"] == [
        Total("Hors quartier", 1, 0, 200_000, 0),
        Total("L’Almont", 2, 2, 350_001, 290_001),
        Total("Mézereaux", 1, 1, 50_000, 50_000),
    ]
    assert [t.label for t in found["Taille"]] == ["Autre structure", "Petite association", "Taille non connue"]
    assert found["Ancienneté"][1] == Total("Nouvelle structure", 1, 1, 300_000, 240_000)
    assert whole(ITEMS) == Total("Total", 3, 2, 600_001, 340_001)


@given(
    st.lists(
        st.builds(
            Item,
            st.integers(0, 10**7),
            st.integers(0, 10**7),
            st.sampled_from(["", "A", "B"]),
            st.sampled_from([(), ("Q1",), ("Q1", "Q2"), ("Q1", "Q2", "Q3")]),
            st.sampled_from(["", "Melun"]),
            st.sampled_from([True, False, None]),
            st.booleans(),
        )
    )
)
def test_every_dimension_adds_up_to_the_whole(items: list[Item]) -> None:
    total = whole(items)
    for dimension in DIMENSIONS:
        lines = breakdown(items)[dimension]
        assert sum(t.given_cents for t in lines) == total.given_cents
        assert sum(t.asked_cents for t in lines) == total.asked_cents
