"""The day at which silence is a rejection (CRPA L231-4), suspended while documents are awaited (L114-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cv_desktop.domain.dates import add_months, long_date
from cv_desktop.domain.rules import Rules

NBSP = "\u00a0"
# Where the règlement does not say when the end of the delay is recalled.
SILENCE_ALERT_DAYS = 15


@dataclass(frozen=True, slots=True)
class Suspension:
    """One request for documents: the day it was sent, the last day to answer, the day all came (None: not yet)."""

    asked_on: date
    due_on: date
    came_on: date | None = None

    @property
    def ends_on(self) -> date:
        """The day the delay runs again: when the documents come, at latest when the time given to them ends."""
        return min(self.due_on, self.came_on) if self.came_on else self.due_on


@dataclass(frozen=True, slots=True)
class Silence:
    """Where the delay of one request stands on a day.

    ``rejects_on`` is the last day of the delay: without an answer that day, the request is rejected. ``before`` is
    what it would be without any suspension, ``suspended`` the days that they added. ``paused_until`` is the end of
    the suspension under way, None when the delay runs. ``decided_on`` is the day of the act that decided the request,
    before or after its silence; its letter is still to be sent.
    """

    received_on: date
    before: date
    rejects_on: date
    suspended: int
    paused_until: date | None
    paused_since: date | None
    day: date
    decided_on: date | None = None

    @property
    def over(self) -> bool:
        """Whether the delay ended without an answer: the request is rejected by silence."""
        return self.day > self.rejects_on

    @property
    def days_left(self) -> int:
        """Days from now to the last one, negative once it is over."""
        return (self.rejects_on - self.day).days

    def near(self, days: int) -> bool:
        """Whether the last day comes within ``days``, while the delay runs."""
        return self.paused_until is None and 0 <= self.days_left <= days

    @property
    def sentence(self) -> str:
        """« Silence valant rejet le 3 mai 2026 », as the header of a file says it."""
        if self.decided_on:
            return f"Décidé le {long_date(self.decided_on)}, à notifier"
        if self.over:
            return f"Rejet né du silence le {long_date(self.rejects_on)}"
        if self.paused_until:
            return f"Silence valant rejet le {long_date(self.rejects_on)} au plus tard, délai suspendu"
        return f"Silence valant rejet le {long_date(self.rejects_on)}"

    @property
    def detail(self) -> str:
        """How the day was found, in one or two sentences."""
        parts = [f"Demande reçue le {long_date(self.received_on)}, délai initial jusqu’au {long_date(self.before)}."]
        if self.suspended:
            days = f"{self.suspended}{NBSP}jour{'s' if self.suspended > 1 else ''}"
            parts.append(f"{days} de suspension pendant la demande de pièces (article L.{NBSP}114-5 du CRPA).")
        if self.paused_until and self.paused_since:
            parts.append(
                f"Suspendu depuis le {long_date(self.paused_since)}, jusqu’à l’arrivée des pièces et au plus tard "
                f"jusqu’au {long_date(self.paused_until)}."
            )
        if self.decided_on is None:
            parts += ["Une décision expresse peut encore être prise et notifiée."] if self.over else []
        elif self.decided_on > self.rejects_on:
            parts.append(f"Un rejet est né du silence le {long_date(self.rejects_on)}{NBSP}; l’acte l’a remplacé.")
        else:
            parts.append("L’acte a été pris avant que le silence rejette la demande.")
        return " ".join(parts)


def alert_days(rules: Rules) -> int:
    """How many days before its end the delay is recalled, by the règlement."""
    found = rules.count("silence_alert_days") if "silence_alert_days" in rules else None
    return SILENCE_ALERT_DAYS if found is None else found


def silence(received_on: date, months: int, suspensions: Iterable[Suspension], day: date) -> Silence:
    """The delay of a request received on a day, as it stands on ``day``.

    ``months`` comes from the règlement (two for a request of money, CRPA L231-4 3°); it ends on the same day of the
    month, or on the last one of a shorter month. The day of an event does not count: documents asked on the 3rd and
    received on the 12th add nine days. Overlapping requests count once; one sent after the last day changes nothing.
    """
    before = add_months(received_on, months)
    last, suspended = before, 0
    running_from = received_on
    paused_since = paused_until = None
    for pause in sorted(suspensions, key=lambda s: (s.asked_on, s.ends_on)):
        start, end = max(pause.asked_on, running_from), pause.ends_on
        if start > last or end <= start:
            continue
        added = (end - start).days
        last += timedelta(days=added)
        suspended += added
        running_from = end
        if pause.asked_on <= day < end:
            paused_since, paused_until = min(pause.asked_on, paused_since or pause.asked_on), end
    return Silence(received_on, before, last, suspended, paused_until, paused_since, day)
