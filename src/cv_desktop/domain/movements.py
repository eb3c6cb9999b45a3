"""Money moves from bucket to bucket, never appears nor vanishes: what each file owes to which one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros


class Bucket(StrEnum):
    """Where a cent of a campaign lies; ``OUTSIDE`` is what no envelope holds."""

    OUTSIDE = "outside"
    FREE = "free"
    MARKED = "marked"
    SUBMITTED = "submitted"
    ENGAGED = "engaged"
    CALLED = "called"
    PAID = "paid"

    @property
    def label(self) -> str:
        return {
            "outside": "Hors enveloppe",
            "free": "Libre",
            "marked": "Marqué",
            "submitted": "Soumis au vote",
            "engaged": "Engagé",
            "called": "Appelé",
            "paid": "Payé",
        }[self.value]


# The buckets that hold the money of one file, in the order it goes through them.
HELD = (Bucket.MARKED, Bucket.SUBMITTED, Bucket.ENGAGED, Bucket.CALLED, Bucket.PAID)


@dataclass(frozen=True, slots=True)
class Transfer:
    """``cents``, always positive, going from one bucket to another."""

    source: Bucket
    target: Bucket
    cents: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is written of one file in one campaign, in cents: proposed and in no lot, awaiting its vote, decided.

    What was called and paid is told by the movements alone: it is part of what was decided.
    """

    marked: int = 0
    submitted: int = 0
    decided: int = 0


def wanted(facts: Facts, held: Mapping[Bucket, int]) -> dict[Bucket, int]:
    """The balance that a file must have, given the facts and what ``held`` already called and paid.

    Raises UserError when less is decided than what was already called or paid.
    """
    gone = held.get(Bucket.CALLED, 0) + held.get(Bucket.PAID, 0)
    if facts.decided < gone:
        raise UserError(
            f"{euros(gone)} de ce dossier sont déjà appelés ou payés : "
            f"sa décision ne peut pas descendre à {euros(facts.decided)}. Enregistrez d’abord le reversement."
        )
    return {
        Bucket.MARKED: facts.marked,
        Bucket.SUBMITTED: facts.submitted,
        Bucket.ENGAGED: facts.decided - gone,
        Bucket.CALLED: held.get(Bucket.CALLED, 0),
        Bucket.PAID: held.get(Bucket.PAID, 0),
    }


def transfers(held: Mapping[Bucket, int], wanted: Mapping[Bucket, int]) -> tuple[Transfer, ...]:
    """The movements that lead a file from one balance to another; what no bucket lacks goes back to what is free."""
    gaps = {bucket: wanted.get(bucket, 0) - held.get(bucket, 0) for bucket in HELD}
    gaps[Bucket.FREE] = -sum(gaps.values())
    found = []
    for target, lacking in gaps.items():
        for source in gaps:
            cents = min(lacking, -gaps[source])
            if cents > 0:
                found.append(Transfer(source, target, cents))
                lacking -= cents
                gaps[source] += cents
    return tuple(found)
