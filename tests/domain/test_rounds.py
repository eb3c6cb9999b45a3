"""Rounds of a rolling fund: where a deposit falls, what is passed on, what the règlement foresees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cv_desktop.domain.rounds import Round, carried, deadline, for_day, proposed, sources

SPRING = Round("a", "Session 1", date(2026, 2, 22), share_cents=750_000)
SUMMER = Round("b", "Session 2", date(2026, 5, 25), share_cents=750_000)
ROUNDS = (SUMMER, SPRING)


def test_a_deposit_falls_in_the_first_round_still_open_that_day() -> None:
    days = [date(2026, 1, 5), date(2026, 2, 22), date(2026, 2, 23), date(2026, 5, 26)]
    assert [getattr(for_day(ROUNDS, day), "id", None) for day in days] == ["a", "a", "b", None]


def test_the_deadline_of_a_file_is_its_rounds_or_the_last_one() -> None:
    assert deadline((), date(2026, 1, 5)) is None
    assert deadline(ROUNDS, date(2026, 1, 5)) == date(2026, 2, 22)
    assert deadline(ROUNDS, date(2026, 12, 1)) == date(2026, 5, 25)
    # Put in the first round by hand, it is late there.
    assert deadline(ROUNDS, date(2026, 3, 1), "a") == date(2026, 2, 22)


def test_only_a_closed_round_passes_on_what_it_did_not_grant() -> None:
    spent = replace(SPRING, held_cents=510_000)
    assert [r.carried_cents for r in carried((SUMMER, spent))] == [0, 0]
    closed = replace(spent, closed_on=date(2026, 4, 1))
    assert [(r.id, r.carried_cents, r.available_cents) for r in carried((SUMMER, closed))] == [
        ("a", 0, 750_000),
        ("b", 240_000, 990_000),
    ]
    kept = replace(closed, rolls_over=False)
    assert [r.carried_cents for r in carried((SUMMER, kept))] == [0, 0]
    overspent = replace(closed, held_cents=800_000)
    assert [r.left_cents for r in carried((SUMMER, overspent))] == [-50_000, 750_000]


def test_what_a_closed_round_passes_on_is_told_but_of_the_last_one() -> None:
    spent = replace(SPRING, held_cents=510_000, closed_on=date(2026, 3, 1))
    last = replace(SUMMER, held_cents=600_000, closed_on=date(2026, 6, 1))
    assert [(r.carried_cents, r.passed_cents) for r in carried((last, spent))] == [(0, 240_000), (240_000, 0)]
    assert [r.passed_cents for r in carried((SUMMER, replace(spent, rolls_over=False)))] == [0, 0]


def test_a_round_spends_in_the_end_the_shares_that_roll_over_to_it() -> None:
    autumn = Round("c", "Session 3", date(2026, 9, 25), share_cents=500_000)
    assert sources((autumn, *ROUNDS)) == {"a": ("a",), "b": ("a", "b"), "c": ("a", "b", "c")}
    assert sources((autumn, replace(SUMMER, rolls_over=False), SPRING))["c"] == ("c",)
    done = replace(SPRING, closed_on=date(2026, 3, 1))
    assert sources((autumn, SUMMER, done), closed=True) == {"a": ("a",), "b": ("a", "b"), "c": ("c",)}


def test_four_rounds_share_the_year_and_the_envelope() -> None:
    found = proposed(2026, 4, 21, 3_000_000, 5_000)
    # 15 March is a Sunday: the committee sits on Monday 16th; deposit three weeks before.
    assert [(str(r.deposit_closes), str(r.committee_on)) for r in found] == [
        ("2026-02-23", "2026-03-16"),
        ("2026-05-25", "2026-06-15"),
        ("2026-08-25", "2026-09-15"),
        ("2026-11-24", "2026-12-15"),
    ]
    assert [r.share_cents for r in found] == [750_000] * 4
    assert [r.rolls_over for r in found] == [True, True, True, False]


def test_what_does_not_divide_goes_to_the_last_round() -> None:
    assert [r.share_cents for r in proposed(2026, 3, 21, 1_000_000, 5_000)] == [330_000, 330_000, 340_000]
