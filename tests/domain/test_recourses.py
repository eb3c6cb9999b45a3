"""The delays of a recourse, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.recourses import Ending, Kind, Recourse, may_end
from cv_desktop.domain.working_days import easter, holidays

NBSP = "\u00a0"


def test_a_gracious_recourse_is_rejected_by_two_months_of_silence_then_the_court_has_two_more() -> None:
    one = Recourse(Kind.GRACIOUS, date(2026, 4, 20), notified_on=date(2026, 3, 10))
    assert one.last_day == date(2026, 5, 11) and not one.late
    assert one.silent_on == date(2026, 6, 20)
    assert one.court_until() == date(2026, 8, 21)
    assert one.standing(date(2026, 6, 20)) == (
        f"À répondre avant le 20{NBSP}juin 2026{NBSP}: le silence le rejette ensuite."
    )
    assert one.standing(date(2026, 6, 21)) == (
        f"Rejeté par le silence depuis le 20{NBSP}juin 2026. Le tribunal peut être saisi jusqu’au 21{NBSP}août 2026, "
        "si un accusé de réception du recours l’a dit (CRPA L112-6)."
    )


def test_the_end_of_a_short_month_is_its_last_day() -> None:
    assert Recourse(Kind.GRACIOUS, date(2025, 12, 31)).silent_on == date(2026, 2, 28)


def test_an_answer_starts_the_delay_of_the_court_anew_from_the_day_it_is_received() -> None:
    said = Recourse(Kind.GRACIOUS, date(2026, 4, 20), date(2026, 3, 10), "rejected", date(2026, 4, 28))
    told = replace(said, told_on=date(2026, 5, 4))
    assert told.court_until() == date(2026, 7, 6)  # the 5th is a Sunday
    assert told.standing(date(2026, 6, 1)) == (
        f"Rejeté le 28{NBSP}avril 2026. Le tribunal peut être saisi jusqu’au 6{NBSP}juillet 2026."
    )
    assert said.court_until() is None
    assert said.standing(date(2026, 9, 1)) == (
        f"Rejeté le 28{NBSP}avril 2026. Le délai du tribunal court du jour où la réponse est reçue{NBSP}: notez la "
        f"réception du courrier dans «{NBSP}Courriers{NBSP}»."
    )
    judged = Recourse(Kind.COURT, date(2026, 4, 20), date(2026, 3, 10), "rejected", date(2026, 9, 1))
    assert judged.standing(date(2026, 9, 2)) == f"Rejeté le 1er{NBSP}septembre 2026."
    assert Recourse(Kind.GRACIOUS, date(2026, 4, 20), None, "accepted", date(2026, 5, 4)).court_until() is None


def test_a_late_recourse_keeps_no_delay_and_without_a_notification_none_runs() -> None:
    late = Recourse(Kind.GRACIOUS, date(2026, 5, 12), date(2026, 3, 10))
    assert late.late and late.court_until() is None
    said = f"Déposé hors délai{NBSP}: il pouvait l’être jusqu’au 11{NBSP}mai 2026."
    assert late.standing(date(2026, 8, 1)).endswith(said) and late.standing(date(2026, 6, 1)).endswith(said)
    court = Recourse(Kind.COURT, date(2026, 5, 12), date(2026, 3, 10))
    assert court.standing(date(2026, 6, 1)) == f"Devant le tribunal administratif. {said}"
    assert replace(court, filed_on=date(2026, 5, 11)).standing(date(2026, 6, 1)) == "Devant le tribunal administratif."
    assert Recourse(Kind.GRACIOUS, date(2027, 5, 11)).last_day is None


def test_a_gracious_recourse_filed_in_time_puts_off_the_delay_of_the_court() -> None:
    """Filed on 20 April, silence rejects it on 20 June and the court is seized until 21 August; answered on 28 April
    and received on 4 May, until 6 July. While nothing proves that it was received, nothing is late.
    """
    gracious = Recourse(Kind.GRACIOUS, date(2026, 4, 20), date(2026, 3, 10))
    court = Recourse(Kind.COURT, date(2026, 8, 21), date(2026, 3, 10), before=(gracious,))
    assert not court.late
    tomorrow = replace(court, filed_on=date(2026, 8, 22))
    assert tomorrow.standing(date(2026, 9, 1)) == (
        f"Devant le tribunal administratif. Déposé hors délai{NBSP}: il pouvait l’être jusqu’au 21{NBSP}août 2026, si "
        "un accusé de réception du recours gracieux l’a dit."
    )
    said = replace(gracious, outcome="rejected", answered_on=date(2026, 4, 28))
    assert not replace(tomorrow, before=(said,)).late
    told = replace(said, told_on=date(2026, 5, 4))
    assert replace(court, before=(told,)).standing(date(2026, 9, 1)).endswith(f"jusqu’au 6{NBSP}juillet 2026.")
    # Filed late itself, it puts off nothing.
    assert replace(court, before=(replace(gracious, filed_on=date(2026, 5, 12)),)).last_day == date(2026, 5, 11)


@pytest.mark.parametrize(("day", "allowed"), [(date(2026, 8, 14), True), (date(2026, 8, 15), False)])
def test_an_illegal_decision_is_withdrawn_within_four_months(day: date, allowed: bool) -> None:
    if allowed:
        may_end(Ending.ILLEGAL, date(2026, 4, 14), day)
    else:
        with pytest.raises(UserError, match="CRPA L242-1"):
            may_end(Ending.ILLEGAL, date(2026, 4, 14), day)
    may_end(Ending.UNMET, date(2020, 4, 14), day)


@pytest.mark.parametrize(
    ("notified", "last"),
    [
        (date(2026, 1, 15), date(2026, 3, 16)),  # 15 March ends it, 16 March still counts
        (date(2026, 3, 13), date(2026, 5, 15)),  # 14 May 2026 is Ascension Day
        (date(2025, 12, 31), date(2026, 3, 2)),  # 28 February, then a Sunday
        (date(2026, 10, 31), date(2027, 1, 4)),  # 31 December, then a holiday and a week-end
    ],
)
def test_the_delay_is_franc_and_goes_on_to_a_working_day(notified: date, last: date) -> None:
    one = Recourse(Kind.COURT, last, notified)
    assert one.last_day == last and not one.late
    assert Recourse(Kind.COURT, last + timedelta(days=1), notified).late


def test_a_rejection_said_after_the_delay_of_the_silence_opens_no_other() -> None:
    silent = Recourse(Kind.GRACIOUS, date(2026, 1, 12), date(2025, 12, 1))
    assert silent.silent_on == date(2026, 3, 12) and silent.court_until() == date(2026, 5, 13)
    in_time = replace(silent, outcome="rejected", answered_on=date(2026, 5, 13), told_on=date(2026, 5, 13))
    assert in_time.court_until() == date(2026, 7, 15)  # 14 July is a holiday
    assert replace(in_time, answered_on=date(2026, 5, 14)).court_until() == date(2026, 5, 13)


def test_easter_and_its_holidays() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25),
    ]  # fmt: skip
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} <= holidays(2026)
    assert len(holidays(2026)) == 11
