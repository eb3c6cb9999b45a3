"""Versions of a règlement: what judged a file is never changed under it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.rules_version import RulesVersion
from cv_desktop.db.queries import calls, expected_documents
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError


def current(session: Session, call_id: str) -> RulesVersion:
    """The version that judges the files of a campaign now."""
    return session.scalars(
        select(RulesVersion).where(RulesVersion.call_id == call_id).order_by(RulesVersion.number.desc()).limit(1)
    ).one()


def opened(session: Session, call_id: str) -> Step | None:
    """Open a version from today when files were judged under the current one, which keeps what it says.

    To be called before the règlement is changed. Answers the step that takes the new version back, or None when the
    current version judged nothing yet and goes on.
    """
    session.flush()
    before = current(session, call_id)
    if not _judged(session, before.id):
        return None
    before.content = content(session, call_id)
    newer = RulesVersion(
        id=new_id(session),
        call_id=call_id,
        number=before.number + 1,
        effective_from=today(session),
        created_at=now(session),
    )
    session.add(newer)
    session.flush()
    record(
        session,
        verb="rules.open_version",
        noun="call",
        noun_id=call_id,
        summary=f"Règlement de « {_label(session, call_id)} » : version {newer.number} ouverte, "
        f"appliquée depuis le {long_date(newer.effective_from)}",
        after={"number": newer.number, "effective_from": newer.effective_from},
    )
    return Step(withdraw, {"version_id": newer.id})


def withdraw(session: Session, *, version_id: str) -> Changes:
    """Take back a version that judged nothing and says what the one before says; any other stays."""
    session.flush()
    version = session.get(RulesVersion, version_id)
    if version is None or version.number == 1 or version.id != current(session, version.call_id).id:
        return Changes()
    before = session.scalars(
        select(RulesVersion).where(RulesVersion.call_id == version.call_id, RulesVersion.number == version.number - 1)
    ).one()
    if _judged(session, version.id) or before.content != content(session, version.call_id):
        return Changes()
    before.content = None
    session.delete(version)
    session.flush()
    record(
        session,
        verb="rules.withdraw_version",
        noun="call",
        noun_id=version.call_id,
        summary=f"Règlement de « {_label(session, version.call_id)} » : version {version.number} retirée, "
        f"retour à la version {before.number}",
        before={"number": version.number},
    )
    return Changes.of("rules", version.call_id)


def set_effective(session: Session, *, call_id: str, day: date) -> Changes:
    """Say since when the current version applies.

    Raises UserError on a day to come, or before the version it follows: two versions never apply at once.
    """
    version = current(session, call_id)
    if day > today(session):
        raise UserError(
            f"Le {long_date(day)} est à venir, et cette version contrôle déjà les dossiers. "
            "Indiquez aujourd’hui ou une date passée.",
            field="effective_from",
        )
    earlier = session.scalars(
        select(RulesVersion).where(RulesVersion.call_id == call_id, RulesVersion.number == version.number - 1)
    ).first()
    if earlier is not None and day < earlier.effective_from:
        raise UserError(
            f"La version {earlier.number} s’applique depuis le {long_date(earlier.effective_from)} : "
            f"la version {version.number} ne peut pas commencer avant.",
            field="effective_from",
        )
    before, version.effective_from = version.effective_from, day
    record(
        session,
        verb="rules.set_effective",
        noun="call",
        noun_id=call_id,
        summary=f"Règlement de « {_label(session, call_id)} », version {version.number} : "
        f"appliquée depuis le {long_date(before)} → {long_date(day)}",
        before=before,
        after=day,
    )
    return Changes.of("rules", call_id, undo=Step(set_effective, {"call_id": call_id, "day": before}))


def content(session: Session, call_id: str) -> dict[str, Any]:
    """What the règlement of a campaign says now, as a version keeps it."""
    return {
        "parameters": [
            {**row.parameter.to_json(), "effective_from": row.effective_from.isoformat()}
            for row in calls.parameters(session, call_id)
        ],
        "documents": [row.document.to_json() for row in expected_documents.rows(session, call_id)],
    }


def _judged(session: Session, version_id: str) -> bool:
    found = select(Application.id).where(Application.rules_version_id == version_id).limit(1)
    return session.scalars(found).first() is not None


def _label(session: Session, call_id: str) -> str:
    return session.get_one(Call, call_id).label
