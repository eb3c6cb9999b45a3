"""The answer to an allocation, and its check: plain sums over the instance, apart from what found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cv_desktop.domain.allocation_instance import Instance, Rule


@dataclass(frozen=True, slots=True)
class Solution:
    """Who is served: ``chosen`` gives cents by file, only for those served.

    ``ties`` are files that another answer, as good under the same rule, treats otherwise. ``proved`` says
    that nothing better exists. ``unmet`` gives what each floor lacks, which only an order rule may leave.
    ``rivals`` are the files of every set of the best sum of scores, whatever money it may give, None when the
    sets are too many to list.
    """

    rule: Rule
    chosen: Mapping[str, int]
    ties: tuple[str, ...] = ()
    proved: bool = True
    unmet: Mapping[str, int] | None = None
    ties_proved: bool = True
    rivals: frozenset[str] | None = None

    @property
    def spent_cents(self) -> int:
        return sum(self.chosen.values())


def left(instance: Instance, solution: Solution) -> int:
    """What stays in the envelope, in cents."""
    return instance.envelope_cents - solution.spent_cents


def value(instance: Instance, served: Iterable[str]) -> int:
    """The sum of the scores of the files served, in units of ``instance.scale``."""
    names = set(served)
    return sum(file.score for file in instance.files if file.id in names)


def group_sums(instance: Instance, chosen: Mapping[str, int]) -> dict[str, int]:
    """What each group receives, in cents, for those that receive something: of a file that groups share, its part."""
    sums: dict[str, int] = {}
    for file in instance.files:
        cents = chosen.get(file.id)
        if cents:
            for group in file.groups:
                sums[group] = sums.get(group, 0) + file.part(group, cents)
    return sums


class WrongAnswer(AssertionError):
    """An allocation broke one of its constraints: it is never shown."""


def verify(instance: Instance, solution: Solution) -> None:
    """Raises WrongAnswer when an amount, the envelope, a cap, a floor or a lock is not respected."""
    known = {file.id: file for file in instance.files}
    for name, cents in solution.chosen.items():
        file = known[name]
        locked = instance.locks.get(name)
        if locked is not None:
            _hold(cents == locked, f"{name} locked at {locked}, given {cents}")
            continue
        on_step = cents % max(instance.step_cents, 1) == 0 and cents >= file.minimum_cents
        _hold(0 < cents <= file.asked_cents, f"{name} given {cents} of {file.asked_cents}")
        _hold(cents == file.asked_cents or (solution.rule == "best" and on_step), f"{name} given {cents}")
    for name, cents in instance.locks.items():
        _hold(solution.chosen.get(name, 0) == cents, f"{name} locked at {cents}")
    _hold(solution.spent_cents <= instance.envelope_cents, "envelope exceeded")
    sums = group_sums(instance, solution.chosen)
    for group, cap in instance.caps.items():
        _hold(sums.get(group, 0) <= cap, f"cap of {group} exceeded")
    for group, floor in instance.floors.items():
        lacking = floor - sums.get(group, 0)
        told = (solution.unmet or {}).get(group, 0)
        _hold(lacking <= 0 or (solution.rule != "best" and told == lacking), f"floor of {group} not met")


def _hold(kept: bool, what: str) -> None:
    if not kept:
        raise WrongAnswer(what)
