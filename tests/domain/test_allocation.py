from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.allocation import (
    Buckets,
    envelope_end,
    free,
    may_submit,
    rate_of,
    rounded_share,
)
from cv_desktop.domain.errors import UserError
from domain.samples import nb


@pytest.mark.parametrize(
    ("asked", "rate", "step", "share"),
    [
        (850_000, 82, 5_000, 695_000),  # 6 970 € → 6 950 €
        (850_000, 100, 5_000, 850_000),
        (221_500, 100, 5_000, 220_000),
        (300_000, 0, 5_000, 0),
        (4_900, 100, 5_000, 0),  # less than one step
        (333_333, 50, 0, 166_666),  # no step: down to the cent
        (10_001, 33, 1, 3_300),
    ],
)
def test_a_share_is_rounded_down_to_the_step(asked: int, rate: int, step: int, share: int) -> None:
    assert rounded_share(asked, rate, step) == share


@given(st.integers(0, 10**9), st.integers(0, 100), st.integers(0, 50_000))
def test_a_share_never_exceeds_the_request_nor_the_rate(asked: int, rate: int, step: int) -> None:
    share = rounded_share(asked, rate, step)
    assert 0 <= share * 100 <= asked * rate
    assert step == 0 or share % step == 0


def test_the_free_amount_of_the_mock_up() -> None:
    assert free(42_000_000, 26_685_000, 5_450_000, 9_600_000) == 265_000
    buckets = Buckets(42_000_000, 26_685_000, 5_450_000, 9_600_000)
    assert not buckets.overspent
    assert buckets.segments == (
        ("engaged", 9_600_000),
        ("submitted", 5_450_000),
        ("marked", 26_685_000),
        ("free", 265_000),
    )
    over = Buckets(100, 90, 10, 20)
    assert (over.free_cents, over.overspent, over.segments[-1]) == (-20, True, ("free", 0))


def test_the_line_stands_under_the_last_file_served() -> None:
    end = envelope_end([400_000, 0, 500_000, 235_000, 90_000], 1_000_000)
    assert (end.position, end.served, end.left_cents, end.missing_cents) == (3, 2, 100_000, 135_000)
    assert end.sentence(5) == nb(
        "2 dossiers retenus, 1~000~€ libres. Les 2 dossiers suivants restent en liste d’attente ou sont écartés."
    )
    assert envelope_end([100, 0, 0], 100) == envelope_end([100], 100)
    assert envelope_end([], 100).sentence(0) == nb("0 dossier retenu, 1~€ libre.")
    assert envelope_end([200], 100).position == 0


@given(st.lists(st.integers(0, 10**6)), st.integers(0, 10**7))
def test_what_stands_above_the_line_is_covered(amounts: list[int], available: int) -> None:
    end = envelope_end(amounts, available)
    above = sum(amounts[: end.position])
    assert above + end.left_cents == available
    assert (end.missing_cents > 0) == (sum(amounts) > available)


def test_sentences_of_the_arbitration() -> None:
    assert rate_of(700_000, 850_000) == nb("82~%")
    assert rate_of(0, 850_000) == "–"
    may_submit(100, 100)
    may_submit(200, 100, reason="Report de crédits voté")
    with pytest.raises(UserError) as refusal:
        may_submit(1_340_000, 1_000_000)
    assert refusal.value.message == nb(
        "Ce lot dépasse l’enveloppe de 3~400~€. Réduisez des montants ou indiquez le motif du dépassement."
    )
