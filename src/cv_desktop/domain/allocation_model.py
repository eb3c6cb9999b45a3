"""An instance as a whole-number program: its limits less the locks, a variable per file and others for what it gets
above the least."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd, lcm

from cv_desktop.domain.allocation_answer import group_sums
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_limits import limits
from cv_desktop.domain.integer_program import Outcome, Row, Stop, maximise, never

_MOST_APART = 200  # amounts of a file, counted one by one


@dataclass(frozen=True, slots=True)
class Piece:
    """A variable of a file, and the amounts in cents between which one of it makes the file rise."""

    name: int
    start: int
    end: int

    @property
    def cents(self) -> int:
        return self.end - self.start


class Model:
    """The program of an instance: a variable per file, and others for what it gets above the least.

    ``grown`` says which files may rise in this program, the others take their least; ``sure`` ones are served. What a
    piece counts for in a limit is the part of the higher amount less that of the lower one, both rounded to the cent:
    it is the same wherever the piece stands, so no part is ever a cent off. Where that would take too many pieces some
    amounts are left out: ``whole`` is then false, and nothing is said to be proved.
    """

    def __init__(
        self, instance: Instance, files: Sequence[File], *, grown: Callable[[File], bool], sure: Sequence[File] = ()
    ) -> None:
        files = [*sure, *files]
        self.files = files
        self.low: list[int] = [1] * len(sure)
        self.high: list[int] = [1] * len(files)
        self.rows: list[Row] = []
        self.whole = True
        self.pieces: list[list[Piece]] = []
        step = max(instance.step_cents, 1)
        known = limits(instance)
        limited = {limit.name for limit in known}
        for place, file in enumerate(files):
            amounts = least, top, asked = instance.amounts(file)
            own = [Piece(place, 0, least)]
            if grown(file) and asked > least:
                period = lcm(*(one.period(step) for one in file.splits if not limited.isdisjoint(one.groups)))
                if period == 1 or top == least:
                    own += self._by_steps(place, amounts, step)
                else:
                    own += self._by_periods(place, amounts, step, period)
            self.pieces.append(own)
        self.unit = gcd(*(piece.cents for own in self.pieces for piece in own)) or 1
        for limit in known:
            entries = tuple(
                (piece.name, limit.sign * (file.part(limit.name, piece.end) - file.part(limit.name, piece.start)))
                for file, own in zip(files, self.pieces, strict=True)
                if limit.files is None or file.id in limit.files
                for piece in own
            )
            self.rows.append(Row(entries, limit.sign * limit.cents))
        self.low += [0] * (len(self.high) - len(self.low))

    def _by_steps(self, place: int, amounts: tuple[int, int, int], step: int) -> list[Piece]:
        """Steps that all count for the same, then what is left up to the request."""
        least, top, asked = amounts
        steps = (top - least) // step
        found = []
        before, most = place, 1
        if steps:
            found.append(self._piece(steps, top - step, top))
            self.rows.append(Row(((found[0].name, 1), (place, -steps)), 0))
            before, most = found[0].name, steps
        if asked > top:
            found.append(self._piece(1, top, asked))
            self.rows.append(Row(((found[-1].name, most), (before, -1)), 0))
        return found

    def _by_periods(self, place: int, amounts: tuple[int, int, int], step: int, period: int) -> list[Piece]:
        """The request, whole periods, and each number of steps that is less than one; what ``values`` takes first is
        first.
        """
        least, top, asked = amounts
        steps = (top - least) // step
        apart = min(period - 1, steps)
        stride = -(-apart // _MOST_APART)
        self.whole = self.whole and stride == 1
        one_of, found = [(place, -1)], []
        taken = [(place, -steps)]
        if asked > top:
            found.append(self._piece(1, least, asked))
            one_of.append((found[-1].name, 1))
            taken.append((found[-1].name, steps))
        if steps >= period:
            found.append(self._piece(steps // period, least, least + period * step))
            taken.append((found[-1].name, period))
        for count in range(apart, 0, -stride):
            found.append(self._piece(1, least, least + count * step))
            one_of.append((found[-1].name, 1))
            taken.append((found[-1].name, count))
        self.rows += [Row(tuple(one_of), 0), Row(tuple(taken), 0)]
        return found

    def _piece(self, high: int, start: int, end: int) -> Piece:
        self.high.append(high)
        return Piece(len(self.high) - 1, start, end)

    def maximise(
        self,
        gains: Sequence[int],
        *more: Row,
        above: int | None = None,
        enough: int | None = None,
        stop: Stop = never,
    ) -> Outcome:
        rows = [*self.rows, *more]
        found = maximise(gains, self.high, rows, low=self.low, above=above, enough=enough, stop=stop)
        return found if self.whole else replace(found, proved=False)

    def score_gains(self) -> list[int]:
        return [file.score for file in self.files] + [0] * (len(self.high) - len(self.files))

    def money_gains(self) -> list[int]:
        gains = [0] * len(self.high)
        for own in self.pieces:
            for piece in own:
                gains[piece.name] = piece.cents // self.unit
        return gains

    def amounts(self, values: Sequence[int]) -> dict[str, int]:
        found = {}
        for file, own in zip(self.files, self.pieces, strict=True):
            if values[own[0].name]:
                found[file.id] = sum(piece.cents * values[piece.name] for piece in own)
        return found

    def values(self, chosen: Mapping[str, int]) -> list[int]:
        """The variables of amounts known beforehand, in a program that is whole."""
        values = [0] * len(self.high)
        for file, own in zip(self.files, self.pieces, strict=True):
            cents = chosen.get(file.id, 0)
            if cents:
                for piece in own:
                    values[piece.name] = min(cents // piece.cents, self.high[piece.name])
                    cents -= values[piece.name] * piece.cents
        return values


def obeyed(instance: Instance, chosen: Mapping[str, int]) -> bool:
    """Whether these amounts, with the locks, keep within the envelope and every cap, and meet every floor."""
    given = {**chosen, **instance.locks}
    if sum(given.values()) > instance.envelope_cents:
        return False
    sums = group_sums(instance, given)
    return all(sums.get(group, 0) >= cents for group, cents in instance.floors.items()) and all(
        sums.get(group, 0) <= cents for group, cents in instance.caps.items()
    )


def movable(instance: Instance) -> list[File]:
    """The files that may be served or not, in an order that owes nothing to the list."""
    free = [f for f in instance.files if f.id not in instance.locks and f.asked_cents]
    return sorted(free, key=lambda f: (-f.score, f.minimum_cents, f.asked_cents, f.id))


def at_least(gains: Sequence[int], value: int) -> Row:
    return Row(tuple((j, -gain) for j, gain in enumerate(gains) if gain), -value)
