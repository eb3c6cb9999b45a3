"""What a distribution gives, by volet, quartier, commune, size of association and newcomers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

UNKNOWN, NOWHERE = "Non renseigné", "Hors quartier"
DIMENSIONS = ("Volet", "Quartier", "Commune", "Taille", "Ancienneté")
SIZES = {True: "Petite association", False: "Autre structure", None: "Taille non connue"}
SENIORITY = {True: "Nouvelle structure", False: "Déjà connue"}


@dataclass(frozen=True, slots=True)
class Item:
    """A file: what it asks and receives in cents, and where it counts. ``small`` is None when it is not known."""

    asked_cents: int
    given_cents: int
    theme: str = ""
    quarters: tuple[str, ...] = ()
    commune: str = ""
    small: bool | None = None
    newcomer: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """A line of a breakdown: files asked and served, cents asked and given."""

    label: str
    files: int = 0
    served: int = 0
    asked_cents: int = 0
    given_cents: int = 0

    def plus(self, asked: int, given: int) -> Total:
        return Total(
            self.label, self.files + 1, self.served + (given > 0), self.asked_cents + asked, self.given_cents + given
        )


def whole(items: Iterable[Item]) -> Total:
    """The sum of all the files."""
    found = Total("Total")
    for item in items:
        found = found.plus(item.asked_cents, item.given_cents)
    return found


def breakdown(items: Iterable[Item]) -> dict[str, list[Total]]:
    """By dimension, each value in alphabetical order with its sums: each dimension adds up to the whole, to the cent.

    An action of several quarters counts for each by an equal part, the odd cents to the first ones.
    """
    found: dict[str, dict[str, Total]] = {dimension: {} for dimension in DIMENSIONS}
    for item in items:
        values = (item.theme or UNKNOWN, item.commune or UNKNOWN, SIZES[item.small], SENIORITY[item.newcomer])
        for dimension, label in zip(("Volet", "Commune", "Taille", "Ancienneté"), values, strict=True):
            _add(found[dimension], label, item.asked_cents, item.given_cents)
        quarters = item.quarters or (NOWHERE,)
        for place, label in enumerate(quarters):
            asked, given = (_part(x, len(quarters), place) for x in (item.asked_cents, item.given_cents))
            _add(found["Quartier"], label, asked, given)
    return {dimension: [sums[label] for label in sorted(sums)] for dimension, sums in found.items()}


def _add(sums: dict[str, Total], label: str, asked: int, given: int) -> None:
    sums[label] = sums.get(label, Total(label)).plus(asked, given)


def _part(cents: int, count: int, place: int) -> int:
    return cents // count + (place < cents % count)
