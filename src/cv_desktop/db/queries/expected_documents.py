"""The documents that the règlement of a campaign asks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models import expected_document as models
from cv_desktop.domain.expected_documents import ExpectedDocument


@dataclass(frozen=True, slots=True)
class DocumentRow:
    id: str
    document: ExpectedDocument
    position: int


def rows(session: Session, call_id: str) -> list[DocumentRow]:
    """The documents of a campaign in the order of its list."""
    table = models.ExpectedDocument
    query = select(table).where(table.call_id == call_id).order_by(table.position, table.id)
    return [DocumentRow(row.id, document_of(row), row.position) for row in session.scalars(query)]


def document_of(row: models.ExpectedDocument) -> ExpectedDocument:
    """The domain's document kept in a row."""
    return ExpectedDocument(
        kind=row.kind,
        label=row.label,
        condition=row.condition,
        threshold_cents=row.threshold_cents,
        validity_months=row.validity_months,
        due=row.due,
        severity=row.severity,
        to_validate=row.to_validate,
    )
