"""The marking sheets of a member as a protected workbook: one sheet a file, levels chosen in lists."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from cv_desktop.documents import archive
from cv_desktop.documents.sheet_write import UNDATED, repacked, write_text
from cv_desktop.domain.bundle import WORKBOOK, Answer, Asked, Bundle, BundleFile, Judged, Outcome, Returned, readable
from cv_desktop.domain.bundle_words import DEDICATED, choices, dedicated_of, level_of
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote

_GUIDE, _HIDDEN = "Mode d’emploi", "manifeste"
_HEADERS = ("Code", "Critère", "Niveau", "Phrase", "Action dédiée", "Niveaux de la grille")
_WIDTHS = (9, 44, 26, 56, 14, 90)
_HEADER_LINE = 5
_CHUNK = 30_000
_FILL, _ENTRY = PatternFill("solid", fgColor="0F5C73"), PatternFill("solid", fgColor="FFF8E5")
_LINE = Side(style="thin", color="9AA3A8")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_MOST = 8_000


def render(bundle: Bundle, manifest: Mapping[str, Any]) -> bytes:
    """An xlsx where only levels, sentences and « action dédiée » can be typed. Same bundle, same bytes."""
    book = Workbook()
    book.properties.title = f"Grilles de {bundle.member}, {bundle.call_code}"
    book.properties.creator = "CV Desktop"
    book.properties.language = "fr-FR"
    book.properties.created = UNDATED
    guide: Any = book.active
    guide.title = _GUIDE
    hidden: Any = book.create_sheet(_HIDDEN)
    for line, chunk in enumerate(_chunks(json.dumps(manifest, ensure_ascii=False, sort_keys=True)), 1):
        write_text(hidden.cell(line, 1), chunk)
    every = [(version, asked) for version, criteria in bundle.grids.items() for asked in criteria]
    lists = {(version, x.code): _list(hidden, column, x) for column, (version, x) in enumerate(every, 2)}
    for file in bundle.files:
        _file(book.create_sheet(file.number), bundle, file, lists)
    _guide(guide, bundle)
    hidden.sheet_state = "veryHidden"
    book.move_sheet(hidden, len(bundle.files))
    book.security.lockStructure = True
    buffer = BytesIO()
    book.save(buffer)
    return repacked(buffer.getvalue())


def _chunks(text: str) -> list[str]:
    return [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]


def _list(hidden: Any, column: int, asked: Asked) -> str:
    for line, choice in enumerate(choices(asked), 1):
        write_text(hidden.cell(line, column), choice)
    letter = get_column_letter(column)
    return f"{_HIDDEN}!${letter}$1:${letter}${len(choices(asked))}"


def _file(sheet: Any, bundle: Bundle, file: BundleFile, lists: Mapping[tuple[int, str], str]) -> None:
    write_text(sheet.cell(1, 1), file.title)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    write_text(sheet.cell(2, 1), f"{file.number} – {file.structure}")
    write_text(sheet.cell(3, 1), "  –  ".join(f"{label}\u00a0: {value}" for label, value in file.figures))
    for column, (title, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), 1):
        cell = sheet.cell(_HEADER_LINE, column)
        write_text(cell, title)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _FILL
        sheet.column_dimensions[get_column_letter(column)].width = width
    flags = DataValidation(type="list", formula1=f'"{DEDICATED}"', allow_blank=True, showErrorMessage=True)
    flags.error, flags.errorTitle = "Laissez vide, ou choisissez «\u00a0oui\u00a0».", "Action dédiée"
    for line, asked in enumerate(bundle.asked(file), _HEADER_LINE + 1):
        _criterion(sheet, line, asked)
        levels = DataValidation(
            type="list", formula1=lists[bundle.version_of(file), asked.code], allow_blank=True, showErrorMessage=True
        )
        levels.error, levels.errorTitle = "Choisissez un niveau dans la liste.", asked.code
        sheet.add_data_validation(levels)
        levels.add(f"C{line}")
        if asked.may_be_dedicated:
            flags.add(f"E{line}")
    sheet.add_data_validation(flags)
    sheet.freeze_panes = f"C{_HEADER_LINE + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _criterion(sheet: Any, line: int, asked: Asked) -> None:
    texts = "\n".join(f"{level.value} {level.name}\u00a0: {level.text}" for level in asked.levels)
    asking = ", ".join(map(str, asked.sentence_levels))
    label = asked.label + (f"\n{asked.guide}" if asked.guide else "")
    label += f"\nPhrase demandée pour {asking}." if asking else ""
    for column, text in ((1, asked.code), (2, label), (6, texts)):
        write_text(sheet.cell(line, column), text)
        sheet.cell(line, column).alignment = _WRAPPED
    sheet.cell(line, 1).font = Font(bold=True, color="0F5C73")
    for column in (3, 4, *((5,) if asked.may_be_dedicated else ())):
        cell = sheet.cell(line, column)
        cell.protection = Protection(locked=False)
        cell.fill, cell.alignment, cell.number_format = _ENTRY, _WRAPPED, "@"
        cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
    sheet.row_dimensions[line].height = 15 * max(4, len(asked.levels) + 1)


def _guide(sheet: Any, bundle: Bundle) -> None:
    where = bundle.call_label + (f" – {bundle.meeting}" if bundle.meeting else "")
    lines = (
        where,
        f"Grilles de {bundle.member}" + (f", {bundle.body}" if bundle.body else ""),
        "Une feuille par dossier\u00a0: choisissez un niveau par critère dans la liste, écrivez la phrase demandée.",
        "Les cases jaunes se remplissent, les autres sont protégées. Rendez ce classeur sans le renommer en un autre "
        "format.",
        "Ces notes sont les vôtres\u00a0: ne les montrez pas aux autres membres avant la séance.",
    )
    for line, text in enumerate(lines, 1):
        write_text(sheet.cell(line, 1), text)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    top = len(lines) + 2
    for column, title in enumerate(("Dossier", "Structure", "Action", "Critères notés"), 1):
        cell = sheet.cell(top, column)
        write_text(cell, title)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _FILL
    for line, file in enumerate(bundle.files, top + 1):
        for column, text in enumerate((file.number, file.structure, file.title), 1):
            write_text(sheet.cell(line, column), text)
        sheet.cell(line, 1).hyperlink = f"#'{file.number}'!C{_HEADER_LINE + 1}"
        last = _HEADER_LINE + len(bundle.asked(file))
        count = f"COUNTA('{file.number}'!C{_HEADER_LINE + 1}:C{last})"
        sheet.cell(line, 4).value = f'={count}&" sur {len(bundle.asked(file))}"'
    for letter, width in (("A", 18), ("B", 44), ("C", 60), ("D", 16)):
        sheet.column_dimensions[letter].width = width
    sheet.protection.sheet = True


def read(path: Path) -> Returned:
    """A workbook that came back: its manifest and its answers, unjudged.

    Raises UserError when it is no workbook of ours: protected, damaged, or without its manifest.
    """
    archive.examine(path)
    try:
        book = load_workbook(path, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError):
        raise UserError(archive.BROKEN) from None
    manifest = _manifest(book)
    answers: list[Answer] = []
    refused: list[Judged] = []
    altered: list[str] = []
    criteria: Mapping[str, object] = manifest.get("criteria", {})
    for number in map(str, manifest.get("files", ())):
        if number not in book.sheetnames:
            altered.append(f"La feuille {quote(number)} a été supprimée ou renommée.")
            continue
        said, unread, fault = _answers(book[number], number, criteria)
        answers += said
        refused += unread
        altered += [fault] if fault else []
    known = {_GUIDE, _HIDDEN, *map(str, manifest.get("files", ()))}
    altered += [f"La feuille {quote(name)} n’est pas une feuille de cette liasse." for name in book.sheetnames
                if name not in known]  # fmt: skip
    return Returned(
        path.name,
        WORKBOOK,
        str(manifest.get("bundle", "")),
        manifest,
        tuple(answers),
        refused=tuple(refused),
        altered=tuple(altered),
    )


def _manifest(book: Any) -> Mapping[str, Any]:
    said = ""
    if _HIDDEN in book.sheetnames:
        sheet = book[_HIDDEN]
        said = "".join(str(sheet.cell(line, 1).value or "") for line in range(1, 40))
    try:
        manifest = json.loads(said)
    except json.JSONDecodeError:
        manifest = None
    if not isinstance(manifest, dict) or not readable(manifest):
        raise UserError(
            "Ce classeur n’est pas une liasse de grilles\u00a0: son manifeste manque ou a été modifié. "
            "Reprenez celui qui a été remis."
        )
    return manifest


def _answers(sheet: Any, number: str, criteria: Mapping[str, object]) -> tuple[list[Answer], list[Judged], str]:
    """Answers, cells that cannot be read, and what makes the sheet another one: then nothing of it is kept."""
    titles = tuple(str(sheet.cell(_HEADER_LINE, column).value or "") for column in range(1, len(_HEADERS) + 1))
    if titles != _HEADERS:
        return [], [], f"Feuille {quote(number)}\u00a0: les titres de la ligne {_HEADER_LINE} ont changé."
    answers: list[Answer] = []
    refused: list[Judged] = []
    seen: set[str] = set()
    for line in range(_HEADER_LINE + 1, min(sheet.max_row, _MOST) + 1):
        code, level, sentence, flag = (_text(sheet.cell(line, column).value) for column in (1, 3, 4, 5))
        if not (code or level or sentence or flag):
            continue
        if code not in criteria or code in seen:
            what = quote(code or "vide")
            return [], [], f"Feuille {quote(number)}, ligne {line}\u00a0: {what} n’est pas un critère attendu."
        seen.add(code)
        try:
            value, away = level_of(level)
            answers.append(Answer(number, code, value, away, dedicated_of(flag), sentence))
        except UserError as refusal:
            refused.append(Judged(Answer(number, code), Outcome.REFUSED, f"Ligne {line}\u00a0: {refusal.message}"))
    return answers, refused, ""


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
