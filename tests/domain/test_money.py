from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import (
    cents_of,
    euros,
    figures,
    in_words,
    number_in_words,
    parse_amount,
    percent,
    round_down,
)
from domain.samples import nb


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("3000", 300_000),
        ("3 000 €", 300_000),
        ("3\u00a0000,50\u00a0€", 300_050),
        ("3\u202f000,5", 300_050),
        ("2200,00 €", 220_000),
        ("1234.56", 123_456),
        ("1.234,56", 123_456),
        ("1.234.567,8", 123_456_780),
        ("0", 0),
        ("−12,30", -1_230),
        ("  4'000 EUR ", 400_000),
    ],
)
def test_an_amount_is_read_as_french_people_write_it(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize("text", ["quatre mille", "", "€", "1,2,3", "12-3", "1,500.00", "2,43E+13", "--3"])
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse_amount(text)
    assert refusal.value.message == nb(f"«~{text}~» n’est pas un montant. Exemple~: 4~000 ou 4~000,50.")


@pytest.mark.parametrize("text", ["1.500", "4,001", "4 000,005 €", "1.234"])
def test_three_decimals_are_never_guessed(text: str) -> None:
    with pytest.raises(UserError, match="a plus de deux décimales"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(150_000, "1~500~€"), (123_456, "1~234,56~€"), (5, "0,05~€"), (0, "0~€"), (-340_000, "−3~400~€")],
)
def test_an_amount_shows_its_cents_only_when_it_has_some(cents: int, shown: str) -> None:
    assert euros(cents) == nb(shown)


@given(st.integers(-(10**12), 10**12))
def test_a_shown_amount_reads_back(cents: int) -> None:
    assert parse_amount(euros(cents)) == cents
    assert parse_amount(figures(cents)) == cents


@pytest.mark.parametrize(
    ("value", "cents"), [(12.345, 1235), (0.1 + 0.2, 30), (1234, 123_400), (2.675, 268), (1.005, 101), (-1.005, -101)]
)
def test_a_cell_of_euros_is_rounded_half_up(value: float, cents: int) -> None:
    assert cents_of(value) == cents


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "shown"),
    [
        (850_000, 1_960_000, 1, "43,4~%"),  # 43,367
        (850_000, 2_140_000, 1, "39,7~%"),  # 39,719
        (1, 2, 1, "50~%"),
        (1, 8, 1, "12,5~%"),
        (1, 3, 0, "33~%"),
        (5, 1000, 0, "1~%"),  # 0,5 half up
        (1, 0, 1, "–"),
        (-810_000, 2_000_000, 1, "−40,5~%"),  # the sign of the amounts, not a hyphen
    ],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, decimals: int, shown: str) -> None:
    assert percent(part, whole, decimals) == nb(shown)


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_rounding_down_never_exceeds_and_stays_on_the_step(cents: int, step: int) -> None:
    rounded = round_down(cents, step)
    assert rounded <= cents
    assert cents - rounded < max(step, 1)
    assert step == 0 or rounded % step == 0


@given(st.integers(0, 10**9 - 1))
@example(80)
@example(71)
@example(91)
@example(200)
@example(201)
@example(80_000)
@example(200_000)
@example(80_000_000)
@example(200_000_000)
@example(1_000)
@example(1_001_001)
def test_a_number_in_words_is_what_num2words_says(n: int) -> None:
    assert number_in_words(n) == num2words(n, lang="fr")


def test_every_number_below_ten_thousand_is_right() -> None:
    assert [n for n in range(10_000) if number_in_words(n) != num2words(n, lang="fr")] == []


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (240_000, "deux mille quatre cents euros"),
        (100, "un euro"),
        (0, "zéro euro"),
        (105, "un euro et cinq centimes"),
        (1, "un centime"),
        (100_000_000, "un million d’euros"),
        (200_000_000_000, "deux milliards d’euros"),
        (120_000_000, "un million deux cent mille euros"),
        (8_000, "quatre-vingts euros"),
        (8_000_000, "quatre-vingt mille euros"),
        (300_001, "trois mille euros et un centime"),
    ],
)
def test_an_amount_in_words(cents: int, words: str) -> None:
    assert in_words(cents) == words


def said(cents: int) -> str:
    """The same amount by num2words and the rules of agreement: « d’euros » after whole millions."""
    euros, rest = divmod(cents, 100)
    unit = "euro" if euros < 2 else "d’euros" if euros % 1_000_000 == 0 else "euros"
    parts = [f"{num2words(euros, lang='fr')} {unit}"] if euros or not rest else []
    if rest:
        parts.append(f"{num2words(rest, lang='fr')} centime{'s' if rest > 1 else ''}")
    return " et ".join(parts)


@given(st.integers(1, 999_999_999))
@example(1)
@example(99)
@example(101)
@example(8_000_080)
@example(100_000_000)
@example(700_000_001)
@example(999_999_999)
def test_an_amount_of_a_letter_is_said_as_an_independent_oracle_says_it(cents: int) -> None:
    assert in_words(cents) == said(cents)


def test_every_amount_below_a_hundred_euros_is_right() -> None:
    assert [cents for cents in range(1, 10_000) if in_words(cents) != said(cents)] == []


@pytest.mark.parametrize("n", [-1, 10**12])
def test_words_stop_where_they_are_known(n: int) -> None:
    with pytest.raises(ValueError):
        number_in_words(n)


def test_an_amount_with_more_digits_than_a_base_keeps_is_refused() -> None:
    with pytest.raises(UserError, match="est trop grand pour un montant"):
        parse_amount("99999999999999999999")
    assert parse_amount("999 999 999 999,99") == 99_999_999_999_999
