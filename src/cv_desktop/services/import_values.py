"""The values of applications beside those that the last file gave: read for a comparison, written by an import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.funding import Funding
from cv_desktop.db.models.import_value import ImportValue
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import settings
from cv_desktop.db.work import new_id, today
from cv_desktop.domain.budget import BudgetLine as Line
from cv_desktop.domain.budget import Funding as State
from cv_desktop.domain.identifiers import SiretState, judge_siret
from cv_desktop.domain.imported import (
    BUDGET,
    DOCUMENT,
    FUNDING,
    PLAIN,
    QUARTERS,
    SIRET,
    STRUCTURE,
    THEME,
    plain,
    quarters,
    typed,
)
from cv_desktop.domain.quarters import is_outside
from cv_desktop.domain.reimport import Present
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.services import budgets
from cv_desktop.services.budgets import Line as Written
from cv_desktop.services.fundings import AMOUNTS

_LOCKED = ("eligible", "ineligible", "withdrawn")


def present(session: Session, *, call_id: str, source: str) -> dict[str, Present]:
    """The applications of a campaign that came from a source, by the number this source gave them."""
    where = (Application.call_id == call_id, Application.source == source, Application.external_id.is_not(None))
    return {one.external: one for one in _present(session, *where)}


def of_import(session: Session, *, import_id: str) -> list[Present]:
    """The applications that an import created."""
    return _present(session, Application.import_id == import_id)


def _present(session: Session, *where: ColumnElement[bool]) -> list[Present]:
    chosen = select(Application.id).where(*where)
    inside: dict[str, list[str]] = defaultdict(list)
    query = select(ApplicationQuarter.application_id, ApplicationQuarter.quarter_code)
    for key, code in session.execute(query.where(ApplicationQuarter.application_id.in_(chosen))):
        inside[key].append(code)
    lines: dict[str, list[list[Any]]] = defaultdict(list)
    query_lines = (
        select(
            BudgetLine.application_id,
            BudgetLine.side,
            BudgetLine.account,
            BudgetLine.label,
            BudgetLine.amount_cents,
            BudgetLine.state,
        )
        .where(BudgetLine.application_id.in_(chosen))
        .order_by(BudgetLine.application_id, BudgetLine.position)
    )
    for key, *line in session.execute(query_lines):
        lines[key].append(line)
    documents: dict[str, dict[str, str]] = defaultdict(dict)
    query_documents = select(Document.application_id, Document.kind, Document.filename)
    for key, kind, filename in session.execute(query_documents.where(Document.application_id.in_(chosen))):
        documents[key][DOCUMENT + kind] = filename
    given: dict[str, dict[str, int]] = defaultdict(dict)
    for one in session.scalars(select(Funding).where(Funding.application_id.in_(chosen))):
        for name in AMOUNTS:
            if (cents := getattr(one, name)) is not None:
                given[one.application_id][f"{FUNDING}{one.funder_code}:{name}"] = cents
    kept: dict[str, dict[str, Any]] = dict(
        session.execute(
            select(ImportValue.application_id, ImportValue.values).where(ImportValue.application_id.in_(chosen))
        ).all()
    )
    names = (*PLAIN, "id", "number", "external_id", "status", "theme_code", "theme_label", "quarters_text")
    columns = [getattr(Application, name) for name in (*names, "structure_id", "siret_raw")]
    found = []
    rows = (
        select(*columns, Structure.siret, Structure.name)
        .join(Structure, Structure.id == Application.structure_id)
        .where(*where)
    )
    for row in session.execute(rows.order_by(Application.seq)):
        values: dict[str, Any] = {name: plain(getattr(row, name)) for name in PLAIN}
        values[THEME] = row.theme_code or row.theme_label
        values[QUARTERS] = quarters(inside[row.id], row.quarters_text)
        values[BUDGET] = lines[row.id]
        values[STRUCTURE] = row.structure_id
        values[SIRET] = row.siret or row.siret_raw
        values |= documents[row.id] | given[row.id]
        locked = ApplicationStatus(row.status).label if row.status in _LOCKED else ""
        found.append(
            Present(
                row.id, row.number, row.external_id or "", values, kept.get(row.id), row.siret or "", locked, row.name
            )
        )
    return found


def remember(session: Session, values: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what a file said of applications, by their key, in place of what an earlier file said."""
    if values:
        session.execute(delete(ImportValue).where(ImportValue.application_id.in_(values)))
        rows = [{"application_id": key, "values": dict(told)} for key, told in values.items()]
        insert_rows(session, ImportValue, rows)


def write(session: Session, application_id: str, values: Mapping[str, Any]) -> None:
    """Give an application the values of a file, fields already checked by its reading."""
    file = session.get_one(Application, application_id)
    for name, value in values.items():
        if name == THEME:
            themes = settings.themes(session)
            file.theme_code = value if value in themes else None
            file.theme_label = themes.get(value, value)
        elif name == QUARTERS:
            _write_quarters(session, file, value)
        elif name == BUDGET:
            lines = [Line(side, account, label, cents, State(state)) for side, account, label, cents, state in value]
            budgets.write(session, file.id, [Written(line) for line in lines])
        elif name.startswith(FUNDING):
            _write_funding(session, file.id, name, value)
        elif name == STRUCTURE:
            file.structure_id = value
        elif name == SIRET:
            _write_siret(session, file, value or "")
        elif name.startswith(DOCUMENT):
            _write_document(session, file, name.removeprefix(DOCUMENT), value)
        else:
            setattr(file, name, 0 if name == "cost_cents" and value is None else typed(name, value))
    session.flush()


def names(session: Session, structures: Collection[str]) -> dict[str, str]:
    """How quarters, themes and some structures are called, by their code or key."""
    found = {quarter.code: quarter.name for quarter in settings.quarters(session)}
    found |= settings.themes(session)
    query = select(Structure.id, Structure.name).where(Structure.id.in_(structures))
    return found | dict(session.execute(query).all())


def _write_quarters(session: Session, file: Application, value: Sequence[str]) -> None:
    known = {quarter.code for quarter in settings.quarters(session)}
    written = [text for text in value if text not in known]
    file.quarters_text = ", ".join(written)
    file.outside_quarters = any(map(is_outside, written))
    there = select(ApplicationQuarter.quarter_code).where(ApplicationQuarter.application_id == file.id)
    if set(session.scalars(there)) == {code for code in value if code in known}:
        # The same quarters keep the split that an officer declared between them.
        return
    session.execute(delete(ApplicationQuarter).where(ApplicationQuarter.application_id == file.id))
    session.add_all(
        ApplicationQuarter(application_id=file.id, quarter_code=code) for code in dict.fromkeys(value) if code in known
    )


def _write_funding(session: Session, application_id: str, name: str, cents: int | None) -> None:
    _prefix, code, amount = name.split(":")
    row = session.get(Funding, (application_id, code))
    if row is None and cents is not None:
        row = Funding(application_id=application_id, funder_code=code, **dict.fromkeys(AMOUNTS))
        session.add(row)
    if row is None:
        return
    setattr(row, amount, cents)
    if all(getattr(row, each) is None for each in AMOUNTS):
        session.delete(row)


def _write_siret(session: Session, file: Application, value: str) -> None:
    """The number of the structure when it is one, else what the file wrote in its place."""
    structure = session.get_one(Structure, file.structure_id)
    state, number, _why = judge_siret(value)
    whole = state in (SiretState.VALID, SiretState.CLEANED)
    structure.siret, file.siret_raw = (number, None) if whole else (None, value or None)
    if whole and number and not structure.siren:
        taken = session.scalars(select(Structure.id).where(Structure.siren == number[:9])).first()
        structure.siren = None if taken else number[:9]


def _write_document(session: Session, file: Application, kind: str, filename: str | None) -> None:
    where = (Document.application_id == file.id, Document.kind == kind)
    found = session.scalars(select(Document).where(*where)).first()
    if found is not None and filename:
        found.filename = filename
    elif found is not None:
        session.delete(found)
    elif filename:
        session.add(
            Document(
                id=new_id(session),
                application_id=file.id,
                kind=kind,
                filename=filename,
                received_on=today(session),
            )
        )
