"""The order of a meeting: hours, and members leaving the room as few times as possible, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import permutations

import pytest

from cv_desktop.domain.agenda import EXACT_GROUPS, Item, exits, grouped, hours
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import moment_of, parse_hour, spoken, spoken_moment

A, B, AB = frozenset("A"), frozenset("B"), frozenset("AB")


def item(number: str, away: frozenset[str] = frozenset()) -> Item:
    return Item(number, number, away)


def order(items: tuple[Item, ...]) -> str:
    return "".join(x.number for x in items)


def test_the_end_is_foreseen_from_the_minutes_of_each_file() -> None:
    start = moment_of(datetime(2026, 4, 16, tzinfo=UTC).date(), time(14, 0))
    found = hours(start, [10] * 13 + [30])
    assert spoken_moment(found[0]) == "14\u00a0h"
    assert spoken_moment(found[-1]) == "16\u00a0h\u00a040"  # 13 × 10 + 30 = 160 minutes


def test_files_of_the_same_deport_follow_each_other() -> None:
    apart = [item("1", A), item("2"), item("3", A), item("4"), item("5", B), item("6", A)]
    assert exits(apart) == 4
    best = grouped(apart)
    assert order(best) == "136245"
    assert exits(best) == 2


def test_who_is_out_stays_out_for_the_file_of_both() -> None:
    # A, then A and B, then B: each leaves once; any other order makes one of them leave twice.
    assert order(grouped([item("1", A), item("2", B), item("3", AB)])) == "132"
    assert exits(grouped([item("1", A), item("2", B), item("3", AB)])) == 2


def test_the_file_that_follows_keeps_outside_who_is_already_there() -> None:
    assert order(grouped([item("1", B), item("2", A)], before=A)) == "21"


def test_among_equals_the_lowest_numbers_come_first() -> None:
    assert order(grouped([item("3", A), item("1", B), item("2")])) == "123"


def test_no_order_does_better_up_to_five_groups() -> None:
    sets = [frozenset("AB"), frozenset("BC"), frozenset("CD"), frozenset("AD"), frozenset("C")]
    items = [item(str(i), away) for i, away in enumerate(sets)]
    assert exits(grouped(items)) == min(exits(x) for x in permutations(items))


def test_beyond_the_exact_search_the_order_is_never_worse() -> None:
    sets = [frozenset({chr(65 + i), chr(65 + (i * 5 + 3) % 16)}) for i in range(EXACT_GROUPS + 4)]
    items = [item(f"{i:02d}", away) for i, away in enumerate(sets)]
    assert exits(grouped(items)) <= exits(items)
    assert sorted(grouped(items), key=lambda x: x.number) == items


@pytest.mark.parametrize("text", ["14h05", "14 h 05", "14:05", "1405", "14.05"])
def test_an_hour_is_typed_as_one_likes(text: str) -> None:
    assert parse_hour(text) == time(14, 5)


def test_what_is_no_hour_is_said() -> None:
    assert spoken(parse_hour("9")) == "9\u00a0h"
    with pytest.raises(UserError) as refusal:
        parse_hour("25 h")
    assert "les heures vont de 0 à 23" in refusal.value.message
    with pytest.raises(UserError, match="n’est pas une heure"):
        parse_hour("midi")
