"""The day silence is a rejection, against dates computed by hand with a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.silence import Suspension, silence
from domain.samples import nb

DAY = date(2026, 4, 15)


def d(text: str) -> date:
    return date.fromisoformat(text)


def pause(asked: str, due: str, came: str = "") -> Suspension:
    return Suspension(d(asked), d(due), d(came) if came else None)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-03-03", "2026-05-03"),
        ("2025-12-31", "2026-02-28"),  # no 31 February
        ("2025-12-29", "2026-02-28"),
        ("2025-12-28", "2026-02-28"),
        ("2023-12-31", "2024-02-29"),  # a leap year
        ("2023-12-29", "2024-02-29"),
        ("2026-07-31", "2026-09-30"),
        ("2026-06-30", "2026-08-30"),  # the same day of the month, not its end
        ("2026-11-15", "2027-01-15"),
        ("2024-02-29", "2024-04-29"),
    ],
)
def test_two_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(received: str, last: str) -> None:
    found = silence(d(received), 2, (), d(received))
    assert (found.before, found.rejects_on, found.suspended) == (d(last), d(last), 0)


@pytest.mark.parametrize(
    ("received", "pauses", "last", "days"),
    [
        # Asked on 10 March, all came on the 19th: 9 days; 3 May + 9 = 12 May.
        ("2026-03-03", [pause("2026-03-10", "2026-03-25", "2026-03-19")], "2026-05-12", 9),
        # Nothing came: the suspension stops with the delay given, 15 days; 3 May + 15 = 18 May.
        ("2026-03-03", [pause("2026-03-10", "2026-03-25")], "2026-05-18", 15),
        # They came after that delay: it ran again from the 25th all the same.
        ("2026-03-03", [pause("2026-03-10", "2026-03-25", "2026-04-20")], "2026-05-18", 15),
        # They came on the very day they were asked, at the counter.
        ("2026-03-03", [pause("2026-03-10", "2026-03-25", "2026-03-10")], "2026-05-03", 0),
        # Two requests, 9 and 4 days: 3 May + 13 = 16 May.
        (
            "2026-03-03",
            [pause("2026-04-01", "2026-04-16", "2026-04-05"), pause("2026-03-10", "2026-03-25", "2026-03-19")],
            "2026-05-16",
            13,
        ),
        # Two that overlap, 10 to 25 March and 20 March to 4 April: 25 days once; 3 May + 25 = 28 May.
        ("2026-03-03", [pause("2026-03-10", "2026-03-25"), pause("2026-03-20", "2026-04-04")], "2026-05-28", 25),
        # One within the other: 15 days.
        ("2026-03-03", [pause("2026-03-10", "2026-03-25"), pause("2026-03-12", "2026-03-20")], "2026-05-18", 15),
        # The second is sent after 3 May but before the 18th, to which the first took the delay: 18 + 10 = 28 May.
        ("2026-03-03", [pause("2026-03-10", "2026-03-25"), pause("2026-05-10", "2026-05-20")], "2026-05-28", 25),
        # Sent once the request is already rejected: nothing more is suspended.
        ("2026-03-03", [pause("2026-05-04", "2026-05-19")], "2026-05-03", 0),
        # Sent on the last day itself: in time; 3 May + 15 = 18 May.
        ("2026-03-03", [pause("2026-05-03", "2026-05-18")], "2026-05-18", 15),
        # Over a leap February: 31 Dec. 2023 → 29 Feb. 2024, + 15 days = 15 March.
        ("2023-12-31", [pause("2024-02-20", "2024-03-06")], "2024-03-15", 15),
        # The same over a short one: 28 Feb. 2026 + 15 days = 15 March.
        ("2025-12-31", [pause("2026-02-20", "2026-03-07")], "2026-03-15", 15),
    ],
)
def test_the_delay_stops_while_documents_are_awaited(
    received: str, pauses: list[Suspension], last: str, days: int
) -> None:
    found = silence(d(received), 2, pauses, d(received))
    assert (found.rejects_on, found.suspended) == (d(last), days)


def test_what_the_file_says_while_the_delay_runs_stops_and_ends() -> None:
    asked = [pause("2026-03-10", "2026-03-25")]
    running = silence(d("2026-03-03"), 2, (), d("2026-03-09"))
    assert running.sentence == "Silence valant rejet le 3\u00a0mai 2026"
    assert (running.days_left, running.near(55), running.near(54), running.over) == (55, True, False, False)
    stopped = silence(d("2026-03-03"), 2, asked, d("2026-03-12"))
    assert stopped.sentence == "Silence valant rejet le 18\u00a0mai 2026 au plus tard, délai suspendu"
    assert (stopped.paused_since, stopped.paused_until) == (d("2026-03-10"), d("2026-03-25"))
    assert stopped.detail == nb(
        "Demande reçue le 3~mars 2026, délai initial jusqu’au 3~mai 2026. 15~jours de suspension pendant la demande de "
        "pièces (article L.~114-5 du CRPA). Suspendu depuis le 10~mars 2026, jusqu’à l’arrivée des pièces et au plus "
        "tard jusqu’au 25~mars 2026."
    )
    assert not stopped.near(365)
    again = silence(d("2026-03-03"), 2, asked, d("2026-03-25"))
    assert (again.paused_until, again.near(54), again.near(53)) == (None, True, False)
    last_day = silence(d("2026-03-03"), 2, asked, d("2026-05-18"))
    assert (last_day.over, last_day.days_left) == (False, 0)
    over = silence(d("2026-03-03"), 2, asked, d("2026-05-19"))
    assert (over.over, over.sentence) == (True, "Rejet né du silence le 18\u00a0mai 2026")
    assert over.detail.endswith("Une décision expresse peut encore être prise et notifiée.")
    decided = replace(over, decided_on=d("2026-05-20"))
    assert decided.sentence == nb("Décidé le 20~mai 2026, à notifier")
    assert decided.detail.endswith(nb(" Un rejet est né du silence le 18~mai 2026~; l’acte l’a remplacé."))
    before = replace(over, decided_on=d("2026-05-18"))
    assert before.detail.endswith(" L’acte a été pris avant que le silence rejette la demande.")


DAYS = st.dates(date(2023, 6, 1), date(2026, 12, 31))


@given(DAYS, st.lists(st.tuples(st.integers(0, 90), st.integers(0, 30), st.integers(0, 40)), max_size=4))
def test_a_delay_is_never_longer_than_all_its_suspensions_nor_shorter_than_without(
    received: date, asked: list[tuple[int, int, int]]
) -> None:
    base = received.toordinal()
    pauses = [
        Suspension(
            date.fromordinal(base + start), date.fromordinal(base + start + due), date.fromordinal(base + start + came)
        )
        for start, due, came in asked
    ]
    found = silence(received, 2, pauses, received)
    assert found.rejects_on.toordinal() - found.before.toordinal() == found.suspended
    assert 0 <= found.suspended <= sum(min(due, came) for _start, due, came in asked)
    assert silence(received, 2, reversed(pauses), received) == found
