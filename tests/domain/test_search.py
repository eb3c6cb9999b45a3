"""What is typed becomes the words of the index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.search import may_slip, terms


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("L’Almont", ("l", "almont")),
        ("  ŒUVRES   d'été ", ("oeuvres", "d", "ete")),
        ("Plein-Ciel", ("plein", "ciel")),
        ("AAP 31", ("aap", "31")),
        ("AAP-2026-0031", ("aap", "2026", "0031")),
        ("1 500 €", ("1500",)),
        ("1\u00a0500,00\u00a0€", ("1500",)),
        ("1500 euros", ("1500",)),
        ("993 904 879 00018", ("99390487900018",)),
        ("993 904 879", ("993904879",)),
        ("99390487900018", ("99390487900018",)),
        ("01 99 00 26 07", ("0199002607",)),
        ("01.99.00.26.07", ("0199002607",)),
        ("+33 1 99 00 26 07", ("0199002607",)),
        ("+33 (0)1 99 00 26 07", ("0199002607",)),
        ("01 99 00", ("019900",)),
        ("W77 9910556", ("w77", "9910556")),
        ("boxe boxe", ("boxe",)),
        ('" * ( NEAR', ("near",)),
        ("", ()),
        ("€", ()),
    ],
)
def test_words_to_look_for(typed: str, wanted: tuple[str, ...]) -> None:
    assert terms(typed) == wanted


@given(st.text(max_size=60))
def test_no_sign_of_the_query_language_goes_through(typed: str) -> None:
    assert all(term.isascii() and term.isalnum() for term in terms(typed))


def test_a_slip_is_forgiven_in_words_not_in_numbers() -> None:
    assert may_slip("cuisne")
    assert not may_slip("31400")
    assert not may_slip("mee")
