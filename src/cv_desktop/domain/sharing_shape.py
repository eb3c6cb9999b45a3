"""A sharing as a choice per class: files that share a small cap are one class, whose possible sets are listed once.

Only the wide limits stay: the envelope and the caps and floors of many files. Everything is in whole units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

BITS = 48
HALF = 1 << (BITS - 1)
FIELD = HALF - 1
_FEW = 5  # files of a class: at most two to the power of it sets


@dataclass(frozen=True, slots=True)
class Wide:
    """A cap or a floor over many files."""

    name: str
    files: tuple[int, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Option:
    """Files served together in a class: what they gain and use, a field of ``use`` per wide limit."""

    gain: int
    use: int
    files: tuple[int, ...]


class Shape:
    """What each file gains, the least it takes and by how much that may grow, under caps and floors.

    In ``use`` a cap counts the least of each file, a floor the most it may get.
    """

    def __init__(
        self, gains: Sequence[int], least: Sequence[int], span: Sequence[int], caps: list[Wide], floors: list[Wide]
    ) -> None:
        self.gains, self.least, self.span = gains, least, span
        size = len(gains)
        self.floors = floors
        self.caps: list[Wide] = []
        owner = list(range(size))
        own = [[j] for j in range(size)]
        local: list[Wide] = []
        for cap in sorted(caps, key=lambda c: len(c.files)):
            if sum(least[j] + span[j] for j in cap.files) <= cap.limit:
                continue
            together = sorted({owner[j] for j in cap.files})
            if sum(len(own[o]) for o in together) > _FEW:
                self.caps.append(cap)
                continue
            local.append(cap)
            for other in together[1:]:
                own[together[0]] += own[other]
                for j in own[other]:
                    owner[j] = together[0]
                own[other] = []
        self.cap_rows: list[list[int]] = [[] for _ in range(size)]
        self.floor_rows: list[list[int]] = [[] for _ in range(size)]
        for rows, wides in ((self.cap_rows, self.caps), (self.floor_rows, floors)):
            for row, wide in enumerate(wides):
                for j in wide.files:
                    rows[j].append(row)
        self.fields = len(self.caps) + len(floors)
        self.mask = pack([HALF] * self.fields)
        self.use = [
            sum(least[j] << BITS * row for row in self.cap_rows[j])
            + sum((least[j] + span[j]) << BITS * (row + len(self.caps)) for row in self.floor_rows[j])
            for j in range(size)
        ]
        held: dict[int, list[Wide]] = {}
        for cap in local:
            held.setdefault(owner[cap.files[0]], []).append(cap)
        self.classes = [self._options(sorted(files), held.get(o, ())) for o, files in enumerate(own) if files]

    def _options(self, files: list[int], caps: Sequence[Wide]) -> list[Option]:
        sets: list[tuple[int, ...]] = [()]
        for j in files:
            sets += [(*one, j) for one in sets]
        return [
            Option(sum(self.gains[j] for j in one), sum(self.use[j] for j in one), one)
            for one in sets
            if all(sum(self.least[j] for j in one if j in cap.files) <= cap.limit for cap in caps)
        ]

    def varying(self, options: Sequence[Option]) -> set[int]:
        """The caps that what is chosen among options changes."""
        every = set(options[0].files).intersection(*(o.files for o in options))
        some = set(chain.from_iterable(o.files for o in options)) - every
        return {row for j in some for row in self.cap_rows[j]}


def pack(values: Sequence[int]) -> int:
    """Values of 0 to 2**48 - 1 side by side in one number."""
    return sum(value << BITS * place for place, value in enumerate(values))


def unpack(packed: int, fields: int) -> list[int]:
    return [packed >> BITS * place & FIELD for place in range(fields)]
