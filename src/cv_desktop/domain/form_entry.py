"""A filled form as a file to write: its texts read, its structure, its agréments, and what could not be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain import form
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.approval import Approval
from cv_desktop.domain.dates import typed_date
from cv_desktop.domain.entry import Entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import BUDGET, REPORT, REQUEST, Filled, FormKind
from cv_desktop.domain.identifiers import parse_iban, parse_rna, parse_siret
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.report import ANSWERS, COLUMNS, of_cell
from cv_desktop.domain.structure_fields import FIELDS, parse_email, parse_phone
from cv_desktop.domain.structure_lines import APPROVAL, LINES
from cv_desktop.domain.text import words

BUDGET_TITLE = "Budget"
STRUCTURE, AGREEMENT = "structure.", "approval."
APPROVALS = 3
_AGREEMENT_FIELDS = ("label", "authority", "granted_on")
_PERSONS = {
    "representative_name": "Représentant ou représentante légale",
    "representative_role": "Fonction de cette personne",
    "representative_phone": "Téléphone de cette personne",
    "representative_email": "Courriel de cette personne",
}
_REACHED = {"representative_phone": parse_phone, "representative_email": parse_email}
_NUMBERS = {"siret": parse_siret, "rna": parse_rna, "iban": parse_iban}


@dataclass(frozen=True, slots=True)
class FormDoubt:
    """What a person has to look at: the field as the form calls it, what was written, and why it was not taken.

    ``key`` is that of the field, empty for what is no field.
    """

    field: str
    value: str
    message: str
    key: str = ""


def entry(filled: Filled) -> tuple[Entry, tuple[FormDoubt, ...]]:
    """A request as a file to write, and what could not be taken from it: nothing is guessed, nothing is dropped."""
    doubts: list[FormDoubt] = []
    values: dict[str, Any] = {}
    for key, text in filled.values.items():
        if key in form.ALL:
            try:
                values[key] = form.read(key, _answer(key, text))
            except UserError as refusal:
                doubts.append(FormDoubt(form.ALL[key].label, text, refusal.message, key))
    read = structure(filled.values, doubts)
    told = {}
    for name, text in _of_structure(filled.values).items():
        if name in FIELDS and name not in _NUMBERS:
            try:
                FIELDS[name].read(text)
                told[name] = text
            except UserError as refusal:
                doubts.append(FormDoubt(FIELDS[name].label, text, refusal.message, f"{STRUCTURE}{name}"))
    doubts += [FormDoubt(BUDGET_TITLE, "", words) for words in filled.budget.doubts]
    doubts += [FormDoubt(x.title, x.value, "Ce champ n’est pas reconnu.") for x in filled.unknown]
    made = Entry(
        structure=read,
        told=told,
        values=values,
        budget=filled.budget.lines,
        approvals=_approvals(filled.values, doubts),
    )
    return made, tuple(doubts)


def content(filled: Filled) -> dict[str, Any]:
    """The texts of a request as the page of « Saisie rapide » holds them, right or wrong: a person reads them over."""
    values = entry(filled)[0].values
    sides = {
        side: [
            [x.account, x.label, f"{x.amount_cents / 100:.2f}".replace(".", ","), str(x.state)]
            for x in filled.budget.lines
            if str(x.side) == side
        ]
        for side in ("charge", "produit")
    }
    return {
        "structure": {
            **_of_structure(filled.values),
            "approvals": [
                [x.label, x.authority, x.granted_on.isoformat() if x.granted_on else ""]
                for x in _approvals(filled.values, [])
            ],
        },
        "fields": {
            key: values.get(key) if form.ALL[key].kind in ("answer", "choice") else text
            for key, text in filled.values.items()
            if key in form.ALL
        },
        "charges": sides["charge"],
        "produits": sides["produit"],
    }


def choices(kind: FormKind, accounts: Accounts) -> list[tuple[str, str]]:
    """The (key, words) of all that a box of a form may be: a field of the file, of its structure, a budget account."""
    if kind.code != REQUEST:
        cells = [
            (f"{column}.{x.code}", f"{said} › {x.code} {x.label}")
            for column, said in COLUMNS.items()
            for x in accounts.all
        ]
        return [*((key, label(kind, key)) for key in kind.fields), *cells]
    keys = [*form.ALL, *(f"{STRUCTURE}{name}" for name in (*FIELDS, *_PERSONS, "iban"))]
    keys += [f"{AGREEMENT}{n}.{name}" for n in range(1, APPROVALS + 1) for name in _AGREEMENT_FIELDS]
    lines = [(f"{BUDGET}{x.code}", f"Budget › {x.code} {x.label}") for x in accounts.all]
    return [*((key, label(kind, key)) for key in keys), *lines]


def label(kind: FormKind, key: str) -> str:
    """What a person calls a field of a form: « Intitulé de l’action », « Structure › Nom », « Budget › 613 »."""
    if key in form.ALL:
        return form.ALL[key].label
    name = key.removeprefix(STRUCTURE)
    if key.startswith(STRUCTURE):
        known = FIELDS[name].label if name in FIELDS else _PERSONS.get(name, name.upper())
        return f"Structure › {known}"
    if key.startswith(AGREEMENT):
        return label_of_approval(key)
    if key.startswith(BUDGET):
        return f"Budget › {key.removeprefix(BUDGET)}"
    if cell := of_cell(key):
        return f"{COLUMNS[cell[0]]} › {cell[1]}"
    if kind.code == REPORT and key in ANSWERS:
        return ANSWERS[key]
    said = next(iter(kind.fields.get(key, ())), key)
    return said[:1].upper() + said[1:]


def structure(values: Mapping[str, str], doubts: list[FormDoubt]) -> StructureRead:
    text = _of_structure(values)
    numbers: dict[str, str | None] = {}
    for name, parse in _NUMBERS.items():
        try:
            numbers[name] = parse(text[name]) if text.get(name) else None
        except UserError as refusal:
            numbers[name] = None
            value = "" if name == "iban" else text[name]
            doubts.append(FormDoubt(name.upper(), value, refusal.message, f"{STRUCTURE}{name}"))
    reached = {}
    for name, parse in _REACHED.items():
        try:
            reached[name] = parse(text[name]) if text.get(name) else ""
        except UserError as refusal:
            reached[name] = ""
            doubts.append(FormDoubt(_PERSONS[name], text[name], refusal.message, f"{STRUCTURE}{name}"))
    siret = numbers["siret"]
    return StructureRead(
        name=text.get("name", ""),
        siren=siret[:9] if siret else None,
        siret=siret,
        siret_raw=text.get("siret", ""),
        rna=numbers["rna"],
        iban=numbers["iban"],
        address=text.get("address", ""),
        postal_code=text.get("postal_code", ""),
        commune=text.get("commune", ""),
        email=text.get("email", ""),
        phone=text.get("phone", ""),
        representative_name=text.get("representative_name", ""),
        representative_role=text.get("representative_role", ""),
        representative_phone=reached["representative_phone"],
        representative_email=reached["representative_email"],
    )


def _approvals(values: Mapping[str, str], doubts: list[FormDoubt]) -> tuple[Approval, ...]:
    """The agréments of a form, line by line; a date that does not hold is told and left out."""
    made = []
    for number in range(1, APPROVALS + 1):
        text = {name: values.get(f"{AGREEMENT}{number}.{name}", "").strip() for name in _AGREEMENT_FIELDS}
        day = None
        if written := text["granted_on"]:
            try:
                day = typed_date(written)
            except UserError as refusal:
                key = f"{AGREEMENT}{number}.granted_on"
                doubts.append(FormDoubt(label_of_approval(key), written, refusal.message, key))
        if text["label"] or text["authority"]:
            made.append(Approval(text["label"] or f"Agrément de {text['authority']}", text["authority"], day))
    return tuple(made)


def label_of_approval(key: str) -> str:
    """« Agrément 2 › Attribué par »."""
    _, number, name = key.split(".")
    return f"Agrément {number} › {LINES[APPROVAL][1][name].label}"


def _of_structure(values: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix(STRUCTURE): text for key, text in values.items() if key.startswith(STRUCTURE)}


def _answer(key: str, text: str) -> str:
    """A ticked box says yes in the words of its field; a choice is known by words that hold those of the form."""
    field = form.ALL[key]
    if field.kind == "answer" and text == "oui":
        return field.yes
    if field.kind in ("answer", "choice"):
        offered = [label for _, label in field.choices] or [field.yes, field.no]
        alike = [label for label in offered if words(text) in words(label) or words(label) in words(text)]
        return alike[0] if len(alike) == 1 else text
    return text
