"""Reads the records of a JSON file: a list of them, lists under keys, lines of JSON, or GeoJSON features."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cv_desktop.documents.archive import TOO_WIDE
from cv_desktop.documents.csv_read import decoded
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Cell, Opened, Remark, Sheet
from cv_desktop.domain.text import NBSP

# Each object takes room in memory whatever its size in the file.
_MAX_OBJECTS = 300_000
_MAX_LISTS = 300_000
_MAX_VALUES = 3_000_000
_MAX_COLUMNS = 500
_LONGEST_NUMBER = 30
_DEPTH = 4
# Halves of a sign, which no encoding can write, count among the invisible.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST_TEXT = 1_000_000
# Far beyond any list: refused before it is built, the exact count unsaid.
_WIDEST = 50_000
# Where exporters put the values of a record: GeoJSON, then two generations of Opendatasoft.
_INSIDE = ("properties", "fields", "record")

_BROKEN = f"Ce fichier JSON est incomplet ou abîmé, ligne {{line}}{NBSP}: téléchargez-le de nouveau."
_DEEP = "Ce fichier JSON est imbriqué trop profondément pour être une liste."
_TOO_BIG = "Ce fichier est trop grand une fois ouvert. Partagez-le en plusieurs fichiers."
_NO_LIST = "Ce fichier JSON ne contient aucune liste d’enregistrements."


def read_json(content: bytes, name: str) -> Opened:
    """Each list of records as a sheet whose first row holds the names of the values; record 1 is line 1.

    A list stands under its keys (« 2021 », « result.records »); the only list of a file has its ``name``. Raises
    UserError when the file is damaged, too deep, too big, or holds no list of records.
    """
    if content.count(b"{") > _MAX_OBJECTS or content.count(b"[") > _MAX_LISTS or content.count(b",") > _MAX_VALUES:
        raise UserError(_TOO_BIG)
    if content.count(b'":') > _WIDEST * (content.count(b"{") + 1):
        raise UserError(TOO_WIDE)
    text, encoding, remarks = decoded(content)
    lists = list(_lists(_parsed(text), ()))
    if not lists:
        raise UserError(_NO_LIST)
    sheets = [
        _sheet(".".join(keys) if len(lists) > 1 and keys else name, records, remarks, several=len(lists) > 1)
        for keys, records in lists
    ]
    return Opened(tuple(sheets), "json", encoding, tuple(remarks))


def _sheet(name: str, records: Sequence[Mapping[str, Any]], remarks: list[Remark], *, several: bool) -> Sheet:
    flat = [_flat(record) for record in records]
    keys = list(dict.fromkeys(key for record in flat for key in record))
    if len(keys) > _MAX_COLUMNS:
        raise UserError(
            f"Ces enregistrements ont {len(keys)} valeurs différentes, le maximum est {_MAX_COLUMNS} colonnes."
        )
    rows: list[Sequence[Cell]] = [keys]
    for number, record in enumerate(flat, 1):
        row = [record.get(key) for key in keys]
        for at, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > _LONGEST_TEXT:
                raise UserError(f"Enregistrement {number}{NBSP}: une valeur dépasse un million de signes.")
            if isinstance(cell, str) and _CONTROLS.search(cell):
                row[at] = _CONTROLS.sub("", cell)
                message = "Des caractères de contrôle, invisibles, ont été retirés."
                remarks.append(Remark(number, message, name if several else ""))
        rows.append(row)
    return Sheet(name, rows, first=0)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_integer, parse_constant=str, object_pairs_hook=_object)
    except json.JSONDecodeError as failure:
        lines = [line for line in text.splitlines() if line.strip()]
        if failure.msg == "Extra data" and len(lines) > 1:
            return [_one_line(number, line) for number, line in enumerate(lines, 1)]
        raise UserError(_BROKEN.format(line=failure.lineno)) from None
    except RecursionError:
        raise UserError(_DEEP) from None


def _one_line(number: int, line: str) -> Any:
    try:
        return json.loads(line, parse_int=_integer, parse_constant=str, object_pairs_hook=_object)
    except json.JSONDecodeError:
        raise UserError(_BROKEN.format(line=number)) from None
    except RecursionError:
        raise UserError(_DEEP) from None


def _integer(digits: str) -> int | str:
    """A number longer than any amount or identifier stays the text it is."""
    return digits if len(digits) > _LONGEST_NUMBER else int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key met twice keeps both values, the second under another name: none hides the other."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        while key in found:
            key = f"{key} (bis)"
        found[key] = value
    return found


def _lists(data: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Mapping[str, Any]]]]:
    """Each list of objects with its keys from the top; a list of lists has its names on its first line."""
    if isinstance(data, list):
        objects = [one for one in data if isinstance(one, dict)]
        if objects:
            yield keys, [_inside(one) for one in objects]
        elif len(data) > 1 and all(isinstance(one, list) for one in data):
            names = [str(name) for name in data[0]]
            yield keys, [dict(zip(names, one, strict=False)) for one in data[1:]]
    elif isinstance(data, dict) and len(keys) < _DEPTH:
        for key, value in data.items():
            yield from _lists(value, (*keys, key))


def _inside(record: Mapping[str, Any]) -> Mapping[str, Any]:
    for key in _INSIDE:
        inner = record.get(key)
        if isinstance(inner, dict):
            return _inside(inner)
    return record


def _flat(record: Mapping[str, Any]) -> dict[str, Cell]:
    """One value per name: objects give « name.key », lists of simple values are joined."""
    found: dict[str, Cell] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            for inner, one in value.items():
                if not isinstance(one, dict | list):
                    found[f"{key}.{inner}"] = one
        elif isinstance(value, list):
            found[key] = ", ".join(str(one) for one in value if not isinstance(one, dict | list))
        else:
            found[key] = value
    return found
