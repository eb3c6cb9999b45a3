"""The registry of structures: each known once, recognised by its numbers, then asked by its name, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.base import Base
from cv_desktop.db.models.bank_account import BankAccount
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.work import new_id, now, today
from cv_desktop.domain.identifiers import masked_iban
from cv_desktop.domain.imported import plain
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.text import normalised_name, words

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
    "created_on",
)


@dataclass(slots=True)
class Known:
    """The structures of the base by their numbers and names, former ones too, read once for a whole import."""

    by_siren: dict[str, Structure] = field(default_factory=dict)
    by_rna: dict[str, Structure] = field(default_factory=dict)
    by_name: dict[str, Structure] = field(default_factory=dict)
    ibans: dict[str, str] = field(default_factory=dict)
    represented: set[str] = field(default_factory=set)
    # What was given to the blanks of structures of before, by their key.
    filled: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session) -> Known:
        known = cls()
        live = {s.id: s for s in session.scalars(select(Structure).where(Structure.merged_into.is_(None)))}
        for structure in live.values():
            known.add(structure)
        by_kind = {"name": known.by_name, "siren": known.by_siren, "rna": known.by_rna}
        aliases = select(StructureAlias.structure_id, StructureAlias.kind, StructureAlias.folded)
        for key, kind, folded in session.execute(aliases):
            if key in live and kind in by_kind:
                # A number or a name in use today says more than a former one.
                by_kind[kind].setdefault(folded, live[key])
        accounts = select(BankAccount.structure_id, BankAccount.iban).where(BankAccount.until.is_(None))
        known.ibans = dict(session.execute(accounts).all())
        known.represented = set(session.scalars(select(Mandate.structure_id).where(Mandate.represents)))
        return known

    def add(self, structure: Structure) -> None:
        if structure.siren:
            self.by_siren[structure.siren] = structure
        if structure.rna:
            self.by_rna[structure.rna] = structure
        self.by_name.setdefault(structure.folded_name, structure)

    def recognise(self, read: StructureRead) -> Structure | None:
        """The structure of that SIREN, else of that RNA; None when neither is known. A name decides nothing."""
        return self.numbered(read.siren, read.rna)

    def numbered(self, siren: str | None, rna: str | None) -> Structure | None:
        """As ``recognise``, of two numbers."""
        by_siren = self.by_siren.get(siren) if siren else None
        if by_siren is not None:
            return by_siren
        by_rna = self.by_rna.get(rna) if rna else None
        if by_rna is not None and siren and by_rna.siren and by_rna.siren != siren:
            return None
        return by_rna

    def namesake(self, read: StructureRead) -> Structure | None:
        """A structure of that name, when no number recognises it: a person says whether it is the same."""
        return None if self.recognise(read) else self.by_name.get(normalised_name(read.name))

    def doubt(self, read: StructureRead) -> str:
        """What to verify before taking ``read`` for a new structure, or for the one its numbers say; else empty."""
        by_siren = self.by_siren.get(read.siren) if read.siren else None
        by_rna = self.by_rna.get(read.rna) if read.rna else None
        if by_rna is not None and read.siren and by_rna.siren and by_rna.siren != read.siren and by_siren is not by_rna:
            return (
                f"Le RNA {read.rna} est déjà celui de « {by_rna.name} », qui a un autre SIREN. "
                "Vérifiez lequel des deux numéros est le bon."
            )
        if same := self.namesake(read):
            return f"Une structure porte déjà ce nom : « {same.name} ». Vérifiez s’il s’agit de la même."
        found = by_siren or by_rna
        if found is not None and read.iban and self.ibans.get(found.id, read.iban) != read.iban:
            return (
                f"Le compte bancaire de « {found.name} » était {masked_iban(self.ibans[found.id])}, le fichier donne "
                f"{masked_iban(read.iban)}. L’ancien est gardé ; demandez le RIB avant de le changer."
            )
        return ""


def register(
    session: Session,
    known: Known,
    read: StructureRead,
    import_id: str | None,
    *,
    same: Structure | None = None,
    put: Callable[[Base], None] | None = None,
) -> tuple[Structure, bool]:
    """The structure that a file describes, created when no number of it is known; (structure, created).

    ``same`` is the one that a person said it is. A known structure keeps what it has: only its blanks are filled.
    ``put`` takes what is created, to be written later; by default the session takes it.
    """
    put = put or session.add
    found = known.recognise(read) or same
    if found is not None:
        for name in _FILLED:
            if getattr(found, name) is None and (value := getattr(read, name) or None):
                if name == "rna" and value in known.by_rna:
                    continue
                setattr(found, name, value)
                if found.import_id is None or found.import_id != import_id:
                    known.filled.setdefault(found.id, {})[name] = plain(value)
        known.add(found)
        _complete(session, known, found, read, import_id, put)
        return found, False
    structure = Structure()
    # Put in place all at once: the mapping watches each field that is set, five times longer for thousands of them.
    vars(structure).update(
        {name: getattr(read, name) or None for name in _FILLED},
        id=new_id(session),
        name=read.name,
        folded_name=normalised_name(read.name),
        siren=read.siren,
        # The same RNA under two SIREN is a doubt that the import tells; a number belongs to one structure.
        rna=read.rna if read.rna not in known.by_rna else None,
        created_at=now(session),
        import_id=import_id,
    )
    put(structure)
    known.add(structure)
    _complete(session, known, structure, read, import_id, put)
    return structure, True


def give_back(session: Session, filled: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Empty again the blanks that an import had filled, unless somebody wrote there since; keys of the structures."""
    emptied = []
    for structure in session.scalars(select(Structure).where(Structure.id.in_(filled))):
        same = [name for name, value in filled[structure.id].items() if plain(getattr(structure, name)) == value]
        for name in same:
            setattr(structure, name, None)
        if same:
            emptied.append(structure.id)
    return emptied


def _complete(
    session: Session,
    known: Known,
    structure: Structure,
    read: StructureRead,
    import_id: str | None,
    put: Callable[[Base], None],
) -> None:
    """The account and the representative that a file gives, when the structure has none."""
    if read.iban and structure.id not in known.ibans:
        known.ibans[structure.id] = read.iban
        put(
            BankAccount(
                id=new_id(session),
                structure_id=structure.id,
                iban=read.iban,
                bic="",
                holder="",
                since=today(session),
                validated_by="",
                import_id=import_id,
            )
        )
    if (read.representative_name or read.representative_role) and structure.id not in known.represented:
        known.represented.add(structure.id)
        put(
            Mandate(
                id=new_id(session),
                structure_id=structure.id,
                person_name=read.representative_name,
                folded_name=words(read.representative_name),
                role=read.representative_role,
                represents=True,
                email="",
                phone="",
                import_id=import_id,
            )
        )
