"""An instance as a whole-number program: its limits less the locks, a variable per file and others for what it gets
above the least."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import gcd

from cv_desktop.domain.allocation_answer import group_sums
from cv_desktop.domain.allocation_exchange import ENVELOPE
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_sharing import Limit
from cv_desktop.domain.integer_program import Outcome, Row, Stop, maximise, never


def limits(instance: Instance) -> list[Limit]:
    """The envelope, the caps and the floors, less what the locked files take of them."""
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    sums = group_sums(instance, locked)
    members: dict[str, set[str]] = {}
    for file in instance.files:
        if file.id not in instance.locks:
            for group in file.groups:
                members.setdefault(group, set()).add(file.id)
    found = [Limit(ENVELOPE, instance.envelope_cents - sum(locked.values()), 1)]
    for sign, values in ((1, instance.caps), (-1, instance.floors)):
        for group in sorted(values):
            inside = frozenset(members.get(group, ()))
            found.append(Limit(group, values[group] - sums.get(group, 0), sign, inside))
    return found


class Model:
    """The program of an instance: a variable per file, and others for what it gets above the least.

    ``grown`` says which files may rise in this program, the others take their least; ``sure`` ones are served.
    """

    def __init__(
        self, instance: Instance, files: Sequence[File], *, grown: Callable[[File], bool], sure: Sequence[File] = ()
    ) -> None:
        files = [*sure, *files]
        self.files = files
        self.low: list[int] = [1] * len(sure)
        self.high: list[int] = [1] * len(files)
        parts: list[list[tuple[int, int]]] = []
        links: list[Row] = []
        for place, file in enumerate(files):
            least, top, asked = instance.amounts(file)
            own = [(place, least)]
            if grown(file) and asked > least:
                step = max(instance.step_cents, 1)
                steps = (top - least) // step
                before, most = place, 1
                if steps:
                    name = len(self.high)
                    self.high.append(steps)
                    own.append((name, step))
                    links.append(Row(((name, 1), (place, -steps)), 0))
                    before, most = name, steps
                if asked > top:
                    name = len(self.high)
                    self.high.append(1)
                    own.append((name, asked - top))
                    links.append(Row(((name, most), (before, -1)), 0))
            parts.append(own)
        self.parts = parts
        self.unit = gcd(*(cents for own in parts for _, cents in own)) or 1
        self.rows = links
        for limit in limits(instance):
            entries = tuple(
                (name, limit.sign * cents // self.unit)
                for file, own in zip(files, parts, strict=True)
                if limit.files is None or file.id in limit.files
                for name, cents in own
            )
            # A cap is rounded down to the unit, a floor up.
            self.rows.append(Row(entries, limit.sign * limit.cents // self.unit))
        self.low += [0] * (len(self.high) - len(self.low))

    def maximise(
        self,
        gains: Sequence[int],
        *more: Row,
        start: Sequence[int] | None = None,
        above: int | None = None,
        enough: int | None = None,
        stop: Stop = never,
    ) -> Outcome:
        return maximise(
            gains, self.high, [*self.rows, *more], low=self.low, start=start, above=above, enough=enough, stop=stop
        )

    def score_gains(self) -> list[int]:
        return [file.score for file in self.files] + [0] * (len(self.high) - len(self.files))

    def money_gains(self) -> list[int]:
        gains = [0] * len(self.high)
        for own in self.parts:
            for name, cents in own:
                gains[name] = cents // self.unit
        return gains

    def amounts(self, values: Sequence[int]) -> dict[str, int]:
        found = {}
        for file, own in zip(self.files, self.parts, strict=True):
            if values[own[0][0]]:
                found[file.id] = sum(cents * values[name] for name, cents in own)
        return found

    def values(self, chosen: Mapping[str, int]) -> list[int]:
        """The variables of amounts known beforehand."""
        values = [0] * len(self.high)
        for file, own in zip(self.files, self.parts, strict=True):
            cents = chosen.get(file.id, 0)
            if cents:
                values[own[0][0]] = 1
                cents -= own[0][1]
                for name, worth in own[1:]:
                    values[name] = min(cents // worth, self.high[name])
                    cents -= values[name] * worth
        return values


def floored(instance: Instance) -> frozenset[str]:
    """The groups that must receive something."""
    return frozenset(group for group, cents in instance.floors.items() if cents > 0)


def floors_met(instance: Instance, chosen: Mapping[str, int]) -> bool:
    sums = group_sums(instance, {**chosen, **instance.locks})
    return all(sums.get(group, 0) >= cents for group, cents in instance.floors.items())


def movable(instance: Instance) -> list[File]:
    """The files that may be served or not, in an order that owes nothing to the list."""
    free = [f for f in instance.files if f.id not in instance.locks and f.asked_cents]
    return sorted(free, key=lambda f: (-f.score, f.minimum_cents, f.asked_cents, f.id))


def grows(instance: Instance) -> Callable[[File], bool]:
    groups = floored(instance)
    return lambda file: not groups.isdisjoint(file.groups)


def at_least(gains: Sequence[int], value: int) -> Row:
    return Row(tuple((j, -gain) for j, gain in enumerate(gains) if gain), -value)
