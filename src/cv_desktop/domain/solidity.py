"""How firm the place of a file is: what is left of it without one of its sheets, under weights a little different.

Each draw leaves out one sheet of every file (the same member's when all marked all the files) and multiplies each
weight by a factor of its own, even over 1 ± ``shake``. The share of the draws that leave the file on its side of a line
says whether it is certain, fragile or tossed. Two lines may matter: the limits of its band, or the last place that the
envelope pays. Draws are whole numbers from a kept seed, so that anybody finds the same result again. A resampling of
this kind says how much the result depends on who sat and on the weights; it says nothing of a fault that all share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from math import lcm
from operator import mul
from random import Random

from cv_desktop.domain.grid import MEDIAN, TOTAL, Band, Grid
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.scoring import central, note_of_levels

BAND, CUT = "band", "cut"
_WHOLE = 1000

Levels = Mapping[str, int]
Vector = tuple[int, ...]


class Firmness(Enum):
    """Its word, its status and its icon."""

    CERTAIN = ("Sûr", "success", "check")
    FRAGILE = ("Fragile", "warning", "triangle-alert")
    TOSSED = ("Ballotté", "danger", "shuffle")

    @property
    def label(self) -> str:
        return str(self.value[0])


@dataclass(frozen=True, slots=True)
class Shaking:
    """``shake``, ``certain`` and ``fragile`` in percent: from these shares of the draws on, a file is so called."""

    draws: int = 2000
    shake: int = 20
    seed: int = 2030
    certain: int = 95
    fragile: int = 75

    @classmethod
    def of_rules(cls, rules: Rules) -> Shaking:
        """What the règlement of a campaign says; the usual values where it does not."""
        usual = cls()

        def said(name: str, unit: str, floor: int = 0) -> int:
            key = f"solidity_{name}"
            read = rules.percent if unit == "percent" else rules.count
            value = read(key) if key in rules else None
            return getattr(usual, name) if value is None else max(floor, value)

        return cls(
            draws=said("draws", "count", 1),
            shake=min(100, said("shake", "percent")),
            seed=said("seed", "count"),
            certain=said("certain", "percent"),
            fragile=said("fragile", "percent"),
        )

    def of(self, kept: int, alone: bool) -> Firmness:
        """A file that only one sheet judges is never certain."""
        if kept * 100 >= self.certain * self.draws and not alone:
            return Firmness.CERTAIN
        return Firmness.FRAGILE if kept * 100 >= self.fragile * self.draws else Firmness.TOSSED


STANDARD = Shaking()


@dataclass(frozen=True, slots=True)
class Solidity:
    """``kept`` draws of ``shaking.draws`` leave the file on its side of ``line``; ``alone``: one sheet judges it."""

    state: Firmness
    kept: int
    alone: bool
    line: str
    shaking: Shaking

    @property
    def sentence(self) -> str:
        """« Sûr : reste dans sa bande dans 98 % des tirages (2 000, poids à 20 % près, une grille mise de côté). »"""
        share = self.kept * 100 // self.shaking.draws
        where = "reste dans sa bande" if self.line == BAND else "reste du même côté de la fin de l’enveloppe"
        draws = f"{self.shaking.draws:,}".replace(",", "\u00a0")
        said = f"{self.state.label}\u00a0: {where} dans {share}\u00a0% de {draws} tirages"
        aside = "une seule grille" if self.alone else "une grille mise de côté"
        return f"{said}, poids à {self.shaking.shake}\u00a0% près, {aside}, graine {self.shaking.seed}."


@dataclass(frozen=True, slots=True)
class Judged:
    """A file with the grid it is graded on and the sheets that count, in an order that does not change."""

    grid: Grid
    sheets: tuple[Levels, ...]

    @property
    def note(self) -> Fraction | None:
        return note_of_levels(self.grid, {c: [s[c] for s in self.sheets if c in s] for c in self.grid.codes})


@dataclass(slots=True)
class _Draws:
    """The factors of each draw by code of criterion, and the place of the sheet left out, made once for all files."""

    shaking: Shaking
    factors: dict[str, list[int]] = field(default_factory=dict)
    aside: list[float] = field(default_factory=list)
    weights: dict[Grid, list[Vector]] = field(default_factory=dict)
    sums: dict[Grid, list[int]] = field(default_factory=dict)
    asides: dict[int, list[int]] = field(default_factory=dict)
    split: dict[tuple[int, int], list[list[Vector]]] = field(default_factory=dict)

    @classmethod
    def of(cls, shaking: Shaking, grids: Sequence[Grid]) -> _Draws:
        # Only ``random()`` is promised to give the same numbers on every version of Python.
        random = Random(shaking.seed).random
        reach = shaking.shake * _WHOLE // 100
        made = cls(shaking)
        made.aside = [random() for _ in range(shaking.draws)]
        for code in sorted({c for grid in grids for c in grid.codes}):
            made.factors[code] = [_WHOLE - reach + int(random() * (2 * reach + 1)) for _ in range(shaking.draws)]
        for grid in dict.fromkeys(grids):
            columns = [[c.summed * f for f in made.factors[c.code]] for c in grid.criteria]
            made.weights[grid] = list(zip(*columns, strict=True))
        return made

    def places(self, sheets: int) -> list[int]:
        """Which of so many sheets each draw leaves out."""
        if sheets not in self.asides:
            self.asides[sheets] = [int(share * sheets) for share in self.aside]
        return self.asides[sheets]

    def totals(self, grid: Grid) -> list[int]:
        """The weights of each draw added up."""
        if grid not in self.sums:
            self.sums[grid] = [sum(w) for w in self.weights[grid]]
        return self.sums[grid]

    @staticmethod
    def summed(grid: Grid) -> Vector:
        """What a file marked on every criterion that counts has."""
        return tuple(int(c.counted) for c in grid.criteria)

    def by_place(self, weights: list[Vector], sheets: int) -> list[list[Vector]]:
        """The weights of the draws that leave out the first sheet of so many, the second…"""
        found = self.split.get((id(weights), sheets))
        if found is None:
            found = [[] for _ in range(sheets)]
            for place, drawn in zip(self.places(sheets), weights, strict=True):
                found[place].append(drawn)
            self.split[id(weights), sheets] = found
        return found


def by_band(files: Mapping[str, Judged], shaking: Shaking = STANDARD) -> dict[str, Solidity]:
    """Whether each file that has a note stays in its band."""
    noted = {key: (file, note) for key, file in files.items() if (note := file.note) is not None}
    draws = _Draws.of(shaking, list(dict.fromkeys(file.grid for file, _ in noted.values())))
    found = {}
    for key, (file, note) in noted.items():
        low, high = _limits(file.grid.bands, note)
        parts = _parts(file)
        split = draws.by_place(draws.weights[file.grid], len(parts))
        kept = sum(_inside(file.grid, p, w, shaking, low, high) for p, w in zip(parts, split, strict=True))
        found[key] = Solidity(shaking.of(kept, len(parts) == 1), kept, len(parts) == 1, BAND, shaking)
    return found


def by_cut(
    files: Mapping[str, Judged],
    places: int,
    shaking: Shaking = STANDARD,
    between: Callable[[], object] = lambda: None,
) -> dict[str, Solidity]:
    """Whether each file that has a note stays among the first ``places`` (those of the same note included), or out.

    ``between`` is called after each file and each draw: it may wait, and what it raises ends the work.
    """
    noted = {key: (file, note) for key, file in files.items() if (note := file.note) is not None}
    if not 0 < places < len(noted):
        # Nobody is beyond the line: nothing may cross it.
        return {
            key: Solidity(
                shaking.of(shaking.draws, len(_parts(f)) == 1), shaking.draws, len(_parts(f)) == 1, CUT, shaking
            )
            for key, (f, _) in noted.items()
        }
    draws = _Draws.of(shaking, list(dict.fromkeys(file.grid for file, _ in noted.values())))
    last = sorted((note for _, note in noted.values()), reverse=True)[places - 1]
    columns, cuts = [], []
    for file, _ in noted.values():
        columns.append(_notes(file, draws))
        between()
    for row in zip(*columns, strict=True):
        cuts.append(sorted(row, reverse=True)[places - 1])
        between()
    found = {}
    for (key, (file, note)), column in zip(noted.items(), columns, strict=True):
        inside = sum(map(float.__ge__, column, cuts))
        kept = inside if note >= last else shaking.draws - inside
        alone = len(_parts(file)) == 1
        found[key] = Solidity(shaking.of(kept, alone), kept, alone, CUT, shaking)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """A file without one of its sheets: per criterion its value on ``whole``, 0 where ``marked`` is 0."""

    values: Vector
    marked: Vector
    whole: int


def _parts(file: Judged) -> list[_Part]:
    """One per sheet left out; the file itself when only one sheet says something."""
    grid = file.grid
    sheets = [s for s in file.sheets if any(c.counted and c.code in s for c in grid.criteria)]
    left = [sheets] if len(sheets) == 1 else [sheets[:i] + sheets[i + 1 :] for i in range(len(sheets))]
    return [_part(grid, kept) for kept in left]


def _part(grid: Grid, sheets: Sequence[Levels]) -> _Part:
    ratios: list[tuple[int, int]] = []
    for criterion in grid.criteria:
        given = [s[criterion.code] for s in sheets if criterion.code in s] if criterion.counted else []
        total, count = sum(given), len(given)
        if given and grid.method_of(criterion) == MEDIAN:
            total, count = central(given, MEDIAN).as_integer_ratio()
        ratios.append((total, count * grid.scale_of(criterion)))
    whole = TOTAL * lcm(*(below for _, below in ratios if below))
    values = tuple(whole * above // below if below else 0 for above, below in ratios)
    return _Part(values, tuple(int(below > 0) for _, below in ratios), whole)


def _limits(bands: Sequence[Band], note: Fraction) -> tuple[int | None, int | None]:
    """Where the band of a note begins and where the next one does; None where nothing is beyond."""
    starts = sorted(b.start for b in bands)
    low = max((s for s in starts if s <= note), default=starts[0])
    high = min((s for s in starts if s > note), default=None)
    return (low if low > starts[0] else None), high


def _inside(grid: Grid, part: _Part, weights: list[Vector], shaking: Shaking, low: int | None, high: int | None) -> int:
    """How many draws keep the note at ``low`` or above, and under ``high``."""
    plain = tuple(c.summed for c in grid.criteria)
    reach = shaking.shake * _WHOLE // 100
    sides = []
    for line, sign in ((low, 1), (high, -1)):
        if line is None:
            continue
        # Above the line when the weighted distances to it add up to 0 or more: no division is needed.
        part_of_line = part.whole * line // TOTAL
        away = tuple(sign * (v - part_of_line * m) for v, m in zip(part.values, part.marked, strict=True))
        least = 0 if sign > 0 else 1
        middle = _WHOLE * sum(map(mul, plain, away))
        wide = reach * sum(map(mul, plain, map(abs, away)))
        if middle - wide >= least:
            continue
        if middle + wide < least:
            return 0
        sides.append((away, least))
    if not sides:
        return len(weights)
    kept = weights
    for away, least in sides:
        kept = [w for w in kept if sum(map(mul, w, away)) >= least]
    return len(kept)


def _notes(file: Judged, draws: _Draws) -> list[float]:
    """The note of a file at each draw, in their order. Equal fractions give equal floats: their division is exact."""
    parts = _parts(file)
    weights = draws.weights[file.grid]
    if all(p.marked == draws.summed(file.grid) for p in parts):
        out_of = draws.totals(file.grid)
    else:
        marks = [p.marked for p in parts]
        places = draws.places(len(parts))
        out_of = [sum(map(mul, w, marks[i])) for w, i in zip(weights, places, strict=True)]
    values = [p.values for p in parts]
    wholes = [p.whole for p in parts]
    return [
        sum(map(mul, w, values[i])) / (wholes[i] * t or 1)
        for w, i, t in zip(weights, draws.places(len(parts)), out_of, strict=True)
    ]
