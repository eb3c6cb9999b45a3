"""Validating what was shipped « à valider »: values, documents, grid, texts of letters, one by one or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Grid, LetterTemplate
from cv_desktop.db.queries import doubts as queries
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.errors import UserError
from cv_desktop.services import expected_documents, phases, rules


def validate(session: Session, *, call_id: str, wanted: Sequence[tuple[str, str]]) -> Changes:
    """Say that the shipped defaults named by (kind, key) are right. Raises UserError when none of them waits."""
    phases.of_open(session, call_id)
    waiting = [d for d in queries.rows(session, call_id, today(session)) if (d.kind, d.key) in set(wanted)]
    if not waiting:
        raise UserError("Ces valeurs sont déjà validées.")
    steps: list[Step | None] = []
    touched = Changes()
    for doubt in waiting:
        match doubt.kind:
            case queries.PARAMETER:
                done = rules.validate_parameter(session, parameter_id=doubt.key)
            case queries.DOCUMENT:
                done = expected_documents.validate(session, document_id=doubt.key)
            case _:
                done = set_doubt(session, call_id=call_id, kind=doubt.kind, key=doubt.key, to_validate=False)
        touched |= done
        steps.append(done.undo)
    return Changes(touched.touched, together(*steps))


def set_doubt(session: Session, *, call_id: str, kind: str, key: str, to_validate: bool) -> Changes:
    """Mark a grid or the text of a letter « à valider », or as validated by the service."""
    table: Any = Grid if kind == queries.GRID else LetterTemplate
    row = session.get_one(table, key)
    row.to_validate = to_validate
    thing = "grille" if kind == queries.GRID else f"courrier « {row.label} »"
    record(
        session,
        verb="doubts.validate",
        noun="call",
        noun_id=call_id,
        summary=f"{thing[:1].upper()}{thing[1:]}, version {row.version} : {'à valider' if to_validate else 'validé'}",
        before=not to_validate,
        after=to_validate,
    )
    undo = Step(set_doubt, {"call_id": call_id, "kind": kind, "key": key, "to_validate": not to_validate})
    return Changes(frozenset({("grid" if kind == queries.GRID else "letter", key), ("call", call_id)}), undo)
