"""A list of members read from a file: one person a line, whatever the order of the columns."""

from __future__ import annotations

from typing import Any

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Sheet
from cv_desktop.domain.text import NBSP, quote, words

_HEADINGS = {
    "name": "nom|nom du membre|membre|name|nom et prenom|prenom nom|nom complet",
    "body": "institution|organisme|structure|body|collectivite|fonction",
    "honorific": "civilite|titre|honorific",
    "email": "courriel|email|e mail|mail|adresse electronique",
    "phone": "telephone|tel|phone|portable",
    "address": "adresse|adresse postale|address",
    "voice": "voix|voix deliberative|voice|voix deliberative ou consultative",
    "substitute_of": "suppleant de|suppleante de|suppleant e de|substitute of|titulaire",
}
_FIELD_OF = {heading: name for name, headings in _HEADINGS.items() for heading in headings.split("|")}
_YES = frozenset({"", "oui", "o", "x", "1", "true", "vrai", "deliberative", "voix deliberative"})
_NO = frozenset({"non", "n", "0", "false", "faux", "consultative", "voix consultative"})


def read_members(sheet: Sheet) -> list[dict[str, Any]]:
    """The people of a list; ``voice`` a bool, ``substitute_of`` the name of a titular member.

    Raises UserError, with the line, without a column of names, on a name missing, given twice, or a voice unread.
    """
    rows = [(sheet.first + place, row) for place, row in enumerate(sheet.rows) if any(_text(c) for c in row)]
    headings = [_FIELD_OF.get(words(_text(cell)), "") for cell in rows[0][1]] if rows else []
    if "name" not in headings:
        raise UserError(
            f"La première ligne doit nommer les colonnes, dont «{NBSP}nom{NBSP}»{NBSP}; les autres peuvent être "
            "institution, courriel, téléphone, adresse, voix, suppléant de."
        )
    people: list[dict[str, Any]] = []
    for line, row in rows[1:]:
        person: dict[str, Any] = {"body": ""}
        person |= {name: _text(cell) for name, cell in zip(headings, row, strict=False) if name}
        if not person.get("name"):
            raise UserError(f"Ligne {line}{NBSP}: il manque le nom du membre.")
        if any(words(person["name"]) == words(other["name"]) for other in people):
            raise UserError(f"Ligne {line}{NBSP}: {quote(person['name'])} est déjà dans la liste.")
        if "voice" in person:
            person["voice"] = _voice(person["voice"], line)
        people.append(person)
    return people


def _text(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _voice(text: str, line: int) -> bool:
    said = words(text)
    if said not in _YES | _NO:
        raise UserError(f"Ligne {line}, colonne voix{NBSP}: {quote(text)} se lit mal. Écrivez oui ou non.")
    return said in _YES
