"""The rounds (sessions) of a rolling fund: which one a file falls in, and what its envelope becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

NBSP = "\u00a0"
_COMMITTEE_DAY = 15


@dataclass(frozen=True, slots=True)
class Round:
    """One round. ``share_cents`` is its own part of the envelope, None when it has none of its own.

    ``carried_cents`` is what closed rounds before it left and passed on, ``passed_cents`` what it passed on itself,
    ``granted_cents`` what was decided in it, ``held_cents`` what its files hold: marked, submitted or decided.
    """

    id: str
    label: str
    deposit_closes: date
    committee_on: date | None = None
    share_cents: int | None = None
    rolls_over: bool = True
    closed_on: date | None = None
    files: int = 0
    asked_cents: int = 0
    granted_cents: int = 0
    held_cents: int = 0
    carried_cents: int = 0
    passed_cents: int = 0

    @property
    def available_cents(self) -> int:
        """Its share, with what the rounds before passed on."""
        return (self.share_cents or 0) + self.carried_cents

    @property
    def left_cents(self) -> int:
        """What is left of it; negative when its files hold more."""
        return self.available_cents - self.held_cents


def for_day(rounds: Iterable[Round], day: date) -> Round | None:
    """The round a file deposited that day falls in: the first whose deposit is not over; None after the last."""
    return min((r for r in rounds if day <= r.deposit_closes), key=lambda r: r.deposit_closes, default=None)


def deadline(rounds: Sequence[Round], day: date | None, round_id: str | None = None) -> date | None:
    """The last day of deposit that holds for a file: its round's, or the last one's. None without rounds."""
    if not rounds:
        return None
    own = next((r for r in rounds if r.id == round_id), None) or (for_day(rounds, day) if day else None)
    return own.deposit_closes if own else max(r.deposit_closes for r in rounds)


def carried(rounds: Iterable[Round]) -> tuple[Round, ...]:
    """The rounds in order, each with what the closed ones before it passed on.

    A round that is still open passes nothing on: its files are not all decided. What is marked or submitted in a
    closed one stays in it.
    """
    found: list[Round] = []
    passed = 0
    ordered = sorted(rounds, key=lambda r: r.deposit_closes)
    for one in ordered:
        current = replace(one, carried_cents=passed)
        goes_on = one.closed_on and one.rolls_over and one is not ordered[-1]
        passed = max(current.left_cents, 0) if goes_on else 0
        found.append(replace(current, passed_cents=passed))
    return tuple(found)


def sources(rounds: Iterable[Round], *, closed: bool = False) -> dict[str, tuple[str, ...]]:
    """The keys of the rounds whose share each may spend in the end: its own, and those before that roll over to it.

    ``closed``: those that passed it on already, and not the open ones, which will.
    """
    found: dict[str, tuple[str, ...]] = {}
    before: tuple[str, ...] = ()
    for one in sorted(rounds, key=lambda r: r.deposit_closes):
        found[one.id] = (*before, one.id)
        before = found[one.id] if one.rolls_over and (one.closed_on or not closed) else ()
    return found


def proposed(year: int, count: int, days_before: int, envelope_cents: int, step_cents: int) -> tuple[Round, ...]:
    """``count`` rounds spread over the year, committee about the 15th, deposit ``days_before`` days earlier.

    Each takes an equal part of the envelope, rounded down to ``step_cents``; the last takes what is left.
    """
    part = envelope_cents // count // step_cents * step_cents
    found = []
    for rank in range(1, count + 1):
        committee = _working(date(year, max(1, 12 * rank // count), _COMMITTEE_DAY))
        last = rank == count
        found.append(
            Round(
                id="",
                label=f"Session {rank}",
                deposit_closes=committee - timedelta(days=days_before),
                committee_on=committee,
                share_cents=envelope_cents - part * (count - 1) if last else part,
                rolls_over=not last,
            )
        )
    return tuple(found)


def _working(day: date) -> date:
    """That day, or the Monday after a week-end."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
