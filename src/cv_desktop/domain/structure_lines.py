"""The lines of a structure's record: its persons, its documents, the help it was given, its grants of before,
its agréments.

One description for each: what its fields are called, how they are read as typed, how a line is named in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cv_desktop.domain.dates import typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import figures
from cv_desktop.domain.structure_fields import (
    RecordField,
    day_text,
    parse_email,
    parse_phone,
    parse_positive_amount,
)
from cv_desktop.domain.text import NBSP, fold, quote

MANDATE, DOCUMENT, SUPPORT, GRANT, APPROVAL = "mandate", "document", "support", "grant", "approval"
GRANT_FORMS = ("Numéraire", "En nature")
SUPPORT_KINDS = ("Rendez-vous", "Téléphone", "Courriel", "Visite", "Atelier collectif", "Aide au dossier", "Autre")


def parse_year(text: str) -> int:
    """A year of four digits, from 1990 to 2100. Raises UserError."""
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and 1990 <= int(bare) <= 2100):
        raise UserError(f"{quote(bare)} n’est pas une année. Exemple{NBSP}: 2025.")
    return int(bare)


def parse_minutes(text: str) -> int:
    """A duration in minutes, typed « 45 », « 1 h », « 1h30 ». Raises UserError."""
    bare = "".join(text.casefold().replace("min", "").split())
    hours, sign, rest = bare.partition("h")
    try:
        return int(hours) * 60 + (int(rest) if rest else 0) if sign else int(bare)
    except ValueError:
        raise UserError(f"{quote(text.strip())} n’est pas une durée. Exemple{NBSP}: 45 ou 1{NBSP}h{NBSP}30.") from None


def show_minutes(minutes: int) -> str:
    """« 45 min », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def parse_form(text: str) -> bool:
    """Whether a grant is in kind: « en nature » or « numéraire ». Raises UserError."""
    found = {"en nature": True, "nature": True, "numeraire": False, "en numeraire": False}.get(fold(text).strip())
    if found is None:
        raise UserError(f"{quote(text.strip())} n’est pas une forme d’aide. Choisissez {' ou '.join(GRANT_FORMS)}.")
    return found


def show_form(in_kind: bool) -> str:
    """« Numéraire », « En nature »."""
    return GRANT_FORMS[in_kind]


_DAY = (typed_date, day_text)

LINES: dict[str, tuple[str, dict[str, RecordField]]] = {
    MANDATE: (
        "personne",
        {
            "person_name": RecordField("Prénom et nom", required=True),
            "role": RecordField("Fonction"),
            "email": RecordField("Courriel", parse_email),
            "phone": RecordField("Téléphone", parse_phone),
            "starts_on": RecordField("Depuis le", *_DAY),
            "ends_on": RecordField("Jusqu’au", *_DAY),
        },
    ),
    DOCUMENT: (
        "pièce",
        {
            "kind": RecordField("Pièce", required=True),
            "dated_on": RecordField("Datée du", *_DAY),
            "valid_until": RecordField("Valable jusqu’au", *_DAY),
            "received_on": RecordField("Reçue le", *_DAY, required=True),
            "filename": RecordField("Fichier"),
            "note": RecordField("Remarque"),
        },
    ),
    SUPPORT: (
        "accompagnement",
        {
            "given_on": RecordField("Date", *_DAY, required=True),
            "agent": RecordField("Par"),
            "kind": RecordField("Forme"),
            "subject": RecordField("Objet", required=True),
            "minutes": RecordField("Durée", parse_minutes, show_minutes),
            "next_step": RecordField("Suite prévue"),
            "next_on": RecordField("Le", *_DAY),
        },
    ),
    GRANT: (
        "subvention",
        {
            "year": RecordField("Année", parse_year, required=True),
            "funder": RecordField("Financeur", required=True),
            "scheme": RecordField("Dispositif"),
            "title": RecordField("Action"),
            "asked_cents": RecordField("Demandé", parse_positive_amount, figures),
            "granted_cents": RecordField("Accordé", parse_positive_amount, figures),
            "paid_cents": RecordField("Versé", parse_positive_amount, figures),
            "in_kind": RecordField("Forme", parse_form, show_form),
        },
    ),
    APPROVAL: (
        "agrément",
        {
            "label": RecordField("Agrément", required=True),
            "authority": RecordField("Attribué par"),
            "granted_on": RecordField("En date du", *_DAY),
            "ends_on": RecordField("Jusqu’au", *_DAY),
        },
    ),
}


def read_line(kind: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Every field of a line as typed, absent ones included. Raises UserError with the name of the wrong field."""
    _word, fields = LINES[kind]
    values = {}
    for name, field in fields.items():
        try:
            values[name] = field.read(typed.get(name, ""))
        except UserError as refusal:
            raise UserError(refusal.message, field=name) from None
    coherent(kind, values)
    return values


def coherent(kind: str, values: Mapping[str, Any]) -> None:
    """Raises UserError when two days of a line contradict one another, or when a grant exceeds what was asked."""
    pairs = {
        MANDATE: (("starts_on", "ends_on", "Le mandat finit avant d’avoir commencé."),),
        DOCUMENT: (("dated_on", "valid_until", "La pièce cesse d’être valable avant sa date."),),
        APPROVAL: (("granted_on", "ends_on", "L’agrément finit avant d’avoir commencé."),),
        SUPPORT: (("given_on", "next_on", "La suite est prévue avant le jour de l’accompagnement."),),
    }.get(kind, ())
    for first, then, sentence in pairs:
        start, end = values.get(first), values.get(then)
        if isinstance(start, date) and isinstance(end, date) and end < start:
            raise UserError(f"{sentence} Vérifiez les deux dates.", field=then)


def name_of(kind: str, values: Mapping[str, Any]) -> str:
    """« personne « Camille Exemple » », « subvention « 2024, Département » »."""
    word, _fields = LINES[kind]
    parts = {
        MANDATE: ("person_name",),
        DOCUMENT: ("kind",),
        SUPPORT: ("subject",),
        GRANT: ("year", "funder"),
        APPROVAL: ("label",),
    }[kind]
    return f"{word} {quote(', '.join(str(values[part]) for part in parts if values.get(part)))}"
