"""Amount, rate and base: figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.shares import (
    amount_at,
    least,
    out_of_bounds,
    over_base,
    parse_rate,
    rounding_words,
    same_rate,
    under_minimum,
)
from domain.samples import FIA

NBSP = "\u00a0"
STEP = 50_00


@pytest.mark.parametrize(
    ("text", "rate"), [("82", Fraction(82, 100)), (f"82,5{NBSP}%", Fraction(33, 40)), ("0,25 %", Fraction(1, 400))]
)
def test_a_rate_is_read_as_it_is_typed(text: str, rate: Fraction) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "vite", "-5", "8 0", "82,555", "1000"])
def test_what_is_no_rate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError, match="n’est pas un taux"):
        parse_rate(text)


def test_a_rate_gives_its_amount_rounded_down_to_the_step() -> None:
    # 82 % of 8 500 € is 6 970 €; on a step of 50 € it is 6 950 €.
    assert amount_at(Fraction(82, 100), 850_000, asked_cents=850_000, step_cents=STEP) == 695_000
    assert rounding_words(Fraction(697_000), 695_000, STEP) == f"arrondi à 50{NBSP}€"
    assert rounding_words(Fraction(695_000), 695_000, STEP) == ""


def test_the_full_request_is_always_admitted() -> None:
    # 1 234,56 € is on no step.
    assert amount_at(Fraction(1), 123_456, asked_cents=123_456, step_cents=STEP) == 123_456
    assert amount_at(Fraction(1, 2), 246_912, asked_cents=123_456, step_cents=STEP) == 123_456
    assert amount_at(Fraction(99, 100), 123_456, asked_cents=123_456, step_cents=STEP) == 120_000


def test_a_new_base_keeps_the_share_that_the_amount_was_of_the_old_one() -> None:
    # 7 000 € of 19 600 € is 35,71 %; of 15 000 € that is 5 357,14 €, so 5 350 €.
    assert same_rate(700_000, 1_960_000, 1_500_000, asked_cents=850_000, step_cents=STEP) == 535_000
    assert same_rate(700_000, 0, 1_500_000, asked_cents=850_000, step_cents=STEP) == 700_000


def test_what_exceeds_the_base_is_said_and_an_unknown_base_limits_nothing() -> None:
    assert over_base(750_000, 720_000) == f"7{NBSP}500{NBSP}€ dépasse la base éligible de 300{NBSP}€."
    assert over_base(750_000, 750_000) == over_base(750_000, None) == ""


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.integers(0, 100), st.sampled_from([1, 5_000, 10_000]))
def test_an_amount_is_on_the_step_or_is_the_request_and_never_above_its_rate(
    whole: int, asked: int, percent: int, step: int
) -> None:
    rate = Fraction(percent, 100)
    found = amount_at(rate, whole, asked_cents=asked, step_cents=step)
    assert found == asked or found % step == 0
    assert rate * whole - step < found <= rate * whole


def test_an_award_under_the_minimum_is_told_and_refused_when_the_reglement_blocks() -> None:
    said = f"400{NBSP}€ est sous le minimum, 500{NBSP}€ (article{NBSP}5)."
    blocks = FIA.replaced(replace(FIA["amount_min"], severity="block"))
    silent = FIA.replaced(replace(FIA["amount_min"], severity="none"))
    asked = {"asked_cents": 2_400_00}
    assert under_minimum(400_00, rules=FIA, **asked) == under_minimum(400_00, rules=blocks, **asked) == said
    assert out_of_bounds(400_00, base_cents=None, rules=blocks, **asked) == said
    assert out_of_bounds(400_00, base_cents=None, rules=FIA, **asked) == ""
    assert [under_minimum(x, rules=FIA, **asked) for x in (0, 500_00)] == ["", ""]
    assert under_minimum(400_00, rules=silent, **asked) == ""
    # A request admitted under the minimum may be served whole, and no less.
    assert under_minimum(300_00, asked_cents=300_00, rules=blocks) == ""
    assert under_minimum(250_00, asked_cents=300_00, rules=blocks) != ""


@pytest.mark.parametrize(
    ("asked", "declared", "expected"),
    [(2_400_00, None, 500_00), (2_400_00, 300_00, 500_00), (2_400_00, 1_800_00, 1_800_00), (350_00, None, 350_00)],
)
def test_the_least_that_serves_a_file_is_the_greater_of_its_own_and_that_of_the_reglement(
    asked: int, declared: int | None, expected: int
) -> None:
    assert least(asked_cents=asked, minimum_cents=declared, rules=FIA) == expected
