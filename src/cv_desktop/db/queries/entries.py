"""What a form being typed may already find in the base: the structure, and its earlier files."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.structure import Structure


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file of the same structure. ``year`` is that of its campaign."""

    id: str
    number: str
    title: str
    year: int
    call_id: str


def by_number(session: Session, *, siren: str = "", rna: str = "") -> str:
    """The key of the structure that has this SIREN, else this RNA; empty when none does."""
    wanted = [Structure.siren == siren] if siren else []
    wanted += [Structure.rna == rna] if rna else []
    if not wanted:
        return ""
    found = session.execute(select(Structure.id, Structure.siren).where(or_(*wanted))).all()
    return str(next((key for key, known in found if siren and known == siren), found[0][0] if found else ""))


def earlier(session: Session, *, structure_id: str) -> list[Earlier]:
    """The files of a structure, the newest campaign first, those withdrawn left out."""
    query = (
        select(Application.id, Application.number, Application.title, Call.year, Application.call_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.structure_id == structure_id, Application.status != "withdrawn")
        .order_by(Call.year.desc(), Application.number.desc())
    )
    return [Earlier(*row) for row in session.execute(query)]
