"""The report of an import, line by line, as a workbook or as a PDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cv_desktop.domain.file_kinds import DIRECTORY, HISTORY
from cv_desktop.domain.intake_preview import LineState
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services.readings import Reading

TITLE = "Rapport d’import"
_MANY = 3_000
_AMOUNT = {HISTORY: "Montant", DIRECTORY: "Montant"}


def workbook(reading: Reading) -> bytes:
    """The report by line as an xlsx, problems of the whole file at the end."""
    from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook

    columns = (
        SheetColumn("Ligne", "count", 8),
        SheetColumn("Résultat", "text", 14),
        SheetColumn("N° externe", "text", 14),
        SheetColumn("Structure", "text", 34),
        SheetColumn("Action", "text", 40),
        SheetColumn(_AMOUNT.get(reading.kind, "Demandé"), "text", 14),
        SheetColumn("Remarques", "text", 80),
    )
    return decisions_workbook(columns, _rows(reading), title=TITLE)


def pdf(reading: Reading, *, written: bool) -> bytes:
    """The report as pages to keep or to send: the figures, then what is not simply ready.

    ``written`` says whether the import was made or is a simulation still.
    """
    from cv_desktop.documents.table_pdf import PdfColumn, render

    columns = (
        PdfColumn("Ligne", 13, right=True),
        PdfColumn("Résultat", 22),
        PdfColumn("N° externe", 24),
        PdfColumn("Structure", 52),
        PdfColumn("Action", 52),
        PdfColumn(_AMOUNT.get(reading.kind, "Demandé"), 22, right=True),
        PdfColumn("Remarques", 84),
    )
    told = [
        ["" if cell is None else str(cell) for cell in row]
        for row in _rows(reading)
        if row[1] != LineState.READY.label or row[6]
    ]
    ready, doubtful, refused, aside = reading.counts
    sentences = [
        f"Fichier{NBSP}: {quote(reading.file.name)}, source {quote(reading.source)}, empreinte SHA-256 "
        f"{reading.file.sha256}.",
        f"{reading.rows} lignes lues{NBSP}: {ready} prêtes, {doubtful} à vérifier, {refused} refusées, "
        f"{aside} écartées.",
        "Import terminé." if written else f"Simulation{NBSP}: rien n’est écrit dans la base.",
        f"Les lignes prêtes et sans remarque ne sont pas détaillées ici{NBSP}; le classeur les donne toutes.",
    ]
    if len(told) > _MANY:
        sentences.append(f"Les {_MANY} premières remarques sur {len(told)} sont imprimées.")
    return render(TITLE, sentences, columns, told[:_MANY], empty="Aucune ligne à vérifier, refusée ou écartée.")


def _rows(reading: Reading) -> list[Sequence[object]]:
    said: dict[int, list[str]] = defaultdict(list)
    loose: list[str] = []
    sheet = next((match.sheet for match in reading.mapping), "")
    by_number = {line.number: line.line for line in reading.lines if line.number}
    for point in reading.points:
        problem = point.problem
        on_files = reading.kind != "applications" or problem.sheet in (sheet, "Dossiers")
        line = problem.line if on_files else by_number.get(problem.number, 0)
        where = f"{problem.column}{NBSP}: " if problem.column else ""
        words = where + (point.repair.done if point.repair else problem.message)
        if line:
            said[line].append(words)
        else:
            loose.append(words)
    rows: list[Sequence[object]] = [
        (
            line.line,
            line.state.label,
            line.number,
            line.structure,
            line.title,
            line.asked,
            "\n".join(said.get(line.line, ())),
        )
        for line in reading.lines
    ]
    return rows + [(None, "Fichier", None, None, None, None, words) for words in loose]
