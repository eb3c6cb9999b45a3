"""Everything still « à valider » that a campaign rests on: its values, documents and grid, and the letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cv_desktop.db.queries import calls, expected_documents, rules_words

PARAMETER, DOCUMENT, GRID, LETTER = "parameter", "document", "grid", "letter"


@dataclass(frozen=True, slots=True)
class Doubt:
    """``own`` is false for the letters, which every campaign shares."""

    kind: str
    key: str
    label: str
    value: str
    article: str
    own: bool

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}"


def rows(session: Session, call_id: str, day: date) -> list[Doubt]:
    """What waits for a validation, in the order of the tabs of the campaign."""
    known = rules_words.names(session)
    found = [
        Doubt(
            PARAMETER, row.id, row.parameter.label, rules_words.said(row.parameter, known), row.parameter.article, True
        )
        for row in calls.parameters(session, call_id)
        if row.parameter.to_validate
    ]
    found += [
        Doubt(DOCUMENT, row.id, f"Pièce : {row.document.label}", row.document.condition_words, "9", True)
        for row in expected_documents.rows(session, call_id)
        if row.document.to_validate
    ]
    grid = calls.grid(session, call_id)
    if grid.to_validate:
        criteria = f"{len(grid.grid.criteria)} critères"
        found.append(Doubt(GRID, grid.id, f"Grille, version {grid.version}", criteria, "grille", True))
    found += [
        Doubt(LETTER, text.id, f"Courrier : {text.label}", f"version {text.version}", text.kind, False)
        for text in calls.letter_texts(session, day=day)
        if text.to_validate
    ]
    return found
