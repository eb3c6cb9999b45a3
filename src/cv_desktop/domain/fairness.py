"""What the sheets of a committee say of one another. Shown beside the notes, never inside: nothing is corrected.

Agreement is Krippendorff's alpha for interval data over the notes of the sheets (K. Krippendorff, *Content Analysis*,
chapter on reliability): 1 − observed disagreement / expected disagreement, files with one sheet left out. The one of a
file is the same with its own disagreement; weighted by their sheets, those of the files make the one of the campaign.
Severity compares a member with the others on the same files, so that an easy pile does not count; its reach ends where
the others' own leniency begins, and it means little under a few files. Discrimination is the corrected item-total
correlation: between a criterion and the note without it (Nunnally and Bernstein, *Psychometric Theory*). Standard
deviations are those of the whole committee (divided by the number of sheets), as those of the screens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt

from cv_desktop.domain.grid import Grid
from cv_desktop.domain.notes import decimal
from cv_desktop.domain.scoring import central, note_of_levels

Sheets = Mapping[str, Mapping[str, int]]
FEW_FILES = 5
FEWEST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Dispersion:
    """The notes of the sheets of one file. ``deviation`` None under two; ``agreement`` as the module says."""

    sheets: int
    mean: Fraction
    lowest: Fraction
    highest: Fraction
    deviation: float | None
    agreement: float | None

    @property
    def spread(self) -> Fraction:
        """Points between the lowest and the highest sheet."""
        return self.highest - self.lowest


@dataclass(frozen=True, slots=True)
class Severity:
    """One member against the others on the same files. ``gap`` in points: below 0, more severe than they are.

    ``spread`` is the standard deviation of the member's notes there, ``others_spread`` of the means of the others.
    """

    files: int
    gap: Fraction
    spread: float | None
    others_spread: float | None

    @property
    def few(self) -> bool:
        """Whether it rests on so few files that it only hints."""
        return self.files < FEW_FILES

    @property
    def sentence(self) -> str:
        """« 3,5 points au-dessous des autres, sur 12 dossiers »."""
        size = abs(self.gap)
        side = "au-dessous" if self.gap < 0 else "au-dessus"
        s, x = "s" if size >= 2 else "", "s" if self.files > 1 else ""
        words = f"{decimal(size)} point{s} {side} des autres" if decimal(size) != "0,0" else "au niveau des autres"
        few = ", à titre indicatif" if self.few else ""
        return f"{words}, sur {self.files} dossier{x}{few}"


@dataclass(frozen=True, slots=True)
class Discrimination:
    """How far a criterion ranks the files as the others do, from −1 to 1; None when too few files differ on it."""

    files: int
    correlation: float | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """By file, by member, by code of criterion; ``agreement`` of the campaign."""

    files: Mapping[str, Dispersion]
    members: Mapping[str, Severity]
    criteria: Mapping[str, Discrimination]
    agreement: float | None


def fairness(files: Mapping[str, tuple[Grid, Sheets]]) -> Fairness:
    """The statistics of the sheets that count: per file its grid and the levels by member, by code of criterion."""
    notes: dict[str, dict[str, Fraction]] = {}
    for key, (grid, sheets) in files.items():
        found = {m: n for m, levels in sheets.items() if (n := sheet_note_of(grid, levels)) is not None}
        if found:
            notes[key] = found
    expected = _expected(notes)
    dispersions = {key: _dispersion(list(found.values()), expected) for key, found in notes.items()}
    return Fairness(dispersions, _severities(notes), _discriminations(files), _agreement(notes, expected))


def sheet_note_of(grid: Grid, levels: Mapping[str, int]) -> Fraction | None:
    """The note of one sheet."""
    return note_of_levels(grid, {code: (level,) for code, level in levels.items()})


def _dispersion(notes: Sequence[Fraction], expected: float) -> Dispersion:
    count, mean = len(notes), sum(notes, Fraction(0)) / len(notes)
    if count < 2:
        return Dispersion(count, mean, notes[0], notes[0], None, None)
    values = [float(n) for n in notes]
    agreement = 1 - _disagreement(values) / (count * (count - 1)) / expected if expected else None
    return Dispersion(count, mean, min(notes), max(notes), _deviation(values), agreement)


def _deviation(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    mean = fsum(values) / len(values)
    return sqrt(fsum((v - mean) ** 2 for v in values) / len(values))


def _disagreement(values: Sequence[float]) -> float:
    """The squared differences of all the pairs, each one twice."""
    mean = fsum(values) / len(values)
    return 2 * len(values) * fsum((v - mean) ** 2 for v in values)


def _paired(notes: Mapping[str, Mapping[str, Fraction]]) -> list[list[float]]:
    return [[float(n) for n in found.values()] for found in notes.values() if len(found) > 1]


def _expected(notes: Mapping[str, Mapping[str, Fraction]]) -> float:
    """Mean squared difference of two notes taken anywhere; 0 when there is nothing to compare."""
    values = [v for unit in _paired(notes) for v in unit]
    return _disagreement(values) / (len(values) * (len(values) - 1)) if values else 0.0


def _agreement(notes: Mapping[str, Mapping[str, Fraction]], expected: float) -> float | None:
    units = _paired(notes)
    total = sum(len(unit) for unit in units)
    if not expected:
        return None
    return 1 - fsum(_disagreement(unit) / (len(unit) - 1) for unit in units) / total / expected


def _severities(notes: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Severity]:
    own: dict[str, list[Fraction]] = defaultdict(list)
    others: dict[str, list[Fraction]] = defaultdict(list)
    for found in notes.values():
        if len(found) < 2:
            continue
        total = sum(found.values(), Fraction(0))
        for member, note in found.items():
            own[member].append(note)
            others[member].append((total - note) / (len(found) - 1))
    return {
        member: Severity(
            len(given),
            (sum(given, Fraction(0)) - sum(others[member], Fraction(0))) / len(given),
            _deviation([float(x) for x in given]),
            _deviation([float(x) for x in others[member]]),
        )
        for member, given in own.items()
    }


def _discriminations(files: Mapping[str, tuple[Grid, Sheets]]) -> dict[str, Discrimination]:
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    codes: dict[str, None] = {}
    for grid, sheets in files.values():
        codes |= dict.fromkeys(c.code for c in grid.criteria if c.counted)
        shares = []
        for criterion in grid.criteria:
            given = [levels[criterion.code] for levels in sheets.values() if criterion.code in levels]
            if given and criterion.counted:
                value = float(central(given, grid.method_of(criterion))) / grid.scale_of(criterion)
                shares.append((criterion.code, criterion.weight, value))
        weight = sum(w for _, w, _ in shares)
        points = fsum(w * v for _, w, v in shares)
        for code, own, value in shares:
            if weight > own:
                pairs[code].append((value, (points - own * value) / (weight - own)))
    return {code: Discrimination(len(pairs[code]), _correlation(pairs[code])) for code in codes}


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < FEWEST_PAIRS:
        return None
    left, right = zip(*pairs, strict=True)
    a, b = fsum(left) / len(left), fsum(right) / len(right)
    across = sqrt(fsum((x - a) ** 2 for x in left)) * sqrt(fsum((y - b) ** 2 for y in right))
    return fsum((x - a) * (y - b) for x, y in pairs) / across if across > 1e-12 else None
