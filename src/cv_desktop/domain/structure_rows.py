"""The association of an application, read on the sheets Etablissements and Dossiers together."""

from __future__ import annotations

import re
from datetime import date

from cv_desktop.domain import cells
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import parse_iban, parse_rna, parse_siren, parse_siret, siren_in
from cv_desktop.domain.intake import HEADERS_AGAIN, SET_ASIDE, TO_CHECK, StructureRead
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Cell, Row, Table, plain
from cv_desktop.domain.text import quote

_DAUPHIN = re.compile(r"da[ -]?(\d{6,8})(-\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+")


def number_of(row: Row) -> str:
    """The number that joins the sheets, as text: 20170001 whatever the type of its cell, « 20 170 001 » included."""
    number = re.sub(r"(?<=\d)[.,]0+$", "", row.text("number"))
    if found := _DAUPHIN.fullmatch(number):
        return f"DA{found[1]:0>8}{found[2] or ''}"
    return number.replace(" ", "") if _GROUPED.fullmatch(number) else number


def establishments(table: Table, known: frozenset[str], log: ProblemLog) -> dict[str, Row]:
    """The line of each application on the sheet Etablissements: the first one when there are several."""
    places: dict[str, Row] = {}
    for row in table.rows():
        number = number_of(row)
        if row.repeats_headers:
            log.on_row(SET_ASIDE, HEADERS_AGAIN, row)
        elif number not in known:
            message = f"Aucun dossier ne porte le numéro {quote(number)}." if number else "Le numéro de dossier manque."
            log.on_row(TO_CHECK, message, row, "number")
        elif number not in places:
            places[number] = row
        elif row.text("siret") != places[number].text("siret"):
            message = f"Ce dossier a déjà un SIRET, ligne {places[number].line}, qui est gardé. Celui-ci diffère."
            log.on_row(TO_CHECK, message, row, "siret", number)
    return places


def name_of(row: Row, place: Row | None) -> str:
    """The name of the association, empty when no sheet gives it."""
    if name := row.text("name"):
        return name
    return (place.text("company_name") or place.text("association_title")) if place else ""


def read_structure(row: Row, place: Row | None, name: str, number: str, log: ProblemLog) -> StructureRead:
    """The association ``name`` of the line ``row``, ``place`` being its line on Etablissements, if any.

    Identifiers that fail their check are noted « à vérifier » and left out; they never block.
    """
    siret_raw = place.text("siret") if place and not cells.is_blank(place["siret"]) else ""
    siret = _siret(place, number, log)
    siren = log.read(place, "siren", _siren, number) if place else None
    if siret and siren and siret[:9] != siren and place:
        log.on_row(TO_CHECK, f"Le SIREN {siren} n’est pas celui du SIRET {siret}.", place, "siren", number)
    return StructureRead(
        name=name,
        siren=siret[:9] if siret else siren or siren_in(siret_raw),
        siret=siret,
        siret_raw=siret_raw,
        rna=_rna(row, place, number, log),
        legal_form=place.text("legal_form") if place else "",
        address=place.text("address") if place else "",
        postal_code=_five_digits(place["postal_code"]) if place else "",
        commune=place.text("commune") if place else "",
        commune_code=_five_digits(place["commune_code"]) if place else "",
        email=row.text("email"),
        phone=_phone(row["phone"]),
        representative_name=row.text("representative_name"),
        representative_role=row.text("representative_role"),
        iban=log.read(row, "iban", _iban, number),
        created_on=_created_on(place, number, log) if place else None,
    )


def _siret(place: Row | None, number: str, log: ProblemLog) -> str | None:
    if place is None or "siret" not in place.table.positions:
        return None
    if cells.is_blank(place["siret"]):
        log.on_row(TO_CHECK, "Le SIRET manque.", place, "siret", number)
        return None
    return log.read(place, "siret", lambda cell: parse_siret(plain(cell)), number)


def _siren(cell: Cell) -> str | None:
    return None if cells.is_blank(cell) else parse_siren(plain(cell))


def _iban(cell: Cell) -> str | None:
    return None if cells.is_blank(cell) else parse_iban(plain(cell))


def _rna(row: Row, place: Row | None, number: str, log: ProblemLog) -> str | None:
    valid: list[str] = []
    refused: set[str] = set()
    for source, key in ((place, "association_rna"), (row, "rna")):
        if source is None or cells.is_blank(source[key]) or source.text(key) in refused:
            continue
        try:
            valid.append(parse_rna(source.text(key)))
        except UserError as refusal:
            refused.add(source.text(key))
            log.on_row(TO_CHECK, refusal.message, source, key, number)
    if len(set(valid)) > 1:
        message = f"Ce RNA, {valid[1]}, n’est pas celui de l’établissement, {valid[0]}, qui est gardé."
        log.on_row(TO_CHECK, message, row, "rna", number)
    return valid[0] if valid else None


def _created_on(place: Row, number: str, log: ProblemLog) -> date | None:
    key = "association_created_on" if not cells.is_blank(place["association_created_on"]) else "company_created_on"
    return log.read(place, key, cells.day, number)


def _five_digits(cell: Cell) -> str:
    """A postal or commune code to which a spreadsheet may have taken its leading zero."""
    code = plain(cell)
    return f"0{code}" if len(code) == 4 and code.isdigit() else code


def _phone(cell: Cell) -> str:
    number = plain(cell)
    return f"0{number}" if isinstance(cell, int | float) and len(number) == 9 else number
