"""A sharing as a choice per class: files that share a small cap are one class, whose possible sets are listed once.

Only the wide limits stay: the envelope and the caps and floors of many files, each in whole units of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import compress
from math import floor

_FEW = 10  # files of a class: at most two to the power of it sets


@dataclass(frozen=True, slots=True)
class Wide:
    """A cap or a floor over many files, in units of its own.

    ``least`` and ``most`` say what each file counts for in it when it gets the least it may and its request. Between
    the two it never counts less in a cap, nor more in a floor, than in proportion.
    """

    name: str
    files: tuple[int, ...]
    limit: int
    least: tuple[int, ...]
    most: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """Files served together in a class, and what they gain.

    ``growth`` is by how much they may rise above the least, by cell: files of one cell count in the same wide limits.
    ``rise`` is by how much they may all together.
    """

    gain: int
    files: tuple[int, ...]
    growth: tuple[tuple[int, int], ...] = ()
    rise: int = 0


class Shape:
    """What each file gains, the least it takes of the envelope and by how much that may grow, under caps and floors."""

    def __init__(
        self, gains: Sequence[int], least: Sequence[int], span: Sequence[int], caps: list[Wide], floors: list[Wide]
    ) -> None:
        self.gains, self.least, self.span = gains, least, span
        size = len(gains)
        self.floors = floors
        self.caps: list[Wide] = []
        self.small: set[str] = set()
        owner = list(range(size))
        own = [[j] for j in range(size)]
        local: list[Wide] = []
        for cap in sorted(caps, key=lambda c: len(c.files)):
            if sum(cap.most) <= cap.limit:
                continue
            together = sorted({owner[j] for j in cap.files})
            if sum(len(own[o]) for o in together) > _FEW:
                self.caps.append(cap)
                continue
            local.append(cap)
            self.small.add(cap.name)
            for other in together[1:]:
                own[together[0]] += own[other]
                for j in own[other]:
                    owner[j] = together[0]
                own[other] = []
        # For each file, its wide limits: the place of each, and what the file counts for in it at least and at most.
        self.cap_rows: list[list[tuple[int, int, int]]] = [[] for _ in range(size)]
        self.floor_rows: list[list[tuple[int, int, int]]] = [[] for _ in range(size)]
        for rows, wides in ((self.cap_rows, self.caps), (self.floor_rows, floors)):
            for row, wide in enumerate(wides):
                for j, low, high in zip(wide.files, wide.least, wide.most, strict=True):
                    rows[j].append((row, low, high))
        self.cells: list[dict[int, Fraction]] = []
        self._cell = self._cells()
        held: dict[int, list[Wide]] = {}
        for cap in local:
            held.setdefault(owner[cap.files[0]], []).append(cap)
        self.classes = [self._options(sorted(files), held.get(o, ())) for o, files in enumerate(own) if files]

    def _options(self, files: list[int], caps: Sequence[Wide]) -> list[Option]:
        """The sets of these files that small caps allow, the empty one first."""
        sets: list[tuple[int, ...]] = [()]
        for j in files:
            sets += [(*one, j) for one in sets]
        for cap in caps:
            inside = dict(zip(cap.files, cap.least, strict=True))
            sets = list(compress(sets, [sum([inside.get(j, 0) for j in one]) <= cap.limit for one in sets]))
        return [Option(sum([self.gains[j] for j in one]), one, *self._growth(one, caps)) for one in sets]

    def _cells(self) -> dict[int, int]:
        """The cell of each file that may rise; what a unit more in a cell takes of the wide limits is in ``cells``."""
        places: dict[tuple[tuple[int, Fraction], ...], int] = {}
        found = {}
        for j, span in enumerate(self.span):
            if span:
                caps = [(row, Fraction(most - least, span)) for row, least, most in self.cap_rows[j]]
                floors = [(row, Fraction(least - most, span)) for row, least, most in self.floor_rows[j]]
                key = (*caps, *((len(self.caps) + row, each) for row, each in floors))
                if key not in places:
                    places[key] = len(self.cells)
                    self.cells.append(dict(key))
                found[j] = places[key]
        return found

    def _growth(self, files: tuple[int, ...], caps: Sequence[Wide]) -> tuple[tuple[tuple[int, int], ...], int]:
        """By how much files served together may rise, by cell and in all: no more than each small cap leaves them."""
        span = {j: self.span[j] for j in files if self.span[j]}
        if not span:
            return (), 0
        left = []
        for cap in caps:
            inside = [j for j in span if j in cap.files]
            if inside:
                least = dict(zip(cap.files, cap.least, strict=True))
                room = cap.limit - sum(least.get(j, 0) for j in files)
                rates = {j: self._rate(cap, j) for j in inside}
                lowest = min(rates.values())
                left.append((frozenset(inside), int(room / lowest) if lowest > 0 else sum(span.values())))
                span |= {j: min(span[j], int(room / rates[j])) for j in inside if rates[j] > 0}
        cells: dict[int, set[int]] = {}
        for j in span:
            cells.setdefault(self._cell[j], set()).add(j)

        def most(some: set[int]) -> int:
            return min([sum(span[j] for j in some), *(room + sum(span[j] for j in some - own) for own, room in left)])

        growth = tuple((cell, most(some)) for cell, some in sorted(cells.items()))
        return tuple((cell, units) for cell, units in growth if units), most(set(span))

    def _rate(self, cap: Wide, j: int) -> Fraction:
        place = cap.files.index(j)
        return Fraction(cap.most[place] - cap.least[place], self.span[j])

    @cached_property
    def floors_apart(self) -> list[list[int]]:
        """The floors, by place, in few lists whose floors have no file in common."""
        return _apart(self.floors)

    @cached_property
    def caps_apart(self) -> list[list[int]]:
        """The wide caps, by place, in few lists whose caps have no file in common."""
        return _apart(self.caps)

    @property
    def limits(self) -> list[int]:
        """Of the wide caps, then of the floors, these as what may not be exceeded: with a minus."""
        return [*(cap.limit for cap in self.caps), *(-floor.limit for floor in self.floors)]

    def use(self, option: Option, *, grown: bool = False) -> dict[int, int]:
        """What an option takes of the wide limits, by their place in ``limits``: at the least, or all ``grown``."""
        used: dict[int, int] = {}
        caps = len(self.caps)
        for j in option.files:
            for row, least, _ in self.cap_rows[j]:
                used[row] = used.get(row, 0) + least
            for row, least, _ in self.floor_rows[j]:
                used[caps + row] = used.get(caps + row, 0) - least
        for cell, units in option.growth if grown else ():
            for row, each in self.cells[cell].items():
                used[row] = used.get(row, 0) + floor(each * units)
        return used


def _apart(wides: Sequence[Wide]) -> list[list[int]]:
    found: list[tuple[set[int], list[int]]] = []
    for place, wide in enumerate(wides):
        own = {j for j, least, most in zip(wide.files, wide.least, wide.most, strict=True) if least or most}
        free = next((one for one in found if one[0].isdisjoint(own)), None)
        if free is None:
            found.append((own, [place]))
        else:
            free[0].update(own)
            free[1].append(place)
    return [places for _, places in found]
