"""Financial reports kept with their table: received, linked to their structure and their file, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.report import Report, ReportLine
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import application_records
from cv_desktop.db.queries import reports as queries
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import is_rna, parse_rna, parse_siret, siren_in
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.report import Reported, ReportRead, about, choice_text
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import attachments, contents
from cv_desktop.services.registry import Known

BILAN = "bilan"


@dataclass(frozen=True, slots=True)
class Placing:
    """What a person says of a report, in place of what it says itself.

    ``application_id`` is None as long as nobody chose, empty for a file that is not in this base.
    """

    structure_id: str = ""
    application_id: str | None = None
    year: int | None = None


NOBODY_SAID = Placing()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a report goes. ``possible`` are the files a person has to choose from, none when ``file`` is settled."""

    structure_id: str
    structure: str
    year: int | None
    file: Reported | None
    possible: tuple[Reported, ...] = ()


def target(session: Session, *, read: ReportRead, placing: Placing = NOBODY_SAID) -> Target:
    """The structure of a report by its SIRET then its RNA, and its file by its number, title and year.

    Raises UserError when the file that a person chose is not one of its structure.
    """
    key, chosen = placing.structure_id, placing.application_id
    found = session.get(Structure, key) if key else Known.load(session).recognise(read.structure)
    if found is None and chosen:
        found = session.get_one(Structure, session.get_one(Application, chosen).structure_id)
    year = placing.year or read.year
    if found is None:
        return Target("", "", year, None)
    files = queries.files(session, structure_id=found.id)
    if chosen is not None:
        file = next((x for x in files if x.id == chosen), None)
        if chosen and file is None:
            raise UserError(f"Ce dossier n’est pas de {quote(found.name)}, ou il a été retiré.", field="application")
        possible: tuple[Reported, ...] = ()
    else:
        told = read if year == read.year else ReportRead(read.structure, read.title, year, answers=read.answers)
        file, possible = about(told, files)
    return Target(found.id, found.name, year or (file.year if file else None), file, possible)


def structure_of(session: Session, *, number: str) -> str:
    """The key of the structure of a SIRET, a SIREN or an RNA as typed. Raises UserError when none has it."""
    rna = parse_rna(number) if is_rna(number) else None
    siren = None if rna else siren_in(number) or parse_siret(number)[:9]
    found = Known.load(session).recognise(StructureRead("", siren=siren, rna=rna))
    if found is None:
        raise UserError(f"Aucune structure du registre n’a le numéro {quote(number)}.", field="structure")
    return found.id


def file_of(session: Session, *, number: str) -> str:
    """The key of the file of a number. Raises UserError when there is none."""
    key = application_records.key_of(session, number=number)
    if not key:
        raise UserError(f"Aucun dossier n’a le numéro {quote(number)}.", field="application")
    return key


def receive(
    session: Session, *, read: ReportRead, path: Path, call_id: str | None = None, placing: Placing = NOBODY_SAID
) -> tuple[Changes, str]:
    """Keep a report, the PDF it was read from, and gives its key.

    The file that the structure has in the campaign ``call_id`` receives the PDF too, as the report of the action
    before when it tells of an earlier year. Raises UserError, naming « structure », « year » or « application », when
    a person has to say it, or when the structure already sent this PDF.
    """
    where = target(session, read=read, placing=placing)
    settled(where)
    structure = session.get_one(Structure, where.structure_id)
    assert where.year is not None
    kept = contents.receive(session, path)
    same = select(Report).where(Report.structure_id == structure.id, Report.sha256 == kept.sha256)
    if (before := session.scalars(same).first()) is not None:
        raise UserError(f"Ce bilan de {quote(structure.name)} est déjà là, reçu le {short_date(before.received_on)}.")
    row: dict[str, Any] = {
        "id": new_id(session),
        "structure_id": structure.id,
        "application_id": where.file.id if where.file else None,
        "year": where.year,
        "title": read.title,
        "subsidy_cents": read.subsidy_cents,
        "answers": dict(read.answers),
        "signatory_name": read.signatory_name,
        "signed_on": read.signed_on,
        "received_on": today(session),
        "filename": path.name,
        "sha256": kept.sha256,
    }
    lines = [
        {
            "report_id": row["id"],
            "position": position,
            "side": x.side,
            "account": x.account,
            "label": x.label,
            "planned_cents": x.planned_cents,
            "realised_cents": x.realised_cents,
        }
        for position, x in enumerate(read.lines)
    ]
    written = restore(session, row=row, lines=lines)
    joined = _join(session, structure.id, call_id, where.year, path)
    return Changes((written | joined).touched, together(written.undo, joined.undo)), str(row["id"])


def restore(session: Session, *, row: dict[str, Any], lines: Sequence[dict[str, Any]]) -> Changes:
    """Write a report as it is given: a new one, or one taken back from its removal."""
    if row["application_id"] and session.get(Application, row["application_id"]) is None:
        row = {**row, "application_id": None}
    session.execute(insert(Report), [{name: value for name, value in row.items() if value is not None}])
    if lines:
        session.execute(insert(ReportLine), list(lines))
    return _done(session, "add", row, lines, Step(remove, {"report_id": row["id"]}))


def remove(session: Session, *, report_id: str) -> Changes:
    """Take a report away; its content stays in the base's folder, and the undo gives it back."""
    found = session.get(Report, report_id)
    if found is None:
        raise UserError("Ce bilan n’est plus là. La fiche vient d’être relue.")
    row = {column.key: getattr(found, column.key) for column in Report.__table__.columns}
    order = select(*ReportLine.__table__.columns).where(ReportLine.report_id == report_id).order_by(ReportLine.position)
    lines = [dict(line) for line in session.execute(order).mappings()]
    session.delete(found)
    session.flush()
    return _done(session, "remove", row, lines, Step(restore, {"row": row, "lines": lines}))


def settled(where: Target) -> None:
    """Raises UserError, naming « structure », « application » or « year », when a person has to say it."""
    if not where.structure_id:
        raise UserError(
            "Ce compte rendu ne dit pas de quelle structure connue il vient\u00a0: ni son SIRET ni son RNA ne sont au "
            "registre. Indiquez la structure.",
            field="structure",
        )
    if where.possible:
        named = " ou ".join(choice_text(file) for file in where.possible[:5])
        raise UserError(
            f"Rien ne dit à quel dossier de {quote(where.structure)} ce bilan se rapporte{NBSP}: {named}. "
            "Indiquez le dossier.",
            field="application",
        )
    if where.year is None:
        raise UserError("Ce compte rendu ne dit pas son exercice. Indiquez l’année.", field="year")


def _join(session: Session, structure_id: str, call_id: str | None, year: int, path: Path) -> Changes:
    """The PDF joined to the file of the structure in a campaign, if it has one."""
    if call_id is None:
        return Changes()
    mine = (
        select(Application.id)
        .where(
            Application.call_id == call_id,
            Application.structure_id == structure_id,
            Application.status.not_in(("ineligible", "withdrawn")),
        )
        .order_by(Application.seq.desc())
    )
    key = session.scalars(mine).first()
    if key is None:
        return Changes()
    kind = BILAN if year < session.get_one(Call, call_id).year else ""
    return attachments.add(session, application_id=key, kind=kind, path=path)


def _done(session: Session, verb: str, row: dict[str, Any], lines: Sequence[dict[str, Any]], undo: Step) -> Changes:
    structure = session.get_one(Structure, row["structure_id"])
    said = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
    content = {**said, "lines": [{k: v for k, v in line.items() if k != "report_id"} for line in lines]}
    added = verb == "add"
    record(
        session,
        verb=f"reports.{verb}",
        noun="structure",
        noun_id=structure.id,
        summary=f"{structure.name} › bilan {row['year']} {'reçu' if added else 'retiré'}{NBSP}: {row['filename']}",
        before=None if added else content,
        after=content if added else None,
    )
    touched = Changes.of("structure", structure.id) | Changes.of("report", row["id"])
    if row["application_id"]:
        touched |= Changes.of("application", row["application_id"])
    return Changes(touched.touched, undo)
