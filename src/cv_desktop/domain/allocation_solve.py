"""One door to the three rules: every answer is checked before it is given."""

from __future__ import annotations

from collections.abc import Mapping

from cv_desktop.domain.allocation_answer import Solution, group_sums, verify
from cv_desktop.domain.allocation_best import best
from cv_desktop.domain.allocation_clash import clash
from cv_desktop.domain.allocation_instance import Instance, Rule
from cv_desktop.domain.allocation_order import Ties, in_order
from cv_desktop.domain.allocation_ties import with_ties
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Stop, never


def solve(
    instance: Instance, rule: Rule, *, ties: Ties = "report", stop: Stop = never, name_ties: bool = True
) -> Solution:
    """Share the envelope of a checked instance under a rule.

    ``ties`` says what ranks files of the same score under stop and skip; ``stop`` is polled by "best",
    whose answer is then the best one met, not proved. ``name_ties`` false spares the search for other
    optima. Raises UserError when locks, caps and floors leave no answer.
    """
    if _overflow(instance):
        raise UserError(clash(instance))
    if rule == "best":
        solution = best(instance, stop=stop)
        if name_ties:
            solution = with_ties(instance, solution, stop=stop)
    else:
        solution = in_order(instance, skip=rule == "skip", ties=ties)
    verify(instance, solution)
    return solution


def _overflow(instance: Instance) -> bool:
    """Whether the locked amounts alone break the envelope or a cap."""
    locked: Mapping[str, int] = {name: cents for name, cents in instance.locks.items() if cents}
    if sum(locked.values()) > instance.envelope_cents:
        return True
    sums = group_sums(instance, locked)
    return any(sums.get(group, 0) > cap for group, cap in instance.caps.items())
