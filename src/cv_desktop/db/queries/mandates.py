"""The persons of the structures, and who represents each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.work import today


@dataclass(frozen=True, slots=True)
class MandateRow:
    """``current`` is false once its end has passed."""

    id: str
    structure_id: str
    person_name: str
    role: str
    represents: bool
    email: str
    phone: str
    starts_on: date | None
    ends_on: date | None
    current: bool

    @property
    def words(self) -> str:
        """« Camille Exemple, présidente »."""
        return ", ".join(part for part in (self.person_name, self.role) if part)


def running(day: date) -> ColumnElement[bool]:
    """Condition on a mandate: it has not ended on that day."""
    return or_(Mandate.ends_on.is_(None), Mandate.ends_on >= day)


def rows(session: Session, *, structure_id: str) -> list[MandateRow]:
    """The mandates of a structure: who represents it first, then the current ones, then those that ended."""
    day = today(session)
    found = session.scalars(select(Mandate).where(Mandate.structure_id == structure_id))
    return sorted((_row(m, day) for m in found), key=_rank)


def representatives(session: Session, *, structure_ids: list[str] | None = None) -> dict[str, MandateRow]:
    """Who may sign for each structure today, by its key: for the letters, the checks and the lists."""
    day = today(session)
    query = select(Mandate).where(and_(Mandate.represents, running(day)))
    if structure_ids is not None:
        query = query.where(Mandate.structure_id.in_(structure_ids))
    found: dict[str, MandateRow] = {}
    for mandate in session.scalars(query.order_by(Mandate.starts_on, Mandate.id)):
        found[mandate.structure_id] = _row(mandate, day)
    return found


def representative(session: Session, *, structure_id: str) -> MandateRow | None:
    """Who may sign for one structure today; None when nobody is known."""
    return representatives(session, structure_ids=[structure_id]).get(structure_id)


def _row(mandate: Mandate, day: date) -> MandateRow:
    return MandateRow(
        id=mandate.id,
        structure_id=mandate.structure_id,
        person_name=mandate.person_name,
        role=mandate.role,
        represents=mandate.represents,
        email=mandate.email,
        phone=mandate.phone,
        starts_on=mandate.starts_on,
        ends_on=mandate.ends_on,
        current=mandate.ends_on is None or mandate.ends_on >= day,
    )


def _rank(row: MandateRow) -> tuple[bool, bool, str]:
    return not row.current, not row.represents, row.person_name
