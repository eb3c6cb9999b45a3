"""When a grant calls for a convention, and where that convention stands.

Source: loi n° 2000-321, article 10 (a body of private law; object, amount, terms, conditions of use), décret
n° 2001-495, article 1 (yearly amount above 23 000 €); loi n° 2000-321, article 9-1: a grant is of any kind, so that
aid in kind counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import add_months, long_date
from cv_desktop.domain.money import euros

NBSP = "\u00a0"
CONVENTION, AMENDMENT = "CONV", "CONV-A"
# What two parties sign, drawn and signed otherwise than a letter.
KINDS = (CONVENTION, AMENDMENT)
LAW = f"loi n°{NBSP}2000-321, art.{NBSP}10"
# Bodies of public law (INSEE, catégories juridiques of level 1): the article speaks of private ones.
_PUBLIC_FORMS = ("4", "7")


@dataclass(frozen=True, slots=True)
class YearPart:
    """What one structure receives from this authority in a year, in cents.

    ``decided_on`` is the day of the act, None for what no act of this base dates: a list, a year of an agreement, an
    aid in kind. Such a part counts on any day.
    """

    name: str
    cents: int
    decided_on: date | None = None
    in_kind: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """A convention that is due: the parts of the year that make the total, and the threshold, in cents."""

    year: int
    threshold_cents: int
    parts: tuple[YearPart, ...]

    @property
    def total_cents(self) -> int:
        return sum(part.cents for part in self.parts)

    @property
    def in_kind_cents(self) -> int:
        return sum(part.cents for part in self.parts if part.in_kind)

    @property
    def sentence(self) -> str:
        """« Convention requise : 24 500 € en 2026, seuil 23 000 € (loi n° 2000-321, art. 10) »."""
        kind = f", dont {euros(self.in_kind_cents)} en nature" if self.in_kind_cents else ""
        return (
            f"Convention requise{NBSP}: {euros(self.total_cents)} en {self.year}{kind}, "
            f"seuil {euros(self.threshold_cents)} ({LAW})"
        )

    @property
    def reckoning(self) -> str:
        """« 12 000 € (FIA-2026-0003) + 9 000 € (AAP-2026-0012) + 2 500 € en nature (prêt de salle) »."""
        return " + ".join(
            f"{euros(part.cents)}{' en nature' if part.in_kind else ''} ({part.name})" for part in self.parts
        )


def requirement(
    parts: Iterable[YearPart], *, year: int, threshold_cents: int | None, legal_form: str = "", on: date | None = None
) -> Requirement | None:
    """The convention that a decision of the day ``on`` calls for; None when the year does not pass the threshold.

    What is decided later does not count: it calls for its own. Without ``on`` the whole year counts.
    ``threshold_cents`` is None when the règlement has none; ``legal_form`` is the code of the INSEE, empty when not
    known, and then of private law.
    """
    if threshold_cents is None or legal_form.startswith(_PUBLIC_FORMS):
        return None
    counted = tuple(
        part for part in parts if part.cents and (on is None or part.decided_on is None or part.decided_on <= on)
    )
    found = Requirement(year, threshold_cents, counted)
    return found if found.total_cents > threshold_cents else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the convention of a decision stands.

    ``requirement`` is None for one made by choice. ``reference`` is its number, or how a convention signed elsewhere is
    called; empty while nothing is issued. ``prepared``: its text waits to be re-read and issued.
    ``publication_months`` is what the règlement gives to publish its essential data, None when it gives nothing.
    """

    requirement: Requirement | None
    reference: str = ""
    prepared: bool = False
    authority_signed_on: date | None = None
    structure_signed_on: date | None = None
    published_on: date | None = None
    publication_months: int | None = None

    @property
    def signed_on(self) -> date | None:
        """The day it binds: that of the last signature; None while one is missing."""
        if self.authority_signed_on is None or self.structure_signed_on is None:
            return None
        return max(self.authority_signed_on, self.structure_signed_on)

    @property
    def label(self) -> str:
        """« signée le 3 mars 2026 », « à signer par la structure », « à signer », « à émettre », « à établir »."""
        if self.signed_on is not None:
            return f"signée le {long_date(self.signed_on)}"
        if self.reference:
            if self.authority_signed_on is not None:
                return "à signer par la structure"
            return "à signer par la collectivité" if self.structure_signed_on is not None else "à signer"
        return "à émettre" if self.prepared else "à établir"

    @property
    def publish_by(self) -> date | None:
        """The last day to publish the essential data of the grant, some months after the signature.

        Above the threshold only. Source: décret n° 2017-779, articles 1 and 2.
        """
        if self.requirement is None or self.signed_on is None or self.publication_months is None:
            return None
        return add_months(self.signed_on, self.publication_months)

    def publication(self, today: date) -> str:
        """« données essentielles à publier avant le 3 juin 2026 »; empty when nothing is to publish."""
        if self.published_on is not None:
            return f"données essentielles publiées le {long_date(self.published_on)}"
        if self.publish_by is None:
            return ""
        late = self.publish_by < today
        return f"données essentielles à publier {'depuis' if late else 'avant'} le {long_date(self.publish_by)}"

    def why_not_paid(self, number: str, day: date) -> str:
        """Why nothing of the file may be called or paid on that day; empty when nothing forbids it.

        Source: loi 2000-321, article 10.
        """
        if self.signed_on is not None and self.requirement is not None and day < self.signed_on:
            return f"{number}{NBSP}: le {long_date(day)} précède la convention, signée le {long_date(self.signed_on)}."
        if self.signed_on is not None or not (self.requirement or self.reference):
            return ""
        if self.requirement is None:
            return (
                f"{number}{NBSP}: la convention {self.reference} n’est pas signée des deux parties. "
                f"Enregistrez ses signatures dans le dossier, onglet Décision, avant de payer."
            )
        due = self.requirement
        return (
            f"{number}{NBSP}: {euros(due.total_cents)} en {due.year} dépassent {euros(due.threshold_cents)} ({LAW}) et "
            f"la convention est {self.label}. Rien ne se paie avant les deux signatures{NBSP}: enregistrez-les dans le "
            f"dossier, onglet Décision."
        )
