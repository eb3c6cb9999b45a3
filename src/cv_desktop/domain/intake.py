"""What the reading of a deposit workbook gives: the applications, and all that is not one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

BLOCKING = "bloquant"
TO_CHECK = "a_verifier"
SET_ASIDE = "ecarte"
INFORMATION = "information"
SEVERITIES = (BLOCKING, TO_CHECK, INFORMATION, SET_ASIDE)
HEADERS_AGAIN = "Ligne d’en-têtes répétée, laissée de côté."


# A line of a workbook: the name of its sheet, and its number there.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to tell the person who imports, and where it stands in the file.

    ``line`` is the line of the spreadsheet, counted from 1, on the sheet ``sheet``; ``column`` is the header as
    the file writes it, empty when the whole line is concerned; ``severity`` is one of SEVERITIES; ``number`` is
    the number of the application, empty when there is none; ``value`` is what the cell holds, never an IBAN.
    """

    line: int
    column: str
    severity: str
    message: str
    number: str = ""
    sheet: str = ""
    value: str = ""


TOTAL, REPEATED, SECTION, NOTE = "total", "repeated header", "section", "note"
ORPHAN, DUPLICATE, DRAFT, KNOWN = "orphan", "duplicate", "draft", "already imported"
LEFT, IN_KIND = "left aside", "in kind"
ASIDE_WORDS = {
    "total": "ligne de total",
    "repeated header": "en-tête répété",
    "section": "titre de partie",
    "note": "note",
    "orphan": "ligne orpheline",
    "duplicate": "doublon",
    "in kind": "aide en nature",
}
# The lines that were never files, which no count of files holds.
NO_APPLICATION = frozenset((TOTAL, REPEATED, SECTION, NOTE, ORPHAN))


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that is no record: ``reason`` is one of the words above, ``message`` says it in French."""

    line: int
    reason: str
    message: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class BudgetEntry:
    """``side`` is "charge" or "produit"; ``state`` is "acquis", "sollicite", "refuse", "demande" or empty."""

    side: str
    account: str
    label: str
    amount_cents: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class StructureRead:
    """An association as the file describes it. ``siret_raw`` is what was written, even when ``siret`` is None."""

    name: str
    siren: str | None = None
    siret: str | None = None
    siret_raw: str = ""
    rna: str | None = None
    legal_form: str = ""
    address: str = ""
    postal_code: str = ""
    commune: str = ""
    commune_code: str = ""
    email: str = ""
    phone: str = ""
    representative_name: str = ""
    representative_role: str = ""
    representative_phone: str = ""
    representative_email: str = ""
    iban: str | None = None
    created_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deposit:
    """An application of the file. ``quarters`` holds codes of known quartiers, and texts as written otherwise.

    ``deposited_at`` and the days are None when the file holds something that is no date; ``cost_cents`` is None
    when the file gives none. ``documents`` maps a kind of document to the names of its files.
    """

    line: int
    number: str
    source_state: str
    deposited_at: datetime | None
    structure: StructureRead
    title: str
    theme_label: str
    quarters: tuple[str, ...]
    description: str
    beneficiaries: int | None
    women: int | None
    qpv_residents: int | None
    starts_on: date | None
    ends_on: date | None
    cost_cents: int | None
    asked_cents: int
    equality: str
    participation: str
    ecology: str
    documents: Mapping[str, str] = field(hash=False)
    republican_contract: bool | None
    budget: tuple[BudgetEntry, ...]
    sheet: str = ""
    fundings: tuple[FunderAmount, ...] = ()
    minimum_cents: int | None = None


@dataclass(frozen=True, slots=True)
class FunderAmount:
    """Cents that a co-funder, by its code, is asked, proposed, voted or paid: ``name`` is that of the amount."""

    code: str
    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A column of the file: the field it feeds (empty: none), a value of it, and where the match comes from.

    ``origin`` is "memorise" (chosen by a person), "reconnu" (by its name) or "ignore"; ``position`` counts from 0.
    """

    sheet: str
    header: str
    field: str
    label: str
    example: str
    origin: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """The whole reading. ``rows`` counts the lines read: deposits + drafts + duplicates + refused + others + left.

    ``drafts``, ``duplicates`` and ``refused`` hold the numbers of the lines set aside (« ligne 57 » for a line
    without a number); ``others`` holds the lines of the spreadsheet that are no application: totals, footnotes.
    ``problems`` come by gravity, then in the order of the file. ``left`` gives the number of each line that a person
    left aside, ``names`` the structure of each line that was not taken; ``lists`` are the sheets of applications, the
    fullest first.
    """

    source: str
    rows: int
    deposits: tuple[Deposit, ...]
    drafts: tuple[str, ...]
    duplicates: tuple[str, ...]
    refused: tuple[str, ...]
    others: tuple[int, ...]
    problems: tuple[Problem, ...]
    mapping: tuple[ColumnMatch, ...]
    header_line: int = 1
    asides: tuple[Aside, ...] = ()
    left: Mapping[Place, str] = field(default_factory=dict, hash=False)
    names: Mapping[Place, str] = field(default_factory=dict, hash=False)
    lists: tuple[str, ...] = ()

    @property
    def asked_cents(self) -> int:
        return sum(deposit.asked_cents for deposit in self.deposits)

    @property
    def cost_cents(self) -> int:
        return sum(deposit.cost_cents or 0 for deposit in self.deposits)

    def sheet_of(self, number: str) -> str:
        """The sheet that gives an application, by its number."""
        first = self.lists[0] if self.lists else ""
        return next((deposit.sheet for deposit in self.deposits if deposit.number == number), first)

    @property
    def carried(self) -> frozenset[str]:
        """The fields that the columns of the file feed."""
        return frozenset(match.field for match in self.mapping)

    @property
    def to_check(self) -> tuple[str, ...]:
        """Numbers of the deposits that enter but carry at least one problem to look at."""
        concerned = {problem.number for problem in self.problems if problem.severity == TO_CHECK}
        return tuple(deposit.number for deposit in self.deposits if deposit.number in concerned)
