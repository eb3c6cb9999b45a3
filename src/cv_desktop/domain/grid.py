"""A scoring grid: criteria, weights, anchor texts and bands, as versioned data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cv_desktop.domain.errors import UserError

NBSP = "\u00a0"
TOTAL = 100
ANCHORS = 4
MERIT, TRANSVERSAL = "merit", "transversal"
MEAN, MEDIAN = "mean", "median"


@dataclass(frozen=True, slots=True)
class Level:
    """An anchor text: its level, a short name and what deserves it."""

    value: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """``weight`` is in points out of 100; ``axis`` is "merit" or "transversal"."""

    code: str
    label: str
    weight: int
    levels: tuple[Level, ...]
    axis: str = MERIT
    eliminatory: bool = False
    na_allowed: bool = True
    guide: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """Notes from ``start`` (included) to the start of the next band up."""

    code: str
    label: str
    start: int


@dataclass(frozen=True, slots=True)
class Grid:
    """``scale`` is the highest level; ``comment_levels`` ask for a sentence; ``method`` is "mean" or "median"."""

    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    scale: int = 3
    comment_levels: frozenset[int] = frozenset()
    method: str = MEAN

    def criterion(self, code: str) -> Criterion:
        """The criterion of that code. Raises KeyError."""
        for criterion in self.criteria:
            if criterion.code == code:
                return criterion
        raise KeyError(code)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.criteria)

    def points(self, axis: str) -> int:
        """Points of one axis: « Priorités transversales, 30 points »."""
        return sum(c.weight for c in self.criteria if c.axis == axis)

    def band(self, note: Fraction) -> Band:
        """The band of an exact note: 59,96 is below 60 although it is shown 60,0."""
        ordered = sorted(self.bands, key=lambda b: b.start, reverse=True)
        return next((b for b in ordered if note >= b.start), ordered[-1])

    def validate(self) -> None:
        """Raises UserError with all that is wrong, one sentence each."""
        problems = self.problems()
        if problems:
            raise UserError(" ".join(problems))

    def problems(self) -> tuple[str, ...]:
        """The sentences that forbid the use of this grid; empty when it is sound."""
        found = [_weights(self.criteria)]
        codes = self.codes
        found += [f"Le code {c} sert deux fois." for c in dict.fromkeys(codes) if codes.count(c) > 1]
        if not 1 <= self.scale <= 99:
            found.append(f"L’échelle va de 1 à 99{NBSP}; elle est à {self.scale}.")
        for criterion in self.criteria:
            found += _criterion(criterion, self.scale)
        found += _bands(self.bands)
        if self.method not in (MEAN, MEDIAN):
            found.append(f"La méthode «{NBSP}{self.method}{NBSP}» est inconnue{NBSP}: moyenne ou médiane.")
        out = sorted(x for x in self.comment_levels if not 0 <= x <= self.scale)
        if out:
            found.append(f"Une phrase est demandée pour le niveau {out[0]}, hors de l’échelle de 0 à {self.scale}.")
        return tuple(x for x in found if x)

    @classmethod
    def from_json(cls, data: Mapping[str, Any], weights: Mapping[str, int] | None = None) -> Grid:
        """A grid kept by :meth:`to_json`, or the reference grid with the ``weights`` of one scheme.

        A criterion without weight in ``weights`` does not belong to that scheme.
        """
        criteria = tuple(
            Criterion(
                code=c["code"],
                label=c["label"],
                weight=c["weight"] if weights is None else weights[c["code"]],
                levels=tuple(Level(x["value"], x["name"], x["text"]) for x in c["levels"]),
                axis=c.get("axis", MERIT),
                eliminatory=c.get("eliminatory", False),
                na_allowed=c.get("na_allowed", True),
                guide=c.get("guide", ""),
            )
            for c in data["criteria"]
            if weights is None or c["code"] in weights
        )
        bands = tuple(Band(b["code"], b["label"], b["from"]) for b in data["bands"])
        return cls(criteria, bands, data["scale"], frozenset(data["comment_levels"]), data.get("method", MEAN))

    @classmethod
    def of_scheme(cls, document: Mapping[str, Any], scheme: str) -> Grid:
        """The grid of a scheme (« FIA ») in the reference file ``grilles.json``."""
        return cls.from_json(document, document["schemes"][scheme]["weights"])

    def to_json(self) -> dict[str, Any]:
        """All the grid as plain data, weights included."""
        return {
            "scale": self.scale,
            "method": self.method,
            "comment_levels": sorted(self.comment_levels),
            "bands": [{"code": b.code, "label": b.label, "from": b.start} for b in self.bands],
            "criteria": [
                {
                    "code": c.code,
                    "label": c.label,
                    "weight": c.weight,
                    "axis": c.axis,
                    "eliminatory": c.eliminatory,
                    "na_allowed": c.na_allowed,
                    "guide": c.guide,
                    "levels": [{"value": x.value, "name": x.name, "text": x.text} for x in c.levels],
                }
                for c in self.criteria
            ],
        }


def _weights(criteria: Iterable[Criterion]) -> str:
    total = sum(c.weight for c in criteria)
    if total < TOTAL:
        return f"Les poids font {total}{NBSP}; il en manque {TOTAL - total}."
    if total > TOTAL:
        return f"Les poids font {total}{NBSP}; il y en a {total - TOTAL} de trop."
    return ""


def _criterion(criterion: Criterion, scale: int) -> list[str]:
    found = []
    if not criterion.label.strip():
        found.append(f"{criterion.code} n’a pas d’intitulé.")
    if criterion.weight < 1:
        found.append(f"Le poids de {criterion.code} est de {criterion.weight}{NBSP}; il commence à 1.")
    written = [x for x in criterion.levels if x.name.strip() and x.text.strip()]
    if len(criterion.levels) != ANCHORS or len(written) != ANCHORS:
        count = f"{len(written)} texte{'s' if len(written) > 1 else ''}"
        found.append(f"{criterion.code} a {count} de niveau{NBSP}; il en faut {ANCHORS}.")
    values = [x.value for x in criterion.levels]
    if values and (values != sorted(set(values)) or values[0] != 0 or values[-1] != scale):
        found.append(f"Les niveaux de {criterion.code} vont de 0 à {scale} en montant.")
    return found


def _bands(bands: tuple[Band, ...]) -> list[str]:
    starts = [b.start for b in bands]
    if 0 not in starts:
        return [f"Une bande commence à 0{NBSP}; la plus basse commence à {min(starts, default=TOTAL)}."]
    if len(set(starts)) != len(starts):
        return ["Deux bandes commencent à la même note."]
    if any(not 0 <= x <= TOTAL for x in starts):
        return ["Une bande commence entre 0 et 100."]
    return []
