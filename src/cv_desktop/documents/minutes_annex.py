"""The annexed table of a meeting, one line per file: a PDF in landscape and a workbook."""

from __future__ import annotations

from fractions import Fraction

from cv_desktop.documents import table_pdf
from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook
from cv_desktop.documents.table_pdf import PdfColumn
from cv_desktop.domain.minutes import Heard, Minutes
from cv_desktop.domain.minutes_text import footer, subtitle
from cv_desktop.domain.money import figures
from cv_desktop.domain.states import Opinion

NBSP = "\u00a0"
PDF_COLUMNS = (
    PdfColumn("Rang", 11, right=True),
    PdfColumn("N°", 28),
    PdfColumn("Structure", 40),
    PdfColumn("Action", 48),
    PdfColumn("Demandé (€)", 20, right=True),
    PdfColumn("Note", 13, right=True),
    PdfColumn("Avis et vote", 42),
    PdfColumn("Proposé (€)", 20, right=True),
    PdfColumn("Réserves, demandes, déports", 47),
)
SHEET_COLUMNS = (
    SheetColumn("Rang", "count", 7),
    SheetColumn("N° dossier", "text", 16),
    SheetColumn("Structure", "text", 34),
    SheetColumn("Action", "text", 38),
    SheetColumn("Budget de l’action", "euros", 15),
    SheetColumn("Demandé", "euros", 13),
    SheetColumn("Note", "decimal", 8),
    SheetColumn("Bande", "text", 14),
    SheetColumn("Grilles comptées", "count", 10),
    SheetColumn("Avis", "text", 15),
    SheetColumn("Proposé", "euros", 13),
    SheetColumn("Pour", "count", 7),
    SheetColumn("Contre", "count", 8),
    SheetColumn("Abstention", "count", 11),
    SheetColumn("Voix pouvant voter", "count", 11),
    SheetColumn("Quorum", "count", 9),
    SheetColumn("Déports", "text", 34),
    SheetColumn("Réserves", "text", 38),
    SheetColumn("Il est demandé", "text", 38),
    SheetColumn("Motif", "text", 38),
    SheetColumn("Observation", "text", 30),
)


def pdf(minutes: Minutes, sha256: str) -> bytes:
    """The table for the paper file: what a signatory and the prefecture read at a glance."""
    rows = [
        (
            str(file.rank),
            file.number,
            file.structure,
            file.title,
            figures(file.asked_cents),
            file.note or "–",
            file.opinion_words,
            figures(file.amount_cents) if _paid(file) else "–",
            _remarks(file),
        )
        for file in minutes.files
    ]
    total = ("", "", "Ensemble", "", figures(minutes.asked_cents), "", "", figures(minutes.proposed_cents), "")
    return table_pdf.render(
        f"Annexe au relevé d’avis, {minutes.meeting}",
        [f"{minutes.call}. {subtitle(minutes)}.", footer(minutes, sha256)],
        PDF_COLUMNS,
        [*rows, total] if rows else [],
        empty="Aucun dossier à l’ordre du jour.",
    )


def workbook(minutes: Minutes) -> bytes:
    """The same lines with every value a spreadsheet can add up."""
    rows = []
    for file in minutes.files:
        favour, against, abstention = file.votes or (None, None, None)
        rows.append(
            (
                file.rank,
                file.number,
                file.structure,
                file.title,
                file.cost_cents,
                file.asked_cents,
                _tenth(file),
                file.band,
                file.sheets or None,
                Opinion(file.opinion).label if file.opinion else "À rendre",
                file.amount_cents if _paid(file) else None,
                favour,
                against,
                abstention,
                file.voices if file.opinion else None,
                file.needed,
                f"{NBSP}; ".join(x.words for x in file.withdrawals),
                file.reserves,
                file.asked,
                file.reason,
                file.remark,
            )
        )
    return decisions_workbook(SHEET_COLUMNS, rows, title=f"Relevé d’avis {minutes.meeting}")


def _paid(file: Heard) -> bool:
    return file.opinion in (Opinion.FAVORABLE, Opinion.RESERVED)


def _remarks(file: Heard) -> str:
    parts = [
        file.reserves if file.opinion == Opinion.RESERVED else "",
        file.asked if file.opinion == Opinion.ADJOURNED else "",
        f"{'Motif de l’écart' if file.departs else 'Motif'}{NBSP}: {file.reason}" if file.reason else "",
        *(f"Déport{NBSP}: {x.words}" for x in file.withdrawals),
    ]
    return "\n".join(part for part in parts if part)


def _tenth(file: Heard) -> Fraction | None:
    """The note as shown: one decimal."""
    return Fraction(file.note.replace(",", ".")) if file.exact else None
