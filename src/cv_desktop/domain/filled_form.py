"""A PDF form that an association filled: its boxes become the fields of a file and the lines of its budget.

A box is known by what its author called it, by its tooltip, or by the words printed beside it; which words mean
which field is data (« formulaires »), and a person may correct it. Nothing is guessed: what no word tells is listed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cv_desktop.domain import budget_paste
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.budget_paste import Pasted
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.report import ReportLine
from cv_desktop.domain.text import NBSP, quote, words

REQUEST, REPORT = "12156", "15059"
BUDGET = "budget."
# « contact_name+first » is the first name that comes before the name.
FIRST = "+"
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])|_")
_NUMBERING = re.compile(r"^(?:\d{1,2} )+(?=[a-z])")
_ACCOUNT = re.compile(r"\b([678]\d{1,3})\b")
# What a program calls a box that nobody named: its number is no account.
_NAMELESS = re.compile(
    r"(?:champ|texte?|text ?field|field|zone(?: de texte)?|case|undefined)[ _]?\d+(?:[ _]\d+)?", re.I
)
_NUMBER = re.compile(r"[\d\s.,  ]+(?:€|euros?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the form. ``label`` is its tooltip, ``beside`` the words printed next to it.

    ``value`` is what was typed or chosen; a ticked box (``tick``) says « oui », one that is not says nothing; a group
    of buttons says the words of the one chosen.
    """

    name: str
    label: str = ""
    beside: str = ""
    value: str = ""
    tick: bool = False

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.label or self.beside or self.name

    @property
    def own_name(self) -> str:
        """The name its author gave it, in words; empty for one that a program numbered."""
        last = self.name.rsplit(".", 1)[-1]
        return "" if _NAMELESS.fullmatch(last) else _CAMEL.sub(" ", last)

    @property
    def said(self) -> tuple[str, ...]:
        """The texts that may tell what it holds, the surest first, folded and without numbering."""
        last = self.name.rsplit(".", 1)[-1]
        told = (words(text) for text in (self.label, _CAMEL.sub(" ", last), self.beside))
        return tuple(dict.fromkeys(_NUMBERING.sub("", text) for text in told if text))


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick that stands for one answer of a field: « Première demande » says « Première demande »."""

    key: str
    names: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class FormKind:
    """A form of the administration: ``marks`` are texts of its pages, ``fields`` the words of each field."""

    code: str
    label: str
    marks: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    options: tuple[Option, ...] = ()

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> FormKind:
        """An entry of the table ``formulaires``: a field with a ``value`` is a box to tick for that answer."""
        fields: dict[str, tuple[str, ...]] = {}
        options = []
        for field in table["fields"]:
            names = tuple(words(name) for name in field["names"])
            if value := field.get("value"):
                options.append(Option(field["key"], names, value))
            else:
                fields[field["key"]] = names
        return cls(table["code"], table["label"], tuple(table["marks"]), fields, tuple(options))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box goes: ``key`` is a field, « budget.613 » an account, empty nowhere.

    ``origin``: « remembered » or chosen by a person, « known » by its words, « budget », « ignored » by a person,
    « unknown » when no word tells it, « empty » when nothing is written in it.
    """

    box: Box
    key: str
    origin: str


@dataclass(frozen=True, slots=True)
class Filled:
    """``values`` are texts as typed, by field; ``unknown`` are the filled boxes that no word tells; ``places`` all.

    ``budget`` are the lines of a request, ``report`` those of a financial report.
    """

    kind: FormKind
    values: Mapping[str, str]
    budget: Pasted
    unknown: tuple[Box, ...]
    places: tuple[Place, ...] = ()
    report: tuple[ReportLine, ...] = ()


def identity(entry: Mapping[str, Any]) -> str:
    """What tells a line of a form from its other lines: its field, and the answer that a tick stands for."""
    return f"{entry['key']}={entry['value']}" if entry.get("value") else str(entry["key"])


def fingerprint(boxes: Iterable[Box]) -> str:
    """What tells a form from another whatever is written in it: the names of its boxes."""
    names = "\n".join(sorted({box.name for box in boxes}))
    return hashlib.sha256(names.encode()).hexdigest()


def recognise(kinds: Iterable[FormKind], boxes: Sequence[Box], printed: str) -> FormKind:
    """The form a PDF is, by the words printed on its pages, else by the boxes it has.

    Raises UserError when it has no box, when none is filled, or when it is no form known here.
    """
    if not boxes:
        raise UserError(
            "Ce PDF n’a pas de champs à lire\u00a0: il a été imprimé ou numérisé. Saisissez le dossier avec "
            "«\u00a0Saisie rapide\u00a0» et joignez le PDF aux pièces."
        )
    if not any(box.value for box in boxes):
        raise UserError("Ce formulaire est vierge\u00a0: aucun champ n’est rempli. Demandez à l’association le sien.")
    known = tuple(kinds)
    bare = re.sub(r"\s", "", printed)
    for kind in known:
        if any(mark in bare for mark in kind.marks):
            return kind
    best = max(known, key=lambda kind: len(_matched(kind, boxes, {})), default=None)
    if best is None or len(_matched(best, boxes, {})) < 3:
        names = " ou ".join(kind.label for kind in known)
        raise UserError(f"Ce formulaire n’est pas reconnu{NBSP}: il est attendu {names}.")
    return best


def read(
    kind: FormKind,
    boxes: Sequence[Box],
    accounts: Accounts,
    chosen: Mapping[str, str] | None = None,
    *,
    budget: bool = True,
) -> Filled:
    """The fields and the budget of a filled form, or its fields alone.

    ``chosen`` maps names of boxes to the field or the account a person gave them, empty to leave them out.
    """
    wanted = chosen or {}
    matched = _matched(kind, boxes, wanted)
    places = {box.name: Place(box, key.partition(FIRST)[0], "known") for key, box in matched.items()}
    for option in kind.options:
        for box in boxes:
            if box.tick and box.name not in {*wanted, *places} and set(option.names) & set(box.said):
                places[box.name] = Place(box, option.key, "known")
                if box.value and option.key not in matched:
                    matched[option.key] = replace(box, value=option.value)
    lines = []
    for box in boxes:
        key = wanted.get(box.name)
        if key is not None:
            places[box.name] = Place(box, key, "remembered" if key else "ignored")
        account = key.removeprefix(BUDGET) if key and key.startswith(BUDGET) else ""
        wants = budget and (account or (box.value and box.name not in places))
        line = _budget_line(box, accounts, account) if wants else ""
        if line:
            lines.append(line)
            code = line.partition("\t")[0]
            places[box.name] = Place(box, f"{BUDGET}{code}", "remembered" if account else "budget")
    values = _values(kind, matched, boxes, wanted)
    pasted = budget_paste.read("\n".join(lines), accounts) if lines else Pasted(())
    all_places = tuple(places.get(box.name) or Place(box, "", "unknown" if box.value else "empty") for box in boxes)
    unknown = tuple(place.box for place in all_places if place.origin == "unknown")
    return Filled(kind, values, pasted, unknown, all_places)


def unknown_sentence(boxes: Sequence[Box]) -> str:
    """« 2 champs remplis ne sont pas reconnus : « Divers », « Note ». »; empty when there is none."""
    if not boxes:
        return ""
    named = ", ".join(quote(box.title) for box in boxes[:5]) + ("…" if len(boxes) > 5 else "")
    if len(boxes) == 1:
        return f"1{NBSP}champ rempli n’est pas reconnu{NBSP}: {named}."
    return f"{len(boxes)}{NBSP}champs remplis ne sont pas reconnus{NBSP}: {named}."


def _matched(kind: FormKind, boxes: Sequence[Box], chosen: Mapping[str, str]) -> dict[str, Box]:
    """Each field with its box: chosen ones, then whole names, then beginnings; a box serves one field."""
    by_name = {box.name: box for box in boxes}
    found = {
        key: by_name[name] for name, key in chosen.items() if key and not key.startswith(BUDGET) and name in by_name
    }
    free = [box for box in boxes if box.name not in chosen]
    for fits in (str.__eq__, lambda said, name: said.startswith(f"{name} ")):
        for key, names in kind.fields.items():
            if key in found:
                continue
            box = next((b for n in names for b in free if any(fits(said, n) for said in b.said)), None)
            if box is not None:
                found[key] = box
                free.remove(box)
    return found


def _values(
    kind: FormKind, matched: Mapping[str, Box], boxes: Sequence[Box], chosen: Mapping[str, str]
) -> dict[str, str]:
    """The text of each field: several boxes given to one make it together, a first name comes before its name."""
    values = {key: box.value for key, box in matched.items() if box.value}
    for option in kind.options:
        if words(values.get(option.key, "")) in option.names:
            values[option.key] = option.value
    for key in set(chosen.values()) & set(values):
        values[key] = " ".join(box.value for box in boxes if chosen.get(box.name) == key and box.value)
    for key in [key for key in values if FIRST in key]:
        name = key.partition(FIRST)[0]
        values[name] = f"{values.pop(key)} {values.get(name, '')}".strip()
    return values


def _budget_line(box: Box, accounts: Accounts, account: str = "") -> str:
    """The box as a line of a copied budget, « 61<tab>Locations<tab>120,00 »; empty when it is no amount of one."""
    if not _NUMBER.fullmatch(box.value):
        return ""
    if account:
        return f"{account}\t{accounts.label(account)}\t{box.value}"
    for text in (box.label, box.own_name, box.beside):
        code = _ACCOUNT.search(text)
        if code and accounts.side_of(code.group(1)):
            label = text[code.end() :].strip(" -–:_.") or accounts.label(code.group(1))
            return f"{code.group(1)}\t{label}\t{box.value}"
    return ""
