"""A financial report (Cerfa 15059): what an action was to cost and bring, and what it did, account by account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from cv_desktop.domain.budget import CHARGE, PRODUIT, Side
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.money import percent
from cv_desktop.domain.text import NBSP, words

# The questions of the form, in its order: « bilan qualitatif », then the « annexe ».
ANSWERS: Mapping[str, str] = {
    "implementation": "Mise en œuvre de l’action",
    "beneficiaries": "Bénéficiaires",
    "place": "Dates et lieux de réalisation",
    "results": "Objectifs atteints",
    "spread": "Répartition des charges indirectes",
    "gaps": "Écarts entre le budget et la réalisation",
    "in_kind": "Contributions volontaires en nature",
    "remarks": "Observations",
}
PLANNED, REALISED = "planned", "realised"
# The columns of the table: « planned.60 » is the place of a box.
COLUMNS: Mapping[str, str] = {PLANNED: "Prévu", REALISED: "Réalisé"}
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"\s*(?:20\s)?\s*(\d\d)\s*")


@dataclass(frozen=True, slots=True)
class ReportLine:
    """An account of the table; ``planned_cents`` and ``realised_cents`` are None when their box is empty."""

    side: Side
    account: str
    label: str
    planned_cents: int | None
    realised_cents: int | None


@dataclass(frozen=True, slots=True)
class ReportRead:
    """A report as its form says it. ``answers`` are texts by key of ``ANSWERS``; ``year`` the exercise."""

    structure: StructureRead
    title: str = ""
    year: int | None = None
    subsidy_cents: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    signatory_name: str = ""
    signed_on: date | None = None
    lines: tuple[ReportLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """A file that a report may be about."""

    id: str
    number: str
    title: str
    year: int


def of_cell(key: str) -> tuple[str, str] | None:
    """(column, account) of « planned.60 »; None for a key that is no cell of the table."""
    column, _, account = key.partition(".")
    return (column, account) if column in COLUMNS and account else None


def gap(planned_cents: int | None, realised_cents: int | None) -> int | None:
    """By how much what was done departs from what was foreseen, in hundredths of a percent of the latter.

    None when one of them is not known, or when nothing was foreseen.
    """
    if not planned_cents or realised_cents is None:
        return None
    share = Decimal(realised_cents - planned_cents) * 10_000 / Decimal(planned_cents)
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))


def gap_text(planned_cents: int | None, realised_cents: int | None) -> str:
    """« +12,5 % », « −8 % », « 0 % »; empty when it cannot be told."""
    if not planned_cents or realised_cents is None:
        return ""
    difference = realised_cents - planned_cents
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return sign + percent(abs(difference), planned_cents)


def totals(lines: Iterable[ReportLine], side: Side, *, in_kind: bool = False) -> tuple[int | None, int | None]:
    """Cents foreseen and done on one side, the help in kind (86, 87) apart; None for a column without a filled box."""
    mine = [x for x in lines if x.side == side and x.account.startswith(("86", "87")) == in_kind]
    columns = [[x.planned_cents for x in mine], [x.realised_cents for x in mine]]
    planned, realised = (
        sum(cents for cents in column if cents is not None) if any(cents is not None for cents in column) else None
        for column in columns
    )
    return planned, realised


def subsidy_sentence(subsidy: str, subsidy_cents: int, lines: Sequence[ReportLine]) -> str:
    """« La subvention de 1 500 € représente 42,3 % du total des produits. », as the form ends its table."""
    done = totals(lines, PRODUIT)[1]
    share = f"représente {percent(subsidy_cents, done)} du total des produits" if done else "est celle du compte rendu"
    return f"La subvention de {subsidy} {share}."


def unbalanced(lines: Sequence[ReportLine]) -> int | None:
    """Cents by which the produits done exceed the charges done; None when they are equal or not both known."""
    charges, produits = totals(lines, CHARGE)[1], totals(lines, PRODUIT)[1]
    return produits - charges if charges is not None and produits is not None and charges != produits else None


def year_of(text: str) -> int | None:
    """The one year that a text says: « 2025 », « exercice 2025 », « 25 » after a printed « 20 »; None for two."""
    said = {int(year) for year in _YEAR.findall(text)}
    if len(said) == 1:
        return said.pop()
    short = _SHORT_YEAR.fullmatch(text) if not said else None
    return 2000 + int(short.group(1)) if short else None


def about(read: ReportRead, files: Sequence[Reported]) -> tuple[Reported | None, tuple[Reported, ...]]:
    """The file a report is about, and those a person has to choose from when nothing tells it for certain.

    A number written in it tells; else its title among the files of its year; else the only file of that year, when
    the report has no title. None and nothing to choose from: the structure has no file of that year here.
    """
    said = " ".join((read.title, *read.answers.values()))
    if named := [file for file in files if re.search(rf"(?<!\w){re.escape(file.number)}(?!\w)", said)]:
        return (named[0], ()) if len(named) == 1 else (None, tuple(named))
    possible = [file for file in files if read.year is None or file.year == read.year]
    titled = [file for file in possible if words(file.title) == words(read.title)] if read.title else possible
    if len(titled) == 1 and (read.title or read.year is not None):
        return titled[0], ()
    return None, tuple(titled or possible)


def choice_text(file: Reported) -> str:
    """« FIA-2025-0012, Paroles d’été »."""
    return f"{file.number}, {file.title}" if file.title else f"{file.number}{NBSP}(sans intitulé)"
