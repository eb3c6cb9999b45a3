"""The versions of a règlement, one of them, and what changed between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call, RulesParameter
from cv_desktop.db.models.rules_version import RulesVersion
from cv_desktop.db.once import once
from cv_desktop.db.queries import calls
from cv_desktop.domain.rules import Rules

JUDGED = ("eligible", "ineligible")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """``files`` were judged under it."""

    id: str
    number: int
    effective_from: date
    files: int
    current: bool


def versions(session: Session, call_id: str) -> list[VersionRow]:
    """The versions of a règlement, the newest first."""
    # Counted in the index of the versions: the files themselves are not read, a record shows its version at once.
    judged = select(func.count()).where(Application.rules_version_id == RulesVersion.id).scalar_subquery()
    query = (
        select(RulesVersion.id, RulesVersion.number, RulesVersion.effective_from, judged)
        .where(RulesVersion.call_id == call_id)
        .order_by(RulesVersion.number.desc())
    )
    return [
        VersionRow(key, number, day, files, current=not rank)
        for rank, (key, number, day, files) in enumerate(session.execute(query))
    ]


def of_version(session: Session, version_id: str) -> Rules:
    """The règlement as a version says it: its frozen content, or the parameters of now for the newest."""
    version = session.get_one(RulesVersion, version_id)
    if version.content is None:
        return calls.rules(session, version.call_id)
    return Rules.from_json(version.content["parameters"], version.content["documents"])


def of_application(session: Session, application_id: str) -> Rules:
    """The règlement a file is held to: the version that judged it once it is recevable or not, else the current."""
    file = session.get_one(Application, application_id)
    version, call = file.rules_version_id, file.call_id
    if version is not None and file.status in JUDGED:
        return once(session, ("rules version", version), lambda: of_version(session, version))
    return once(session, ("rules", call), lambda: calls.rules(session, call))


def version_of_application(session: Session, application_id: str) -> VersionRow | None:
    """The version a file was judged under, None while it is not."""
    file = session.get_one(Application, application_id)
    if file.status not in JUDGED:
        return None
    return next((v for v in versions(session, file.call_id) if v.id == file.rules_version_id), None)


def missing_parameters(session: Session, call_id: str) -> list[RulesParameter]:
    """The newest defaults of its scheme that a campaign does not hold, made before they were known."""
    call = session.get_one(Call, call_id)
    held = set(session.scalars(select(RulesParameter.key).where(RulesParameter.call_id == call_id)))
    defaults = select(RulesParameter).where(
        RulesParameter.scheme_code == call.scheme_code, RulesParameter.call_id.is_(None)
    )
    newest = session.scalar(select(func.max(defaults.subquery().c.version)))
    query = defaults.where(RulesParameter.version == newest).order_by(RulesParameter.position)
    return [row for row in session.scalars(query) if row.key not in held]


def missing_labels(session: Session, call_id: str) -> list[str]:
    """The names of what :func:`missing_parameters` finds."""
    return [row.label for row in missing_parameters(session, call_id)]
