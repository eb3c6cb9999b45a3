"""The public registers of associations, RNA and SIRENE, kept to the communes of the service.

Pure: rows in one after the other, entries out; a register of a whole country goes through without being held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cv_desktop.domain import cells
from cv_desktop.domain.columns import Field, match_headers
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import SiretState, judge_siret, parse_rna, parse_siren
from cv_desktop.domain.intake import SET_ASIDE, TO_CHECK, Problem
from cv_desktop.domain.sheets import Cell, plain
from cv_desktop.domain.text import NBSP, quote

RNA, SIRENE = "rna", "sirene"
_PLACES = "sirene_places"
_UNKNOWN_DAY = date(1901, 1, 1)
_TOLD = 500


@dataclass(frozen=True, slots=True)
class Registers:
    """Headers of each register, and the beginnings of the legal forms that are associations."""

    fields: Mapping[str, tuple[Field, ...]]
    legal_forms: tuple[str, ...]

    def recognise(self, headers: Sequence[str]) -> tuple[str, Mapping[str, int]] | None:
        """(register, columns) where a line bears every header that the register cannot do without."""
        for name, fields in self.fields.items():
            found = match_headers(headers, fields, {})
            if all(field.key in found for field in fields if field.required):
                return name, found
        return None


@dataclass(frozen=True, slots=True)
class EntryRead:
    """A body of the register; empty texts and None where the register says nothing."""

    line: int
    register: str
    name: str
    acronym: str
    siren: str | None
    siret: str | None
    rna: str | None
    legal_form: str
    purpose: str
    address: str
    postal_code: str
    commune: str
    commune_code: str
    website: str
    created_on: date | None
    closed_on: date | None
    active: bool


@dataclass(slots=True)
class DirectoryReading:
    """Reads a register line by line; the counts are whole once ``entries`` is exhausted.

    ``departments`` are the beginnings of commune codes kept (« 77 »); a file of establishments that does not say
    which are associations is kept to ``communes``. ``elsewhere`` counts the lines of other places, ``others`` those of
    bodies that are no association.
    """

    registers: Registers
    departments: Collection[str]
    communes: Collection[str] = ()
    register: str = ""
    header_line: int = 0
    rows: int = 0
    elsewhere: int = 0
    others: int = 0
    accepted: int = 0
    problems: list[Problem] = field(default_factory=list)
    identifiers: Counter[str] = field(default_factory=Counter)

    def entries(self, rows: Iterable[Sequence[Cell]]) -> Iterator[EntryRead]:
        """The associations of the communes kept. Raises UserError when the headers are of no register."""
        lines = iter(enumerate(rows, 1))
        for line, row in lines:
            found = self.registers.recognise([plain(cell) for cell in row])
            if found:
                (name, at), self.header_line = found, line
                break
            if line > 20:
                break
        if not self.header_line:
            raise UserError("Ce fichier n’a les colonnes ni du RNA, ni de SIRENE.")
        self.register = RNA if name == RNA else SIRENE
        kept = tuple(self.departments)
        if name == _PLACES and "legal_form" not in at and self.communes:
            kept = tuple(self.communes)
        placed = "commune_code" in at and bool(kept)
        for line, row in lines:
            if not any(cell not in ("", None) for cell in row):
                continue
            self.rows += 1
            if placed and not _get(row, at, "commune_code").startswith(kept):
                self.elsewhere += 1
                continue
            form = _get(row, at, "legal_form")
            if "legal_form" in at and not form.startswith(self.registers.legal_forms):
                self.others += 1
                continue
            if entry := self._entry(line, row, at, form):
                self.accepted += 1
                yield entry

    def _entry(self, line: int, row: Sequence[Cell], at: Mapping[str, int], form: str) -> EntryRead | None:
        name = _get(row, at, "name") or _get(row, at, "unit_name")
        siret, siren = self._numbers(line, row, at)
        rna = None
        if written := _get(row, at, "rna"):
            try:
                rna = parse_rna(written)
            except UserError as refusal:
                # Old files of the register hold numbers of before 2009: no RNA, and no fault.
                self._tell(line, "RNA", TO_CHECK, refusal.message, written)
        if not (siren or rna) or not (name or siret):
            what = "Aucun numéro ne peut être lu." if name else "Le nom manque."
            self._tell(line, "", SET_ASIDE, f"{what} Cette ligne est laissée de côté.", name)
            return None
        closed = _day(row, at, "closed_on")
        state = _get(row, at, "state").upper()
        return EntryRead(
            line=line,
            register=self.register,
            name=name,
            acronym=_get(row, at, "acronym"),
            siren=siren,
            siret=siret,
            rna=rna,
            legal_form=form,
            purpose=_get(row, at, "purpose"),
            address=_address(row, at),
            postal_code=_get(row, at, "postal_code"),
            commune=_get(row, at, "commune"),
            commune_code=_get(row, at, "commune_code"),
            website=_get(row, at, "website"),
            created_on=_day(row, at, "created_on"),
            closed_on=closed,
            active=state in ("", "A") and closed is None,
        )

    def _numbers(self, line: int, row: Sequence[Cell], at: Mapping[str, int]) -> tuple[str | None, str | None]:
        written = _get(row, at, "siret")
        stem = _get(row, at, "siren")
        if not written and stem and (nic := _get(row, at, "nic")):
            written = stem.zfill(9) + nic.zfill(5)
        state, number, refusal = judge_siret(written)
        self.identifiers[state.value] += 1
        if refusal and state is not SiretState.SIREN_ONLY:
            self._tell(line, "SIRET", TO_CHECK, refusal, written)
        if number:
            return (number, number[:9]) if len(number) == 14 else (None, number)
        if not stem:
            return None, None
        try:
            return None, parse_siren(stem)
        except UserError as failure:
            self._tell(line, "SIREN", TO_CHECK, failure.message, stem)
            return None, None

    def _tell(self, line: int, column: str, severity: str, message: str, value: str) -> None:
        if len(self.problems) == _TOLD:
            message = f"D’autres lignes encore sont à vérifier{NBSP}: seules les {_TOLD} premières sont listées."
            self.problems.append(Problem(line, "", TO_CHECK, message))
        elif len(self.problems) < _TOLD:
            self.problems.append(Problem(line, column, severity, message, value=value[:80]))


def _get(row: Sequence[Cell], at: Mapping[str, int], key: str) -> str:
    position = at.get(key, -1)
    text = plain(row[position]) if 0 <= position < len(row) else ""
    return "" if text == "[ND]" else " ".join(text.split())


def _day(row: Sequence[Cell], at: Mapping[str, int], key: str) -> date | None:
    """A day; what the register writes for an unknown one (0001-01-01) is none."""
    position = at.get(key, -1)
    if not 0 <= position < len(row) or plain(row[position])[:4] in ("", "0001", "1900"):
        return None
    try:
        found = cells.day(row[position])
    except UserError:
        return None
    return found if found and found > _UNKNOWN_DAY else None


def _address(row: Sequence[Cell], at: Mapping[str, int]) -> str:
    number = _get(row, at, "street_number")
    street = [number if number != "0" else ""]
    street += [_get(row, at, key) for key in ("street_repeat", "street_kind", "street_name")]
    whole = " ".join(filter(None, street))
    extra = _get(row, at, "street_extra")
    return ", ".join(filter(None, (extra, whole)))


def no_entry(reading: DirectoryReading) -> UserError:
    """Said when a register was read whole and nothing was kept."""
    kept = quote(", ".join(reading.departments))
    return UserError(
        f"Aucune association à reprendre parmi {reading.rows} lignes{NBSP}: {reading.elsewhere} d’autres communes que "
        f"{kept}, {reading.others} d’une autre forme juridique."
    )
