"""Two versions of the same thing side by side, whatever it is: a règlement, a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Said:
    """What one version says of one thing: where it stands (article, criterion), its name, its value in words."""

    place: str
    label: str
    value: str


Parts = Mapping[str, Mapping[str, Said]]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: what each version says of it, as a person reads it."""

    key: str
    place: str
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def compare(older: Parts, newer: Parts) -> tuple[Line, ...]:
    """Every line of both versions, part by part in the order of the newer; what it dropped ends its part."""
    lines = []
    for part in {**newer, **older}:
        before, after = older.get(part, {}), newer.get(part, {})
        for key in {**after, **before}:
            held, said = before.get(key), after.get(key)
            shown = said or held
            assert shown is not None, "the key is of one of them"
            lines.append(Line(key, shown.place, shown.label, _value(held), _value(said)))
    return tuple(lines)


def _value(said: Said | None) -> str:
    return ABSENT if said is None else said.value
