"""A PDF form that an association filled: its boxes become the fields of a file and the lines of its budget.

A box is known by what its author called it, by its tooltip, or by the words printed beside it; which words mean
which field is data (« formulaires »), and a person may correct it. Nothing is guessed: what no word tells is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain import budget_paste
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.budget_paste import Pasted
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, quote, words

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])|_")
_NUMBERING = re.compile(r"^(?:\d{1,2} )+(?=[a-z])")
_ACCOUNT = re.compile(r"\b([678]\d{1,3})\b")
_NUMBER = re.compile(r"[\d\s.,  ]+(?:€|euros?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the form. ``label`` is its tooltip, ``beside`` the words printed next to it.

    ``value`` is what was typed or chosen; a ticked box says « oui », one that is not says nothing.
    """

    name: str
    label: str = ""
    beside: str = ""
    value: str = ""

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.label or self.beside or self.name

    @property
    def said(self) -> tuple[str, ...]:
        """The texts that may tell what it holds, the surest first, folded and without numbering."""
        last = self.name.rsplit(".", 1)[-1]
        told = (words(text) for text in (self.label, _CAMEL.sub(" ", last), self.beside))
        return tuple(dict.fromkeys(_NUMBERING.sub("", text) for text in told if text))


@dataclass(frozen=True, slots=True)
class FormKind:
    """A form of the administration: ``marks`` are texts of its pages, ``fields`` the words of each field."""

    code: str
    label: str
    marks: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> FormKind:
        """An entry of the shipped table ``formulaires``."""
        fields = {field["key"]: tuple(words(name) for name in field["names"]) for field in table["fields"]}
        return cls(table["code"], table["label"], tuple(table["marks"]), fields)


@dataclass(frozen=True, slots=True)
class Filled:
    """``values`` are texts as typed, by field; ``unknown`` the filled boxes that no word tells."""

    kind: FormKind
    values: Mapping[str, str]
    budget: Pasted
    unknown: tuple[Box, ...]


def recognise(kinds: Iterable[FormKind], boxes: Sequence[Box], printed: str) -> FormKind:
    """The form a PDF is, by the words printed on its pages, else by the boxes it has.

    Raises UserError when it has no box, when none is filled, or when it is no form known here.
    """
    if not boxes:
        raise UserError(
            "Ce PDF n’a pas de champs à lire : il a été imprimé ou numérisé. Saisissez le dossier avec "
            "« Saisie rapide » et joignez le PDF aux pièces."
        )
    if not any(box.value for box in boxes):
        raise UserError("Ce formulaire est vierge : aucun champ n’est rempli. Demandez à l’association le sien.")
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


def read(kind: FormKind, boxes: Sequence[Box], accounts: Accounts, chosen: Mapping[str, str] | None = None) -> Filled:
    """The fields and the budget of a filled form. ``chosen`` maps names of boxes to the field a person gave them."""
    matched = _matched(kind, boxes, chosen or {})
    values = {key: box.value for key, box in matched.items() if box.value}
    taken = {box.name for box in matched.values()} | {name for name, key in (chosen or {}).items() if not key}
    left = [box for box in boxes if box.value and box.name not in taken]
    lines = [(box, line) for box in left if (line := _budget_line(box, accounts))]
    budget = budget_paste.read("\n".join(line for _, line in lines), accounts) if lines else Pasted(())
    counted = {box.name for box, _ in lines}
    return Filled(kind, values, budget, tuple(box for box in left if box.name not in counted))


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
    found = {key: by_name[name] for name, key in chosen.items() if key and name in by_name}
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


def _budget_line(box: Box, accounts: Accounts) -> str:
    """The box as a line of a copied budget, « 61<tab>Locations<tab>120,00 »; empty when it is no amount of one."""
    if not _NUMBER.fullmatch(box.value):
        return ""
    for text in (box.label, _CAMEL.sub(" ", box.name.rsplit(".", 1)[-1]), box.beside):
        code = _ACCOUNT.search(text)
        if code and accounts.side_of(code.group(1)):
            label = text[code.end() :].strip(" -–:_.") or accounts.label(code.group(1))
            return f"{code.group(1)}\t{label}\t{box.value}"
    return ""
