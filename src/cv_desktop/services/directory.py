"""The local directory: public registers kept in the base, to prefill a structure instead of typing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Import
from cv_desktop.db.models.directory_entry import DirectoryEntry
from cv_desktop.db.models.reference import Commune
from cv_desktop.db.queries import directory as entries
from cv_desktop.db.queries.directory import EntryRow
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.directory import DirectoryReading, EntryRead, Registers, no_entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import parse_rna, parse_siren, parse_siret
from cv_desktop.domain.sheets import Cell
from cv_desktop.domain.text import NBSP, counted, normalised_name, quote
from cv_desktop.services.kept_files import keep

_AT_ONCE = 1_000
_COMPLETED = (
    "name", "acronym", "siren", "siret", "rna", "legal_form", "purpose", "address", "postal_code", "commune",
    "commune_code", "website", "created_on",
)  # fmt: skip


def reading(session: Session, registers: Registers) -> DirectoryReading:
    """A reading kept to the departments of the service's communes, or to these communes where that is too much."""
    codes = session.scalars(select(Commune.code)).all()
    departments = sorted({code[:3] if code.startswith("97") else code[:2] for code in codes})
    return DirectoryReading(registers, departments, sorted(codes))


def run(
    session: Session,
    *,
    registers: Registers,
    rows: Iterable[Sequence[Cell]],
    filename: str,
    sha256: str,
    source: str = "",
    path: Path | None = None,
) -> tuple[Changes, str, DirectoryReading]:
    """Write the associations of a register that lie in the service's departments; read and written as it flows.

    Raises UserError when the file is in the base already, when its headers are of no register, or when nothing is kept.
    """
    already = session.scalars(select(Import).where(Import.kind == "directory", Import.sha256 == sha256)).first()
    if already is not None:
        raise UserError(f"Rien de nouveau dans {quote(filename)}{NBSP}: ce fichier est déjà dans la base.")
    register = reading(session, registers)
    batch = Import(
        id=new_id(session),
        call_id=None,
        kind="directory",
        source=source,
        filename=filename,
        sha256=sha256,
        imported_at=now(session),
        report={},
    )
    session.add(batch)
    session.flush()
    waiting: list[dict[str, object]] = []
    for entry in register.entries(rows):
        waiting.append(_row(entry, batch.id, new_id(session)))
        if len(waiting) == _AT_ONCE:
            session.execute(insert(DirectoryEntry.metadata.tables[DirectoryEntry.__tablename__]), waiting)
            waiting.clear()
    if waiting:
        session.execute(insert(DirectoryEntry.metadata.tables[DirectoryEntry.__tablename__]), waiting)
    if not register.accepted:
        raise no_entry(register)
    if path is not None:
        keep(session, path, sha256)
    batch.report = {
        "register": register.register,
        "rows": register.rows,
        "accepted": register.accepted,
        "elsewhere": register.elsewhere,
        "others": register.others,
        "problems": [asdict(problem) for problem in register.problems],
    }
    record(
        session,
        verb="directory.run",
        noun="import",
        noun_id=batch.id,
        summary=f"Annuaire {register.register.upper()} chargé de {quote(filename)}{NBSP}: "
        f"{counted(register.accepted, 'association')}",
        after={"sha256": sha256, **{key: batch.report[key] for key in ("rows", "accepted", "elsewhere", "others")}},
        source="import",
    )
    changes = Changes(
        Changes.of("import", batch.id).touched | Changes.of("directory", batch.id).touched,
        Step(remove, {"import_id": batch.id}),
    )
    return changes, batch.id, register


def remove(session: Session, *, import_id: str) -> Changes:
    """Take back a register; the structures it prefilled keep what they were given."""
    batch = session.get_one(Import, import_id)
    if batch.kind != "directory":
        raise UserError("Cet import n’est pas un annuaire.")
    of_it = DirectoryEntry.import_id == import_id
    count = session.scalar(select(func.count()).select_from(DirectoryEntry).where(of_it)) or 0
    session.execute(delete(DirectoryEntry).where(of_it))
    session.delete(batch)
    record(
        session,
        verb="directory.remove",
        noun="import",
        noun_id=import_id,
        summary=f"Annuaire {quote(batch.filename)} retiré{NBSP}: {counted(count, 'association')} en moins",
        before={"sha256": batch.sha256, "entries": count},
    )
    return Changes.of("import", import_id) | Changes.of("directory", import_id)


def find(session: Session, *, text: str, limit: int = 8) -> list[EntryRow]:
    """What the directory knows of a SIRET, a SIREN, a RNA, or the words of a name: one row per body, completed.

    The registers complete each other by SIREN and RNA: the RNA gives the purpose, SIRENE the numbers, a line of
    establishment the address. A number gives the body that bears it; a name gives those that hold all its words.
    """
    bare = text.strip()
    for parse, condition in (
        (parse_siret, lambda number: or_(DirectoryEntry.siret == number, DirectoryEntry.siren == number[:9])),
        (parse_siren, lambda number: DirectoryEntry.siren == number),
        (parse_rna, lambda number: DirectoryEntry.rna == number),
    ):
        try:
            number = parse(bare)
        except UserError:
            continue
        found = entries.some(session, condition(number), exact=number, limit=limit)
        return _completed(session, found[:1])
    words = normalised_name(bare).split()
    if not words:
        return []
    holds = [DirectoryEntry.folded_name.contains(word, autoescape=True) for word in words]
    found = entries.some(session, *holds, exact="", limit=2 * limit)
    return _completed(session, found)[:limit]


def _completed(session: Session, found: Sequence[EntryRow]) -> list[EntryRow]:
    """One row per body: what its own line leaves blank is taken from its other lines."""
    whole: list[EntryRow] = []
    for row in found:
        if any(row.id == one.id or _same_body(row, one) for one in whole):
            continue
        # SIRENE first: it may give the RNA that leads to the other register.
        for column, key in ((DirectoryEntry.siren, "siren"), (DirectoryEntry.rna, "rna")):
            if not (number := getattr(row, key)):
                continue
            for other in entries.some(session, column == number, exact=row.siret, limit=20):
                blank = {n: getattr(other, n) for n in _COMPLETED if not getattr(row, n) and getattr(other, n)}
                row = replace(row, **blank)
        whole.append(row)
    return whole


def _same_body(one: EntryRow, other: EntryRow) -> bool:
    return bool((one.siren and one.siren == other.siren) or (one.rna and one.rna == other.rna))


def _row(entry: EntryRead, import_id: str, key: str) -> dict[str, object]:
    return {
        **asdict(entry),
        "id": key,
        "import_id": import_id,
        "folded_name": " ".join(filter(None, (normalised_name(entry.name), normalised_name(entry.acronym)))),
    }
