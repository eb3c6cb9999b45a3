"""The delays of a recourse, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.recourses import Ending, Kind, Recourse, may_end

NBSP = "\u00a0"


def test_a_gracious_recourse_is_rejected_by_two_months_of_silence_then_the_court_has_two_more() -> None:
    one = Recourse(Kind.GRACIOUS, date(2026, 4, 20), notified_on=date(2026, 3, 10))
    assert one.last_day == date(2026, 5, 10) and not one.late
    assert one.silent_on == date(2026, 6, 20)
    assert one.court_until() == date(2026, 8, 20)
    assert one.standing(date(2026, 6, 20)) == (
        f"À répondre avant le 20{NBSP}juin 2026{NBSP}: le silence le rejette ensuite."
    )
    assert one.standing(date(2026, 6, 21)) == (
        f"Rejeté par le silence depuis le 20{NBSP}juin 2026. Le tribunal peut être saisi jusqu’au 20{NBSP}août 2026."
    )


def test_the_end_of_a_short_month_is_its_last_day() -> None:
    assert Recourse(Kind.GRACIOUS, date(2025, 12, 31)).silent_on == date(2026, 2, 28)


def test_an_answer_starts_the_delay_of_the_court_anew() -> None:
    told = Recourse(Kind.GRACIOUS, date(2026, 4, 20), date(2026, 3, 10), "rejected", date(2026, 5, 4))
    assert told.court_until() == date(2026, 7, 4)
    assert Recourse(Kind.GRACIOUS, date(2026, 4, 20), None, "accepted", date(2026, 5, 4)).court_until() is None


def test_a_late_recourse_keeps_no_delay_and_without_a_notification_none_runs() -> None:
    late = Recourse(Kind.GRACIOUS, date(2026, 5, 11), date(2026, 3, 10))
    assert late.late and late.court_until() is None
    assert late.standing(date(2026, 8, 1)).endswith("Déposé hors délai.")
    assert Recourse(Kind.GRACIOUS, date(2027, 5, 11)).last_day is None


@pytest.mark.parametrize(("day", "allowed"), [(date(2026, 8, 14), True), (date(2026, 8, 15), False)])
def test_an_illegal_decision_is_withdrawn_within_four_months(day: date, allowed: bool) -> None:
    if allowed:
        may_end(Ending.ILLEGAL, date(2026, 4, 14), day)
    else:
        with pytest.raises(UserError, match="CRPA L242-1"):
            may_end(Ending.ILLEGAL, date(2026, 4, 14), day)
    may_end(Ending.UNMET, date(2020, 4, 14), day)
