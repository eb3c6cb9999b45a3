"""The open-data schema « subventions » (SCDL) held against the lines of a file that bears its headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stdnum.fr import siret as stdnum_siret

from cv_desktop.domain.identifiers import judge_siret
from cv_desktop.domain.sheets import Row, plain
from cv_desktop.domain.text import NBSP, quote


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a cell breaks, or the whole line when ``column`` is empty."""

    column: str
    rule: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SchemaField:
    """A column of the schema with its rules."""

    name: str
    type: str
    required: bool = False
    pattern: re.Pattern[str] | None = None
    longest: int | None = None
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    siret: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """``one_of`` holds pairs of columns of which one must be filled."""

    version: str
    fields: tuple[SchemaField, ...]
    one_of: tuple[tuple[str, str], ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        """The schema as data.gouv.fr publishes it (Table Schema)."""
        checks = data.get("custom_checks", ())
        sirets = {check["params"]["column"] for check in checks if check["name"] == "french-siret-value"}
        pairs = tuple(
            (check["params"]["column1"], check["params"]["column2"])
            for check in checks
            if check["name"] == "one-of-required"
        )
        return cls(data["version"], tuple(_field(one, one["name"] in sirets) for one in data["fields"]), pairs)

    def fits(self, headers: Iterable[str]) -> bool:
        """Whether a file bears the headers of the schema: every required one."""
        known = {header.casefold() for header in headers}
        return all(field.name.casefold() in known for field in self.fields if field.required)

    def missing(self, headers: Iterable[str]) -> tuple[str, ...]:
        """The optional columns that a file does not have."""
        known = {header.casefold() for header in headers}
        return tuple(field.name for field in self.fields if field.name.casefold() not in known)

    def places(self, headers: Sequence[str]) -> tuple[tuple[SchemaField, int], ...]:
        """The fields present with their column."""
        known = {header.casefold(): at for at, header in reversed(tuple(enumerate(headers)))}
        return tuple((field, known[field.name.casefold()]) for field in self.fields if field.name.casefold() in known)

    def breaches(self, row: Row, places: Sequence[tuple[SchemaField, int]]) -> Iterator[Breach]:
        """The rules that a line breaks, cell after cell, then those of the whole line."""
        filled = set()
        for field, at in places:
            value = _written(row, at)
            if value:
                filled.add(field.name)
            for rule, message in _cell(field, value):
                yield Breach(row.table.headers[at], rule, message, value)
        for one, other in self.one_of:
            if one not in filled and other not in filled:
                message = f"{quote(one)} et {quote(other)} sont vides{NBSP}: l’un des deux est obligatoire (SCDL)."
                yield Breach("", "one-of-required", message)


def _field(data: Mapping[str, Any], siret: bool) -> SchemaField:
    rules = data.get("constraints", {})
    values = rules.get("enum") or [*data.get("trueValues", ()), *data.get("falseValues", ())]
    return SchemaField(
        data["name"],
        data["type"],
        bool(rules.get("required")),
        re.compile(rules["pattern"]) if "pattern" in rules else None,
        rules.get("maxLength"),
        tuple(values),
        rules.get("minimum"),
        rules.get("maximum"),
        siret,
    )


def _written(row: Row, at: int) -> str:
    """A cell as the file writes it; typed cells of a workbook in the notation of the schema."""
    cell = row.cells[at] if at < len(row.cells) else None
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    return plain(cell)


def _cell(field: SchemaField, value: str) -> Iterator[tuple[str, str]]:
    if not value:
        if field.required:
            yield "required", f"{quote(field.name)} est obligatoire (SCDL)."
        return
    shown = quote(value[:80])
    if field.type == "date" and not _is_iso(value):
        yield "type", f"{shown} n’est pas une date AAAA-MM-JJ (SCDL)."
    if field.type == "number":
        number = _number(value)
        if number is None:
            yield "type", f"{shown} n’est pas un nombre à point décimal (SCDL)."
        elif field.least is not None and number < field.least:
            yield "minimum", f"{shown} est en dessous du minimum, {field.least:g} (SCDL)."
        elif field.most is not None and number > field.most:
            yield "maximum", f"{shown} dépasse le maximum, {field.most:g} (SCDL)."
    if field.pattern and not field.pattern.fullmatch(value):
        yield "pattern", f"{shown} n’a pas la forme attendue de {quote(field.name)} (SCDL)."
    if field.values and value not in field.values:
        yield "enum", f"{shown} n’est pas une valeur de {quote(field.name)} (SCDL)."
    if field.longest is not None and len(value) > field.longest:
        yield "maxLength", f"{quote(field.name)} dépasse {field.longest} caractères (SCDL)."
    if field.siret and not stdnum_siret.is_valid(value):
        _state, _number_read, refusal = judge_siret(value)
        yield "siret", refusal or f"{shown} n’est pas écrit en 14 chiffres (SCDL)."


def _is_iso(value: str) -> bool:
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", value) else None
