"""PDF forms that associations filled: a Cerfa 12156 becomes a file, a Cerfa 15059 the report joined to one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.domain import filled_form, form
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.entry import Entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import Filled, FormKind
from cv_desktop.domain.identifiers import parse_iban, parse_rna, parse_siret
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.domain.text import NBSP
from cv_desktop.paths import resource
from cv_desktop.services import attachments, entries, reference
from cv_desktop.services.registry import Known

REQUEST, REPORT = "12156", "15059"
_NUMBERS = {"siret": parse_siret, "rna": parse_rna, "iban": parse_iban}
_OUT = ("ineligible", "withdrawn")


@dataclass(frozen=True, slots=True)
class FormDoubt:
    """What a person has to look at: the field as the form calls it, what was written, and why it was not taken."""

    field: str
    value: str
    message: str


def kinds() -> list[FormKind]:
    """The forms known here, with the words of their fields."""
    table = json.loads(resource("reference", "formulaires.json").read_text(encoding="utf-8"))
    return [FormKind.from_json(entry) for entry in table["forms"]]


def read(session: Session, *, path: Path) -> Filled:
    """The filled form of a PDF. Raises UserError when it is none: not a form, blank, printed, protected, unknown."""
    from cv_desktop.documents.form_read import read_form

    file = read_form(path)
    kind = filled_form.recognise(kinds(), file.boxes, file.printed)
    return filled_form.read(kind, file.boxes, reference.accounts(session))


def entry(filled: Filled) -> tuple[Entry, tuple[FormDoubt, ...]]:
    """A request as a file to write, and what could not be taken from it: nothing is guessed, nothing is dropped."""
    doubts: list[FormDoubt] = []
    values: dict[str, Any] = {}
    for key, text in filled.values.items():
        if key in form.ALL:
            try:
                values[key] = form.read(key, _answer(key, text))
            except UserError as refusal:
                doubts.append(FormDoubt(form.ALL[key].label, text, refusal.message))
    structure = _structure(filled.values, doubts)
    told = {n: t for n, t in _of_structure(filled.values).items() if n in FIELDS and _holds(n, t)}
    doubts += [FormDoubt("Budget", "", words) for words in filled.budget.doubts]
    doubts += [FormDoubt(x.title, x.value, "Ce champ n’est pas reconnu.") for x in filled.unknown]
    made = Entry(structure=structure, told=told, values=values, budget=filled.budget.lines)
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
        "structure": _of_structure(filled.values),
        "fields": {
            key: values.get(key) if form.ALL[key].kind in ("answer", "choice") else text
            for key, text in filled.values.items()
            if key in form.ALL
        },
        "charges": sides["charge"],
        "produits": sides["produit"],
    }


def write(session: Session, *, call_id: str, path: Path, filled: Filled) -> tuple[Changes, str]:
    """Write a filled form in a campaign, the PDF joined to it. Gives the changes and the key of the file.

    A request makes a file, deposited when nothing it needs is missing. A report (bilan) is joined to the file that
    the same structure has in the campaign. Raises UserError when no structure or no file can be told.
    """
    if filled.kind.code == REPORT:
        file = _file_of(session, call_id, filled)
        return attachments.add(session, application_id=file.id, kind="bilan", path=path), file.id
    made, key = entries.create(session, call_id=call_id, entry=entry(filled)[0])
    session.flush()
    joined = attachments.add(session, application_id=key, kind="", path=path)
    # Taking the file back takes what is joined to it away.
    return Changes(made.touched | joined.touched, made.undo), key


def _file_of(session: Session, call_id: str, filled: Filled) -> Application:
    read = _structure(filled.values, [])
    known = Known.load(session).recognise(read)
    code = session.get_one(Call, call_id).code
    if known is None:
        raise UserError(
            f"Ce compte rendu ne dit pas de quelle structure connue il vient{NBSP}: ni son SIRET ni son RNA ne sont "
            "au registre. Ouvrez le dossier et joignez le PDF à la pièce «\u00a0bilan\u00a0»."
        )
    file = session.scalars(
        select(Application)
        .where(
            Application.call_id == call_id,
            Application.structure_id == known.id,
            Application.status.not_in(_OUT),
        )
        .order_by(Application.seq.desc())
    ).first()
    if file is None:
        raise UserError(f"«{NBSP}{known.name}{NBSP}» n’a pas de dossier dans la campagne {code} où joindre ce bilan.")
    return file


def _structure(values: Mapping[str, str], doubts: list[FormDoubt]) -> StructureRead:
    text = _of_structure(values)
    numbers: dict[str, str | None] = {}
    for name, parse in _NUMBERS.items():
        try:
            numbers[name] = parse(text[name]) if text.get(name) else None
        except UserError as refusal:
            numbers[name] = None
            doubts.append(FormDoubt(name.upper(), "" if name == "iban" else text[name], refusal.message))
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
    )


def _of_structure(values: Mapping[str, str]) -> dict[str, str]:
    start = "structure."
    return {key.removeprefix(start): text for key, text in values.items() if key.startswith(start)}


def _answer(key: str, text: str) -> str:
    """A ticked box says yes in the words of its field."""
    field = form.ALL.get(key)
    return field.yes if field and field.kind == "answer" and text == "oui" else text


def _holds(name: str, text: str) -> bool:
    try:
        FIELDS[name].read(text)
    except UserError:
        return False
    return True
