"""A sharing as a choice per class: files that share a small cap are one class, whose possible sets are listed once.

Only the wide limits stay: the envelope and the caps and floors of many files, each in whole units of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

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
    """Files served together in a class, and what they gain."""

    gain: int
    files: tuple[int, ...]


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
        held: dict[int, list[Wide]] = {}
        for cap in local:
            held.setdefault(owner[cap.files[0]], []).append(cap)
        self.members = [sorted(files) for files in own if files]
        self.held = [tuple(held.get(o, ())) for o, files in enumerate(own) if files]
        self.classes = [self.options(files, caps) for files, caps in zip(self.members, self.held, strict=True)]

    def options(self, files: list[int], caps: Sequence[Wide]) -> list[Option]:
        """The sets of these files that small caps allow, the empty one first."""
        sets: list[tuple[int, ...]] = [()]
        for j in files:
            sets += [(*one, j) for one in sets]
        for cap in caps:
            inside = dict(zip(cap.files, cap.least, strict=True))
            sets = list(compress(sets, [sum([inside.get(j, 0) for j in one]) <= cap.limit for one in sets]))
        return [Option(sum([self.gains[j] for j in one]), one) for one in sets]

    @property
    def limits(self) -> list[int]:
        """Of the wide caps, then of the floors, these as what may not be exceeded: with a minus."""
        return [*(cap.limit for cap in self.caps), *(-floor.limit for floor in self.floors)]

    def use(self, files: Sequence[int], *, most_in_caps: bool, most_in_floors: bool) -> dict[int, int]:
        """What files take of the wide limits, by their place in ``limits``: the least they may get, or the most."""
        used: dict[int, int] = {}
        caps = len(self.caps)
        for j in files:
            for row, least, most in self.cap_rows[j]:
                used[row] = used.get(row, 0) + (most if most_in_caps else least)
            for row, least, most in self.floor_rows[j]:
                used[caps + row] = used.get(caps + row, 0) - (most if most_in_floors else least)
        return used
