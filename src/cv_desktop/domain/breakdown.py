"""What a distribution gives, by volet, quartier, commune, size of association and newcomers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cv_desktop.domain.quarter_split import split

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
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """A line of a breakdown: files asked and served, cents asked and given."""

    label: str
    files: int = 0
    served: int = 0
    asked_cents: int = 0
    given_cents: int = 0


def whole(items: Iterable[Item]) -> Total:
    """The sum of all the files."""
    own = list(items)
    return Total(
        "Total",
        len(own),
        sum(item.given_cents > 0 for item in own),
        sum(item.asked_cents for item in own),
        sum(item.given_cents for item in own),
    )


def breakdown(items: Iterable[Item]) -> dict[str, list[Total]]:
    """By dimension, each value in alphabetical order with its sums: each dimension adds up to the whole, to the cent.

    An action of several quarters counts for each by an equal part, the odd cents to the first ones.
    """
    # Files, served, asked, given: a comparison adds up thousands of files, an object for each sum would be felt.
    found: dict[str, dict[str, list[int]]] = {dimension: defaultdict(lambda: [0] * 4) for dimension in DIMENSIONS}
    volets, quartiers, communes, sizes, seniority = (found[dimension] for dimension in DIMENSIONS)
    for item in items:
        asked, given = item.asked_cents, item.given_cents
        served = given > 0
        for sums in (
            volets[item.theme or UNKNOWN],
            communes[item.commune or UNKNOWN],
            sizes[SIZES[item.small]],
            seniority[SENIORITY[item.newcomer]],
        ):
            sums[0] += 1
            sums[1] += served
            sums[2] += asked
            sums[3] += given
        quarters = item.quarters or (NOWHERE,)
        count = len(quarters)
        wanted, received = split(asked, count, item.weights), split(given, count, item.weights)
        for label, want, part in zip(quarters, wanted, received, strict=True):
            sums = quartiers[label]
            sums[0] += 1
            sums[1] += part > 0
            sums[2] += want
            sums[3] += part
    return {dimension: [Total(label, *sums[label]) for label in sorted(sums)] for dimension, sums in found.items()}
