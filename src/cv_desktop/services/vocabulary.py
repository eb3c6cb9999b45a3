"""What the readings of files know beforehand, as data: headers, words of totals, the open-data schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cv_desktop.domain import file_kinds
from cv_desktop.domain.columns import Field, fields_from, header_key
from cv_desktop.domain.deposit_words import DepositWords
from cv_desktop.domain.directory import Registers
from cv_desktop.domain.grant_columns import FunderWords, Words
from cv_desktop.domain.intake import ColumnMatch
from cv_desktop.domain.scdl import Schema
from cv_desktop.domain.sheets import Sheet
from cv_desktop.domain.totals import TotalWords
from cv_desktop.paths import resource


def deposits() -> DepositWords:
    """For applications, whatever their source."""
    return DepositWords.from_json(_table("colonnes"))


def fields_of(match: ColumnMatch, mapping: Sequence[ColumnMatch]) -> Sequence[Field]:
    """The fields a column of that sheet may feed: those of a budget, of the establishments, or of the applications."""
    return deposits().of_sheet(match.sheet, mapping[0].sheet if mapping else "")


def kind_of(sheets: Sequence[Sheet]) -> str:
    """What a file holds, one of ``file_kinds.KINDS``, or nothing when no column says it."""
    return file_kinds.kind_of(sheets, deposits(), words(), registers())


def words() -> Words:
    """For lists of grants."""
    columns = _table("colonnes")
    return Words(
        fields_from(columns["history"]),
        TotalWords.from_json(columns["total_words"]),
        Schema.from_json(_table("scdl_subventions")),
        FunderWords.from_json(columns["funder_words"], _funders()),
    )


def _funders() -> Iterator[str]:
    for one in _table("cofinanceurs")["funders"]:
        yield from (one["label"], *one["synonyms"])


def registers() -> Registers:
    """For the public registers of associations."""
    columns = _table("colonnes")
    names = ("rna", "sirene_units", "sirene_places")
    return Registers({name: fields_from(columns[name]) for name in names}, tuple(columns["legal_forms"]))


def marks() -> dict[str, Any]:
    """For files of marks: the headers of each column, and the words that mean « sans objet »."""
    return _table("notes")


def ignored() -> frozenset[str]:
    """Keys of the headers that an online form adds of itself and that feed nothing."""
    return frozenset(map(header_key, _table("colonnes")["ignored"]))


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(resource("reference", f"{name}.json").read_bytes())
    return table
