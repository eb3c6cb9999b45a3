"""A public register of associations as it is read before anything is written."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cv_desktop.domain.directory import no_entry
from cv_desktop.domain.file_kinds import DIRECTORY
from cv_desktop.domain.intake_preview import LineState, PreviewLine
from cv_desktop.domain.repairs import Point
from cv_desktop.services import directory, vocabulary
from cv_desktop.services.readings import RawFile, Reading, Tell, Wanted, rows_of

SHOWN = 500
_TELL = 5_000


def read_register(session: Session, *, file: RawFile, source: str, wanted: Wanted, tell: Tell) -> Reading:
    """Count what a register holds for the service's communes; its first entries are shown.

    Raises UserError when its columns are of no known register, or when nothing would be kept.
    """
    register = directory.reading(session, vocabulary.registers())
    lines: list[PreviewLine] = []
    for place, entry in enumerate(register.entries(rows_of(file))):
        if place % _TELL == 0:
            tell(f"Ligne {entry.line}")
        if len(lines) < SHOWN:
            number = entry.siret or entry.siren or entry.rna or ""
            lines.append(
                PreviewLine(entry.line, "", LineState.READY, number, entry.name, entry.purpose, entry.commune, "", {})
            )
    if not register.accepted:
        raise no_entry(register)
    asides = []
    if register.elsewhere:
        asides.append(("hors du territoire", (f"{register.elsewhere} lignes",)))
    if register.others:
        asides.append(("autre organisme", (f"{register.others} lignes",)))
    points = tuple(Point(problem) for problem in register.problems)
    return Reading(
        file, DIRECTORY, source, wanted, {}, (), register.rows, tuple(lines), points, tuple(asides), register=register
    )
