"""The head of a page to mark, on a screen or on paper: whose it is, which file, its figures."""

from __future__ import annotations

from cv_desktop.documents.bundle_layout import LEFT, RIGHT
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import MM, SECONDARY, Style
from cv_desktop.documents.typeset import fitted, spans
from cv_desktop.domain.bundle import Bundle, BundleFile

TITLE = Style(13, 16, bold=True)
CALL = Style(9, 11.5, colour=SECONDARY)
_FILE = Style(10.5, 13)


def heading(sheet: Sheet, bundle: Bundle, file: BundleFile, width: float) -> None:
    """Drawn from the top of the page, ``width`` millimetres wide; the figures take the whole line under it."""
    where = bundle.call_label + (f" – {bundle.meeting}" if bundle.meeting else "")
    whose = f"Grille de {bundle.member}" + (f", {bundle.body}" if bundle.body else "")
    y = 10.0
    for line in (where, whose):
        y = sheet.rows(fitted(spans(line), CALL, width * MM, 1)[0], LEFT, y, CALL)
    rows, style = fitted(spans(file.title), TITLE, width * MM, 2)
    y = sheet.rows(rows, LEFT, y + 2, style)
    rows, style = fitted(spans(f"{file.number} – {file.structure}"), _FILE, width * MM, 1)
    y = sheet.rows(rows, LEFT, y + 0.5, style)
    figures = "  –  ".join(f"{label}\u00a0: {value}" for label, value in file.figures)
    sheet.rows(fitted(spans(figures), CALL, (RIGHT - LEFT) * MM, 1)[0], LEFT, y + 0.5, CALL)
