"""A scoring grid: criteria, weights, scales, anchor texts and bands, as versioned data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

TOTAL = 100
ANCHORS = 4
LARGEST_SCALE = 20
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
    """``weight`` is in points out of 100; ``axis`` is "merit" or "transversal".

    ``scale``, ``comment_levels`` and ``method`` None are those of the grid. ``admitted`` lists the levels that may be
    given when the scale has gaps or does not begin at 0. A committee under ``floor`` eliminates, as 0 does on an
    ``eliminatory`` criterion. ``themes`` limits it to the files of these axes, volets or objectives. One that is not
    ``counted`` is marked and shown, never summed. ``dedicated`` None: on the transversal axis only.
    """

    code: str
    label: str
    weight: int
    levels: tuple[Level, ...]
    axis: str = MERIT
    eliminatory: bool = False
    na_allowed: bool = True
    guide: str = ""
    scale: int | None = None
    admitted: tuple[int, ...] = ()
    floor: int | None = None
    themes: tuple[str, ...] = ()
    counted: bool = True
    comment_levels: frozenset[int] | None = None
    dedicated: bool | None = None
    method: str | None = None

    @property
    def summed(self) -> int:
        """Points it brings to the note: none when it is only shown."""
        return self.weight if self.counted else 0

    @property
    def may_be_dedicated(self) -> bool:
        """Whether a member may say that the action is dedicated to it."""
        return self.axis == TRANSVERSAL if self.dedicated is None else self.dedicated

    def applies(self, themes: frozenset[str]) -> bool:
        """Whether it is asked of a file that has these axes, volets and objectives."""
        return not self.themes or not themes.isdisjoint(self.themes)

    def eliminates(self, value: Fraction | int) -> bool:
        """Whether a level, or the committee's value, eliminates the file."""
        return (self.eliminatory and value == 0) or (self.floor is not None and value < self.floor)


FAVORABLE, RESERVED, UNFAVORABLE = OPINIONS = ("favorable", "reserve", "defavorable")


@dataclass(frozen=True, slots=True)
class Band:
    """Notes from ``start`` (included) to the start of the next band up.

    ``opinion`` is one of ``OPINIONS`` or "" for none: an opinion that departs from it asks a reason. None is what the
    code itself says.
    """

    code: str
    label: str
    start: int
    opinion: str | None = None

    @property
    def expected(self) -> str:
        """The opinion that its files call for, "" when it calls for none."""
        if self.opinion is not None:
            return self.opinion
        return self.code if self.code in OPINIONS else ""


@dataclass(frozen=True, slots=True)
class Grid:
    """``scale`` is the highest level; ``comment_levels`` ask for a sentence; ``method`` is "mean" or "median".

    All three hold for the criteria that say nothing else.
    """

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

    def reweighed(self, weights: Mapping[str, int]) -> Grid:
        """The same grid with these points for these criteria; the note stays out of 100 whatever they make in all."""
        return replace(self, criteria=tuple(replace(c, weight=weights.get(c.code, c.weight)) for c in self.criteria))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.criteria)

    def scale_of(self, criterion: Criterion) -> int:
        """The highest level of a criterion."""
        return self.scale if criterion.scale is None else criterion.scale

    def levels_of(self, criterion: Criterion) -> tuple[int, ...]:
        """The levels that may be given, going up."""
        return criterion.admitted or tuple(range(self.scale_of(criterion) + 1))

    def comments_of(self, criterion: Criterion) -> frozenset[int]:
        """The levels that ask for a sentence."""
        return self.comment_levels if criterion.comment_levels is None else criterion.comment_levels

    def method_of(self, criterion: Criterion) -> str:
        """Mean or median of the members."""
        return self.method if criterion.method is None else criterion.method

    @property
    def common_scale(self) -> int:
        """The smallest number that every scale divides, so that sums over several scales stay whole."""
        return lcm(*(self.scale_of(c) for c in self.criteria))

    def share(self, criterion: Criterion) -> int:
        """What one level of a criterion brings, out of ``common_scale`` × its points."""
        return criterion.summed * self.common_scale // self.scale_of(criterion)

    @property
    def limited(self) -> bool:
        """Whether some criteria are not asked of every file."""
        return any(c.themes for c in self.criteria)

    def for_themes(self, themes: Iterable[str]) -> Grid:
        """The grid of a file of these axes, volets and objectives: itself when no criterion is limited."""
        if not self.limited:
            return self
        held = frozenset(themes)
        return replace(self, criteria=tuple(c for c in self.criteria if c.applies(held)))

    def points(self, axis: str) -> int:
        """Points of one axis: « Priorités transversales, 30 points »."""
        return sum(c.summed for c in self.criteria if c.axis == axis)

    def totals(self) -> dict[str, int]:
        """Points attainable by the files of each theme that a criterion names; those of all other files under ""."""
        themes = dict.fromkeys(t for c in self.criteria for t in c.themes)
        held = {"": frozenset[str](), **{t: frozenset((t,)) for t in themes}}
        return {t: sum(c.summed for c in self.criteria if c.applies(of)) for t, of in held.items()}

    def band(self, note: Fraction) -> Band:
        """The band of an exact note: 59,96 is below 60 although it is shown 60,0."""
        ordered = sorted(self.bands, key=lambda b: b.start, reverse=True)
        return next((b for b in ordered if note >= b.start), ordered[-1])

    def validate(self) -> None:
        """Raises UserError with all that is wrong, one sentence each."""
        # Its sentences are many and need the classes above.
        from cv_desktop.domain import grid_faults

        grid_faults.refuse(self)

    def problems(self) -> tuple[str, ...]:
        """The sentences that forbid the use of this grid; empty when it is sound."""
        from cv_desktop.domain import grid_faults

        return grid_faults.of(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any], weights: Mapping[str, int] | None = None) -> Grid:
        """A grid kept by :meth:`to_json`, or the reference grid with the ``weights`` of one scheme.

        A criterion without weight in ``weights`` does not belong to that scheme.
        """
        criteria = tuple(
            _criterion(c, c["weight"] if weights is None else weights[c["code"]])
            for c in data["criteria"]
            if weights is None or c["code"] in weights
        )
        bands = tuple(Band(b["code"], b["label"], b["from"], b.get("opinion")) for b in data["bands"])
        return cls(criteria, bands, data["scale"], frozenset(data["comment_levels"]), data.get("method", MEAN))

    @classmethod
    def of_scheme(cls, document: Mapping[str, Any], scheme: str) -> Grid:
        """The grid of a scheme (« FIA ») in the reference file ``grilles.json``."""
        return cls.from_json(document, document["schemes"][scheme]["weights"])

    def to_json(self) -> dict[str, Any]:
        """All the grid as plain data, weights included; a key that says nothing is left out."""
        return {
            "scale": self.scale,
            "method": self.method,
            "comment_levels": sorted(self.comment_levels),
            "bands": [_band_json(b) for b in self.bands],
            "criteria": [_criterion_json(c) for c in self.criteria],
        }


def anchored(values: Sequence[int]) -> tuple[int, ...]:
    """The levels that carry a text among those that may be given: four along the scale, or all of a shorter one."""
    count = min(ANCHORS, len(values))
    return tuple(values[place * (len(values) - 1) // max(count - 1, 1)] for place in range(count))


def _criterion(c: Mapping[str, Any], weight: int) -> Criterion:
    own = c.get("comment_levels")
    return Criterion(
        code=c["code"],
        label=c["label"],
        weight=weight,
        levels=tuple(Level(x["value"], x["name"], x["text"]) for x in c["levels"]),
        axis=c.get("axis", MERIT),
        eliminatory=c.get("eliminatory", False),
        na_allowed=c.get("na_allowed", True),
        guide=c.get("guide", ""),
        scale=c.get("scale"),
        admitted=tuple(c.get("admitted", ())),
        floor=c.get("floor"),
        themes=tuple(c.get("themes", ())),
        counted=c.get("counted", True),
        comment_levels=None if own is None else frozenset(own),
        dedicated=c.get("dedicated"),
        method=c.get("method"),
    )


def _band_json(b: Band) -> dict[str, Any]:
    kept: dict[str, Any] = {"code": b.code, "label": b.label, "from": b.start}
    return kept if b.opinion is None else kept | {"opinion": b.opinion}


def _criterion_json(c: Criterion) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "code": c.code,
        "label": c.label,
        "weight": c.weight,
        "axis": c.axis,
        "eliminatory": c.eliminatory,
        "na_allowed": c.na_allowed,
        "guide": c.guide,
        "levels": [{"value": x.value, "name": x.name, "text": x.text} for x in c.levels],
    }
    said = {"scale": c.scale, "floor": c.floor, "dedicated": c.dedicated, "method": c.method}
    kept |= {key: value for key, value in said.items() if value is not None}
    if c.comment_levels is not None:
        kept["comment_levels"] = sorted(c.comment_levels)
    if c.admitted:
        kept["admitted"] = list(c.admitted)
    if c.themes:
        kept["themes"] = list(c.themes)
    if not c.counted:
        kept["counted"] = False
    return kept
