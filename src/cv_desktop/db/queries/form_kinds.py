"""The forms of the administration in force, with the words by which their boxes are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models import form_kind
from cv_desktop.db.work import today
from cv_desktop.domain.filled_form import FormKind


@dataclass(frozen=True, slots=True)
class FormRow:
    """``entries`` are the lines of the form as the base keeps them: field, words, answer that a tick stands for."""

    id: str
    kind: FormKind
    to_validate: bool
    entries: tuple[dict[str, Any], ...] = ()


def current(session: Session) -> list[FormRow]:
    """The newest version of each form in force today, in the order shipped."""
    table = form_kind.FormKind
    query = select(table).where(table.effective_from <= today(session)).order_by(table.effective_from, table.version)
    newest = {row.code: row for row in session.scalars(query)}
    return [
        FormRow(
            row.id,
            FormKind.from_json({"code": row.code, "label": row.label, "marks": row.marks, "fields": row.fields}),
            row.to_validate,
            tuple(row.fields),
        )
        for row in sorted(newest.values(), key=lambda row: row.position)
    ]
