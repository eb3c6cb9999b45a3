from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.dates import (
    abridged_date,
    add_months,
    clock,
    local,
    long_date,
    parse_date,
    short_date,
    typed_date,
)
from cv_desktop.domain.errors import UserError
from domain.samples import nb


def test_a_day_in_words() -> None:
    assert long_date(date(2026, 3, 3)) == nb("3~mars 2026")
    assert long_date(date(2026, 4, 1)) == nb("1er~avril 2026")
    assert long_date(date(2026, 3, 3), weekday=True) == nb("mardi 3~mars 2026")
    assert abridged_date(date(2025, 11, 26)) == nb("26~nov.~2025")
    assert abridged_date(date(2026, 2, 1), year=False) == nb("1er~févr.")
    assert short_date(date(2026, 3, 3)) == "03/03/2026"
    assert short_date(None) == ""


@pytest.mark.parametrize(
    "text", ["03/03/2026", "3.3.2026", " 3-3-2026 ", "2026-03-03", "2026-03-03T14:32:00Z", "2026-03-03 14:32"]
)
def test_a_day_is_read_in_the_usual_ways(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 3)


@pytest.mark.parametrize("text", ["3/3/26", " 03-03-26", "030326", "03032026", "3 3 2026", "2026-03-03"])
def test_a_day_is_typed_in_short(text: str) -> None:
    assert typed_date(text) == date(2026, 3, 3)


def test_a_day_typed_in_short_that_is_not_in_the_calendar_is_said_in_full() -> None:
    with pytest.raises(UserError, match=r"^31/02/2026 n’existe pas\.$"):
        typed_date("310226")


@pytest.mark.parametrize("text", ["hier", "", "03/03/26", "3 mars", "2026-03-03abc", "2026-03"])
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse_date(text)
    assert refusal.value.message == nb(f"«~{text}~» n’est pas une date. Exemple~: 31/03/2026.")


def test_a_day_that_is_not_in_the_calendar() -> None:
    with pytest.raises(UserError, match=r"^31/02/2026 n’existe pas\.$"):
        parse_date("31/02/2026")


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_shown_day_reads_back(day: date) -> None:
    assert parse_date(short_date(day)) == day
    assert parse_date(day.isoformat()) == day


def test_moments_are_shown_on_a_french_clock() -> None:
    assert clock(datetime(2026, 1, 15, 13, 32, tzinfo=UTC)) == "14:32"
    assert clock(datetime(2026, 7, 15, 12, 32, tzinfo=UTC)) == "14:32"
    assert local(datetime(2026, 3, 31, 22, 0, tzinfo=UTC)).date() == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_months_end_on_the_last_day_when_they_are_shorter(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
