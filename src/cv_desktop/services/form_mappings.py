"""The places that a person gave to the boxes of a form, remembered for every PDF made with the same boxes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from cv_desktop.db.models.form_kind import FormMapping
from cv_desktop.db.work import now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.text import NBSP, counted


def remembered(session: Session, *, fingerprint: str) -> dict[str, str]:
    """The field of each box by its name, empty to leave it out; nothing for a form never corrected."""
    found = session.get(FormMapping, fingerprint)
    return {name: str(key) for name, key in found.mapping.items()} if found else {}


def remember(session: Session, *, fingerprint: str, kind: str, mapping: Mapping[str, str]) -> Changes:
    """Keep the places given to the boxes of a form, in place of those remembered; none forgets them."""
    before = remembered(session, fingerprint=fingerprint)
    found = session.get(FormMapping, fingerprint)
    if not mapping:
        if found is not None:
            session.delete(found)
    elif found is None:
        session.add(FormMapping(fingerprint=fingerprint, kind=kind, mapping=dict(mapping), updated_at=now(session)))
    else:
        found.mapping, found.updated_at = dict(mapping), now(session)
    session.flush()
    record(
        session,
        verb="form_mappings.remember",
        noun="form_mapping",
        noun_id=fingerprint,
        summary=f"Correspondance d’un formulaire {kind}{NBSP}: {counted(len(mapping), 'champ choisi')}",
        before=before,
        after=dict(mapping),
    )
    undo = Step(remember, {"fingerprint": fingerprint, "kind": kind, "mapping": before})
    return Changes.of("form_mapping", fingerprint, undo=undo)
