"""Structures: each known once, recognised by its numbers and never by a guess."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import masked_iban, parse_iban, parse_rna, parse_siret
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.text import normalised_name

_PARSERS = {"siret": parse_siret, "rna": parse_rna, "iban": parse_iban}
EDITABLE = {
    "name": "Nom",
    "siret": "SIRET",
    "rna": "RNA",
    "address": "Adresse",
    "postal_code": "Code postal",
    "commune": "Commune",
    "email": "Courriel",
    "phone": "Téléphone",
    "representative_name": "Représentant ou représentante légale",
    "representative_role": "Fonction",
    "iban": "IBAN",
}


@dataclass(slots=True)
class Known:
    """The structures of the base by their numbers, read once for a whole import."""

    by_siren: dict[str, Structure]
    by_rna: dict[str, Structure]
    by_name: dict[str, Structure]

    @classmethod
    def load(cls, session: Session) -> Known:
        known = cls({}, {}, {})
        for structure in session.scalars(select(Structure)):
            known.add(structure)
        return known

    def add(self, structure: Structure) -> None:
        if structure.siren:
            self.by_siren[structure.siren] = structure
        if structure.rna:
            self.by_rna[structure.rna] = structure
        self.by_name.setdefault(structure.folded_name, structure)

    def recognise(self, read: StructureRead) -> Structure | None:
        """The structure of that SIREN, else of that RNA; None when neither is known. A name decides nothing."""
        by_siren = self.by_siren.get(read.siren) if read.siren else None
        if by_siren is not None:
            return by_siren
        by_rna = self.by_rna.get(read.rna) if read.rna else None
        if by_rna is not None and read.siren and by_rna.siren and by_rna.siren != read.siren:
            return None
        return by_rna

    def doubt(self, read: StructureRead) -> str:
        """What to verify before taking ``read`` for a new structure, or for the one its numbers say; else empty."""
        by_siren = self.by_siren.get(read.siren) if read.siren else None
        by_rna = self.by_rna.get(read.rna) if read.rna else None
        if by_rna is not None and read.siren and by_rna.siren and by_rna.siren != read.siren:
            return (
                f"Le RNA {read.rna} est déjà celui de « {by_rna.name} », qui a un autre SIREN. "
                "Vérifiez lequel des deux numéros est le bon."
            )
        if by_siren is None and by_rna is None and (same := self.by_name.get(normalised_name(read.name))):
            return f"Une structure porte déjà ce nom : « {same.name} ». Vérifiez s’il s’agit de la même."
        return ""


def register(session: Session, known: Known, read: StructureRead, import_id: str | None) -> tuple[Structure, bool]:
    """The structure that a file describes, created when no number of it is known; (structure, created).

    A known structure keeps what it has: only its blanks are filled.
    """
    found = known.recognise(read)
    if found is not None:
        for name in _FILLED:
            if getattr(found, name) is None and (value := getattr(read, name) or None):
                if name == "rna" and value in known.by_rna:
                    continue
                setattr(found, name, value)
        known.add(found)
        return found, False
    structure = Structure(
        id=new_id(session),
        name=read.name,
        folded_name=normalised_name(read.name),
        siren=read.siren,
        # The same RNA under two SIREN is a doubt that the import tells; a number belongs to one structure.
        rna=read.rna if read.rna not in known.by_rna else None,
        created_at=now(session),
        import_id=import_id,
        **{name: getattr(read, name) or None for name in _FILLED if name not in ("siren", "rna")},
    )
    session.add(structure)
    known.add(structure)
    return structure, True


_FILLED = (
    "siren",
    "siret",
    "rna",
    "legal_form",
    "address",
    "postal_code",
    "commune",
    "commune_code",
    "email",
    "phone",
    "representative_name",
    "representative_role",
    "iban",
    "created_on",
)


def set_field(
    session: Session,
    *,
    structure_id: str,
    name: str,
    value: str,
    raw: dict[str, str] | None = None,
    siren: str | None = None,
) -> Changes:
    """Change one field of a structure; numbers and IBAN are checked with their keys, and the IBAN is masked.

    A right SIRET gives its SIREN and mends the files of the structure that had written a wrong one; ``siren`` and
    ``raw`` give that back.

    Raises UserError when the value does not hold, or when the number belongs to another structure.
    """
    if name not in EDITABLE:
        raise UserError(f"Le champ « {name} » ne se modifie pas.", field=name)
    structure = session.get_one(Structure, structure_id)
    text = value.strip()
    if name == "name" and not text:
        raise UserError("Le nom de la structure est obligatoire.", field="name")
    parsed = _PARSERS[name](text) if text and name in _PARSERS else text
    if name == "rna" and parsed:
        _refuse_taken(session, structure, Structure.rna == parsed, f"le RNA {parsed}")
    before, siren_before = getattr(structure, name), structure.siren or ""
    setattr(structure, name, parsed or None)
    mended: dict[str, str] = {}
    if name == "siret":
        if parsed:
            _refuse_taken(session, structure, Structure.siren == parsed[:9], f"le SIREN {parsed[:9]}")
            structure.siren = parsed[:9]
        if siren is not None:
            structure.siren = siren or None
        mended = _forget_raw(session, structure_id) if parsed else {}
        _put_raw(session, raw or {})
    if name == "name":
        structure.folded_name = normalised_name(text)
    shown = masked_iban if name == "iban" else str
    record(
        session,
        verb="structures.set_field",
        noun="structure",
        noun_id=structure_id,
        summary=f"{structure.name} › {EDITABLE[name]} : "
        f"{shown(before) if before else 'vide'} → {shown(parsed) if parsed else 'vide'}",
        before=shown(before) if before else None,
        after=shown(parsed) if parsed else None,
    )
    back = {"structure_id": structure_id, "name": name, "value": before or ""}
    if name == "siret":
        back |= {"raw": mended, "siren": siren_before}
    touched = Changes.of("structure", structure_id) | Changes.of("application", *mended, *(raw or {}))
    return Changes(touched.touched, Step(set_field, back))


def show_iban(session: Session, *, structure_id: str) -> Changes:
    """Say in the journal that the whole IBAN of a structure was read on the screen."""
    structure = session.get_one(Structure, structure_id)
    if not structure.iban:
        raise UserError("Aucun compte bancaire n’est connu. Saisissez l’IBAN.", field="iban")
    record(
        session,
        verb="structures.show_iban",
        noun="structure",
        noun_id=structure_id,
        summary=f"{structure.name} : IBAN {masked_iban(structure.iban)} affiché en entier",
        source="lecture",
    )
    return Changes.of("structure", structure_id)


def _forget_raw(session: Session, structure_id: str) -> dict[str, str]:
    """A right SIRET mends what the files not judged yet had written; gives what each had."""
    files = session.scalars(
        select(Application).where(
            Application.structure_id == structure_id,
            Application.siret_raw.is_not(None),
            Application.status.in_(("deposited", "incomplete")),
        )
    )
    mended = {}
    for file in files:
        mended[file.id] = file.siret_raw or ""
        file.siret_raw = None
    return mended


def _put_raw(session: Session, raw: dict[str, str]) -> None:
    for key, written in raw.items():
        session.get_one(Application, key).siret_raw = written


def _refuse_taken(session: Session, structure: Structure, condition: ColumnElement[bool], words: str) -> None:
    other = session.scalars(select(Structure).where(condition, Structure.id != structure.id)).first()
    if other is not None:
        raise UserError(f"« {other.name} » a déjà {words}.", field="siret")
