"""The financial reports of a structure, and the files that one of them may be about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models import report
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.budget import CHARGE, PRODUIT
from cv_desktop.domain.report import Reported, ReportLine

OUT = ("draft", "ineligible", "withdrawn")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as its form said it; ``number`` is that of the file it is about, empty when it is none of this base."""

    id: str
    application_id: str
    number: str
    year: int
    title: str
    subsidy_cents: int | None
    answers: Mapping[str, str]
    signatory_name: str
    signed_on: date | None
    received_on: date
    filename: str
    sha256: str
    lines: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """The number of the file that a report is about, or nothing; its exercise; the day it came."""

    number: str
    year: int
    on: date


def rows(session: Session, *, structure_id: str, viewer: str | None = None) -> list[ReportRow]:
    """The reports of a structure, the last exercise first."""
    table, line = report.Report, report.ReportLine
    mine = (
        select(table, Application.number)
        .outerjoin(Application, Application.id == table.application_id)
        .where(table.structure_id == structure_id)
        .order_by(table.year.desc(), table.received_on.desc(), table.id)
    )
    if viewer is not None:
        mine = mine.where(table.application_id.is_not(None), visible(viewer))
    found = session.execute(mine).all()
    lines: dict[str, list[ReportLine]] = defaultdict(list)
    of_them = select(line).where(line.report_id.in_([row.id for row, _number in found]))
    for x in session.scalars(of_them.order_by(line.report_id, line.position)):
        side = CHARGE if x.side == CHARGE else PRODUIT
        lines[x.report_id].append(ReportLine(side, x.account, x.label, x.planned_cents, x.realised_cents))
    return [
        ReportRow(
            row.id, row.application_id or "", number or "", row.year, row.title, row.subsidy_cents, row.answers,
            row.signatory_name, row.signed_on, row.received_on, row.filename, row.sha256, tuple(lines[row.id]),
        )
        for row, number in found
    ]  # fmt: skip


def files(session: Session, *, structure_id: str, viewer: str | None = None) -> list[Reported]:
    """The files of a structure that a report may be about, the newest first."""
    query = (
        select(Application.id, Application.number, Application.title, Call.year)
        .join(Call, Call.id == Application.call_id)
        .where(Application.structure_id == structure_id, Application.status.not_in(OUT), visible(viewer))
        .order_by(Call.year.desc(), Application.number.desc())
    )
    return [Reported(*row) for row in session.execute(query)]


def before(session: Session, year: int, structure_id: str | None = None) -> dict[str, list[Received]]:
    """The reports on exercises before a year, of every structure or of one, in the order they came."""
    table = report.Report
    query = (
        select(table.structure_id, Application.number, table.year, table.received_on)
        .outerjoin(Application, Application.id == table.application_id)
        .where(table.year < year)
        .order_by(table.received_on)
    )
    if structure_id is not None:
        query = query.where(table.structure_id == structure_id)
    found: dict[str, list[Received]] = defaultdict(list)
    for owner, number, exercise, on in session.execute(query):
        found[owner].append(Received(number or "", exercise, on))
    return found


def received_on(reports: Sequence[Received], award: str, year: int) -> date | None:
    """The day the report of an award came: that of its file, else one of its year that names no file."""
    days = [x.on for x in reports if x.number == award or (not x.number and x.year == year)]
    return days[-1] if days else None
