"""The columns that a person has chosen for the files of a source, remembered from one file to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Import
from cv_desktop.db.models.import_mapping import ImportMapping
from cv_desktop.db.work import now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.intake import ColumnMatch
from cv_desktop.domain.text import NBSP, counted, fold, quote

# Two thirds of the columns in common: a form revised from one year to the next.
_CLOSE = 0.6


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


def sources(session: Session, *, kind: str) -> list[str]:
    """The sources of that kind of file that the base knows, the last used first."""
    kept = select(ImportMapping.source, ImportMapping.updated_at).where(ImportMapping.kind == kind)
    brought = select(Import.source, func.max(Import.imported_at)).where(Import.kind == kind, Import.source != "")
    found = [*session.execute(kept), *session.execute(brought.group_by(Import.source))]
    return list(dict.fromkeys(source for source, _at in sorted(found, key=lambda row: row[1], reverse=True)))


def closest(session: Session, *, kind: str, headers: Collection[str]) -> str:
    """The source whose remembered columns are most of these headers; empty when none is close."""
    folded = {fold(header) for header in headers}
    best, share = "", _CLOSE
    for source, mapping in session.execute(
        select(ImportMapping.source, ImportMapping.mapping).where(ImportMapping.kind == kind)
    ):
        alike = len(folded & set(mapping)) / max(len(folded | set(mapping)), 1)
        if alike >= share:
            best, share = source, alike
    return best


def memorable(mapping: Sequence[ColumnMatch]) -> dict[str, str]:
    """What to remember of the columns of a file: a header that feeds two fields is left to its name."""
    fields: dict[str, set[str]] = defaultdict(set)
    for match in mapping:
        fields[fold(match.header)].add(match.field)
    return {header: found.pop() for header, found in fields.items() if len(found) == 1}
