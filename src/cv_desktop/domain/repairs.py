"""What a person mends in a file before it is imported: cells typed, doubts confirmed, lines left aside.

The file itself is never touched: repairs are laid over what was read of it, and the reading is made again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from cv_desktop.domain import cells
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import parse_iban, parse_rna, parse_siren, parse_siret
from cv_desktop.domain.intake import BLOCKING, TO_CHECK, ColumnMatch, Place, Problem
from cv_desktop.domain.money import parse_amount
from cv_desktop.domain.reimport import BASE, FILE
from cv_desktop.domain.sheets import Cell, Sheet
from cv_desktop.domain.text import NBSP, quote

# The severity of what the file and the base say differently.
DIFFERENCE = "difference"


class Act(StrEnum):
    """A repair, in the words of its button."""

    TYPE = "type"
    PICK = "pick"
    CONFIRM = "confirm"
    LEAVE = "leave"
    SAME = "same"
    CREATE = "create"
    TAKE = "take"
    KEEP = "keep"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Act.TYPE: "Saisir…",
    Act.PICK: "Choisir…",
    Act.CONFIRM: "Confirmer",
    Act.LEAVE: "Laisser de côté",
    Act.SAME: "C’est la même",
    Act.CREATE: "Créer",
    Act.TAKE: "Prendre",
    Act.KEEP: "Garder",
}
_TYPED = {
    "siret": "le SIRET",
    "siren": "le SIREN",
    "rna": "le RNA",
    "association_rna": "le RNA",
    "iban": "l’IBAN",
    "asked": "le montant",
    "granted": "le montant",
    "paid": "le montant",
    "amount": "le montant",
    "cost": "le coût",
    "title": "le titre",
    "name": "le nom",
    "number": "le numéro",
    "deposited_at": "la date",
    "starts_on": "la date",
    "ends_on": "la date",
}
_AMOUNTS = ("asked", "cost", "amount", "granted", "paid")
_READERS: dict[str, Any] = {
    "siret": parse_siret,
    "siren": parse_siren,
    "rna": parse_rna,
    "association_rna": parse_rna,
    "iban": parse_iban,
    "deposited_at": cells.moment,
    "starts_on": cells.day,
    "ends_on": cells.day,
    "beneficiaries": cells.count,
    "women": cells.count,
    "qpv_residents": cells.count,
    "republican_contract": cells.flag,
}


@dataclass(frozen=True, slots=True)
class Repair:
    """``value`` is what was typed or picked, the key of a structure, or the field of a difference."""

    act: Act
    problem: Problem
    field: str = ""
    value: str = ""

    @property
    def sentence(self) -> str:
        """What was done, for the report: « Ligne 12, SIRET : « 2,43E+13 » remplacé par « 123… » »."""
        where = f"Ligne {self.problem.line}" + (f", {self.problem.column}" if self.problem.column else "")
        return f"{where}{NBSP}: {self.done}"

    @property
    def done(self) -> str:
        """What was done, beside its line."""
        if self.act in (Act.TYPE, Act.PICK):
            shown = "saisi" if self.field == "iban" else quote(self.value)
            if self.field == "iban" or not self.problem.value:
                return f"{shown} saisi à la main." if self.field != "iban" else "IBAN saisi à la main."
            return f"{quote(self.problem.value)} remplacé par {shown}."
        return {
            Act.CONFIRM: f"confirmé tel quel. {self.problem.message}",
            Act.LEAVE: "laissée de côté à la main.",
            Act.SAME: "reconnue comme la structure déjà connue.",
            Act.CREATE: "créée, distincte de celle qui porte ce nom.",
            Act.TAKE: "la valeur du fichier est prise.",
            Act.KEEP: "la valeur de la base est gardée.",
        }[self.act]


@dataclass(frozen=True, slots=True)
class Point:
    """Something to read, with the repairs that its line offers; ``repair`` once one was made.

    ``where`` is the field in few words, where the header of the column may be long.
    """

    problem: Problem
    field: str = ""
    acts: tuple[Act, ...] = ()
    repair: Repair | None = None
    structure_id: str = ""
    where: str = ""

    def label(self, act: Act) -> str:
        return f"Saisir {_TYPED.get(self.field, 'la valeur')}" if act is Act.TYPE else act.label


def point(problem: Problem, match: ColumnMatch | None, *, line: int, structure_id: str = "") -> Point:
    """The repairs that a problem offers. ``match`` is the column it stands in, ``line`` its line among the files."""
    field = match.field if match else ""
    if structure_id:
        return Point(problem, "name", (Act.SAME, Act.CREATE), structure_id=structure_id, where="Structure")
    if problem.severity == BLOCKING:
        acts = (*((Act.TYPE,) if field else ()), *((Act.LEAVE,) if line else ()))
    elif problem.severity == TO_CHECK and problem.line:
        first = () if not field else (Act.PICK,) if field == "quarters" else (Act.TYPE,)
        acts = (*first, Act.CONFIRM)
    else:
        acts = ()
    return Point(problem, field, acts, where=match.label if match else problem.column)


def mended(repair: Repair, mapping: Sequence[ColumnMatch]) -> Point:
    """A problem that a person has dealt with."""
    match = column_of(repair.problem, mapping)
    return Point(repair.problem, repair.field, (), repair, where=match.label if match else repair.problem.column)


def check_typed(field: str, text: str) -> str:
    """What was typed for a cell, ready to be read in its place. Raises UserError when the field refuses it."""
    bare = " ".join(text.split())
    if not bare:
        raise UserError("Saisissez une valeur, ou laissez la ligne de côté.")
    if field in _AMOUNTS:
        if parse_amount(bare) <= 0:
            raise UserError(f"{quote(bare)} n’est pas un montant demandé. Exemple{NBSP}: 4{NBSP}000 ou 4{NBSP}000,50.")
    elif field in _READERS:
        _READERS[field](bare)
    return bare


def laid_over(sheets: Sequence[Sheet], mapping: Sequence[ColumnMatch], repairs: Iterable[Repair]) -> tuple[Sheet, ...]:
    """The sheets with the cells that a person typed in place of those of the file."""
    typed: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for repair in repairs:
        if repair.act in (Act.TYPE, Act.PICK) and (match := column_of(repair.problem, mapping)):
            typed[repair.problem.sheet][repair.problem.line][match.position] = repair.value
    return tuple(_mended(sheet, typed[sheet.name]) if sheet.name in typed else sheet for sheet in sheets)


def column_of(problem: Problem, mapping: Sequence[ColumnMatch]) -> ColumnMatch | None:
    """The column in which a problem stands, its group forgotten if need be."""
    name = problem.column.rpartition(" > ")[2]
    if not name:
        return None
    here = [match for match in mapping if match.sheet == problem.sheet and match.field]
    exact = (match for match in here if match.header == problem.column)
    return next(exact, None) or next((match for match in here if match.header.rpartition(" > ")[2] == name), None)


def confirmed(repairs: Iterable[Repair]) -> frozenset[Problem]:
    """The problems that a person has seen and accepts."""
    return frozenset(one.problem for one in repairs if one.act in (Act.CONFIRM, Act.SAME, Act.CREATE))


def left_aside(repairs: Iterable[Repair], lists: Sequence[str]) -> frozenset[Place]:
    """The lines of applications that a person leaves aside; ``value`` holds the line when the problem is elsewhere.

    ``lists`` are the sheets of applications: a line of another sheet stands for one of the first.
    """
    first = lists[0] if lists else ""
    return frozenset(
        (one.problem.sheet if one.problem.sheet in lists else first, int(one.value or one.problem.line))
        for one in repairs
        if one.act is Act.LEAVE
    )


def owners(repairs: Iterable[Repair]) -> dict[str, str]:
    """By number, the structure that a person said it is; empty to create one."""
    said = (one for one in repairs if one.act in (Act.SAME, Act.CREATE))
    return {one.problem.number: one.value if one.act is Act.SAME else "" for one in said}


def decisions(repairs: Iterable[Repair]) -> dict[tuple[str, str], str]:
    """By number and field, whether the file or the base was chosen."""
    sides = {Act.TAKE: FILE, Act.KEEP: BASE}
    return {(one.problem.number, one.field): sides[one.act] for one in repairs if one.act in sides}


def as_json(repair: Repair) -> dict[str, Any]:
    """A repair as it is kept until its file is imported."""
    names = ("line", "column", "severity", "message", "number", "sheet", "value")
    problem = {name: getattr(repair.problem, name) for name in names}
    return {"act": repair.act.value, "field": repair.field, "value": repair.value, "problem": problem}


def from_json(data: Mapping[str, Any]) -> Repair:
    return Repair(Act(data["act"]), Problem(**data["problem"]), data["field"], data["value"])


def _mended(sheet: Sheet, typed: Mapping[int, Mapping[int, str]]) -> Sheet:
    rows: list[Sequence[Cell]] = list(sheet.rows)
    for line, values in typed.items():
        at = line - sheet.first
        if 0 <= at < len(rows):
            row = list(rows[at])
            row += [None] * (max(values) + 1 - len(row))
            for position, value in values.items():
                row[position] = value
            rows[at] = row
    return replace(sheet, rows=rows)
