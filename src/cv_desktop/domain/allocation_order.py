"""The two rules of strict order, all or nothing at the request: stop at the first that does not fit, or skip it.

Files of the same score are never ranked by their place in the list. Where they do not all fit, every
order of them is followed: what all orders serve is served, what only some serve is a tie.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from cv_desktop.domain.allocation_answer import Solution, group_sums
from cv_desktop.domain.allocation_instance import File, Instance

Ties = Literal["report", "cheapest", "dearest"]
TIES: tuple[Ties, ...] = ("report", "cheapest", "dearest")
_MOST_OUTCOMES = 200


@dataclass(slots=True)
class _Room:
    """What is left of the envelope and of the caps after some files."""

    left: int
    caps: dict[str, int]
    chosen: frozenset[str] = field(default_factory=frozenset)

    def lack(self, files: Sequence[File]) -> int:
        """What the envelope lacks to serve all of these, zero or less when it has it."""
        return sum(file.asked_cents for file in files) - self.left

    def capped(self, files: Sequence[File]) -> bool:
        """Whether these files together break a cap."""
        sums: dict[str, int] = {}
        for file in files:
            for group in file.groups:
                if group in self.caps:
                    sums[group] = sums.get(group, 0) + file.part(group, file.asked_cents)
        return any(cents > self.caps[group] for group, cents in sums.items())

    def after(self, files: Sequence[File]) -> _Room:
        caps = dict(self.caps)
        for file in files:
            for group in file.groups:
                if group in caps:
                    caps[group] -= file.part(group, file.asked_cents)
        names = self.chosen.union(file.id for file in files)
        return _Room(self.left - sum(file.asked_cents for file in files), caps, names)


class Order:
    """One run of a rule; ``step_to_change`` is by how much the envelope must grow for anything to change."""

    def __init__(self, instance: Instance, *, skip: bool, ties: Ties = "report") -> None:
        self.instance, self.skip = instance, skip
        self.step_to_change: int | None = None
        self.undecided = False
        locked = {name: cents for name, cents in instance.locks.items() if cents}
        sums = group_sums(instance, locked)
        caps = {group: cap - sums.get(group, 0) for group, cap in instance.caps.items()}
        start = _Room(instance.envelope_cents - sum(locked.values()), caps)
        files = [file for file in instance.files if file.id not in instance.locks and file.asked_cents]
        outcomes = [start]
        maybe: set[str] = set()
        for group in _tied(files, ties):
            if self.undecided:
                maybe.update(file.id for file in group if any(not self._misses(room, [file]) for room in outcomes))
            elif skip:
                outcomes = self._skip(outcomes, group, maybe)
            elif not self._stop(outcomes, group, maybe):
                break
        sure = frozenset.intersection(*(room.chosen for room in outcomes))
        maybe = maybe.union(*(room.chosen for room in outcomes)) - sure
        self.chosen = {file.id: file.asked_cents for file in files if file.id in sure} | locked
        self.ties = tuple(file.id for file in instance.files if file.id in maybe)

    def _misses(self, room: _Room, files: Sequence[File]) -> bool:
        if room.capped(files):
            return True
        lack = room.lack(files)
        if lack > 0:
            self.step_to_change = lack if self.step_to_change is None else min(lack, self.step_to_change)
        return lack > 0

    def _stop(self, outcomes: list[_Room], group: list[File], maybe: set[str]) -> bool:
        """Serve a whole group; otherwise the rule ends in it, and whoever could have come first is tied."""
        room = outcomes[0]
        if not self._misses(room, group):
            outcomes[0] = room.after(group)
            return True
        if len(group) > 1:
            maybe.update(file.id for file in group if not self._misses(room, [file]))
        return False

    def _skip(self, outcomes: list[_Room], group: list[File], maybe: set[str]) -> list[_Room]:
        found: dict[frozenset[str], _Room] = {}
        for room in outcomes:
            fitting = [file for file in group if not self._misses(room, [file])]
            if not fitting or not self._misses(room, fitting):
                after = room.after(fitting) if fitting else room
                found[after.chosen] = after
                continue
            for after in self._orders(room, fitting):
                found[after.chosen] = after
                self.undecided = self.undecided or len(found) > _MOST_OUTCOMES
                if self.undecided:
                    break
            if self.undecided:
                # Too many orders to follow: whoever fits before them may or may not be served.
                maybe.update(file.id for one in outcomes for file in group if not self._misses(one, [file]))
                return outcomes
        return list(found.values())

    def _orders(self, room: _Room, files: Sequence[File]) -> Iterator[_Room]:
        """What each order of tied files ends with, each set once."""
        seen: set[frozenset[str]] = set()
        todo = [room]
        while todo:
            now = todo.pop()
            more = [f for f in files if f.id not in now.chosen and not self._misses(now, [f])]
            if not more:
                yield now
            for file in more:
                after = now.after([file])
                if after.chosen not in seen:
                    seen.add(after.chosen)
                    todo.append(after)
            if len(seen) > 20 * _MOST_OUTCOMES:
                self.undecided = True
                return


def _tied(files: Sequence[File], ties: Ties) -> Iterator[list[File]]:
    """Files by score from the highest, those that nothing tells apart together."""
    sign = {"report": 0, "cheapest": 1, "dearest": -1}[ties]

    def key(file: File) -> tuple[int, int]:
        return -file.score, sign * file.asked_cents

    for _, group in groupby(sorted(files, key=key), key=key):
        yield list(group)


def in_order(instance: Instance, *, skip: bool, ties: Ties = "report") -> Solution:
    """The answer of the stop or skip rule: each file is served at its request or not at all, caps respected.

    Locked files are served first and never stop the order. Floors are not imposed by an order: what they
    lack is told.
    """
    run = Order(instance, skip=skip, ties=ties)
    return Solution("skip" if skip else "stop", run.chosen, run.ties, True, unmet(instance, run.chosen))


def unmet(instance: Instance, chosen: Mapping[str, int]) -> dict[str, int]:
    """What each floor lacks, in cents, for those that lack something."""
    sums = group_sums(instance, chosen)
    return {g: floor - sums.get(g, 0) for g, floor in instance.floors.items() if floor > sums.get(g, 0)}
