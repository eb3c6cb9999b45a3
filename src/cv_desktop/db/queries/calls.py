"""Campaigns, their règlement, their grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, Grid, LetterTemplate, RulesParameter
from cv_desktop.db.models.reference import Scheme
from cv_desktop.db.queries import expected_documents
from cv_desktop.domain.grid import Grid as GridContent
from cv_desktop.domain.rules import Parameter, Rules

# From the deposit to the vote: acknowledgement, documents, inadmissibility, then what was decided.
_KINDS = ("AR", "AR-P", "IRR", "ATT", "ATT-P", "REF", "AJ")


@dataclass(frozen=True, slots=True)
class ParameterRow:
    id: str
    parameter: Parameter
    effective_from: date
    position: int


@dataclass(frozen=True, slots=True)
class GridRow:
    id: str
    version: int
    grid: GridContent
    effective_from: date
    frozen_at: datetime | None
    to_validate: bool


@dataclass(frozen=True, slots=True)
class SchemeRow:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """The text of one kind of letter, as its template writes it."""

    id: str
    kind: str
    label: str
    version: int
    effective_from: date
    to_validate: bool
    content: dict[str, Any]


def schemes(session: Session) -> list[SchemeRow]:
    """The dispositifs a campaign may belong to."""
    return [SchemeRow(code, label) for code, label in session.execute(select(Scheme.code, Scheme.label))]


def letter_texts(session: Session, *, day: date) -> list[TextRow]:
    """The newest general text of each kind of letter in force on a day, in the order of a file's life."""
    query = (
        select(LetterTemplate)
        .where(LetterTemplate.effective_from <= day, LetterTemplate.call_id.is_(None))
        .order_by(LetterTemplate.effective_from, LetterTemplate.version)
    )
    newest = {found.kind: found for found in session.scalars(query)}
    ranks = {kind: rank for rank, kind in enumerate(_KINDS)}
    return [
        TextRow(x.id, x.kind, x.label, x.version, x.effective_from, x.to_validate, dict(x.content))
        for x in sorted(newest.values(), key=lambda found: ranks.get(found.kind, len(ranks)))
    ]


def id_of(session: Session, code: str) -> str | None:
    """The key of the campaign of that code, upper or lower case."""
    return session.scalars(select(Call.id).where(func.upper(Call.code) == code.strip().upper())).first()


def parameters(session: Session, call_id: str) -> list[ParameterRow]:
    """The règlement of a campaign, article by article."""
    query = select(RulesParameter).where(RulesParameter.call_id == call_id).order_by(RulesParameter.position)
    return [ParameterRow(p.id, parameter_of(p), p.effective_from, p.position) for p in session.scalars(query)]


def parameter_of(row: RulesParameter) -> Parameter:
    """The domain's parameter kept in a row."""
    return Parameter.from_json(
        {
            "key": row.key,
            "article": row.article,
            "label": row.label,
            "unit": row.unit,
            "value": row.value,
            "severity": row.severity,
            "remedy": row.remedy,
            "check": row.check,
            "to_validate": row.to_validate,
            "hint": row.hint,
        }
    )


def rules(session: Session, call_id: str) -> Rules:
    """The règlement of a campaign as the checks read it, with the documents it asks."""
    return Rules(
        (p.parameter for p in parameters(session, call_id)),
        (d.document for d in expected_documents.rows(session, call_id)),
    )


def grid(session: Session, call_id: str) -> GridRow:
    """The newest grid of a campaign."""
    found = session.scalars(select(Grid).where(Grid.call_id == call_id).order_by(Grid.version.desc()).limit(1)).one()
    return grid_row(found)


def grid_row(found: Grid) -> GridRow:
    """A version of a grid as it is read."""
    content = GridContent.from_json(found.content)
    return GridRow(found.id, found.version, content, found.effective_from, found.frozen_at, found.to_validate)
