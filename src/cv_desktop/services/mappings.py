"""The columns that a person has chosen for the files of a source, remembered from one file to the next."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from cv_desktop.db.models.import_mapping import ImportMapping
from cv_desktop.db.work import now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.text import NBSP, counted, quote


def remembered(session: Session, *, source: str, kind: str) -> dict[str, str]:
    """The field of each folded header, empty to ignore the column; nothing for a source never seen."""
    found = session.get(ImportMapping, (source, kind))
    return {header: str(field) for header, field in found.mapping.items()} if found else {}


def remember(session: Session, *, source: str, kind: str, mapping: Mapping[str, str]) -> Changes:
    """Keep the columns chosen for a source, in place of what was remembered; no mapping forgets them."""
    before = remembered(session, source=source, kind=kind)
    found = session.get(ImportMapping, (source, kind))
    if found is None:
        session.add(ImportMapping(source=source, kind=kind, mapping=dict(mapping), updated_at=now(session)))
    else:
        found.mapping, found.updated_at = dict(mapping), now(session)
    record(
        session,
        verb="mappings.remember",
        noun="import_mapping",
        noun_id=source,
        summary=f"Correspondance des colonnes de {quote(source)}{NBSP}: {counted(len(mapping), 'colonne choisie')}",
        before=before,
        after=dict(mapping),
    )
    undo = Step(remember, {"source": source, "kind": kind, "mapping": before})
    return Changes.of("import_mapping", source, undo=undo)
