"""Finds the headers of a table: below titles, on one line or two, under merged groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from cv_desktop.domain.columns import Field, match_headers
from cv_desktop.domain.sheets import Cell, Row, Sheet, Table, plain
from cv_desktop.domain.text import fold

# Title rows, logos and notices stand above the headers; nobody writes more than this.
_WITHIN = 60
_NUMBER = re.compile(r"[\d\s.,/€%+-]+")
_YEARS = range(1980, 2100)
# The accounts of a budget, which head columns as numbers.
_ACCOUNTS = frozenset((*range(60, 80), 86, 87))


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    positions: Mapping[str, int]
    depth: int = 1


def open_table(sheet: Sheet, fields: Sequence[Field], chosen: Mapping[str, str] | None = None) -> Table:
    """Finds the line of headers, that is the one where most fields are recognised, and the columns.

    A line of groups above it (« Association », « Montants »…) gives its labels, carried forward over merged cells.
    ``chosen`` gives the field that a person chose for some (folded) headers; an empty field ignores the column.
    """
    best = _Candidate(0, _labels(sheet.rows[0]) if sheet.rows else (), (), {})
    met: list[_Candidate] = []
    below = 0
    for candidate in _candidates(sheet, fields, chosen or {}):
        if len(candidate.positions) > 1:
            met.append(candidate)
        goes_on = candidate.depth == 2 and best.index == candidate.index - 1 and below > 1
        below = len(candidate.positions) if candidate.depth == 1 else 0
        if len(candidate.positions) > len(best.positions) - goes_on:
            best = candidate
    # A later block may have more columns: its headers do not make data of the first ones.
    best = next((one for one in met if _opens_a_block(one, best, sheet)), best)
    depth = 2 if best.groups else best.depth
    return Table(
        sheet.name,
        best.index + sheet.first,
        best.labels,
        best.positions,
        sheet.rows[best.index + 1 :],
        best.groups,
        depth,
        sheet.numbers[best.index + 1 :],
    )


def _opens_a_block(candidate: _Candidate, best: _Candidate, sheet: Sheet) -> bool:
    if candidate.index >= best.index or len(candidate.positions) < 0.6 * len(best.positions):
        return False
    return any(
        isinstance(cell, int | float) or (isinstance(cell, str) and any(map(str.isdigit, cell)))
        for row in sheet.rows[candidate.index + 1 : best.index]
        for cell in row
    )


def _candidates(sheet: Sheet, fields: Sequence[Field], chosen: Mapping[str, str]) -> Iterator[_Candidate]:
    above: Sequence[Cell] | None = None
    for index, cells in islice(enumerate(sheet.rows), _WITHIN):
        if _is_mostly_numbers(cells):
            above = None
            continue
        labels = _labels(cells)
        if above is not None and _is_group_line(above) and _is_text(cells):
            groups = _carried(above, cells, sheet, index - 1)
            joined = tuple(
                label or (groups[at] if at < len(groups) else "")
                for at, label in enumerate((*labels, *[""] * (len(groups) - len(labels))))
            )
            # A header that stands alone over both lines is no group of itself.
            under = tuple(group if group != label else "" for group, label in zip(groups, joined, strict=False))
            if any(under):
                yield _Candidate(index, joined, under, match_headers(joined, fields, chosen, under))
        yield _Candidate(index, labels, (), match_headers(labels, fields, chosen))
        if above is not None and _is_text(above) and _is_text(cells) and len(labels) == len(above):
            # A label that goes on below: « Montant de la », « subvention ».
            joined = tuple(map(" ".join, zip(_labels(above), labels, strict=True)))
            whole = tuple(label.strip() for label in joined)
            yield _Candidate(index, whole, (), match_headers(whole, fields, chosen), depth=2)
        above = cells


def _labels(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(" ".join(plain(cell).split()) for cell in cells)


def _is_group_line(cells: Sequence[Cell]) -> bool:
    """Several labels with room between them; a title is alone on its line, data hold numbers."""
    filled = [cell for cell in cells if cell is not None and plain(cell)]
    return len(filled) > 1 and _is_text(cells)


def _is_text(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in _but_years(cells) if cell is not None and cell != "" and not _is_account(cell)]
    return (bool(filled) or _but_years(cells) is not cells) and all(
        isinstance(cell, str) and not _NUMBER.fullmatch(cell) for cell in filled
    )


def _is_mostly_numbers(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in _but_years(cells) if cell is not None and cell != "" and not _is_account(cell)]
    return not filled or sum(not isinstance(cell, str) for cell in filled) * 2 > len(filled)


def _but_years(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells without the years that head columns side by side, where a line holds two different ones at least."""
    years = [cell for cell in cells if _is_year(cell)]
    return [cell for cell in cells if not _is_year(cell)] if len({plain(year) for year in years}) > 1 else cells


def _is_year(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) == 4 and cell.isdecimal() and int(cell) in _YEARS
    return isinstance(cell, int | float) and cell in _YEARS


def _is_account(cell: Cell) -> bool:
    return cell in _ACCOUNTS or (
        isinstance(cell, str) and len(cell) == 2 and cell.isdecimal() and int(cell) in _ACCOUNTS
    )


def headers_again(
    row: Row, fields: Sequence[Field], needed: Callable[[Mapping[str, int]], bool], chosen: Mapping[str, str]
) -> Table | None:
    """The table under a line of headers met again among the lines; its columns may have moved. None for no headers.

    ``needed`` says whether the fields found on a line that differs from the first headers are enough for a table.
    """
    labels = _labels(row.cells)
    filled = sum(map(bool, labels))
    if filled < 2:
        return None
    positions = row.table.positions
    same = sum(fold(a) == fold(b) for a, b in zip(labels, row.table.headers, strict=False) if a)
    if same < max(2, filled * 0.6):
        found = match_headers(labels, fields, chosen)
        if not needed(found) or len(found) < max(2, filled * 0.6):
            return None
        positions = found
    return replace(row.table, headers=labels, positions=positions, groups=(), body=())


def _carried(above: Sequence[Cell], cells: Sequence[Cell], sheet: Sheet, line: int) -> tuple[str, ...]:
    """The group of each column: the label above, or the last one on its left.

    Where the workbook says what is merged, a group ends with its merged cells.
    """
    spans = {span.left: span.right for span in sheet.merged if span.top <= line <= span.bottom}
    groups: list[str] = []
    current, until = "", 0
    width = max(len(above), len(cells))
    for at in range(width):
        written = " ".join(plain(above[at]).split()) if at < len(above) else ""
        if written:
            current, until = written, spans.get(at, at) if spans else width
        groups.append(current if at <= until else "")
    return tuple(groups)
