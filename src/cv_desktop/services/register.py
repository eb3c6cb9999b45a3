"""The register of déports of a year, as a workbook or as pages; the export is journaled."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from cv_desktop.db.queries import register, settings
from cv_desktop.db.queries.register import RegisterRow
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import clock as hour
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.text import counted
from cv_desktop.services.minutes import RECUSAL_LAW

# Title, width in signs in the workbook and in millimetres on the page.
_COLUMNS = (
    ("Date", 12, 17),
    ("Membre", 22, 30),
    ("Qualité", 24, 32),
    ("Dossier", 16, 24),
    ("Structure et action", 40, 50),
    ("Nature du lien", 30, 36),
    ("Motif", 34, 36),
    ("Sortie et retour", 16, 18),
    ("Décidé par", 18, 26),
)


def export(session: Session, *, year: int, suffix: str = ".xlsx") -> tuple[Changes, bytes]:
    """The bytes of the register of a year: a PDF when ``suffix`` is « .pdf », else an xlsx; journaled."""
    found = register.rows(session, year=year)
    record(
        session,
        verb="register.export",
        noun="recusal",
        noun_id=str(year),
        summary=f"Registre des déports de {year} exporté, {counted(len(found), 'ligne')}",
        source="export",
    )
    law = settings.text_in_force(session, RECUSAL_LAW, date(year, 12, 31))
    made = pdf(found, year=year, law=law) if suffix.lower() == ".pdf" else xlsx(found, year=year)
    return Changes.of("recusal", str(year)), made


def xlsx(rows: list[RegisterRow], *, year: int) -> bytes:
    """One line per member and file, the first column a true date."""
    from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook

    columns = [SheetColumn(t, "date" if t == "Date" else "text", width) for t, width, _mm in _COLUMNS]
    return decisions_workbook(columns, [(row.on, *_texts(row)) for row in rows], title=_title(year))


def pdf(rows: list[RegisterRow], *, year: int, law: str) -> bytes:
    """The same lines on A4 pages in landscape, under the ``law`` that asks for them."""
    from cv_desktop.documents.table_pdf import PdfColumn, render

    columns = [PdfColumn(title, mm) for title, _width, mm in _COLUMNS]
    lines = [(short_date(row.on), *_texts(row)) for row in rows]
    said = [f"{counted(len(rows), 'ligne')}.", *([law] if law else [])]
    return render(_title(year), said, columns, lines, empty=f"Aucun déport en {year}.")


def _title(year: int) -> str:
    return f"Registre des déports {year}"


def _texts(row: RegisterRow) -> tuple[str, ...]:
    moved = [hour(local(at)) for at in (row.out_at, row.back_at) if at is not None]
    reason = row.reason
    if row.lifted_on is not None:
        reason += f" (levé le {short_date(row.lifted_on)})"
    where = f"{row.structure}, {row.title}"
    return row.member, row.quality, row.number, where, row.kind, reason, " – ".join(moved), row.decided_by
