"""Where the money of a file goes from one bucket to the next, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.movements import HELD, Bucket, Facts, Transfer, transfers, wanted

NBSP = "\u00a0"
M, S, E, C, P, FREE = Bucket.MARKED, Bucket.SUBMITTED, Bucket.ENGAGED, Bucket.CALLED, Bucket.PAID, Bucket.FREE


@pytest.mark.parametrize(
    ("held", "after", "moves"),
    [
        ({}, {M: 240_000}, [(FREE, M, 240_000)]),
        ({M: 240_000}, {M: 300_000}, [(FREE, M, 60_000)]),
        ({M: 240_000}, {}, [(M, FREE, 240_000)]),
        ({M: 240_000}, {S: 240_000}, [(M, S, 240_000)]),
        ({S: 240_000}, {E: 200_000}, [(S, E, 200_000), (S, FREE, 40_000)]),
        ({E: 150_000}, {M: 100_000, E: 50_000}, [(E, M, 100_000)]),
        ({E: 100, C: 50}, {E: 100, C: 50}, []),
    ],
)
def test_money_takes_the_shortest_way(
    held: dict[Bucket, int], after: dict[Bucket, int], moves: list[tuple[Bucket, Bucket, int]]
) -> None:
    assert transfers(held, after) == tuple(Transfer(*move) for move in moves)


amounts = st.dictionaries(st.sampled_from(HELD), st.integers(0, 10_000))


@given(amounts, amounts)
def test_movements_lead_exactly_where_they_must(held: dict[Bucket, int], after: dict[Bucket, int]) -> None:
    balance = dict.fromkeys(HELD, 0) | held
    free = 0
    for move in transfers(held, after):
        assert move.cents > 0
        for bucket, cents in ((move.source, -move.cents), (move.target, move.cents)):
            if bucket is FREE:
                free += cents
            else:
                balance[bucket] += cents
    assert balance == dict.fromkeys(HELD, 0) | after
    assert free == sum(held.values()) - sum(after.values())


def test_what_is_called_and_paid_is_part_of_what_is_decided() -> None:
    assert wanted(Facts(decided=300_000), {C: 60_000, P: 200_000}) == {M: 0, S: 0, E: 40_000, C: 60_000, P: 200_000}
    with pytest.raises(UserError) as refusal:
        wanted(Facts(decided=250_000), {C: 60_000, P: 200_000})
    assert refusal.value.message == (
        f"2{NBSP}600{NBSP}€ de ce dossier sont déjà appelés ou payés{NBSP}: sa décision ne peut pas descendre à "
        f"2{NBSP}500{NBSP}€. Enregistrez d’abord le reversement."
    )
