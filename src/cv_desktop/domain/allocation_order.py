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
class Room:
    """What is left of the envelope and of the caps after some files.

    ``chosen`` were served by every order that leaves as much, ``some`` by one of them at least.
    """

    left: int
    caps: dict[str, int]
    chosen: frozenset[str] = field(default_factory=frozenset)
    some: frozenset[str] = field(default_factory=frozenset)

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

    def after(self, files: Sequence[File]) -> Room:
        caps = dict(self.caps)
        for file in files:
            for group in file.groups:
                if group in caps:
                    caps[group] -= file.part(group, file.asked_cents)
        names = frozenset(file.id for file in files)
        return Room(self.left - sum(file.asked_cents for file in files), caps, self.chosen | names, self.some | names)

    def larger(self, cents: int) -> Room:
        return Room(self.left + cents, self.caps, self.chosen, self.some)

    def beside(self, other: Room) -> Room:
        """Both, which leave as much: what comes next is the same after either."""
        return Room(self.left, self.caps, self.chosen & other.chosen, self.some | other.some)


class Offer:
    """Files of one score offered to each of the outcomes before them, those that do not fit being skipped.

    ``after`` are the outcomes that their orders end with, ``change`` by how much the envelope must grow for these to
    change, None when it never does; ``undecided`` when there are too many: ``after`` is then what it was before.
    """

    def __init__(self, outcomes: Sequence[Room], files: Sequence[File]) -> None:
        self.change: int | None = None
        self.undecided = False
        found: dict[tuple[int, ...], Room] = {}
        for room in outcomes:
            fitting = [file for file in files if self.fits(room, [file])]
            ends = self._orders(room, fitting) if fitting and not self.fits(room, fitting) else [room.after(fitting)]
            for end in ends:
                key = (end.left, *end.caps.values())
                found[key] = end.beside(found[key]) if key in found else end
                self.undecided = self.undecided or len(found) > _MOST_OUTCOMES
                if self.undecided:
                    break
            if self.undecided:
                break
        self.after = list(outcomes) if self.undecided else list(found.values())

    def fits(self, room: Room, files: Sequence[File]) -> bool:
        if room.capped(files):
            return False
        lack = room.lack(files)
        if lack > 0:
            self.change = lack if self.change is None else min(lack, self.change)
        return lack <= 0

    def _orders(self, room: Room, files: Sequence[File]) -> Iterator[Room]:
        """What each order of tied files ends with, each set once."""
        seen: set[frozenset[str]] = set()
        todo = [room]
        while todo:
            now = todo.pop()
            more = [f for f in files if f.id not in now.chosen and self.fits(now, [f])]
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


class Order:
    """What a rule of order starts from: the room that locks leave, and the files in groups of equal ones."""

    def __init__(self, instance: Instance, ties: Ties) -> None:
        self.locked = {name: cents for name, cents in instance.locks.items() if cents}
        sums = group_sums(instance, self.locked)
        caps = {group: cap - sums.get(group, 0) for group, cap in instance.caps.items()}
        self.start = Room(instance.envelope_cents - sum(self.locked.values()), caps)
        files = [file for file in instance.files if file.id not in instance.locks and file.asked_cents]
        self.groups = list(_tied(files, ties))


def _tied(files: Sequence[File], ties: Ties) -> Iterator[list[File]]:
    """Files by score from the highest, those that nothing tells apart together."""
    sign = {"report": 0, "cheapest": 1, "dearest": -1}[ties]

    def key(file: File) -> tuple[int, int]:
        return -file.score, sign * file.asked_cents

    for _, group in groupby(sorted(files, key=key), key=key):
        yield list(group)


def _stopped(order: Order) -> tuple[frozenset[str], set[str]]:
    """Who is served until the first group that does not fit, and who is tied there.

    All of that group are when one of them could come first, those too large for what is left with them: first
    in turn, they would end the list before the others.
    """
    room = order.start
    for group in order.groups:
        if room.lack(group) > 0 or room.capped(group):
            first = [file for file in group if room.lack([file]) <= 0 and not room.capped([file])]
            return room.chosen, {file.id for file in group} if first else set()
        room = room.after(group)
    return room.chosen, set()


def _skipped(order: Order) -> tuple[frozenset[str], set[str]]:
    """Who every order of the tied files serves, and who only some may serve."""
    outcomes, maybe, undecided = [order.start], set[str](), False
    for group in order.groups:
        offer = Offer(outcomes, group)
        undecided = undecided or offer.undecided
        if undecided:
            # Too many orders to follow: whoever fits before them may or may not be served.
            maybe.update(file.id for file in group if any(offer.fits(room, [file]) for room in outcomes))
        else:
            outcomes = offer.after
    sure = frozenset.intersection(*(room.chosen for room in outcomes))
    return sure, maybe.union(*(room.some for room in outcomes)) - sure


def in_order(instance: Instance, *, skip: bool, ties: Ties = "report") -> Solution:
    """The answer of the stop or skip rule: each file is served at its request or not at all, caps respected.

    Locked files are served first and never stop the order. Floors are not imposed by an order: what they
    lack is told.
    """
    order = Order(instance, ties)
    sure, maybe = _skipped(order) if skip else _stopped(order)
    chosen = {file.id: file.asked_cents for file in instance.files if file.id in sure} | order.locked
    tied = tuple(file.id for file in instance.files if file.id in maybe)
    return Solution("skip" if skip else "stop", chosen, tied, True, unmet(instance, chosen))


def unmet(instance: Instance, chosen: Mapping[str, int]) -> dict[str, int]:
    """What each floor lacks, in cents, for those that lack something."""
    sums = group_sums(instance, chosen)
    return {g: floor - sums.get(g, 0) for g, floor in instance.floors.items() if floor > sums.get(g, 0)}
