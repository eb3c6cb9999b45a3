"""An instance solved again under the same rule, without some constraints or with more money: each question once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TypeVar

from cv_desktop.domain.allocation_answer import Solution, value
from cv_desktop.domain.allocation_instance import Instance
from cv_desktop.domain.allocation_model import movable
from cv_desktop.domain.allocation_order import Ties
from cv_desktop.domain.allocation_serving import sharing_of
from cv_desktop.domain.allocation_sharing import Sharing
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Stop

Part = tuple[str, str]
K = TypeVar("K", bound=Hashable)
WHOLE: Part = ("envelope", "")


def without(instance: Instance, parts: tuple[Part, ...]) -> Instance:
    """The instance freed of some constraints: the envelope, caps, floors, locks, each as (kind, name)."""
    dropped = set(parts)
    total = sum(file.asked_cents for file in instance.files)
    return replace(
        instance,
        envelope_cents=max(total, instance.envelope_cents) if WHOLE in dropped else instance.envelope_cents,
        caps={g: c for g, c in instance.caps.items() if ("cap", g) not in dropped},
        floors={g: c for g, c in instance.floors.items() if ("floor", g) not in dropped},
        locks={n: c for n, c in instance.locks.items() if ("lock", n) not in dropped},
    )


def enlarged(instance: Instance, more: int) -> Instance:
    return replace(instance, envelope_cents=instance.envelope_cents + more)


class Again:
    """What was solved again. ``stop`` is polled: past it nothing more is solved, and what was not is None."""

    def __init__(self, instance: Instance, solution: Solution, ties: Ties, stop: Stop) -> None:
        self.instance, self.solution, self.ties, self.stop = instance, solution, ties, stop
        self.best = solution.rule == "best"
        proved = solution if solution.proved else None
        self._freed: dict[tuple[Part, ...], Solution | None] = {(): proved}
        self._larger: dict[int, Solution | None] = {0: proved}
        self._sharings: dict[tuple[Part, ...] | int, Sharing] = {}

    def freed(self, parts: tuple[Part, ...]) -> Solution | None:
        """The answer without these constraints."""
        return self._kept(self._freed, parts, lambda: without(self.instance, parts))

    def larger(self, more: int) -> Solution | None:
        """The answer with so many cents more in the envelope."""
        return self._kept(self._larger, more, lambda: enlarged(self.instance, more))

    @property
    def tried(self) -> int:
        """How many envelopes were solved."""
        return len(self._larger)

    def knows(self, more: int) -> bool:
        """Whether the envelope with so many cents more was solved already."""
        return more in self._larger

    def met(self, name: str) -> int | None:
        """The least growth of the envelope, of those solved, that serves a file left out."""
        serve = [more for more, found in self._larger.items() if more and found is not None and name in found.chosen]
        return min(serve, default=None)

    def _kept(self, known: dict[K, Solution | None], key: K, changed: Callable[[], Instance]) -> Solution | None:
        if key not in known:
            found = self._solved(changed())
            if found is None and self.stop():
                # With more time it may be known.
                return None
            known[key] = found
        return known[key]

    def sharing(self, change: tuple[Part, ...] | int = ()) -> Sharing:
        """What the best sharing is looked for in, without some constraints or with more money."""
        if change not in self._sharings:
            changed = enlarged(self.instance, change) if isinstance(change, int) else without(self.instance, change)
            self._sharings[change] = sharing_of(changed, movable(changed), lambda: self.stop())
        return self._sharings[change]

    def score(self, sharing: Sharing, found: Solution) -> int:
        return value(self.instance, (file.id for file in sharing.files if file.id in found.chosen))

    def _solved(self, instance: Instance) -> Solution | None:
        if self.stop():
            return None
        try:
            found = solve(instance, self.solution.rule, ties=self.ties, stop=self.stop, name_ties=False)
        except UserError:
            # Without a lock, floors may have no answer left: nothing is served.
            return Solution(self.solution.rule, {})
        return found if found.proved else None
