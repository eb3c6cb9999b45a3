"""The table annexed to a délibération: the files of a lot, with totals by volet and by commune; PDF and workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cv_desktop.documents import table_pdf
from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook
from cv_desktop.documents.table_pdf import PdfColumn, Section
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.money import euros, figures, percent
from cv_desktop.domain.text import counted

NBSP = "\u00a0"
UNKNOWN = "Non renseigné"
PDF_COLUMNS = (
    PdfColumn("Rang", 11, right=True),
    PdfColumn("N°", 24),
    PdfColumn("Structure", 32),
    PdfColumn("Commune", 29),
    PdfColumn("Action", 30),
    PdfColumn("Volet", 27),
    PdfColumn("Demandé (€)", 17, right=True),
    PdfColumn("Décision", 20),
    PdfColumn("Accordé (€)", 17, right=True),
    PdfColumn("Réserve ou motif", 62),
)
SUM_COLUMNS = (
    PdfColumn("", 110),
    PdfColumn("Dossiers", 24, right=True),
    PdfColumn("Demandé (€)", 30, right=True),
    PdfColumn("Accordé (€)", 30, right=True),
)
SHEET_COLUMNS = (
    SheetColumn("Rang", "count", 7),
    SheetColumn("N° dossier", "text", 16),
    SheetColumn("Structure", "text", 34),
    SheetColumn("Commune", "text", 22),
    SheetColumn("Action", "text", 38),
    SheetColumn("Volet", "text", 30),
    SheetColumn("Quartiers", "text", 30),
    SheetColumn("Note", "decimal", 8),
    SheetColumn("Budget de l’action", "euros", 15),
    SheetColumn("Demandé", "euros", 13),
    SheetColumn("Décision", "text", 20),
    SheetColumn("Accordé", "euros", 13),
    SheetColumn("Décision précédente", "euros", 13),
    SheetColumn("Réserve", "text", 34),
    SheetColumn("À lever avant le", "date", 13),
    SheetColumn("Motif", "text", 40),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A file put to the vote; amounts in cents."""

    rank: int | None
    number: str
    structure: str
    commune: str
    title: str
    theme: str
    quarters: str
    score: str
    cost_cents: int
    asked_cents: int
    decision: str
    amount_cents: int
    before_cents: int | None
    condition: str
    condition_due_on: date | None
    motive: str


def totals(items: Sequence[Item], name: str) -> list[tuple[str, int, int, int]]:
    """(label, files, asked, granted) of each volet (« theme ») or commune, the largest grant first."""
    found: dict[str, list[int]] = {}
    for item in items:
        sums = found.setdefault(getattr(item, name) or UNKNOWN, [0, 0, 0])
        sums[0] += 1
        sums[1] += item.asked_cents
        sums[2] += item.amount_cents
    return sorted(((key, *sums) for key, sums in found.items()), key=lambda x: (-x[3], x[0]))  # type: ignore[misc]


def pdf(items: Sequence[Item], *, title: str, about: str) -> bytes:
    """The annex as pages: the table, its total, then the totals by volet and by commune."""
    asked, granted = sum(x.asked_cents for x in items), sum(x.amount_cents for x in items)
    rows: list[tuple[str, ...]] = [
        (
            str(x.rank) if x.rank else "–",
            x.number,
            x.structure,
            x.commune,
            x.title,
            x.theme,
            figures(x.asked_cents),
            x.decision,
            figures(x.amount_cents) if x.amount_cents else "–",
            _remark(x),
        )
        for x in items
    ]
    rows.append(("", "", "Ensemble", "", "", "", figures(asked), "", figures(granted), ""))
    files = counted(len(items), "dossier")
    sentence = f"{files}, {euros(granted)} pour {euros(asked)} demandés ({percent(granted, asked)})."
    sections = [
        Section(
            heading,
            SUM_COLUMNS,
            [
                *((label, str(count), figures(a), figures(g)) for label, count, a, g in totals(items, name)),
                ("Ensemble", str(len(items)), figures(asked), figures(granted)),
            ],
            total=True,
        )
        for heading, name in (("Par volet", "theme"), ("Par commune du siège", "commune"))
    ]
    if not items:
        return table_pdf.render(title, [about], PDF_COLUMNS, (), empty="Aucun dossier dans ce lot.")
    return table_pdf.render(title, [about, sentence], PDF_COLUMNS, rows, empty="", total=True, sections=sections)


def workbook(items: Sequence[Item], *, title: str) -> bytes:
    """The same files with every value a spreadsheet can add up, then the totals as lines of their own."""
    rows: list[tuple[object, ...]] = [
        (
            x.rank, x.number, x.structure, x.commune, x.title, x.theme, x.quarters, _note(x.score), x.cost_cents,
            x.asked_cents, x.decision, x.amount_cents, x.before_cents, x.condition, x.condition_due_on, x.motive,
        )
        for x in items
    ]  # fmt: skip
    rows.append(_total("Ensemble", len(items), sum(x.asked_cents for x in items), sum(x.amount_cents for x in items)))
    for heading, name in (("Volet", "theme"), ("Commune", "commune")):
        rows += [_total(f"{heading}{NBSP}: {label}", *sums) for label, *sums in totals(items, name)]
    return decisions_workbook(SHEET_COLUMNS, rows, title=title)


def _total(label: str, files: int, asked: int, granted: int) -> tuple[object, ...]:
    empty: list[object] = [None] * len(SHEET_COLUMNS)
    empty[2], empty[4], empty[9], empty[11] = label, counted(files, "dossier"), asked, granted
    return tuple(empty)


def _note(shown: str) -> Decimal | None:
    """The note of a committee as a number; None for a file that has none."""
    return Decimal(shown.replace(",", ".")) if shown[:1].isdigit() else None


def _remark(item: Item) -> str:
    """The condition, what the decision replaces, and its motive, that of a reduction as that of a refusal."""
    told = []
    if item.condition and item.condition_due_on:
        told.append(f"Sous réserve, avant le {long_date(item.condition_due_on)}{NBSP}: {item.condition}")
    if item.before_cents is not None:
        told.append(f"Au lieu de {euros(item.before_cents)}" if item.before_cents else "Sans montant auparavant")
    if item.motive:
        told.append(item.motive)
    return told[0] if len(told) == 1 else "".join(f"{x.rstrip(' .')}. " for x in told).strip()
