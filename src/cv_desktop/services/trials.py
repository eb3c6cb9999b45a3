"""Trying a règlement on the files of another campaign: who would change side. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import calls, facts, rules
from cv_desktop.domain.eligibility import Result, check
from cv_desktop.domain.workflow import blocking


@dataclass(frozen=True, slots=True)
class Trial:
    """One file under the two règlements: the rules that forbid « recevable » in each."""

    id: str
    number: str
    structure: str
    title: str
    asked_cents: int
    before: tuple[Result, ...]
    after: tuple[Result, ...]

    @property
    def changed(self) -> bool:
        """Whether the file passes from one side to the other."""
        return bool(self.before) != bool(self.after)


def replay(session: Session, *, call_id: str, source_id: str) -> list[Trial]:
    """The files of ``source_id`` judged by the règlement of ``call_id``, beside their own one, in order of deposit.

    The days of the règlement are those of the year of the files. Both judge the file as it is now, so that only the
    règlement makes the difference; its own is the version it was judged under.
    """
    tried, own = calls.rules(session, call_id), calls.rules(session, source_id)
    versions = {row.id: rules.of_version(session, row.id) for row in rules.versions(session, source_id)}
    query = (
        select(
            Application.id,
            Application.number,
            Structure.name,
            Application.title,
            Application.asked_cents,
            Application.rules_version_id,
        )
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == source_id)
    )
    rows = {row.id: row for row in session.execute(query)}
    found = []
    for key, file in facts.of_call(session, source_id).items():
        row = rows[key]
        before = check(file, versions.get(row.rules_version_id, own))
        after = check(file, tried)
        found.append(Trial(key, row.number, row.name, row.title, row.asked_cents, blocking(before), blocking(after)))
    return found
