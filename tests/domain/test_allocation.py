from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.allocation import (
    SKIP,
    STOP,
    Buckets,
    Candidate,
    Rule,
    allocate,
    envelope_end,
    free,
    may_submit,
    rate_of,
    rounded_share,
    stepped,
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


@pytest.mark.parametrize(
    ("amount", "steps", "expected"),
    [(700_000, 1, 705_000), (700_000, -1, 695_000), (702_000, 1, 705_000), (702_000, -1, 700_000), (0, -1, 0)],
)
def test_plus_and_minus_move_by_one_step(amount: int, steps: int, expected: int) -> None:
    assert stepped(amount, steps, 5_000, 850_000) == expected
    assert stepped(848_000, 1, 5_000, 850_000) == 850_000
    assert stepped(850_000, 1, 5_000, 852_000) == 852_000


# 10 000 €: A takes 4 000, B 5 000, 1 000 are left; C asks 2 350; D asks 900.
FILES = (
    Candidate("a", "FIA-2026-0001", 400_000),
    Candidate("b", "FIA-2026-0002", 500_000),
    Candidate("c", "FIA-2026-0003", 235_000),
    Candidate("d", "FIA-2026-0004", 90_000),
    Candidate("e", "FIA-2026-0005", 0),
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            SKIP,
            [
                ("a", 400_000, "Retenu~: il reste 6~000~€"),
                ("b", 500_000, "Retenu~: il reste 1~000~€"),
                ("c", 0, "Il manque 1~350~€"),
                ("d", 90_000, "Retenu~: il reste 100~€"),
                ("e", 0, "Aucun montant proposé"),
            ],
        ),
        (
            STOP,
            [
                ("a", 400_000, "Retenu~: il reste 6~000~€"),
                ("b", 500_000, "Retenu~: il reste 1~000~€"),
                ("c", 0, "Il manque 1~350~€"),
                ("d", 0, "Après l’arrêt au dossier FIA-2026-0003"),
                ("e", 0, "Aucun montant proposé"),
            ],
        ),
    ],
)
def test_strict_order_skips_or_stops_and_explains(rule: Rule, expected: list[tuple[str, int, str]]) -> None:
    choices = allocate(FILES, 1_000_000, rule)
    assert [(c.application_id, c.amount_cents, c.reason) for c in choices] == [(i, a, nb(r)) for i, a, r in expected]
    assert [c.missing_cents for c in choices if c.application_id == "c"] == [135_000]
    assert all(c.chosen is (c.amount_cents > 0) for c in choices)


def test_a_locked_file_is_served_first_whatever_its_rank() -> None:
    files = (Candidate("a", "1", 400_000), Candidate("b", "2", 300_000, locked=True))
    assert [(c.amount_cents, c.reason) for c in allocate(files, 500_000, STOP)] == [
        (0, nb("Il manque 2~000~€")),  # 5 000 − 3 000 locked leave 2 000 for 4 000
        (300_000, nb("Verrouillé à 3~000~€")),
    ]


def test_locks_above_the_envelope_are_refused() -> None:
    with pytest.raises(UserError) as refusal:
        allocate((Candidate("a", "1", 400_000, locked=True),), 390_000, SKIP)
    assert refusal.value.message == nb(
        "Les montants verrouillés dépassent le montant libre de 100~€. Déverrouillez un dossier ou réduisez un montant."
    )


def test_an_overspent_envelope_gives_nothing() -> None:
    (choice,) = allocate((Candidate("a", "1", 100_000),), -50_000, SKIP)
    assert (choice.chosen, choice.missing_cents) == (False, 150_000)


CANDIDATES = st.lists(
    st.builds(Candidate, st.uuids().map(str), st.text("0123456789", max_size=4), st.integers(0, 10**6))
)


@given(CANDIDATES, st.integers(0, 10**7), st.sampled_from([SKIP, STOP]))
def test_the_envelope_is_never_exceeded(files: list[Candidate], available: int, rule: Rule) -> None:
    choices = allocate(files, available, rule)
    assert sum(c.amount_cents for c in choices) <= available
    assert [c.application_id for c in choices] == [f.application_id for f in files]
    # All or nothing at the proposed amount.
    assert all(c.amount_cents in (0, f.amount_cents) for c, f in zip(choices, files, strict=True))
    if rule == SKIP:
        left = available - sum(c.amount_cents for c in choices)
        assert all(
            f.amount_cents > left for c, f in zip(choices, files, strict=True) if f.amount_cents and not c.chosen
        )


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
