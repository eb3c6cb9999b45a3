"""What the revealed sheets say of one another, line by line, and as a workbook; nothing before the revelation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import Meeting
from cv_desktop.db.queries import calls, meetings
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.fairness import Discrimination, Dispersion, Severity
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import rankings

FILES, MEMBERS, CRITERIA = "files", "members", "criteria"
TITLES = {FILES: "Dispersion par dossier", MEMBERS: "Sévérité par membre", CRITERIA: "Discrimination par critère"}
MEANING = {
    FILES: f"Accord{NBSP}: 1 quand les grilles d’un dossier se confondent, 0 quand elles ne se ressemblent pas plus "
    f"que prises au hasard. Un comité peut s’accorder sur une erreur{NBSP}; avec une seule grille, rien n’est dit.",
    MEMBERS: "Écart moyen aux autres membres, sur les mêmes dossiers. Il ne dit rien de qui a raison, et peu de chose "
    "sous cinq dossiers. La note n’en est jamais corrigée.",
    CRITERIA: f"Près de 1, le critère classe les dossiers comme les autres{NBSP}; près de 0, autrement{NBSP}; sous 0, "
    "à l’inverse. Ce n’est pas un défaut en soi. Sous trois dossiers qui diffèrent, rien n’est dit.",
}


@dataclass(frozen=True, slots=True)
class FileLine:
    application_id: str
    number: str
    structure: str
    found: Dispersion


@dataclass(frozen=True, slots=True)
class MemberLine:
    name: str
    found: Severity


@dataclass(frozen=True, slots=True)
class CriterionLine:
    code: str
    label: str
    found: Discrimination


@dataclass(frozen=True, slots=True)
class Tables:
    """The files of one meeting; the members, the criteria and the ``agreement`` of the whole campaign."""

    files: tuple[FileLine, ...] = ()
    members: tuple[MemberLine, ...] = ()
    criteria: tuple[CriterionLine, ...] = ()
    agreement: float | None = None


def tables(session: Session, *, meeting_id: str, viewer: str | None = None) -> Tables:
    """The three tables of a meeting; empty before its revelation."""
    meeting = session.get_one(Meeting, meeting_id)
    if meeting.revealed_at is None:
        return Tables()
    found, names = rankings.fairness_of(session, call_id=meeting.call_id)
    grid = calls.grid(session, meeting.call_id).grid
    labels = {criterion.code: criterion.label for criterion in grid.criteria}
    agenda = meetings.agenda(session, meeting_id=meeting_id, viewer=viewer)
    return Tables(
        files=tuple(
            FileLine(row.application_id, row.number, row.structure, found.files[row.application_id])
            for row in agenda
            if row.application_id in found.files
        ),
        members=tuple(MemberLine(name, found.members[key]) for key, name in names.items() if key in found.members),
        criteria=tuple(CriterionLine(code, labels.get(code, code), one) for code, one in found.criteria.items()),
        agreement=found.agreement,
    )


def xlsx(store: Store, *, meeting_id: str, name: str, actor: str) -> bytes:
    """One of the three tables as a workbook; the export is journaled. Raises UserError before the revelation."""
    from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook

    with store.read() as session:
        found = tables(session, meeting_id=meeting_id)
        meeting = session.get_one(Meeting, meeting_id)
        label, revealed = meeting.label, meeting.revealed_at is not None
    if not revealed:
        raise UserError(f"Les notes ne sont pas révélées{NBSP}: il n’y a rien à exporter.")
    heads, rows = _HEADS[name], _rows(found, name)
    columns = [SheetColumn(title, "text" if place < _WORDS else "decimal", 16) for place, title in enumerate(heads)]
    made = decisions_workbook(columns, rows, title=TITLES[name])
    with store.write(actor) as session:
        record(
            session,
            verb="fairness.xlsx",
            noun="meeting",
            noun_id=meeting_id,
            summary=f"{TITLES[name]} de {quote(label)} exportée",
            source="export",
        )
    return made


_HEADS = {
    FILES: ("N° dossier", "Structure", "Grilles", "Moyenne", "Écart type", "Plus basse", "Plus haute", "Accord"),
    MEMBERS: ("Membre", "Lecture", "Dossiers", "Écart aux autres", "Étalement", "Étalement des autres"),
    CRITERIA: ("Critère", "Intitulé", "Dossiers", "Corrélation"),
}
_WORDS = 2  # the columns that hold words come first


def _rows(found: Tables, name: str) -> Sequence[Sequence[object]]:
    if name == FILES:
        return [
            (
                line.number,
                line.structure,
                line.found.sheets,
                _said(float(line.found.mean)),
                _said(line.found.deviation),
                _said(float(line.found.lowest)),
                _said(float(line.found.highest)),
                _said(line.found.agreement, "0.01"),
            )
            for line in found.files
        ]
    if name == MEMBERS:
        return [
            (
                line.name,
                line.found.sentence,
                line.found.files,
                _said(float(line.found.gap)),
                _said(line.found.spread),
                _said(line.found.others_spread),
            )
            for line in found.members
        ]
    return [(line.code, line.label, line.found.files, _said(line.found.correlation, "0.01")) for line in found.criteria]


def _said(value: float | None, step: str = "0.1") -> Decimal | None:
    return None if value is None else Decimal(repr(value)).quantize(Decimal(step), ROUND_HALF_UP)
